"""A quarter's card counts what came about, for the unit itself and for its alliance, and is announced once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.errors import NotFound
from deadlines.models import Due
from deadlines.services.sweep import sweep_all
from members.models import Alliance, Membership
from members.presenting.service_cards import steps_around, table_of
from members.services.service_cards import Quarter, given_by, plan_quarters, quarter_named
from needs.models import Need
from notifications.models import Message
from tests.cast import browser_of, say_need

if TYPE_CHECKING:
    from members.models import MemberUnit
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
IN_IT = date(2026, 8, 12)
QUARTER = Quarter(2026, 3)


def helped(cast: Cast, on: date = IN_IT) -> MemberUnit:
    """A need in which the unit of the cast's liaison helped, closed on this day."""
    unit = cast.chengxiang.liaison.seats.get().unit
    need = say_need(cast.chengxiang.home)
    moment = timezone.make_aware(timezone.datetime(on.year, on.month, on.day, 12))
    long_ago = moment - timedelta(days=3)
    Need.objects.filter(pk=need.pk).update(state="closed", unit=unit, ended_at=moment, created_at=long_ago)
    return unit


@pytest.mark.parametrize(
    ("name", "today", "found"),
    [
        ("", date(2026, 10, 1), "2026Q3"),
        ("", date(2026, 1, 31), "2025Q4"),
        ("2026Q4", date(2026, 10, 1), "2026Q4"),
    ],
)
def test_a_quarter_has_a_name(name: str, today: date, found: str) -> None:
    assert quarter_named(name, today).name == found


@pytest.mark.parametrize("name", ["2026Q5", "2026", "2027Q1", "x", "2026Q0"])
def test_what_is_no_quarter_or_lies_ahead_is_nowhere(name: str) -> None:
    with pytest.raises(NotFound):
        quarter_named(name, date(2026, 10, 1))


def test_its_bounds_are_days_here() -> None:
    assert timezone.localtime(QUARTER.since).isoformat() == "2026-07-01T00:00:00+08:00"
    assert timezone.localtime(Quarter(2026, 4).until).isoformat() == "2027-01-01T00:00:00+08:00"
    assert steps_around(QUARTER) == {"before": "2026Q2", "next": "2026Q4"}


def test_what_came_about_in_the_quarter_counts_and_nothing_else(cast: Cast) -> None:
    unit = helped(cast)
    helped(cast, date(2026, 6, 30))
    assert [(str(one.label), one.counts) for one in given_by([unit.pk], QUARTER)] == [("协助办结的诉求", {unit.pk: 1})]
    assert given_by([unit.pk], Quarter(2025, 3)) == []


def test_the_alliances_card_has_its_members_and_no_others(cast: Cast) -> None:
    unit = helped(cast)
    alliance = Alliance.objects.get(area=cast.chengxiang.street)
    Membership.objects.get_or_create(alliance=alliance, unit=unit, defaults={"joined_on": date(2025, 1, 1)})
    Membership.objects.filter(alliance=alliance, unit=unit).update(joined_on=date(2025, 1, 1))
    table = table_of(alliance, QUARTER)
    assert [(row["unit"].pk, row["cells"]) for row in table["lines"]] == [(unit.pk, [1])]
    assert table["sums"] == [1]
    Membership.objects.filter(alliance=alliance, unit=unit).update(left_on=date(2025, 2, 1))
    assert table_of(alliance, QUARTER)["lines"] == []


def test_more_units_take_no_more_statements(cast: Cast) -> None:
    unit = helped(cast)
    counts = []
    for units in ([unit.pk], list(range(unit.pk, unit.pk + 50))):
        with CaptureQueriesContext(connection) as seen:
            given_by(units, QUARTER)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def _announced(late: timedelta = timedelta()) -> None:
    plan_quarters(date(2026, 10, 1))
    plan_quarters(date(2026, 9, 28))
    mine = Due.objects.filter(kind="members.quarter")
    assert mine.count() == 2, "one for each street, however often it is planned"
    assert {timezone.localdate(due.due_at) for due in mine} != {date(2026, 10, 1)}, "a holiday"
    mine.update(due_at=timezone.now() - late)
    sweep_all()


def test_the_unit_and_the_party_office_are_told_once(cast: Cast) -> None:
    unit = helped(cast)
    Membership.objects.filter(unit=unit).update(joined_on=date(2025, 1, 1))
    _announced()
    told = Message.objects.filter(rule="members.ServiceCard")
    assert {row.recipient_key for row in told} == {f"u:{cast.chengxiang.liaison.pk}"}
    before = Message.objects.count()
    Due.objects.filter(kind="members.quarter").update(state="waiting", ended_at=None, due_at=timezone.now())
    sweep_all()
    assert Message.objects.count() == before


def test_an_empty_quarter_is_told_to_nobody_and_a_late_one_is_missed(cast: Cast) -> None:
    _announced()
    assert not Message.objects.filter(rule__in=["members.ServiceCard", "members.AllianceCard"]).exists()
    helped(cast)
    Due.objects.filter(kind="members.quarter").delete()
    _announced(late=timedelta(days=8))
    assert set(Due.objects.filter(kind="members.quarter").values_list("state", flat=True)) == {"missed"}


def test_a_unit_sees_its_own_card_and_a_stranger_none(cast: Cast) -> None:
    helped(cast)
    page = browser_of(cast.chengxiang.liaison).get("/desk/card/?quarter=2026Q3").content.decode()
    assert "协助办结的诉求" in page
    assert browser_of(cast.nobody).get("/desk/card/").status_code == 404
    assert browser_of(cast.chengxiang.liaison).get("/desk/card/?quarter=1999Q9").status_code == 404


def test_the_street_sees_its_alliances_card_and_another_street_does_not(cast: Cast) -> None:
    address = f"/admin/members/alliance/{Alliance.objects.get(area=cast.chengxiang.street).pk}/card/"
    assert browser_of(cast.chengxiang.clerk).get(address).status_code == 200
    assert browser_of(cast.xiasha.clerk).get(address).status_code == 404
