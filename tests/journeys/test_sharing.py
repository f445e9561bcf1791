"""The shared warehouse at the office: from a need to whoever can help in three taps, a hall booked for it, a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from resources.models import Resource
    from tests.journeys.site import Site


def _put_away(resource: Resource) -> None:
    """Other journeys find the shelf as it was."""
    type(resource).objects.filter(pk=resource.pk).update(state="stopped")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_a_need_to_whoever_can_help(doors: Doors, site: Site, size: dict[str, object]) -> None:
    from needs.models import NeedEvent
    from needs.states import Verb
    from tests.cast import say_need
    from tests.journeys import hands
    from tests.resources.things import resource_in

    here = site.cast.chengxiang
    barber = resource_in(here, kind="haircut", name="上门理发", words="为行动不便的老人理发", capacity=None)
    need = say_need(here.home, words="老伴腿脚不便，三个月没下过楼了，头发长了，想请人上门理个发。")
    page = doors.open(size, who=here.worker)
    hands.open_need(page, need)
    panel = page.get_by_role("region", name="用得上的资源")
    first = panel.get_by_role("listitem").first
    expect(first).to_contain_text("上门理发")
    expect(first).to_contain_text("种类对得上：理发")
    expect(first).to_contain_text("就在本社区")
    first.get_by_role("button", name="推荐").click()
    expect(page.get_by_text("已经告诉万寿桥社区了。")).to_be_visible()
    expect(panel.get_by_role("listitem").first).to_contain_text("推荐过了")
    line = NeedEvent.objects.get(need=need, verb=Verb.PROPOSE)
    assert line.params["resource_id"] == barber.pk
    _put_away(barber)


def test_a_hall_is_approved_and_booked_from_its_page(doors: Doors, site: Site) -> None:
    from resources.models import Booking
    from tests.claims.things import alliance_of, unit_of
    from tests.journeys import hands
    from tests.resources.things import in_days, resource_in

    here = site.cast.chengxiang
    alliance_of(here)
    hall = resource_in(here, by=here.liaison, unit=unit_of(here), name="三楼多功能厅")
    page = doors.open(DESKTOP, who=here.party_office)
    page.goto("/admin/approvals/")
    page.get_by_role("link", name=hall.name, exact=True).first.click()
    page.get_by_role("button", name="通过").click()
    expect(page.get_by_text("通过了，已经告诉提供的一方。")).to_be_visible()
    when = {"day": in_days(2).isoformat(), "begins": "14:00", "finishes": "16:00"}
    hands.take(page, "book", "约上了。", **when, purpose="开居民议事会")
    booking = Booking.objects.get(resource=hall)
    page.get_by_role("link", name="那天的日历").click()
    expect(page.locator(f'a.booked[href$="/{booking.pk}/change/"]')).to_contain_text("开居民议事会")
    _put_away(hall)
