"""Twin streets: nobody sees the other's units, memberships or liaisons, neither as rows nor as choices."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from members.models import Alliance, Liaison, Membership, MemberUnit
from members.services import seat_liaison
from people.models import User
from people.states import Role
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
CODE = "91350100M000100Y43"


@dataclass(frozen=True)
class Seen:
    """What one person sees of everything, by primary key."""

    units: set[int]
    alliances: set[int]
    memberships: set[int]
    seats: set[int]


def _seen(user: User) -> Seen:
    models = (MemberUnit, Alliance, Membership, Liaison)
    return Seen(*(set(model.objects.visible_to(user).values_list("pk", flat=True)) for model in models))


@pytest.fixture
def seats(twins: Twins) -> tuple[Liaison, Liaison]:
    one, other = (person(name, None, None) for name in ("yi", "er"))
    return (
        seat_liaison(unit=twins.here.unit, user=one, by=None),
        seat_liaison(unit=twins.there.unit, user=other, by=None),
    )


def test_staff_of_a_street_and_its_communities_see_their_street_only(
    twins: Twins, seats: tuple[Liaison, Liaison]
) -> None:
    memberships = set(Membership.objects.filter(alliance=twins.here.alliance).values_list("pk", flat=True))
    expected = Seen({twins.here.unit.pk, twins.shared.pk}, {twins.here.alliance.pk}, memberships, {seats[0].pk})
    assert _seen(twins.here.clerk) == expected
    assert _seen(twins.here.worker) == expected


def test_a_liaison_sees_the_own_unit_while_seated(twins: Twins, seats: tuple[Liaison, Liaison]) -> None:
    seat = seats[0]
    assert _seen(seat.user) == Seen({twins.here.unit.pk}, set(), set(), {seat.pk})
    Liaison.objects.filter(pk=seat.pk).update(ends_on=seat.starts_on)
    assert _seen(seat.user) == Seen(set(), set(), set(), set())


def test_somebody_without_role_or_seat_sees_nothing(twins: Twins) -> None:
    assert _seen(person("waibu", None, None)) == Seen(set(), set(), set(), set())


def test_the_district_sees_both_streets(twins: Twins) -> None:
    officer = person("quli", Role.PARTY_OFFICE, twins.district)
    assert _seen(officer).units == {twins.here.unit.pk, twins.there.unit.pk, twins.shared.pk}
    assert _seen(officer).alliances == {twins.here.alliance.pk, twins.there.alliance.pk}


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="people.backends.PasswordBackend")
    return client


def test_lists_and_drop_downs_name_nobody_from_the_other_street(twins: Twins, seats: tuple[Liaison, Liaison]) -> None:
    desk = _signed_in(twins.here.clerk)
    for address in (
        "memberunit/",
        "memberunit/add/",
        "membership/",
        "membership/add/",
        "liaison/",
        "liaison/add/",
        "alliance/",
        f"memberunit/{twins.shared.pk}/change/",
    ):
        response = desk.get(f"/admin/members/{address}")
        assert response.status_code == 200, address
        page = response.content.decode()
        assert "乙街道小学" not in page, address
        assert "乙联盟" not in page, address
    for model, pk in (
        ("memberunit", twins.there.unit.pk),
        ("alliance", twins.there.alliance.pk),
        ("liaison", seats[1].pk),
    ):
        assert desk.get(f"/admin/members/{model}/{pk}/change/").status_code in (302, 404)


def test_a_unit_is_registered_in_the_workbench_and_a_refusal_keeps_what_was_typed(twins: Twins) -> None:
    desk = _signed_in(twins.here.clerk)
    entry = {
        "name": "九州药房",
        "short_name": "",
        "kind": "private_company",
        "uscc": "９１３５０１００M000100Y43",
        "area": twins.here.community.pk,
        "note": "",
        "alliance": twins.here.alliance.pk,
        "joined_on": "",
    }
    assert desk.post("/admin/members/memberunit/add/", entry).status_code == 302
    unit = MemberUnit.objects.get(name="九州药房")
    assert unit.uscc == CODE
    assert unit.memberships.get().alliance == twins.here.alliance
    again = desk.post("/admin/members/memberunit/add/", {**entry, "name": "另一家药房"})
    assert again.status_code == 200
    page = again.content.decode()
    assert "这个代码登记的是另一个单位名称" in page
    assert "另一家药房" in page
    assert not MemberUnit.objects.filter(name="另一家药房").exists()


def test_a_liaison_is_seated_and_ended_in_the_workbench(twins: Twins) -> None:
    desk = _signed_in(twins.here.clerk)
    entry = {
        "unit": twins.here.unit.pk,
        "name": "王明",
        "phone": "138 0000 5678",
        "title": "办公室主任",
        "starts_on": "2026-03-01",
    }
    assert desk.post("/admin/members/liaison/add/", entry).status_code == 302
    seat = Liaison.objects.get()
    assert (seat.shown_name, seat.user.name, seat.title) == ("王明", "", "办公室主任")
    refused = desk.post("/admin/members/liaison/add/", {**entry, "phone": "123"})
    assert "请写11位手机号" in refused.content.decode()
    elsewhere = desk.post("/admin/members/liaison/add/", {**entry, "unit": twins.there.unit.pk})
    assert elsewhere.status_code == 200
    assert Liaison.objects.count() == 1
    end = f"/admin/members/liaison/{seat.pk}/change/"
    assert "不能早于" in desk.post(end, {"ends_on": "2026-02-01"}).content.decode()
    assert desk.post(end, {"ends_on": "2026-06-01"}).status_code == 302
    seat.refresh_from_db()
    assert str(seat.ends_on) == "2026-06-01"


def test_community_workers_read_but_do_not_write_the_register(twins: Twins) -> None:
    desk = _signed_in(twins.here.worker)
    assert desk.get("/admin/members/memberunit/").status_code == 200
    assert desk.get("/admin/members/memberunit/add/").status_code == 403
    change = f"/admin/members/memberunit/{twins.here.unit.pk}/change/"
    assert desk.get(change).status_code == 200
    assert desk.post(change, {"name": "改名"}).status_code == 403
