"""Days, offices, hands: what resident and staff read alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib.dates import moment as moment
from alliance.lib.privacy import without_numbers
from alliance.lib.text import clean
from needs.models import Need
from needs.models.event import LEFT_NAME
from needs.states import OPEN_STATES, Office, State, Verb
from people.models import Area

TONES = {
    State.PENDING: "warn",
    State.IN_PROGRESS: "info",
    State.TO_ANSWER: "warn",
    State.CLOSED: "ok",
    State.NOT_ACCEPTED: "",
    State.WITHDRAWN: "",
}


def veiled(text: str) -> str:
    """``text`` without numbers one could call or be known by: residents write their phone into their words."""
    return without_numbers(clean(text))


def where(need: Need) -> str:
    """Where it is, each part once: many type the estate into both fields."""
    place, spot = need.place.strip(), need.spot.strip()
    if place and spot.startswith(place):
        return spot
    return place if spot and place.endswith(spot) else " ".join(part for part in (place, spot) if part)


def day(value: date) -> str:
    """11月28日 / Nov. 28; another year is named, 2027年1月15日."""
    near = pgettext("day of the year as a Django date format", "n月j日")
    far = pgettext("date as a Django date format", "Y年n月j日")
    return date_format(value, near if value.year == timezone.localdate().year else far)


def on(moment: datetime | None) -> str:
    """The day of ``moment``, 今天 and 昨天 as beside it; empty without one."""
    return near(timezone.localdate(moment)) if moment else ""


def since(when: datetime | None) -> str:
    """Since when it is in somebody's hands, day and time; empty without a moment."""
    return moment(when) if when else ""


def at_last(when: datetime) -> str:
    """今天, 今天 18:00, 11月28日: the last moment, after a label that says so; midnight ends the day before."""
    local = timezone.localtime(when)
    if (local.hour, local.minute) == (0, 0):
        local -= timedelta(minutes=1)
    if (local.hour, local.minute) != (23, 59):
        return moment(when)
    return near(local.date())


def near(value: date) -> str:
    """今天, 昨天, 明天, 11月28日."""
    soon = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}
    return soon.get((value - timezone.localdate()).days) or day(value)


def badge(need: Need) -> dict[str, str]:
    """The state as a coloured word; a broken promise is said first."""
    if need.is_overdue:
        return {"tone": "late", "label": _("已超期")}
    if need.waiting_since:
        return {"tone": "warn", "label": _("等您补充")}
    if need.state == State.PENDING and need.office == Office.LEADER:
        return {"tone": TONES[State.IN_PROGRESS], "label": str(State.IN_PROGRESS.label)}
    return {"tone": TONES[State(need.state)], "label": need.get_state_display()}


def office(need: Need) -> str:
    """Who is in charge as an office: the community, or the street while the community is unknown."""
    return need.area.name


def desk(need: Need) -> str:
    """The office at which the need lies now, by name. Lists select ``area__parent`` with it."""
    return desk_named(need.desk.name, need.office)


def desk_named(name: str, office: str) -> str:
    """The office of the area ``name``: its own, or the leader's there."""
    return _("%(street)s分管领导") % {"street": name} if office == Office.LEADER else name


def approvers(*, at_street: bool) -> str:
    """Who says yes or no, by post."""
    return _("街道科室负责人或党建办") if at_street else _("社区书记")


def proposed(params: Mapping[str, Any]) -> str:
    """That a resource was proposed: whoever gives it was told, or has nobody to be told."""
    said = {"giver": params.get("giver", ""), "resource": params.get("resource", "")}
    if params.get("silent"):
        return _("推荐了%(giver)s的“%(resource)s”；对方还没有联络员，要打电话告诉") % said
    return _("推荐了%(giver)s的“%(resource)s”，已经告诉对方") % said


def with_left(text: str, verb: str, params: Mapping[str, Any]) -> str:
    """``text`` of a step, and that the unit that had been asked need not come; at the end that goes without saying."""
    unit = params.get(LEFT_NAME, "")
    if not unit or verb not in (Verb.ASSIGN, Verb.ESCALATE, Verb.SEND_BACK, Verb.RETURN):
        return text
    return _("%(text)s，原来请的%(unit)s不用来了") % {"text": text, "unit": unit}


def phone_of(area: Area) -> str:
    """The service number of an office, or of the site where it has none of its own."""
    return area.phone or str(settings.SITE["phone"])


def hand(need: Need) -> str:
    """In whose hands, as the resident reads it: they hear from staff, whoever else was asked to help."""
    if need.holder is None:
        return desk(need)
    return f"{desk(need)} {helped(need, need.holder.name) or need.holder.name}"


def helped(need: Need, who: str) -> str:
    """``周敏经办，请了残联（说可以帮）``: one sentence for everybody while a unit helps; empty while none does."""
    if need.unit is None:
        return ""
    facts = {"who": who, "unit": need.unit.short_name or need.unit.name, "said": coming(need)}
    return (_("%(who)s经办，请了%(unit)s（%(said)s）") if facts["said"] else _("%(who)s经办，请了%(unit)s")) % facts


def coming(need: Need) -> str:
    """What the unit said: the day it comes, or that it will help; empty before."""
    if need.unit_comes_on:
        return _("说好%(day)s来") % {"day": day(need.unit_comes_on)}
    return _("说可以帮") if need.unit_said else ""


def until(need: Need) -> str:
    """Until when the office will answer, and once it has, until when it should be done; empty where no day is promised
    or the clock stands.

    A promise stands while the need waits at another desk.
    """
    if need.state not in OPEN_STATES or need.waiting_since or not need.promised:
        return ""
    return day(need.promised)
