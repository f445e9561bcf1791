"""The working calendar: asked by whoever counts, kept by administrators of a district or wider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.text import clean
from audit.services import home_area, record
from audit.states import Action
from deadlines.models import WorkDay, WorkPeriod
from deadlines.permissions import calendar_abilities
from deadlines.services.workday_file import NAME_LENGTH, YEARS, Row, read_days
from deadlines.signals import calendar_changed
from deadlines.worktime import OFFICE_HOURS, SATURDAY, Calendar
from people.models import User

CALENDAR_LOCK = 7_265_201
"""Advisory lock: exclusive for whoever changes calendar, limits or ladder, shared for whoever counts by them and writes
the result."""
MOST_PERIODS = 6


@dataclass(frozen=True)
class Change:
    """A day before (None: by the week) and after."""

    day: date
    before: bool | None
    after: bool
    name: str

    @property
    def moves(self) -> bool:
        """Whether the day is worked now and was not, or the other way round."""
        was = self.day.weekday() < SATURDAY if self.before is None else self.before
        return was != self.after


@dataclass(frozen=True)
class Imported:
    """How many days were new, how many changed; ``errors``: a sentence per bad line, and then nothing was written.

    ``moved`` is how many running limits are counted again, ``changes`` what became of which day.
    """

    added: int
    changed: int
    errors: tuple[str, ...] = ()
    moved: int = 0
    changes: tuple[Change, ...] = ()


_FINGERPRINT = """
    SELECT (SELECT bit_xor(hashtextextended(day::text || working::text, 0)) FROM deadlines_workday),
           (SELECT array_agg(starts ORDER BY starts) FROM deadlines_workperiod),
           (SELECT array_agg(ends ORDER BY starts) FROM deadlines_workperiod)
"""
_known: tuple[int | None, Mapping[date, bool]] = (None, {})
"""The days as this process read them last, and what they looked like from afar."""


def calendar() -> Calendar:
    """The working calendar as it is now: every day that is written down, and the office hours.

    One small query. The days themselves are read again only when they look different from afar, which is asked every
    time, so that a decree counts at once in every process.
    """
    global _known
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        fingerprint, starts, ends = cursor.fetchone()
    seen, days = _known
    if seen != fingerprint or fingerprint is None:
        days = dict(WorkDay.objects.order_by().values_list("day", "working"))
        _known = (fingerprint, days)
    return Calendar(days, tuple(zip(starts or (), ends or (), strict=True)) or OFFICE_HOURS)


def periods() -> tuple[tuple[time, time], ...]:
    """Office hours of a working day, in order."""
    return tuple(WorkPeriod.objects.order_by("starts").values_list("starts", "ends")) or OFFICE_HOURS


def hold_calendar() -> None:
    """Let nobody change the calendar until the caller's transaction ends: what is counted now stays right.

    The caller may hold the thing in question already, but none of its limits: whoever changes what is counted by may
    lock those.
    """
    _lock("pg_advisory_xact_lock_shared")


def hold_calendar_alone() -> None:
    """Let nobody count until the caller's transaction ends: calendar, limits or ladder are about to change.

    Whoever was counting has committed by then, so that what they started is found and counted again.
    """
    _lock("pg_advisory_xact_lock")


def unknown_years() -> list[int]:
    """This and the coming year, if not every one of their days is written down: then Monday to Friday count."""
    year = timezone.localdate().year
    rows = WorkDay.objects.filter(day__gte=date(year, 1, 1), day__lt=date(year + 2, 1, 1)).order_by()
    known = dict(rows.values_list(ExtractYear("day")).annotate(days=Count("pk")))
    return [one for one in (year, year + 1) if known.get(one, 0) < len(year_days(one))]


def year_days(year: int) -> list[date]:
    """All days of ``year``."""
    first = date(year, 1, 1)
    return [first + timedelta(days=place) for place in range((date(year + 1, 1, 1) - first).days)]


@transaction.atomic
def set_days(*, by: User | None, rows: Iterable[Row]) -> int:
    """Say of each day whether it is worked, and why; the number of days that are new or changed.

    The last word on a day counts. Running limits are counted again by who hears ``calendar_changed``.
    Raises ``NotAllowed`` (no system administrator of a district or wider) and ``Invalid``.
    """
    done = _set(by, rows)
    return done.added + done.changed


@transaction.atomic
def import_csv(*, by: User | None, text: str | bytes, fill: bool = False) -> Imported:
    """Read a list of days (日期, 上班, 说明). With ``fill`` the other days of its years go by the week.

    Nothing is written if a line cannot be read. Raises ``NotAllowed``.
    """
    _require_keeper(by)
    read = read_days(text)
    if read.errors:
        return Imported(0, 0, read.errors)
    hold_calendar_alone()
    rows = [*_rest(row[0].year for row in read.rows), *read.rows] if fill else read.rows
    return _set(by, rows)


def preview_csv(*, by: User | None, text: str | bytes, fill: bool = False) -> Imported:
    """What ``import_csv`` would do: it is done and taken back. Raises ``NotAllowed``."""
    with transaction.atomic():
        done = import_csv(by=by, text=text, fill=fill)
        transaction.set_rollback(True)
    return done


@transaction.atomic
def fill_year(*, by: User | None, year: int) -> int:
    """The year is complete: its days without a row go by the week from now on. The number of rows added.

    Raises ``NotAllowed`` and ``Invalid``.
    """
    _require_keeper(by)
    if year not in YEARS:
        raise Invalid(message=_("年份要在2000年到2100年之间。"))
    hold_calendar_alone()
    return _set(by, _rest([year])).added


@transaction.atomic
def set_periods(*, by: User | None, periods: Iterable[tuple[time, time]]) -> int:
    """The office hours of a day; the number of running limits counted again. Raises ``NotAllowed`` and ``Invalid``."""
    _require_keeper(by)
    wanted = sorted(periods)
    if not 0 < len(wanted) <= MOST_PERIODS:
        raise Invalid(message=_("请填一到%(most)s段上班时间。") % {"most": MOST_PERIODS})
    if any(ends <= starts for starts, ends in wanted):
        raise Invalid(message=_("下班时间要晚于上班时间。"))
    if any(later[0] < earlier[1] for earlier, later in pairwise(wanted)):
        raise Invalid(message=_("两段上班时间不能重叠。"))
    hold_calendar_alone()
    before = list(WorkPeriod.objects.order_by("starts").values_list("starts", "ends"))
    if before == wanted:
        return 0
    WorkPeriod.objects.all().delete()
    WorkPeriod.objects.bulk_create(WorkPeriod(starts=starts, ends=ends) for starts, ends in wanted)
    _record(by, "workperiods", {"periods": f"{_hours(before)} → {_hours(wanted)}"})
    return _announce(WorkPeriod, date.min, date.max)


def _require_keeper(by: User | None) -> None:
    if by is not None and "change" not in calendar_abilities(by):
        raise NotAllowed


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [CALENDAR_LOCK])


def _rest(years: Iterable[int]) -> list[Row]:
    """The days of ``years`` that have no row, by the week."""
    days = [day for year in sorted(set(years)) for day in year_days(year)]
    known = set(WorkDay.objects.filter(day__in=days).values_list("day", flat=True))
    return [(day, day.weekday() < SATURDAY, "") for day in days if day not in known]


def _set(by: User | None, rows: Iterable[Row]) -> Imported:
    _require_keeper(by)
    wanted = {day: (working, clean(name)) for day, working, name in rows}
    if any(day.year not in YEARS for day in wanted):
        raise Invalid({"day": [_("年份要在2000年到2100年之间。")]})
    if any(len(name) > NAME_LENGTH for _working, name in wanted.values()):
        raise Invalid({"name": [_("说明请不要超过%(most)s个字。") % {"most": NAME_LENGTH}]})
    hold_calendar_alone()
    there = {row.day: (row.working, row.name) for row in WorkDay.objects.filter(day__in=wanted)}
    changes = tuple(
        Change(day, there[day][0] if day in there else None, working, name)
        for day, (working, name) in sorted(wanted.items())
        if there.get(day) != (working, name)
    )
    if not changes:
        return Imported(0, 0)
    now = timezone.now()
    WorkDay.objects.bulk_create(
        (WorkDay(day=one.day, working=one.after, name=one.name, changed_at=now) for one in changes),
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["working", "name", "changed_at"],
    )
    added = sum(one.day not in there for one in changes)
    moving = [one for one in changes if one.moves]
    _record(by, "workdays", _summary(changes, moving))
    moved = _announce(WorkDay, moving[0].day, moving[-1].day) if moving else 0
    return Imported(added, len(changes) - added, moved=moved, changes=changes)


def _announce(sender: Any, first: date, last: date) -> int:
    answers: list[tuple[Any, Any]] = calendar_changed.send(sender, first=first, last=last)
    return sum(answer for _receiver, answer in answers if isinstance(answer, int))


def _summary(changes: tuple[Change, ...], moving: list[Change]) -> dict[str, Any]:
    """What the log keeps: how many days, and those that turned."""
    return {
        "count": len(changes),
        "first": str(changes[0].day),
        "last": str(changes[-1].day),
        "working": [str(one.day) for one in moving if one.after],
        "off": [str(one.day) for one in moving if not one.after],
    }


def _record(by: User | None, subject: str, params: dict[str, Any]) -> None:
    record(Action.CALENDAR_CHANGED, actor=by, subject=subject, area_code=home_area(by), params=params)


def _hours(periods: Iterable[tuple[time, time]]) -> str:
    return " ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in periods)
