"""The working calendar: who keeps it, what an import does, what is announced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alliance.lib.errors import Invalid, NotAllowed
from audit.models import AuditEntry
from audit.presenting import details_of
from audit.states import Action
from deadlines.models import Due, WorkDay, WorkPeriod
from deadlines.services import calendar as service
from deadlines.services.recounting import RECOUNT
from deadlines.services.stages import start_stage
from deadlines.signals import calendar_changed
from deadlines.worktime import LOCAL
from people.models import Area, User
from people.services.accounts import create_user, grant_role
from people.states import Role
from tests.cast import Cast, fresh

pytestmark = pytest.mark.django_db

DAY = date(2031, 3, 3)  # a Monday of a year nobody has entered


@pytest.fixture
def keeper(cast: Cast) -> User:
    area = Area.objects.get(pk="330109")
    user = create_user(username="district", name="区管理员", area=area)
    grant_role(user=user, role=Role.SYSTEM_ADMIN, area=area, by=None)
    return fresh(user)


@pytest.fixture
def heard() -> Iterator[list[tuple[date, date]]]:
    spans: list[tuple[date, date]] = []

    def listen(first: date, last: date, **kwargs: object) -> int:
        spans.append((first, last))
        return 3

    calendar_changed.connect(listen)
    yield spans
    calendar_changed.disconnect(listen)


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "audit_admin", "clerk", "party_office", "worker"])
def test_nobody_of_one_street_changes_every_streets_calendar(cast: Cast, name: str) -> None:
    by = getattr(cast.chengxiang, name)
    for attempt in (
        lambda: service.set_days(by=by, rows=[(DAY, False, "")]),
        lambda: service.import_csv(by=by, text="2031-03-03,休"),
        lambda: service.preview_csv(by=by, text="2031-03-03,休"),
        lambda: service.fill_year(by=by, year=2031),
        lambda: service.set_periods(by=by, periods=[(time(9), time(17))]),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not WorkDay.objects.filter(day=DAY).exists()


def test_a_day_is_set_once_logged_and_announced_only_if_it_turns(keeper: User, heard: list[tuple[date, date]]) -> None:
    assert service.set_days(by=keeper, rows=[(DAY, True, "植树\x00 ")]) == 1
    assert heard == []  # a Monday was worked before, too
    assert service.set_days(by=keeper, rows=[(DAY, False, "放假"), (date(2031, 3, 8), True, "调休")]) == 2
    assert service.set_days(by=keeper, rows=[(DAY, False, "放假")]) == 0
    assert heard == [(DAY, date(2031, 3, 8))]
    known = service.calendar()
    assert (known.is_working(DAY), known.is_working(date(2031, 3, 8))) == (False, True)
    first, second = AuditEntry.objects.filter(action=Action.CALENDAR_CHANGED).order_by("pk")
    assert (first.params["working"], second.params["off"], second.params["working"]) == (
        [], ["2031-03-03"], ["2031-03-08"]
    )  # fmt: skip
    assert (second.actor, second.area_code) == (keeper, "330109")
    assert details_of(second) == "天数：2；从：2031-03-03；到：2031-03-08；改为上班：2031-03-08；改为休息：2031-03-03"
    assert WorkDay.objects.get(day=DAY).name == "放假"


def test_what_cannot_be_is_refused_in_words(keeper: User) -> None:
    for row in ((date(1999, 1, 1), True, ""), (DAY, True, "长" * 31)):
        with pytest.raises(Invalid):
            service.set_days(by=keeper, rows=[row])
    nine, noon, one, five = time(9), time(12), time(13), time(17)
    for hours in ([], [(noon, nine)], [(nine, one), (noon, five)], [(nine, nine)]):
        with pytest.raises(Invalid):
            service.set_periods(by=keeper, periods=hours)


def test_new_hours_count_at_once_and_announce_every_day(keeper: User, heard: list[tuple[date, date]]) -> None:
    hours = ((time(9), time(12)), (time(13), time(17)))
    assert service.set_periods(by=keeper, periods=reversed(hours)) == 3
    assert service.set_periods(by=keeper, periods=hours) == 0
    assert service.calendar().periods == hours
    assert heard == [(date.min, date.max)]
    assert WorkPeriod.objects.count() == 2


def test_the_calendar_costs_one_query_until_a_day_changes(keeper: User, django_assert_num_queries: Any) -> None:
    before = service.calendar()
    with django_assert_num_queries(1):
        assert service.calendar() == before
    service.set_days(by=keeper, rows=[(DAY, False, "放假")])
    with django_assert_num_queries(2):
        assert not service.calendar().is_working(DAY)


def test_looking_first_counts_the_limits_and_leaves_them_alone(cast: Cast, ladder: None) -> None:
    who = cast.chengxiang.worker
    for number, start in enumerate((DAY, date(2031, 9, 1))):
        start_stage(
            kind="test.reply",
            subject=f"thing:{number}",
            label=f"XQ-{number}",
            area_code=cast.chengxiang.home.pk,
            holder=who,
            started_at=datetime.combine(start, time(10), LOCAL),
        )
    text = "2031-03-04,休,放假\n2031-03-05,班,\n"
    entries = AuditEntry.objects.count()
    # The days after the turned one: both limits reach there.
    assert service.preview_csv(by=None, text=text).moved == 2
    assert service.preview_csv(by=None, text="2031-08-01,休").moved == 1
    assert service.preview_csv(by=None, text="2031-12-05,休").moved == 0
    assert not Due.objects.filter(kind=RECOUNT).exists()
    assert AuditEntry.objects.count() == entries
    assert service.import_csv(by=None, text=text).moved == 2
    assert [len(due.params["stages"]) for due in Due.objects.filter(kind=RECOUNT)] == [2]


def test_two_periods_that_overlap_are_refused_by_the_table_itself() -> None:
    WorkPeriod.objects.create(starts=time(18), ends=time(19))
    with pytest.raises(IntegrityError, match="workperiods_apart"), transaction.atomic():
        WorkPeriod.objects.create(starts=time(18, 59), ends=time(20))
    WorkPeriod.objects.create(starts=time(19), ends=time(20))  # one ends where the next begins
