"""Residents who come another way: a QR code in the stairwell, for somebody else, by keyboard, without scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from tests.journeys.site import Site

RECEIVED = "收到了，谢谢您"


def test_the_code_in_the_stairwell_fills_in_the_place(doors: Doors) -> None:
    from needs.states import Channel
    from tests.journeys import steps
    from tests.journeys.arrange import need_numbered, number_on
    from tests.journeys.watch import look

    page = doors.open()
    page.goto("/say/?" + urlencode({"c": steps.COMMUNITY, "place": "湘湖路小区 8幢1单元"}))
    page.fill("[name=words]", "单元门关不上了。")
    page.click("button:has-text('下一步')")
    expect(page.locator(".note--ok")).to_contain_text("扫码填好的")
    expect(page.locator("[name=community]")).to_have_value(steps.COMMUNITY)
    expect(page.locator("[name=place]")).to_have_value("湘湖路小区 8幢1单元")
    look(page)
    page.click("button:has-text('下一步')")
    steps.say_who(page)
    steps.submit(page)
    expect(page.locator("h1")).to_have_text(RECEIVED)
    assert need_numbered(number_on(page)).channel == Channel.QR


def test_somebody_says_it_for_a_neighbour(doors: Doors, site: Site) -> None:
    from tests.journeys import steps
    from tests.journeys.arrange import need_numbered, number_on
    from tests.journeys.watch import look

    page = doors.open()
    page.goto("/")
    page.get_by_role("link", name=re.compile("帮别人填")).click()
    expect(page.locator("main")).to_contain_text("您在替别人说。")
    page.fill("[name=words]", "楼上老人下不了楼，想请人送饭。")
    page.click("button:has-text('下一步')")
    steps.say_where(page)
    expect(page.get_by_label("我帮别人填的")).to_be_checked()
    page.get_by_label("我自己的").check()
    expect(page.locator("[name=helped_name]")).to_be_hidden()
    page.get_by_label("我帮别人填的").check()
    page.fill("[name=helped_name]", "钱大爷")
    page.fill("[name=helped_phone]", "13805710009")
    look(page)
    steps.say_who(page)
    steps.submit(page)
    expect(page.locator("h1")).to_have_text(RECEIVED)
    need = need_numbered(number_on(page))
    assert (need.contact_name, need.helped_name, need.helped_phone) == (steps.NAME, "钱大爷", "13805710009")

    staff = doors.open(DESKTOP, who=site.cast.chengxiang.worker)
    staff.goto(f"/admin/needs/need/{need.pk}/change/")
    expect(staff.locator("main")).to_contain_text("替 钱")
    expect(staff.locator("main")).not_to_contain_text("13805710009")
    look(staff)


def _to(page: Page, selector: str, key: str = "Tab", most: int = 40) -> None:
    """Press Tab until the thing has the focus, as somebody without a mouse does; what has it is always visible."""
    for _press in range(most):
        page.keyboard.press(key)
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; }"
            )
            assert outline != "nonenone", f"no mark of the focus on {selector}"
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_the_whole_form_by_keyboard_alone(doors: Doors) -> None:
    page = doors.open(DESKTOP)
    page.goto("/say/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    _to(page, "[name=words]")
    page.keyboard.type("路灯不亮。")
    _to(page, "main button[type=submit]:not([name])")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("在哪里")
    _to(page, "#filter")
    page.keyboard.type("拱秀")
    page.keyboard.press("Enter")
    expect(page.locator("[name=community]")).to_be_focused()
    expect(page.locator("[name=community]")).to_have_value("330109001028")
    _to(page, "[name=place]")
    page.keyboard.type("小区北门")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("怎么找您")
    _to(page, "[name=name]")
    page.keyboard.type("孙先生")
    _to(page, "[name=phone]")
    page.keyboard.type("13805710005")
    page.keyboard.press("Enter")
    expect(page.locator("[data-errors]")).to_be_focused()
    _to(page, "[data-errors] a")
    page.keyboard.press("Enter")
    expect(page.locator("[name=consent]")).to_be_focused()
    page.keyboard.press("Space")
    _to(page, "main button[type=submit]:not([name])")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(RECEIVED)


def _says_it_without_script(page: Page) -> str:
    """Three steps and a refusal; returns where to follow the need."""
    from tests.journeys import steps

    page.goto("/")
    page.locator("a.big").click()
    page.fill("[name=words]", steps.WORDS)
    page.set_input_files("[name=photos]", steps.photo_with_gps())
    page.click("button:has-text('下一步')")
    steps.say_where(page)
    page.click("button:has-text('提交')")
    expect(page.locator("[data-errors]")).to_contain_text("有3处要改一下")
    steps.say_who(page)
    steps.submit(page)
    expect(page.locator("h1")).to_have_text(RECEIVED)
    page.get_by_role("link", name="打印凭条").click()
    expect(page.locator(".slip")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    page.get_by_role("link", name="返回").click()
    return page.url


def test_the_whole_story_without_scripts(doors: Doors, site: Site) -> None:
    from tests.journeys import steps
    from tests.journeys.arrange import number_on

    page = doors.open(java_script_enabled=False)
    progress = _says_it_without_script(page)
    number = number_on(page)

    staff = doors.open(DESKTOP, java_script_enabled=False)
    steps.log_in(staff, site.cast.chengxiang.worker.username)
    row = staff.locator("#queue [data-row]", has_text=number)
    row.get_by_role("button", name="拨打").click()
    expect(staff.locator("#dial a.phone")).to_have_attribute("href", f"tel:{steps.TELEPHONE}")
    photo = staff.context.request.get(staff.locator(".pics a").get_attribute("href") or "")
    assert steps.tells_nothing(photo.body()), "the server itself takes the place out of a photo"
    staff.get_by_role("button", name="受理").click()
    staff.fill("[name=reply-words]", "明天上午来修。")
    staff.get_by_role("button", name="发给居民").click()
    expect(staff.locator(".msgs")).to_contain_text("已发给居民。")

    page.goto(progress)
    expect(page.locator(".reply")).to_contain_text("明天上午来修。")
    page.click("summary:has-text('补充几句')")
    page.fill("[name=words]", "五楼的也不亮。")
    page.get_by_role("button", name="补充").click()
    expect(page.locator(".line")).to_contain_text("五楼的也不亮。")
    page.click("summary:has-text('撤回')")
    page.get_by_role("button", name="确认撤回").click()
    expect(page.locator("h1")).to_have_text("您已经撤回了这件事")


def test_the_switches_stay_switched(doors: Doors) -> None:
    """长辈版 and English hold from page to page, and a half-written form survives them."""
    page = doors.open()
    page.goto("/")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-elder", "on")
    page.goto("/track/")
    expect(page.locator("html")).to_have_attribute("data-elder", "on")
    page.get_by_role("button", name="标准版").click()
    expect(page.locator("html")).to_have_attribute("data-elder", "")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("Tracking code")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_label("查询码")).to_be_visible()


def test_an_overdue_promise_is_said_plainly(doors: Doors, site: Site) -> None:
    from needs.models import Need
    from needs.services.handling import accept_need
    from tests.cast import say_need
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    need = say_need(street.home)
    accept_need(pk=need.pk, by=street.worker)
    gone = timezone.now() - timedelta(days=9)
    days = {"created_at": gone, "accepted_at": gone, "held_since": gone, "reply_by": timezone.localdate(gone)}
    Need.objects.filter(pk=need.pk).update(**days)
    page = doors.open(PHONE)
    page.goto(f"/n/{need.link_token}/")
    expect(page.locator("h1")).to_contain_text("已经超期")
    expect(page.locator(".note--late")).to_contain_text("对不起")
    look(page)
