"""What falls due of a project that runs: three days before a milestone's day, and the day after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues, drop_dues
from deadlines.states import DueState, Reason
from projects import messages_projects as messages
from projects.models import Milestone, Project
from projects.services.project_people import office_side, tell, units_side
from projects.states import ProjectState

SOON, LATE = "projects.milestone_soon", "projects.milestone_late"
BEFORE = timedelta(days=3)
Ended = Mapping[int, tuple[DueState, str]]


def follow_milestones(project: Project) -> None:
    """The reminders follow the milestones as they stand now; of what does not run there are none."""
    drop_dues(subject=project.subject, kind=SOON)
    drop_dues(subject=project.subject, kind=LATE)
    if project.state != ProjectState.RUNNING:
        return
    today, dues = timezone.localdate(), []
    for one in project.milestones.filter(done_on__isnull=True).order_by("pk"):
        if one.due_on - BEFORE >= today:
            dues.append(_due(project, one, SOON, one.due_on - BEFORE))
        dues.append(_due(project, one, LATE, max(one.due_on + timedelta(days=1), today)))
    add_dues(dues)


def _due(project: Project, milestone: Milestone, kind: str, day: date) -> NewDue:
    when = timezone.make_aware(datetime.combine(day, time(9)))
    key = f"{kind}:{milestone.pk}:{project.version}"
    params = {"milestone": milestone.pk}
    return NewDue(kind, project.subject, when, key, label=project.number, area_code=project.area_id, params=params)


def _remind(dues: Sequence[Due], kind: type[messages.MessageClass], *, units: bool) -> Ended:
    """The projects by key; then whoever has the milestone in hand hears of it."""
    keys = {int(due.subject.partition(":")[2]) for due in dues}
    rows = Project.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    projects = {row.pk: row for row in rows}
    steps = Milestone.objects.filter(pk__in=[due.params.get("milestone") for due in dues], done_on__isnull=True)
    open_ = {one.pk: one for one in steps}
    done = set()
    for due in dues:
        project = projects.get(int(due.subject.partition(":")[2]))
        milestone = open_.get(due.params.get("milestone", 0))
        if project is None or milestone is None or project.state != ProjectState.RUNNING:
            continue
        people = [*office_side(project), *(units_side(project, lead_only=True) if units else [])]
        tell(project, kind, people, milestone=milestone)
        done.add(due.pk)
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if due.pk not in done}


def soon(dues: Sequence[Due]) -> Ended:
    """Both sides."""
    return _remind(dues, messages.MilestoneSoon, units=True)


def late(dues: Sequence[Due]) -> Ended:
    """The 专员 alone: units are guests."""
    return _remind(dues, messages.MilestoneLate, units=False)


KINDS = (
    DueKind(SOON, label=_("提醒节点快到日子"), handle=soon, grace=timedelta(days=3)),
    DueKind(LATE, label=_("提醒节点过了日子"), handle=late, grace=timedelta(days=3650)),
)
