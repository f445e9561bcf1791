"""Verified by the community's only secretary, a wish is decided by the street: never by nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed
from needs.models import Wish
from needs.permissions import wish_abilities
from needs.services.wish_policy import save_policy
from needs.services.wishes import approve_wish, edit_wish, reject_wish, verify_wish
from needs.states.wish import Approver, WishState, WishVerb
from needs.wish_selectors import for_street
from notifications.models import Message
from people.models import RoleGrant, User
from people.states import Role
from tests.cast import Cast, Street, api_of, browser_of, fresh
from tests.needs.wishing import again, raised, typed

LIST = "/admin/needs/wish/"
GOES_UP = "核实以后由街道来审批"


def by_secretary(here: Street, **changes: Any) -> Wish:
    """Registered by the worker, verified by the only secretary."""
    wish = raised(here, **changes)
    return again(verify_wish(pk=wish.pk, by=fresh(here.secretary), version=None, how="上门看过"))


def second_secretary(here: Street) -> User:
    """The grid's lead is made a secretary as well."""
    RoleGrant.objects.create(user=here.grid_lead, role=Role.COMMUNITY_SECRETARY, area=here.home)
    return here.grid_lead


def may_decide(person: User, wish: Wish) -> bool:
    return WishVerb.APPROVE in wish_abilities(fresh(person), again(wish))


def told(person: User) -> int:
    return Message.objects.filter(rule="needs.WishToApprove", recipient_key=f"u:{person.pk}").count()


def waits_for(person: User, wish: Wish) -> bool:
    """Whether it stands in 待我审批, on the page and over the API."""
    page = wish.item in browser_of(person).get("/admin/approvals/").content.decode()
    rows = api_of(person).get("/api/v1/approvals/").json()
    listed = any(row["number"] == wish.number for row in rows)
    assert page == listed
    return page


def test_the_street_decides_what_the_only_secretary_verified(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    wish = by_secretary(here, item="一床鸭绒被")
    deciders = (here.section_head, here.party_office)
    assert [told(person) for person in deciders] == [1, 1]
    for person in deciders:
        assert may_decide(person, wish) and waits_for(person, wish)
    for person in (here.secretary, here.worker, here.clerk, here.leader, there.party_office):
        assert not may_decide(person, wish) and not waits_for(person, wish)
    with pytest.raises(NotAllowed, match="两个人"):
        approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    approve_wish(pk=wish.pk, by=fresh(here.section_head), version=None)
    assert again(wish).state == WishState.PUBLISHED


def test_it_is_said_before_and_after_whose_turn_it_is(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    path = f"{LIST}{wish.pk}/change/"
    secretary = browser_of(here.secretary)
    before = secretary.get(path).content.decode()
    assert "您是万寿桥社区唯一的书记" in before and GOES_UP in before
    assert GOES_UP not in browser_of(here.worker).get(path).content.decode(), "her secretary is another"
    after = secretary.post(f"{LIST}{wish.pk}/verify/", {"version": 1, "how": "上门看过"}, follow=True).content.decode()
    assert "等街道来审批" in after and "街道科室负责人或党建办，等审批" in after and "社区书记，等审批" not in after
    for person in (here.secretary, here.section_head, here.clerk):
        listed = browser_of(person).get(LIST).content.decode()
        assert "街道科室负责人或党建办，等审批" in listed
    assert "社区没有另一位书记，交街道审批" in after, "the history says why"


def test_the_same_over_the_api(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    secretary, path = api_of(here.secretary), f"/api/v1/wishes/{wish.pk}/"
    assert secretary.get(path).json()["street_if_verified"] is True
    assert api_of(here.worker).get(path).json()["street_if_verified"] is False
    sent = secretary.post(f"{path}verify/", {"version": 1, "how": "上门看过"}, format="json").json()
    assert sent["hand"] == "街道科室负责人或党建办，等审批" and sent["abilities"].count("approve") == 0
    assert secretary.post(f"{path}approve/", {"version": 2}, format="json").status_code == 403
    office = api_of(here.party_office)
    assert "approve" in office.get(path).json()["abilities"]
    assert office.post(f"{path}approve/", {"version": 2}, format="json").json()["stage"] == "open"


def test_a_second_secretary_who_comes_later_may_as_well_as_the_street(cast: Cast) -> None:
    here = cast.chengxiang
    wish = by_secretary(here)
    second = second_secretary(here)
    assert may_decide(second, wish) and may_decide(here.party_office, wish) and not may_decide(here.secretary, wish)
    assert waits_for(second, wish) and waits_for(here.party_office, wish)
    approve_wish(pk=wish.pk, by=fresh(second), version=None)


def test_where_there_are_two_secretaries_the_street_has_no_say(cast: Cast) -> None:
    here = cast.chengxiang
    second = second_secretary(here)
    wish = by_secretary(here)
    assert may_decide(second, wish) and not may_decide(here.party_office, wish)
    assert not waits_for(here.party_office, wish)
    with pytest.raises(NotAllowed):
        reject_wish(pk=wish.pk, by=fresh(here.party_office), version=None, words="不行")


def test_the_other_secretary_leaves_and_the_street_steps_in(cast: Cast) -> None:
    here = cast.chengxiang
    second = second_secretary(here)
    wish = by_secretary(here)
    today = timezone.localdate()
    RoleGrant.objects.filter(user=second, role=Role.COMMUNITY_SECRETARY).update(
        starts_on=today - timedelta(days=9), ends_on=today
    )
    assert not may_decide(second, wish) and may_decide(here.party_office, wish) and waits_for(here.party_office, wish)
    approve_wish(pk=wish.pk, by=fresh(here.party_office), version=None)


def test_a_secretary_whose_account_is_closed_is_none(cast: Cast) -> None:
    here = cast.chengxiang
    second = second_secretary(here)
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert may_decide(here.party_office, by_secretary(here))


def test_without_any_secretary_the_street_decides(cast: Cast) -> None:
    here = cast.chengxiang
    RoleGrant.objects.filter(user=here.secretary).delete()
    wish = raised(here)
    assert "现在没有书记" in browser_of(here.worker).get(f"{LIST}{wish.pk}/change/").content.decode()
    verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="打电话问过")
    assert waits_for(here.section_head, wish)
    approve_wish(pk=wish.pk, by=fresh(here.section_head), version=None)


def test_a_colleague_who_verifies_once_more_brings_it_back_to_the_secretary(cast: Cast) -> None:
    here = cast.chengxiang
    wish = by_secretary(here)
    verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="打电话问过")
    assert may_decide(here.secretary, wish) and not may_decide(here.party_office, wish)
    wish = by_secretary(here, item="一盏灯")
    edit_wish(pk=wish.pk, by=fresh(here.worker), version=None, **typed(item="两盏灯"))
    assert not again(wish).at_street


def test_where_the_street_approves_by_its_setting_nothing_changes(cast: Cast) -> None:
    here = cast.chengxiang
    save_policy(by=fresh(here.party_office), street_code=here.street.pk, approver=Approver.STREET)
    wish = raised(here)
    assert GOES_UP not in browser_of(here.secretary).get(f"{LIST}{wish.pk}/change/").content.decode()
    verify_wish(pk=wish.pk, by=fresh(here.secretary), version=None, how="上门看过")
    assert not again(wish).at_street and may_decide(here.party_office, wish)
    assert not may_decide(second_secretary(here), wish)


def test_what_nobody_has_verified_waits_for_nobodys_yes(cast: Cast) -> None:
    here = cast.chengxiang
    wish, decided = raised(here), by_secretary(here, item="一盏灯")
    assert for_street([wish.pk, decided.pk]) == {decided.pk}
    approve_wish(pk=decided.pk, by=fresh(here.party_office), version=None)
    assert for_street([wish.pk, decided.pk]) == frozenset()
