"""In whose hands a booking is, since when, until when: one answer for the desk, the workbench and the lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from deadlines.states import Unit
from deadlines.worktime import Calendar
from resources.models import Booking, Resource
from resources.presenting import facts, times
from resources.states import Appeal, BookingState, BookingVerb, ResourceState

LOOK_DAYS = 2
"""Working days in which what was offered is looked at."""


@dataclass(frozen=True)
class BookingHand:
    """``who`` as a clause (who, and what they are waited for), ``since`` when, ``until`` in words (may be empty)."""

    who: str
    since: datetime | None
    until: str = ""

    @property
    def since_said(self) -> str:
        return _("%(moment)s起") % {"moment": moment(self.since)} if self.since else ""

    @property
    def line(self) -> str:
        """``今天 09:10起 · 最晚明天 09:00答复``."""
        return " · ".join(part for part in (self.since_said, self.until) if part)


def look_by(row: Resource, cal: Calendar) -> datetime:
    """When the present wait for a yes or no should end."""
    return cal.due_at(row.waiting_since or row.offered_at, LOOK_DAYS, Unit.WORK_DAYS)


def approval_of(row: Resource, cal: Calendar) -> BookingHand | None:
    """Of a resource that was offered: who looks at it, since when, until when; None once somebody has."""
    if row.state != ResourceState.TO_APPROVE:
        return None
    until = _("%(day)s前答复") % {"day": times.last_day(look_by(row, cal))}
    return BookingHand(_("街道，等审批"), row.waiting_since or row.offered_at, until)


def answer_due(row: Booking) -> str:
    """Until when whoever gives it says yes or no."""
    return _("最晚%(when)s答复") % {"when": moment(row.answer_by or row.starts)}


def giver_for_staff(row: Booking) -> str:
    """Staff read every unit by its name."""
    return str(row.resource.unit or row.resource.area.name)


def hand_of(row: Booking, giver: str, booker: str) -> BookingHand:
    """``giver``, ``booker``: how whoever looks reads the two sides (a unit or a resident may not be named to all)."""
    match row.state:
        case BookingState.ASKED:
            return BookingHand(_("%(who)s，等答复") % {"who": giver}, row.asked_at, answer_due(row))
        case BookingState.BOOKED:
            return _standing(row, giver, booker)
        case BookingState.NO_SHOW if row.appeal == Appeal.ASKED:
            return BookingHand(_("街道，等答复说明"), _last(row, BookingVerb.APPEAL) or row.ended_at)
    return BookingHand(_("没有人，%(state)s") % {"state": facts.booking_badge(row)["label"]}, row.ended_at)


def _standing(row: Booking, giver: str, booker: str) -> BookingHand:
    agreed = row.decided_at or row.asked_at
    if row.handed_at is not None:
        until = _("%(when)s还") % {"when": moment(row.ends)}
        return BookingHand(_("%(who)s，正在用") % {"who": booker}, row.handed_at, until)
    if row.ends <= timezone.now():
        return BookingHand(_("%(who)s，等登记用得怎么样") % {"who": giver}, row.ends)
    until = _("%(when)s来用") % {"when": moment(row.starts)} if row.starts > timezone.now() else ""
    return BookingHand(_("%(who)s，约好了") % {"who": booker}, agreed, until)


def _last(row: Booking, verb: BookingVerb) -> datetime | None:
    event: Any = row.events.filter(verb=verb).order_by("-at", "-pk").first()
    return event.at if event else None


def asked_said(row: Booking) -> str:
    """After a booking was made for which somebody is to be asked: that it was asked, whom, until when; else nothing."""
    if row.state != BookingState.ASKED:
        return ""
    return _("问过了，等%(who)s答复，%(until)s。") % {"who": giver_for_staff(row), "until": answer_due(row)}
