"""A need arrives, is accepted and can be followed: a resident and a worker, each in a browser of their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from tests.journeys.site import Site


def _refused_without_consent(page: Page) -> None:
    """Everything that was typed and uploaded is still there."""
    from tests.journeys import steps
    from tests.journeys.watch import look

    assert not page.is_checked("[name=consent]"), "consent is never given beforehand"
    steps.say_who(page, consent=False)
    steps.submit(page)
    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.locator("[data-errors]")).to_contain_text("您写的都还在")
    expect(page.locator("[name=name]")).to_have_value(steps.NAME)
    expect(page.locator("[name=phone]")).to_have_value(steps.TELEPHONE)
    look(page)
    page.check("[name=consent]")
    expect(page.locator("[data-errors]")).to_be_hidden()
    page.goto("/say/")
    expect(page.locator("[name=words]")).to_have_value(steps.WORDS)
    expect(page.locator(".thumb[data-held] img")).to_be_visible()
    look(page)
    page.click("button:has-text('下一步')")
    expect(page.locator("[name=place]")).to_have_value(steps.PLACE)
    page.click("button:has-text('下一步')")


def _says_a_need(page: Page) -> None:
    from tests.journeys import steps
    from tests.journeys.watch import look

    page.goto("/")
    look(page)
    page.get_by_role("link", name=re.compile("我要反映.*不用注册")).click()
    page.get_by_label("有什么事，请说吧").fill(steps.WORDS)
    page.get_by_label("拍张照").set_input_files(steps.photo_with_gps())
    expect(page.locator(".thumb img")).to_be_visible()
    look(page)
    page.click("button:has-text('下一步')")
    page.get_by_label("找社区").fill("万寿")
    expect(page.get_by_label("哪个社区")).to_have_value(steps.COMMUNITY)
    page.get_by_label("小区和楼").fill(steps.PLACE)
    look(page)
    page.click("button:has-text('下一步')")
    steps.proven(page)
    look(page)
    _refused_without_consent(page)
    steps.proven(page)
    steps.say_who(page)
    steps.submit(page)
    expect(page.locator("h1")).to_have_text("收到了，谢谢您")


def _keeps_the_receipt(page: Page) -> tuple[str, str, str]:
    """Number, code and link of the need; receipt and slip say the same."""
    from tests.journeys.arrange import number_on, shown_qr
    from tests.journeys.watch import look

    number, code = number_on(page), page.locator("dd.code").inner_text()
    assert re.fullmatch(r"XQ-CX-\d{8}-\d{4}", number)
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", code)
    link = page.get_by_role("link", name="看进度").get_attribute("href") or ""
    look(page)
    assert shown_qr(page, link)
    page.get_by_role("link", name="打印凭条").click()
    expect(page.locator(".slip")).to_contain_text(number)
    expect(page.locator(".slip")).to_contain_text(code)
    assert shown_qr(page, link)
    look(page)
    page.get_by_role("link", name="返回").click()
    expect(page.locator("h1")).to_have_text("万寿桥社区收到了，正在安排谁来办")
    look(page)
    return number, code, link


def _accepts_and_answers(staff: Page, number: str) -> None:
    """The open workbench shows the need by itself; the promise is today + 7 days unless one chooses another."""
    from tests.journeys import steps
    from tests.journeys.watch import look

    staff.clock.fast_forward(16_000)
    row = staff.locator("#queue [data-row]", has_text=number)
    expect(row).to_be_visible()
    expect(staff.locator("#queue-news")).to_contain_text("1")
    look(staff)
    row.get_by_role("link", name="受理").click()
    promised = (timezone.localdate() + timedelta(days=7)).isoformat()
    expect(staff.locator("[name=reply_by]")).to_have_value(promised)
    expect(staff.locator(".pics img")).to_be_visible()
    photo = staff.context.request.get(staff.locator(".pics a").get_attribute("href") or "")
    assert steps.tells_nothing(photo.body())
    look(staff)
    staff.get_by_role("button", name="受理").click()
    expect(staff.locator(".msgs")).to_contain_text(f"{number} 已受理")
    look(staff)
    staff.fill("[name=note-words]", "物业说灯泡要等两天。")
    staff.get_by_role("button", name="存为备注").click()
    expect(staff.locator(".tl")).to_contain_text("物业说灯泡要等两天。")
    staff.fill("[name=reply-words]", "明天上午电工来换灯。")
    staff.get_by_role("button", name="发给居民").click()
    expect(staff.locator(".msgs")).to_contain_text("已发给居民。")
    look(staff)


def _reads_who_has_it(page: Page, worker: str) -> None:
    """The open page learns it by itself: who, by when, what was answered; never what staff noted for themselves."""
    from tests.journeys.watch import look

    page.clock.fast_forward(61_000)
    expect(page.locator(".reply")).to_contain_text("明天上午电工来换灯。")
    expect(page.locator(".reply__who")).to_contain_text(worker)
    day = timezone.localdate() + timedelta(days=7)
    expect(page.locator("h1")).to_have_text(f"万寿桥社区已经答复您，还在办，预计{day.month}月{day.day}日前办好")
    expect(page.locator(".line")).to_contain_text(f"答应{day.month}月{day.day}日前答复您")
    expect(page.locator("body")).not_to_contain_text("物业说灯泡")
    look(page)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_need_arrives_is_accepted_and_can_be_followed(doors: Doors, site: Site, screen: dict[str, Any]) -> None:
    from tests.journeys import steps
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    staff = doors.open(DESKTOP if screen is PHONE else PHONE)
    staff.clock.install()
    staff.goto("/admin/")
    look(staff)
    steps.log_in(staff, street.worker.username)
    expect(staff.locator("#queue")).to_contain_text("都办好了")
    look(staff)

    page = doors.open(screen)
    page.clock.install()
    _says_a_need(page)
    number, code, link = _keeps_the_receipt(page)
    _accepts_and_answers(staff, number)
    _reads_who_has_it(page, street.worker.name)

    later = doors.open(screen)
    later.goto("/track/")
    look(later)
    later.fill("[name=number]", number.lower())
    later.fill("[name=code]", code.lower().replace("-", ""))
    later.get_by_role("button", name="查一下").click()
    expect(later.locator(".reply")).to_contain_text("明天上午电工来换灯。")
    scanned = doors.open(screen)
    scanned.goto(link)
    expect(scanned.locator("main")).to_contain_text(number)
