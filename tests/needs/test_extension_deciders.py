"""Who decided about more time is named with their own office; where nobody else could decide, the 分管领导 does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.errors import NotAllowed
from needs.services.extensions import ask_extension, decide_extension
from people.models import RoleGrant
from people.states import Role
from tests.cast import Cast, api_of, browser_of, fresh
from tests.needs.ways import in_hand, in_hand_at_street, keys, latest_of, now, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "office"), [("section_head", "street"), ("secretary", "home")])
def test_the_resident_reads_the_office_of_who_decided(cast: Cast, who: str, office: str) -> None:
    here = cast.chengxiang
    need, by = in_hand(cast), getattr(here, who)
    asked = ask_extension(pk=need.pk, by=fresh(here.worker), until=latest_of(need), reason="等配件")
    decide_extension(pk=asked.pk, by=fresh(by), granted=True)
    page = Client().get(reverse("needs:progress", args=[need.link_token])).content.decode()
    assert f"{getattr(here, office).name} {by.name}定了" in page


def test_the_only_one_of_the_street_asks_and_the_leader_decides(cast: Cast) -> None:
    here = cast.chengxiang
    RoleGrant.objects.filter(role__in=[Role.SECTION_HEAD], area=here.street).delete()
    need = in_hand_at_street(cast)
    asked = ask_extension(pk=need.pk, by=fresh(here.party_office), until=latest_of(need), reason="等配件")
    assert told("ExtensionAsked") == keys(here.leader)
    shown = api_of(here.clerk).get(f"/api/v1/needs/{need.pk}/").json()["extension"]
    assert shown["decider"] == "分管领导"
    inbox = browser_of(here.leader).get("/admin/approvals/").content.decode()
    assert need.title in inbox and "分管领导审批" in inbox
    page = browser_of(here.leader).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    assert "审批延期" in page
    decide_extension(pk=asked.pk, by=fresh(here.leader), granted=True)
    assert now(need).reply_by == asked.until


def test_where_somebody_else_can_the_leader_does_not(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand_at_street(cast)
    asked = ask_extension(pk=need.pk, by=fresh(here.party_office), until=latest_of(need), reason="等配件")
    assert keys(here.leader) - told("ExtensionAsked") == keys(here.leader)
    with pytest.raises(NotAllowed):
        decide_extension(pk=asked.pk, by=fresh(here.leader), granted=True)
