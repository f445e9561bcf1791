"""Write a project down, change it, plan its milestones.

Locks: the project; its milestones follow it, dues last (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from people.states import Level
from projects.models import Milestone, Project
from projects.permissions import keeps
from projects.services import project_fields as fields
from projects.services.fields import Errors, colleague
from projects.services.linked import subject_label
from projects.services.milestone_dues import follow_milestones
from projects.services.project_fields import MilestoneGiven, ProjectFields
from projects.services.project_held import hold_project
from projects.states import ProjectState, ProjectVerb

NUMBER_KIND = "XM"
PUBLIC = ("name", "aim", "place", "beneficiaries", "money_from", "source")
"""What everybody reads of it."""


def draft_project(
    *,
    client_key: UUID,
    by: User,
    area: str,
    origin: str = "",
    seen_warnings: str = "",
    **typed: Unpack[ProjectFields],
) -> Project:
    """拟定, by staff of ``area`` or its street. A second tap with the same ``client_key`` finds the first.

    ``origin``: of which thing it comes (``need:12``), one that ``by`` may see. Raises ``Invalid`` (``Warned``: what
    everybody reads looks personal, unless ``seen_warnings``), ``NotAllowed``, ``NotFound`` (no such origin),
    ``Conflict`` (the key was used for another one).
    """
    place = Area.objects.filter(pk=clean(area), level__in=[Level.STREET, Level.COMMUNITY]).first()
    if place is None:
        raise Invalid({"area": [_("请选一个街道或社区。")]})
    if not keeps(by, place.pk):
        raise NotAllowed
    found = fields.checked(typed, place.pk)
    require_seen([found[name] for name in PUBLIC], seen=seen_warnings)
    label = subject_label(by, origin) if origin else ""
    first = _already(client_key, by, place, found["name"])
    if first is not None:
        return first
    try:
        with transaction.atomic():
            row = Project(client_key=client_key, area=place, drafted_by=by, origin=origin, origin_label=label, **found)
            return _store(row, by)
    except IntegrityError:
        first = _already(client_key, by, place, found["name"])
        if first is None:
            raise
        return first


def _already(key: UUID, by: User, place: Area, name: str) -> Project | None:
    row = Project.objects.filter(client_key=key).first()
    if row and (row.drafted_by_id, row.area_id, row.name) != (by.pk, place.pk, name):
        raise Conflict(_("这个项目已经拟定过了。要再拟一个，请重新打开页面。"))
    return row


def _store(row: Project, by: User) -> Project:
    street = Area.objects.get(pk=row.area_id[:STREET_LENGTH])
    row.number = next_number(NUMBER_KIND, street, timezone.localdate())
    row.save(force_insert=True)
    row.refresh_from_db(fields=("street_code",))
    row.write_event(verb=ProjectVerb.WRITE, actor=by, source="", target=row.state, note="")
    row.just_made = True
    return row


@transaction.atomic
def edit_project(
    *, pk: int, by: User, version: int | None, seen_warnings: str = "", **typed: Unpack[ProjectFields]
) -> Project:
    """Change what is written down; who may read it stays where nothing is said of it. What runs
    keeps a 专员 and a 支部, and its milestones inside its days.

    Raises ``NotFound``, ``Conflict``, ``RuleBroken`` (over), ``NotAllowed``, ``Invalid``.
    """
    row = hold_project(pk, by, ProjectVerb.EDIT, version)
    found = fields.checked({"is_public": row.is_public, **typed}, row.area_id)
    require_seen([found[name] for name in PUBLIC], seen=seen_warnings)
    if row.state == ProjectState.RUNNING:
        require_people(found["commissioner"], found["branch"])
    outside = row.milestones.exclude(due_on__range=(found["starts_on"], found["ends_on"])).first()
    if outside is not None:
        raise Invalid({"ends_on": [_("节点“%(name)s”就在这段日子外面了，请先改节点。") % {"name": outside.name}]})
    row.move_to(ProjectVerb.EDIT, actor=by, changes=found)
    return row


def require_people(commissioner: Any, branch: Any) -> None:
    """一项目一专员一支部. Raises ``Invalid`` at what is missing."""
    errors: Errors = {}
    if commissioner is None:
        errors["commissioner"] = [_("一个项目要有一位专员。")]
    if branch is None:
        errors["branch"] = [_("一个项目要有一个支部。")]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def plan_milestones(*, pk: int, by: User, version: int | None, milestones: Sequence[MilestoneGiven]) -> Project:
    """排节点: all of them at once, together a hundred, between the first and the last day. Those that are reached stay.

    Raises as ``edit_project``; ``Invalid`` on ``milestones``.
    """
    row = hold_project(pk, by, ProjectVerb.PLAN, version)
    wanted = {one.name: one for one in fields.milestones_from(milestones, row.starts_on, row.ends_on)}
    known = {one.name: one for one in row.milestones.all()}
    for name, one in known.items():
        if name not in wanted and one.done_on is not None:
            raise Invalid({"milestones": [_("“%(name)s”已经完成了，不能去掉。") % {"name": name}]})
    row.move_to(ProjectVerb.PLAN, actor=by, params={"milestones": len(wanted)})
    for name, one in known.items():
        if name not in wanted:
            one.delete()
    for name, given in wanted.items():
        _keep(row, known.get(name), given, by)
    follow_milestones(row)
    return row


def _keep(row: Project, known: Milestone | None, given: Milestone, by: User) -> None:
    """A day that had passed is kept in the history: what was late stays known."""
    if known is None:
        given.project = row
        given.save()
        return
    if known.done_on is None and known.due_on < timezone.localdate() and given.due_on != known.due_on:
        late = {"milestone": known.name, "due_on": known.due_on.isoformat(), "moved_to": given.due_on.isoformat()}
        row.write_event(verb=ProjectVerb.PLAN, actor=by, source=row.state, target=row.state, note="", params=late)
    known.weight, known.due_on, known.position = given.weight, given.due_on, given.position
    known.save(update_fields=["weight", "due_on", "position"])


@transaction.atomic
def start_project(*, pk: int, by: User, version: int | None) -> Project:
    """开始实施: there is a 专员, a 支部, a plan that makes a hundred, and every unit that was asked has said yes.

    Raises as ``edit_project``; ``Invalid`` at what is missing.
    """
    row = hold_project(pk, by, ProjectVerb.START, version)
    require_people(row.commissioner, row.branch)
    colleague(row.commissioner_id, row.area_id)
    total = sum(row.milestones.values_list("weight", flat=True))
    if total != fields.WHOLE:
        raise Invalid({"milestones": [_("占比加起来是%(n)d%%，要正好100%%。") % {"n": total}]})
    waiting = row.units.filter(left_on__isnull=True, confirmed_at__isnull=True).select_related("unit").first()
    if waiting is not None:
        raise RuleBroken(_("%(unit)s还没有确认参加。") % {"unit": waiting.unit})
    row.move_to(ProjectVerb.START, actor=by, changes={"started_on": timezone.localdate()})
    follow_milestones(row)
    return row
