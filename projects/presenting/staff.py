"""A project as staff see it: the strip above its page, who takes part, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from projects.models import Milestone, Project, ProjectEvent
from projects.presenting import facts, progress
from projects.presenting.figures import when
from projects.presenting.shown import offer_shown
from projects.states import Consequence, Period, ProjectVerb

Lines = list[dict[str, Any]]


def strip(row: Project, milestones: list[Milestone]) -> Lines:
    """On top: in whose hands, since when, until when, how far."""
    due = min((one.due_on for one in milestones if one.done_on is None), default=None)
    said = progress.said(row, due)
    last = row.ended_on or row.ends_on
    return [
        {
            "label": _("专员"),
            "text": row.commissioner.name if row.commissioner else _("还没定"),
            "small": row.branch.name if row.branch else _("支部还没定"),
        },
        {"label": _("从哪天起"), "text": day_of(row.starts_on), "small": row.area.name},
        {"label": _("到哪天完成"), "text": day_of(last), "small": progress.next_step(row, due)},
        {"label": _("进度"), "text": f"{progress.share(row, milestones)}%", "small": said["label"]},
    ]


def facts_of(row: Project) -> list[tuple[str, str]]:
    """What is written down of it, with its agreement and whether it waits for a unit."""
    offer = offer_shown(row)
    waits = ""
    if offer is not None:
        until = _("，认领到%(day)s") % {"day": day_of(offer.closes_at)} if offer.closes_at else ""
        waits = (_("有单位认领了") if offer.taken else _("正等单位认领")) + until
    agreement = f"{row.agreement.theme} {row.agreement.number}" if row.agreement else ""
    found = [one for one in facts.of_project(row, inside=True) if one[1] != row.number]  # it heads the page
    more = [(_("所属协议"), agreement), (_("认领"), waits), (_("从哪件事来"), row.origin_label)]
    return [*found, *((label, text) for label, text in more if text)]


def units_of(row: Project) -> Lines:
    """Who takes part, has been asked, or, below, has left."""
    prefetch_related_objects([row], "units__unit")
    parts = sorted(row.units.all(), key=lambda part: (part.left_on is not None, not part.is_lead, part.pk))
    return [
        {
            "name": part.unit.name,
            "url": reverse("admin:members_memberunit_change", args=[part.unit_id]),
            "is_lead": part.is_lead and part.left_on is None,
            "does": part.does,
            **_said(part),
        }
        for part in parts
    ]


def _said(part: Any) -> dict[str, str]:
    if part.left_on is not None:
        return {"label": _("%(day)s退出") % {"day": day_of(part.left_on)}, "tone": "off", "words": part.left_why}
    if part.confirmed_at is None:
        return {"label": _("等确认"), "tone": "", "words": ""}
    return {"label": _("参加"), "tone": "done", "words": ""}


def story(row: Project, events: Iterable[ProjectEvent]) -> Lines:
    """What happened, newest first. ``events`` come so, with their actors."""
    periods = {one.name: one.period for one in row.indicators.all()}
    return [
        {
            "at": moment(event.at),
            "text": _text(event, periods),
            "who": str(event.params.get("unit") or (event.actor.name if event.actor else _("系统"))),
            "said": event.words,
            "why": "",
            "kind": "event",
            "now": place == 0,
        }
        for place, event in enumerate(events)
    ]


def _text(event: ProjectEvent, periods: dict[str, str]) -> str:
    """The step, and what it was about."""
    said = event.params
    verb = str(event.get_verb_display())
    if event.verb == ProjectVerb.MEASURE:
        return f"{verb} {_figure(said, periods)}"
    if event.verb == ProjectVerb.ASSESS:
        return f"{verb} {said.get('total', '')} {Consequence(said['consequence']).label}"
    about = said.get("milestone") or said.get("label") or said.get("indicator") or ""
    if event.verb == ProjectVerb.SHOW and not said.get("public"):
        return _("不公开考核")
    if event.verb == ProjectVerb.LINK and said.get("gone"):
        verb = _("取消关联")
    return f"{verb} {about}".strip()


def _figure(said: dict[str, Any], periods: dict[str, str]) -> str:
    """助餐 2026年10月 8100，原来是8000."""
    day = when(periods.get(said["indicator"], Period.DAY), date.fromisoformat(said["period"]))
    found = f"{said['indicator']} {day} {said.get('value', '')}".strip()
    return found + _("，原来是%(value)s") % {"value": said["before"]} if said.get("before") else found
