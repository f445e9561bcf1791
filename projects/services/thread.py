"""One visible thread from need to result: where a project comes from, what it was agreed on, every step, what is linked
with it, what came of it. The same number of queries however much hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.errors import Text
from alliance.lib.registry import contributions
from people.models import User
from projects.models import Agreement, Link, Project, ProjectEvent
from projects.services.linked import Linked, resolve
from projects.states import ProjectVerb

SHOWN = (
    ProjectVerb.JOIN,
    ProjectVerb.AGREE,
    ProjectVerb.LEAVE,
    ProjectVerb.CLAIM,
    ProjectVerb.GIVE_BACK,
    ProjectVerb.UNPUBLISH,
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
    named = None if inside else _named(project)
    return [
        Knot(
            at=_happened(project, row),
            what=ProjectVerb(row.verb).label,
            title=row.params.get("milestone") or _unit(row, named),
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


def _named(project: Project) -> frozenset[str]:
    """Units that everybody may read of: they agreed to be named, and stood under 谁在办, today or before."""
    rows = project.units.filter(confirmed_at__isnull=False, unit__is_public=True)
    return frozenset(rows.values_list("unit__name", flat=True))


def _unit(row: ProjectEvent, named: frozenset[str] | None) -> str:
    """``named``: of these alone; None: whichever it is."""
    unit = str(row.params.get("unit", ""))
    return unit if named is None or unit in named else ""


def _agreement(project: Project, inside: bool) -> list[Knot]:
    row: Agreement | None = project.agreement
    if row is None or row.signed_on is None:
        return []
    return [Knot(at=_on(row.signed_on, 9), what=_("签订协议"), title=row.theme, words=row.number)]


def _links(project: Project, user: User | None, inside: bool) -> list[Knot]:
    """What ``user`` may not see is named by its number to those inside; to others by how many there are of its kind."""
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
    return knots if inside else [*knots, *_kinds(project, links, found)]


def _kinds(project: Project, links: list[Link], found: dict[str, Linked]) -> list[Knot]:
    """Residents' needs and wishes that may not be read here: that there are some, and since when."""
    since = {link.subject: link.linked_at for link in links}
    if project.origin:
        since[project.origin] = project.drafted_at
    knots = []
    for kind in ("need", "wish"):
        hidden = [at for subject, at in since.items() if subject.startswith(f"{kind}:") and subject not in found]
        if hidden and kind == "need":
            what = ngettext("来自%(n)d件居民诉求", "来自%(n)d件居民诉求", len(hidden))
            knots.append(Knot(min(hidden), what % {"n": len(hidden)}))
        elif hidden:
            what = ngettext("来自%(n)d个微心愿", "来自%(n)d个微心愿", len(hidden))
            knots.append(Knot(min(hidden), what % {"n": len(hidden)}))
    return knots
