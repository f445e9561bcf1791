"""Of two rows of one unit, what still lasts goes on when they are made one, whatever the kept row once had."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.models import Body, BodyKind, BodySeat, Liaison, Membership, MemberUnit, Placement
from members.services.merging import merge_units, undo_merge
from people.models import User
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
EARLY, MIDDLE, ENDED = date(2018, 1, 1), date(2019, 6, 1), date(2021, 3, 1)
BEFORE = date(2017, 1, 1)


def soon() -> date:
    return timezone.localdate() + timedelta(days=30)


@pytest.fixture
def double(twins: Twins) -> MemberUnit:
    Membership.objects.filter(unit=twins.here.unit).delete()
    return MemberUnit.objects.create(
        name="甲街道 小学", name_key="甲街道 小学", kind="school", area=twins.here.street, pinyin="jia jie dao xiao xue"
    )


@pytest.fixture
def group(twins: Twins) -> Body:
    kind = BodyKind.objects.create(key="g", name="某种小组", axis="group", roles=["成员"])
    return Body.objects.create(kind=kind, name="文教组", area=twins.here.street, alliance=twins.here.alliance)


def joined(twins: Twins, unit: MemberUnit, start: date, end: date | None) -> Membership:
    return Membership.objects.create(unit=unit, alliance=twins.here.alliance, joined_on=start, left_on=end)


def seated(unit: MemberUnit, user: User, start: date, end: date | None, second: bool = False) -> Liaison:
    return Liaison.objects.create(unit=unit, user=user, starts_on=start, ends_on=end, is_second=second)


def merge(twins: Twins, double: MemberUnit) -> int:
    return merge_units(kept_id=twins.here.unit.pk, gone_id=double.pk, by=twins.here.clerk).pk


@pytest.mark.parametrize("start", [BEFORE, MIDDLE], ids=["begun before", "begun inside"])
def test_a_live_membership_goes_on_where_the_kept_one_has_ended(
    twins: Twins, double: MemberUnit, group: Body, start: date
) -> None:
    joined(twins, twins.here.unit, EARLY, ENDED)
    live = joined(twins, double, start, None)
    place = Placement.objects.create(membership=live, group=group, starts_on=start)
    done = merge(twins, double)
    live.refresh_from_db()
    place.refresh_from_db()
    assert (live.unit, live.joined_on, live.left_on) == (twins.here.unit, ENDED, None)
    assert (place.starts_on, place.ends_on) == (ENDED, None)
    _merge, stays = undo_merge(pk=done, by=twins.here.clerk)
    live.refresh_from_db()
    place.refresh_from_db()
    assert stays == [] and (live.unit, live.joined_on, place.starts_on) == (double, start, start)


def test_of_two_live_memberships_the_kept_one_stays(twins: Twins, double: MemberUnit) -> None:
    own, other = joined(twins, twins.here.unit, EARLY, None), joined(twins, double, MIDDLE, None)
    merge(twins, double)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.left_on, other.unit, other.left_on) == (None, double, timezone.localdate())


def test_a_membership_that_outlasts_one_whose_leaving_is_announced_follows_it(twins: Twins, double: MemberUnit) -> None:
    own, other = joined(twins, twins.here.unit, EARLY, soon()), joined(twins, double, MIDDLE, None)
    merge(twins, double)
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.left_on == soon() and (other.unit, other.joined_on, other.left_on) == (twins.here.unit, soon(), None)


def test_a_membership_that_ended_touches_no_live_one(twins: Twins, double: MemberUnit) -> None:
    own, past = joined(twins, twins.here.unit, MIDDLE, None), joined(twins, double, EARLY, ENDED)
    merge(twins, double)
    own.refresh_from_db()
    past.refresh_from_db()
    assert (own.joined_on, own.left_on) == (MIDDLE, None)
    assert (past.unit, past.joined_on, past.left_on) == (twins.here.unit, EARLY, MIDDLE)


def test_of_two_that_ended_the_one_inside_the_other_stays_behind(twins: Twins, double: MemberUnit) -> None:
    joined(twins, twins.here.unit, EARLY, ENDED)
    past = joined(twins, double, MIDDLE, date(2020, 1, 1))
    merge(twins, double)
    past.refresh_from_db()
    assert (past.unit, past.joined_on, past.left_on) == (double, MIDDLE, date(2020, 1, 1))


@pytest.mark.parametrize("same", [True, False], ids=["one person", "two people"])
def test_a_live_seat_goes_on_where_the_kept_one_has_ended(twins: Twins, double: MemberUnit, same: bool) -> None:
    user = person("xianzai", None, None)
    # Both ranks were taken in the past: nothing of what is over costs the live seat its place.
    seated(twins.here.unit, user if same else person("congqian", None, None), EARLY, ENDED)
    seated(twins.here.unit, person("dier", None, None), EARLY, ENDED, second=True)
    live = seated(double, user, MIDDLE, None)
    merge(twins, double)
    live.refresh_from_db()
    assert (live.unit, live.is_second) == (twins.here.unit, False)
    assert (live.starts_on, live.ends_on) == (ENDED, None)


def test_a_live_seat_lasts_until_the_kept_units_next_one_begins(twins: Twins, double: MemberUnit) -> None:
    seated(twins.here.unit, person("jianglai", None, None), soon(), None)
    seated(twins.here.unit, person("dier", None, None), EARLY, None, second=True)
    live = seated(double, person("xianzai", None, None), MIDDLE, None)
    merge(twins, double)
    live.refresh_from_db()
    assert (live.unit, live.ends_on) == (twins.here.unit, soon())


def test_two_live_seats_of_full_ranks_give_way_and_what_ended_stays_as_it_was(twins: Twins, double: MemberUnit) -> None:
    own = seated(twins.here.unit, person("jiu", None, None), EARLY, None)
    seated(twins.here.unit, person("dier", None, None), EARLY, None, second=True)
    past = seated(double, person("congqian", None, None), EARLY, MIDDLE)
    live = seated(double, person("xianzai", None, None), MIDDLE, None)
    merge(twins, double)
    for row in (own, past, live):
        row.refresh_from_db()
    assert own.ends_on is None
    assert (live.unit, live.ends_on) == (double, timezone.localdate())
    assert (past.unit, past.ends_on) == (double, MIDDLE)


@pytest.mark.parametrize(
    ("own_end", "end", "moves", "start", "ends"),
    [
        (ENDED, None, True, ENDED, None),
        (None, None, False, MIDDLE, "today"),
        (None, date(2020, 1, 1), False, MIDDLE, date(2020, 1, 1)),
        (ENDED, date(2020, 1, 1), False, MIDDLE, date(2020, 1, 1)),
    ],
    ids=["only the gone one lasts", "both last", "only the kept one lasts", "neither lasts"],
)
def test_seats_in_bodies_overlap(
    twins: Twins, double: MemberUnit, group: Body, own_end: date, end: date, moves: bool, start: date, ends: object
) -> None:
    BodySeat.objects.create(body=group, role="成员", unit=twins.here.unit, starts_on=EARLY, ends_on=own_end)
    row = BodySeat.objects.create(body=group, role="成员", unit=double, starts_on=MIDDLE, ends_on=end)
    merge(twins, double)
    row.refresh_from_db()
    assert (row.unit, row.starts_on) == (twins.here.unit if moves else double, start)
    assert row.ends_on == (timezone.localdate() if ends == "today" else ends)
