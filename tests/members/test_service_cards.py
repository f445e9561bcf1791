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
from needs.services.units import unit_report
from notifications.models import Message
from tests.cast import Cast, browser_of, build, fresh
from tests.claims.things import unit_of
from tests.desk.asking import asked

if TYPE_CHECKING:
    from members.models import MemberUnit

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()
QUARTER = quarter_named(f"{TODAY.year}Q{(TODAY.month + 2) // 3}")
LAST = quarter_named("")


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


def helped(cast: Cast) -> MemberUnit:
    """The unit of the cast's liaison, in its street's alliance, was asked to help today and did."""
    here = cast.chengxiang
    unit = unit_of(here)
    need = asked(here)
    unit_report(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, words="修好了")
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
    assert timezone.localtime(Quarter(2026, 3).since).isoformat() == "2026-07-01T00:00:00+08:00"
    assert timezone.localtime(Quarter(2026, 4).until).isoformat() == "2027-01-01T00:00:00+08:00"
    assert steps_around(Quarter(2025, 3)) == {"before": "2025Q2", "next": "2025Q4"}
    assert steps_around(QUARTER) == {"before": LAST.name, "next": ""}


def test_what_came_about_in_the_quarter_counts_and_nothing_else(cast: Cast) -> None:
    unit = helped(cast)
    assert [(str(one.label), one.counts) for one in given_by([unit.pk], QUARTER)] == [("协助办好的诉求", {unit.pk: 1})]
    assert given_by([unit.pk], LAST) == []


def test_the_alliances_card_has_its_members_and_no_others(cast: Cast) -> None:
    unit = helped(cast)
    alliance = Alliance.objects.get(area=cast.chengxiang.street)
    table = table_of(alliance, QUARTER)
    assert [(row["unit"].pk, row["cells"]) for row in table["lines"]] == [(unit.pk, [1])]
    assert table["sums"] == [1]
    Membership.objects.filter(alliance=alliance, unit=unit).update(joined_on=date(2025, 1, 1), left_on=date(2025, 2, 1))
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
    first = timezone.localdate(QUARTER.until)
    plan_quarters(first)
    plan_quarters(first - timedelta(days=3))
    mine = Due.objects.filter(kind="members.quarter")
    assert mine.count() == 2, "one for each street, however often it is planned"
    assert {timezone.localdate(due.due_at) for due in mine} >= {first} or first.month in (1, 10), "New Year, 国庆"
    mine.update(due_at=timezone.now() - late)
    sweep_all()


def test_the_unit_and_the_party_office_are_told_once(cast: Cast) -> None:
    helped(cast)
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
    page = browser_of(cast.chengxiang.liaison).get(f"/desk/card/?quarter={QUARTER.name}").content.decode()
    assert "协助办好的诉求" in page
    assert browser_of(cast.nobody).get("/desk/card/").status_code == 404
    assert browser_of(cast.chengxiang.liaison).get("/desk/card/?quarter=1999Q9").status_code == 404


def test_the_street_sees_its_alliances_card_and_another_street_does_not(cast: Cast) -> None:
    helped(cast)
    address = f"/admin/members/alliance/{Alliance.objects.get(area=cast.chengxiang.street).pk}/card/"
    assert browser_of(cast.chengxiang.clerk).get(address).status_code == 200
    assert browser_of(cast.xiasha.clerk).get(address).status_code == 404
