"""Several streets in one house: whose name stands in the head of a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Alliance
from members.services import alliance_of, create_alliance, sole_alliance
from people.models import Area, RoleGrant
from people.states import Role
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.things import claim_by, unit_of
from tests.desk.asking import asked, errand
from tests.needs.wishing import published

pytestmark = pytest.mark.django_db
HERE, THERE = "平常心党建联盟", "下沙党建联盟"


@pytest.fixture
def both(cast: Cast) -> Cast:
    for street, name in ((cast.chengxiang, HERE), (cast.xiasha, THERE)):
        create_alliance(area=street.street, name=name, by=None)
    return cast


def brand_of(response: Any) -> str:
    found = re.search(r'<a class="brand".*?</a>', response.content.decode(), re.S)
    assert found
    return found[0]


def test_the_workbench_bears_the_name_of_ones_own_street(both: Cast) -> None:
    for street, own, other in ((both.chengxiang, HERE, THERE), (both.xiasha, THERE, HERE)):
        for who in (street.worker, street.clerk, street.system_admin):
            for path in ("/admin/", reverse("admin:inbox"), "/admin/nowhere/"):
                brand = brand_of(browser_of(who).get(path))
                assert own in brand and other not in brand, (who, path)


def test_who_works_in_two_streets_reads_the_name_of_the_one_they_belong_to(both: Cast) -> None:
    two = both.xiasha.worker
    RoleGrant.objects.create(user=two, role=Role.STREET_STAFF, area=both.chengxiang.street)
    assert THERE in brand_of(browser_of(fresh(two)).get("/admin/"))
    type(two).objects.filter(pk=two.pk).update(area=None)
    brand = brand_of(browser_of(fresh(two)).get("/admin/"))
    assert HERE not in brand and THERE not in brand and "同心" in brand


def test_a_district_has_no_streets_name(both: Cast) -> None:
    district = Area.objects.get(pk="330114")
    who = both.xiasha.system_admin
    RoleGrant.objects.filter(user=who).delete()
    RoleGrant.objects.create(user=who, role=Role.SYSTEM_ADMIN, area=district)
    type(who).objects.filter(pk=who.pk).update(area=district)
    brand = brand_of(browser_of(fresh(who)).get("/admin/"))
    assert HERE not in brand and THERE not in brand


@pytest.mark.parametrize("path", ["/", "/say/", "/track/", "/sign-in/", "/wishes/", "/privacy/", "/admin/login/"])
def test_a_page_about_no_street_bears_none(both: Cast, path: str) -> None:
    page = Client().get(path).content.decode()
    assert "同心" in page and "联盟服务中心" not in page
    assert HERE not in page and THERE not in page


def test_a_page_about_a_street_bears_that_streets_name(both: Cast) -> None:
    there = both.xiasha
    need, wish, run = say_need(there.home), published(there), errand(there)
    request, claim = asked(there), claim_by(there.liaison, published(there, item="一副老花镜").offer, unit_of(there))
    alliance = Alliance.objects.get(name=THERE)
    liaison, anybody, neighbour = browser_of(there.liaison), Client(), browser_of(there.worker)
    places = [
        (anybody, f"/n/{need.link_token}/"),
        (anybody, f"/n/{need.link_token}/slip/"),
        (anybody, reverse("members:alliance", args=[alliance.pk])),
        (anybody, reverse("members:units", args=[alliance.pk])),
        (liaison, "/desk/"),
        (liaison, "/desk/claims/"),
        (liaison, "/desk/seats/"),
        (liaison, f"/desk/offers/{wish.offer_id}/"),
        (liaison, f"/desk/claims/{claim.pk}/"),
        (liaison, f"/desk/needs/{request.pk}/"),
        (neighbour, f"/desk/errands/{run.offer_id}/"),
    ]
    for client, path in places:
        response = client.get(path)
        assert response.status_code == 200, path
        brand = brand_of(response)
        assert THERE in brand and HERE not in brand, path


def test_what_somebody_says_is_about_the_community_they_chose(both: Cast) -> None:
    visitor = Client()
    visitor.get(f"/say/?c={both.xiasha.home.pk}")
    assert THERE in brand_of(visitor.get("/say/"))
    visitor.post("/say/", {"words": "井盖松了，车一过就响。"})
    assert THERE in brand_of(visitor.get("/say/where/"))


def test_where_there_is_one_street_it_is_everybodys(cast: Cast) -> None:
    made = create_alliance(area=cast.chengxiang.street, name=HERE, by=None)
    assert sole_alliance() == made and HERE in brand_of(Client().get("/"))
    assert HERE in brand_of(browser_of(cast.xiasha.worker).get("/")) and alliance_of(cast.xiasha.home.pk) is None
    assert HERE not in brand_of(browser_of(cast.xiasha.worker).get("/admin/"))


def test_whose_page_it_is_costs_one_statement(both: Cast) -> None:
    need = say_need(both.xiasha.home)
    for path in ("/track/", f"/n/{need.link_token}/"):
        Client().get(path)
        with CaptureQueriesContext(connection) as seen:
            Client().get(path)
        assert len([one for one in seen if "members_alliance" in one["sql"]]) == 1, path
