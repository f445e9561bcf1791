"""服务卡: what a unit gave in a quarter, for itself and for its alliance. Counted from what the apps contribute.

A function at ``service.card`` gets keys of units and the bounds of the quarter, and gives ``Given`` by unit, in a fixed
number of statements. Only what came about counts: brought and confirmed, met, held.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, Text
from alliance.lib.registry import contribute, contributions
from deadlines.kinds import DueKind, Preview, Results, register_kind
from deadlines.models import Due
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues
from deadlines.states import DueState, Reason
from members import messages_cards as messages
from members.models import Alliance, Liaison, Membership
from members.querysets import in_force
from notifications.services import queue_many
from people.models import Area
from people.services.accounts import holders
from people.states import Level, Role

QUARTER = "members.quarter"
AT = time(9, 0)
DAYS_AHEAD = 7
GRACE = timedelta(days=7)
_NAME = re.compile(r"(20\d\d)Q([1-4])")


@dataclass(frozen=True)
class Quarter:
    """A quarter of a year, in the installation's time zone."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def since(self) -> datetime:
        return _midnight(date(self.year, 3 * self.number - 2, 1))

    @property
    def until(self) -> datetime:
        """The first moment of the next one."""
        after = _next(self)
        return _midnight(date(after.year, 3 * after.number - 2, 1))


@dataclass(frozen=True)
class Given:
    """One line of the card: what it is, and how many each unit gave."""

    label: Text
    counts: Mapping[int, int]


def quarter_named(name: str, today: date | None = None) -> Quarter:
    """The quarter ``name`` (2026Q3), or the last that is over. Raises ``NotFound``, also for what lies ahead."""
    day = today or timezone.localdate()
    present = Quarter(day.year, (day.month + 2) // 3)
    if not name:
        return _before(present)
    found = _NAME.fullmatch(name)
    quarter = Quarter(int(found[1]), int(found[2])) if found else None
    if quarter is None or (quarter.year, quarter.number) > (present.year, present.number):
        raise NotFound
    return quarter


def given_by(units: Collection[int], quarter: Quarter) -> list[Given]:
    """What ``units`` gave in ``quarter``; lines on which none of them has anything are left out."""
    found: list[Given] = []
    for part in contributions("service.card"):
        found += [one for one in part(units, quarter.since, quarter.until) if any(one.counts.values())]
    return found


def members_in(alliance: Alliance, quarter: Quarter) -> list[Membership]:
    """Who was in ``alliance`` on the last day of ``quarter`` (or is today, while it runs)."""
    last = min((quarter.until - timedelta(days=1)).date(), timezone.localdate())
    rows = Membership.objects.filter(in_force(last, start="joined_on", end="left_on"), alliance=alliance)
    return list(rows.select_related("unit").order_by("unit__sorted_as", "unit_id"))


def plan_quarters(today: date | None = None) -> None:
    """Put the cards of the quarter that ends on the list: on the first working day after it, ahead of time."""
    first = today or timezone.localdate()
    cal = calendar()
    for day in (first + timedelta(days=n) for n in range(-DAYS_AHEAD, DAYS_AHEAD)):
        if day.day != 1 or day.month % 3 != 1:
            continue
        over = quarter_named("", day)
        sent = next(one for n in range(30) if cal.is_working(one := day + timedelta(days=n)))
        streets = Area.objects.served().filter(level=Level.STREET).values_list("code", "name")
        add_dues(
            NewDue(
                kind=QUARTER,
                subject=f"street:{code}",
                label=name,
                area_code=code,
                due_at=datetime.combine(sent, AT, timezone.get_current_timezone()),
                key=f"quarter:{code}:{over.name}",
                params={"quarter": over.name},
            )
            for code, name in streets
        )


def send_cards(dues: Sequence[Due]) -> Results:
    """Tell units and the party office that the card is there; nobody whose card is empty."""
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        quarter = quarter_named(due.params["quarter"])
        letters = [*_to_units(due, quarter), *_to_office(due, quarter)]
        queue_many(letters)
        if not letters:
            results[due.pk] = (DueState.CANCELLED, Reason.NOBODY)
    return results


def _to_units(due: Due, quarter: Quarter) -> list[messages.Letter]:
    rows = Membership.objects.filter(alliance__street_code=due.area_code).values_list("unit_id", flat=True)
    totals = _totals(set(rows), quarter)
    seats = Liaison.objects.active().filter(unit_id__in=totals, user__is_active=True).select_related("user", "unit")
    return [
        (messages.ServiceCard(seat.unit, quarter.name, totals[seat.unit_id]), f"{due.key}:{seat.unit_id}", [seat.user])
        for seat in seats
    ]


def _to_office(due: Due, quarter: Quarter) -> list[messages.Letter]:
    people = holders([Role.PARTY_OFFICE], due.area_code)
    letters: list[messages.Letter] = []
    for alliance in Alliance.objects.filter(street_code=due.area_code, parent__isnull=True):
        units = [one.unit_id for one in members_in(alliance, quarter)]
        total = sum(_totals(units, quarter).values())
        if total:
            letters.append((messages.AllianceCard(alliance, quarter.name, total), f"{due.key}:a{alliance.pk}", people))
    return letters


def _totals(units: Collection[int], quarter: Quarter) -> dict[int, int]:
    totals: dict[int, int] = {}
    for one in given_by(units, quarter):
        for unit, n in one.counts.items():
            totals[unit] = totals.get(unit, 0) + n
    return {unit: n for unit, n in totals.items() if n}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _next(quarter: Quarter) -> Quarter:
    return Quarter(quarter.year + 1, 1) if quarter.number == 4 else Quarter(quarter.year, quarter.number + 1)


def _before(quarter: Quarter) -> Quarter:
    return Quarter(quarter.year - 1, 4) if quarter.number == 1 else Quarter(quarter.year, quarter.number - 1)


def _foresee(dues: Sequence[Due]) -> dict[int, Preview]:
    return {due.pk: Preview(None, []) for due in dues}


register_kind(DueKind(QUARTER, label=_("季度服务卡"), handle=send_cards, grace=GRACE, preview=_foresee))
contribute("dues.plan", plan_quarters)
