"""A resident signs in with a phone and a code, finds what is hers, and leaves no trace where none may be."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, NARROW, PHONE, Doors

if TYPE_CHECKING:
    from tests.journeys.site import Site

ELDER = {"name": "elder", "value": "on"}
_phones = count(13805770001)


def _elder(doors: Doors, device: dict[str, Any] = PHONE, **options: Any) -> Page:
    page = doors.open(device, **options)
    page.context.add_cookies([{**ELDER, "url": doors.site.url}])  # type: ignore[typeddict-item]
    return page


def _look(page: Page) -> None:
    """Usable with help, large enough for old eyes and fingers."""
    from tests.journeys.watch import look, small_targets, small_text

    look(page)
    assert not small_text(page, 18), page.url
    assert not small_targets(page, 60), page.url


def _ask(page: Page, phone: str) -> str:
    from tests.people.codes import newest_code

    page.fill("[name=phone]", phone)
    if page.locator("[data-proof]").count() and page.evaluate("() => document.documentElement.matches('.js')"):
        expect(page.locator("input[name=altcha]")).not_to_have_value("")
    page.get_by_role("button", name="发验证码").click()
    expect(page.locator("h1")).to_have_text("填验证码")
    return newest_code()


def _leaves_no_trace(site: Site, *secrets: str) -> None:
    """Whatever the running site wrote: its log, what it put into the broker, its files."""
    for path in site.log.parent.rglob("*"):
        if path.is_file():
            text = path.read_text(errors="replace")
            assert not [secret for secret in secrets if secret in text], path


def test_somebody_old_pastes_the_code_ticks_and_finds_what_she_said(doors: Doors, site: Site) -> None:
    from tests.cast import say_need

    phone = str(next(_phones))
    need = say_need(site.cast.chengxiang.home, phone=phone)
    page = _elder(doors)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="登录").click()
    _look(page)
    code = _ask(page, phone)
    _look(page)
    page.locator("[name=code]").focus()
    page.keyboard.insert_text(f" {code[:3]} {code[3:]} ")
    page.get_by_role("button", name="登录").click()
    expect(page.locator("[name=consent]")).not_to_be_checked()
    _look(page)
    page.get_by_role("button", name="同意并登录").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    _look(page)
    page.fill("[name=name]", "赵阿婆")
    page.check("[name=consent]")
    page.get_by_role("button", name="同意并登录").click()
    expect(page.locator("h1")).to_have_text("赵阿婆，您好")
    _look(page)
    page.get_by_role("link", name=re.compile(need.number)).click()
    expect(page).to_have_url(re.compile(f"/n/{need.link_token}/$"))
    page.get_by_role("banner").get_by_role("link", name="我的").click()
    expect(page.locator("h1")).to_have_text("赵阿婆，您好")
    assert not [url for url in asked if phone in url or code in url]
    _leaves_no_trace(site, phone, code)


def test_all_pages_of_ones_own_fit_old_eyes_and_the_smallest_screen(doors: Doors, site: Site) -> None:
    from tests.cast import resident, say_need

    phone = str(next(_phones))
    need = say_need(site.cast.chengxiang.home, phone=phone)
    page = _elder(doors, NARROW, who=resident(phone), color_scheme="dark")
    for path in ("/my/", "/my/add/", "/my/consents/", "/my/erase/", "/privacy/account/"):
        page.goto(path)
        _look(page)
    page.goto("/my/consents/")
    page.locator("summary", has_text=need.number).click()
    page.get_by_role("button", name=re.compile("撤回.*" + need.number)).click()
    expect(page.locator(".toast")).to_contain_text("已经撤回")
    _look(page)


def test_whoever_was_away_for_long_shows_number_and_code_of_something_she_said(doors: Doors, site: Site) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from needs.models import Need
    from people.models import User
    from tests.cast import resident, say_need

    phone, long_ago = str(next(_phones)), timezone.now() - timedelta(days=120)
    need = say_need(site.cast.chengxiang.home, phone=phone)
    Need.objects.filter(pk=need.pk).update(created_at=long_ago)
    User.objects.filter(pk=resident(phone).pk).update(created_at=long_ago)
    page = _elder(doors, NARROW)
    page.goto("/sign-in/")
    page.fill("[name=code]", _ask(page, phone))
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("好久没见，再核对一下")
    _look(page)
    page.fill("[name=number]", need.number)
    page.fill("[name=code]", "ABCDE-FGHJK")
    page.get_by_role("button", name="接着用原来的账号").click()
    expect(page.locator("[data-errors]")).to_contain_text("编号或查询码不对")
    _look(page)
    page.fill("[name=code]", need.shown_code)
    page.get_by_role("button", name="接着用原来的账号").click()
    expect(page.locator("main")).to_contain_text(need.number)


def test_five_wrong_codes_end_it_and_another_is_sent_after_a_minute(doors: Doors) -> None:
    from datetime import timedelta

    from people.models import SignInCode
    from tests.people.codes import newest_code, other_than

    page, phone = _elder(doors), str(next(_phones))
    page.goto("/sign-in/")
    code = _ask(page, phone)
    for said in ("验证码不对，请您再看一遍短信，还可以试4次", "还可以试3次", "还可以试2次", "还可以试1次"):
        page.fill("[name=code]", other_than(code))
        page.get_by_role("button", name="登录").click()
        expect(page.locator("[data-errors]")).to_contain_text(said)
        expect(page.locator("[name=code]")).to_have_value(other_than(code))
    page.fill("[name=code]", other_than(code))
    page.get_by_role("button", name="登录").click()
    expect(page.locator("[data-errors]")).to_contain_text("这条验证码作废了，请重新发送")
    expect(page.locator("[name=code]")).to_have_count(0)
    _look(page)
    again = page.get_by_role("button", name=re.compile("重新发送"))
    expect(again).to_be_disabled()
    row = SignInCode.objects.latest("pk")
    SignInCode.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(minutes=1))
    page.evaluate("() => { document.querySelector('button[data-wait]').disabled = false; }")
    again.click()
    expect(page.locator(".toast")).to_contain_text("又发了一条")
    assert SignInCode.objects.latest("pk").pk != row.pk
    page.fill("[name=code]", newest_code())
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("第一次登录")


def test_an_expired_code_says_so_and_full_width_digits_are_fine(doors: Doors) -> None:
    from django.utils import timezone

    from people.models import SignInCode

    page, phone = _elder(doors), str(next(_phones))
    page.goto("/sign-in/")
    code = _ask(page, phone)
    row = SignInCode.objects.latest("pk")
    SignInCode.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    page.fill("[name=code]", code)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("[data-errors]")).to_contain_text("这条验证码不能用了")
    SignInCode.objects.filter(pk=row.pk).update(expires_at=row.expires_at)
    page.fill("[name=code]", code.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}))
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("第一次登录")


def test_without_scripts_from_the_door_to_deleting_everything(doors: Doors, site: Site) -> None:
    from datetime import timedelta

    from people.models import SignInCode, User
    from tests.cast import say_need
    from tests.people.codes import newest_code

    phone = str(next(_phones))
    need = say_need(site.cast.chengxiang.home, phone=phone)
    page = doors.open(java_script_enabled=False)
    page.goto("/my/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/my/$"))
    page.fill("[name=code]", _ask(page, phone))
    page.get_by_role("button", name="登录").click()
    page.check("[name=consent]")
    page.get_by_role("button", name="同意并登录").click()
    expect(page.locator("main")).to_contain_text(need.number)
    page.fill("[name=name]", "赵大妈")
    page.get_by_role("button", name="保存称呼").click()
    expect(page.locator("h1")).to_have_text("赵大妈，您好")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载我的信息").click()
    assert download.value.suggested_filename == "我的信息.zip"
    page.get_by_role("link", name="删除我的信息").click()
    expect(page.locator("main")).to_contain_text(need.number)
    row = SignInCode.objects.latest("pk")
    SignInCode.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(minutes=1))
    page.get_by_role("button", name="发验证码").click()
    page.fill("[name=code]", newest_code())
    page.get_by_role("button", name="确定删除").click()
    expect(page.locator(".toast")).to_contain_text("您的信息已经删除")
    expect(page.get_by_role("banner").get_by_role("link", name="登录")).to_be_visible()
    assert not User.objects.filter(phone_index=need.phone_index, is_active=True).exists()


def test_at_a_desk_the_door_and_ones_own_page_stand_as_well(doors: Doors, site: Site) -> None:
    from tests.cast import resident, say_need
    from tests.journeys.watch import look

    phone = str(next(_phones))
    say_need(site.cast.chengxiang.home, phone=phone)
    visitor = doors.open(DESKTOP)
    visitor.goto("/sign-in/")
    look(visitor)
    page = doors.open(DESKTOP, who=resident(phone))
    page.goto("/my/")
    look(page)
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("已经退出")
    page.goto("/my/")
    expect(page.locator("h1")).to_have_text("登录")
