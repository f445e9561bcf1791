"""A liaison hands the seat over to a colleague: both see how it stands, and what is in hand stays with the unit."""

from __future__ import annotations

import os
import re
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from members.models import Liaison
    from tests.journeys.site import Site

_phones = count(13805780001)


def _picture(page: Page, name: str) -> None:
    """For looking at, where ``SHOTS`` names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _link() -> str:
    """Of the newest text message that asks somebody to take a seat."""
    from notifications.models import Message

    found = re.search(r"/c/[\w-]+/", Message.objects.filter(rule="members.SeatOffered").latest("pk").secrets)
    assert found
    return found[0]


def _takes_the_seat(successor: Page, phone: str) -> None:
    from tests.journeys.watch import look

    successor.goto(_link())
    expect(successor.get_by_text("钥匙在门卫那里。")).to_be_visible()
    assert "沈老师" not in successor.content() and phone[-4:] not in successor.content()
    look(successor)
    _picture(successor, "seat-card")
    successor.get_by_label("我来做").check()
    successor.get_by_role("button", name="回复", exact=True).click()
    expect(successor.locator(".ask__done h2")).to_contain_text("我来做")


def _the_new_one_sees_it(doors: Doors, site: Site, new: Liaison) -> None:
    from tests.cast import fresh
    from tests.journeys.watch import look

    theirs = doors.open(who=fresh(new.user))
    theirs.goto("/desk/seats/")
    expect(theirs.get_by_text("交接给您")).to_be_visible()
    _picture(theirs, "seats-new")
    old_eyes = doors.open(PHONE, who=fresh(new.user), color_scheme="dark")
    old_eyes.context.add_cookies([{"name": "elder", "value": "on", "url": site.url}])
    old_eyes.goto("/desk/seats/")
    old_eyes.get_by_text("请一位第二联络员").click()
    look(old_eyes)
    _picture(old_eyes, "seats-elder")


def test_a_seat_is_handed_over_and_both_see_it(doors: Doors, site: Site) -> None:
    from members.models import Liaison
    from tests.journeys import hands
    from tests.journeys.watch import look

    outgoing, phone = hands.another_liaison(site.cast.chengxiang), str(next(_phones))
    old = Liaison.objects.get(user=outgoing, ends_on=None)
    desk = doors.open(who=outgoing)
    desk.goto("/desk/")
    desk.get_by_role("link", name="联络员和交接").click()
    desk.get_by_text("把席位交给同事").click()
    form = desk.locator("form", has=desk.locator("[name=what][value=hand_over]"))
    form.locator("[name=phone]").fill("12")
    form.get_by_role("button", name="发短信请对方答复").click()
    expect(desk.locator(".errors")).to_be_visible()
    look(desk)
    _picture(desk, "seats-refused")
    form.locator("[name=name]").fill("沈老师")
    form.locator("[name=phone]").fill(phone)
    form.locator("[name=words]").fill("钥匙在门卫那里。")
    form.get_by_role("button", name="发短信请对方答复").click()
    expect(desk.get_by_text("等答复")).to_be_visible()
    look(desk)
    _picture(desk, "seats-asked")

    _takes_the_seat(doors.open(PHONE), phone)

    old.refresh_from_db()
    new = Liaison.objects.get(unit=old.unit, ends_on=None, is_second=old.is_second)
    assert old.ends_on == new.starts_on
    desk.goto("/desk/seats/")
    expect(desk.get_by_text("已接任")).to_be_visible()
    _picture(desk, "seats-past")
    _the_new_one_sees_it(doors, site, new)


def test_staff_look_at_two_that_look_alike_merge_them_and_take_it_back(doors: Doors, site: Site) -> None:
    from members.models import MemberUnit
    from tests.journeys.watch import look

    here = site.cast.chengxiang
    names = ("湘湖物业管理有限公司", "杭州湘湖物业管理公司")
    first, second = (MemberUnit.objects.create(name=name, kind="private_company", area=here.street) for name in names)
    for device, mark in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page = doors.open(device, who=here.party_office)
        page.goto("/admin/members/duplicates/")
        look(page)
        _picture(page, f"duplicates-{mark}")
        row = page.locator(".pairs > li", has_text=names[0]).filter(has_text=names[1])
        row.get_by_role("link", name="合并").click()
        expect(page.get_by_role("heading", name="会移过去的")).to_be_visible()
        look(page)
        _picture(page, f"merge-{mark}")
        page.get_by_role("button", name="并入“").click()
        expect(page.get_by_text("合并好了")).to_be_visible()
        _picture(page, f"merged-{mark}")
        assert MemberUnit.objects.filter(pk__in=[first.pk, second.pk], merged_into__isnull=False).count() == 1
        page.get_by_role("button", name="撤销合并").first.click()
        expect(page.get_by_text("两个单位都和合并以前一样")).to_be_visible()
        assert not MemberUnit.objects.filter(pk__in=[first.pk, second.pk], merged_into__isnull=False).exists()


def test_a_name_that_may_be_registered_is_shown_while_it_is_typed(doors: Doors, site: Site) -> None:
    from members.models import MemberUnit

    here = site.cast.chengxiang
    MemberUnit.objects.create(name="青藤养老服务中心", kind="social", area=here.street)
    page = doors.open(DESKTOP, who=here.party_office)
    page.goto("/admin/members/memberunit/add/")
    page.locator("#id_name").fill("清藤养老服务中心")
    page.locator("#id_short_name").focus()
    expect(page.get_by_text("可能已经登记过")).to_be_visible()
    _picture(page, "alike")
    page.goto("/admin/members/seatoffer/add/")
    _picture(page, "offer-add")
