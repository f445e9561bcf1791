"""One visible thread from need to result: where a project comes from, what it was agreed on, every step, what is linked
with it, what came of it. The same number of queries however much hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import Text
from alliance.lib.registry import contributions
from people.models import User
from projects.models import Agreement, Project, ProjectEvent
from projects.services.linked import resolve
from projects.states import ProjectVerb

SHOWN = (
    ProjectVerb.JOIN,
    ProjectVerb.AGREE,
    ProjectVerb.LEAVE,
    ProjectVerb.CLAIM,
    ProjectVerb.GIVE_BACK,
    ProjectVerb.START,
    ProjectVerb.REACH,
    ProjectVerb.REOPEN,
    ProjectVerb.FINISH,
    ProjectVerb.STOP,
)
OPEN_WORDS = frozenset({ProjectVerb.REACH, ProjectVerb.FINISH})
"""Whose words everybody may read; of the others only those who work on it."""


@dataclass(frozen=True)
class Knot:
    """One line of the thread. ``words``: what was said with it."""

    at: datetime
    what: Text
    title: Text = ""
    words: str = ""
    url: str = ""


def thread(project: Project, user: User | None, *, inside: bool) -> list[Knot]:
    """In the order of time. ``inside``: for those who work on it or take part; everybody else reads less.

    Other rooms add to it (``project.thread``: project, person, whether inside → ``Knot``).
    """
    knots = [*_events(project, inside), *_agreement(project, inside), *_links(project, user, inside)]
    for add in contributions("project.thread"):
        knots += add(project, user, inside)
    return sorted(knots, key=lambda knot: knot.at)


def _events(project: Project, inside: bool) -> list[Knot]:
    rows = ProjectEvent.objects.filter(project=project, verb__in=SHOWN)
    return [
        Knot(
            at=_happened(project, row),
            what=ProjectVerb(row.verb).label,
            title=row.params.get("milestone") or (row.params.get("unit", "") if inside else ""),
            words=row.words if inside or row.verb in OPEN_WORDS else "",
        )
        for row in rows
    ]


def _happened(project: Project, row: ProjectEvent) -> datetime:
    """When the thing was, which may be long before somebody typed it: a milestone its own day, the beginning the
    project's. When it was typed stands in the project's history, for those who work on it."""
    day = row.at
    if row.verb == ProjectVerb.START:
        return min(day, _on(project.starts_on, 10))
    if row.verb == ProjectVerb.REACH and "done_on" in row.params:
        return min(day, _on(date.fromisoformat(row.params["done_on"]), 12))
    return day


def _on(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _agreement(project: Project, inside: bool) -> list[Knot]:
    row: Agreement | None = project.agreement
    if row is None or row.signed_on is None:
        return []
    return [Knot(at=_on(row.signed_on, 9), what=_("签订协议"), title=row.theme, words=row.number)]


def _links(project: Project, user: User | None, inside: bool) -> list[Knot]:
    """What ``user`` may not see is named by its number to those inside, and not at all to others."""
    links = list(project.links.all())
    found = resolve(user, [*(link.subject for link in links), *([project.origin] if project.origin else [])])
    knots = []
    if project.origin and (inside or project.origin in found):
        one = found.get(project.origin)
        title = one.title if one else project.origin_label
        begun = min(project.drafted_at, _on(project.starts_on, 0))
        knots.append(Knot(begun, _("从这里来"), title, project.origin_label, one.url if one else ""))
    for link in links:
        one = found.get(link.subject)
        if one is not None:
            knots.append(Knot(one.at or link.linked_at, one.what, one.title, f"{one.label} {one.state}", one.url))
        elif inside:
            knots.append(Knot(link.linked_at, _("关联"), link.label))
    return knots
