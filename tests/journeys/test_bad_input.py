"""What goes wrong in real browsers: too much, too big, twice, too late, not allowed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, Doors

if TYPE_CHECKING:
    from tests.journeys.site import Site

RECEIVED = "收到了，谢谢您"


def test_nothing_and_far_too_much_are_both_refused_kindly(doors: Doors) -> None:
    from tests.journeys.watch import look

    page = doors.open()
    page.goto("/say/")
    page.click("button:has-text('下一步')")
    expect(page.locator("[data-errors]")).to_contain_text("请写下是什么事")
    long = "灯坏了。" * 2500
    page.fill("[name=words]", long)
    expect(page.locator("[data-count-for]")).to_have_text("10000 / 2000")
    page.click("button:has-text('下一步')")
    expect(page.locator("[data-errors]")).to_contain_text("最多2000字，现在多了8000字")
    expect(page.locator("[name=words]")).to_have_value(long)
    look(page)


def test_a_wrong_phone_says_what_is_missing_and_a_full_width_one_is_right(doors: Doors) -> None:
    from tests.journeys import steps
    from tests.journeys.arrange import need_numbered, number_on

    page = doors.open()
    steps.say_what(page)
    steps.say_where(page)
    steps.say_who(page, phone="138 0571 000")
    steps.submit(page)
    expect(page.locator("[data-errors]")).to_contain_text("手机号是11位，现在还少1位。")
    expect(page.locator("[name=phone]")).to_have_value("138 0571 000")
    expect(page.locator("[name=consent]")).to_be_checked()
    page.fill("[name=phone]", "１３８ ０５７１ ０００８")
    steps.submit(page)
    expect(page.locator("h1")).to_have_text(RECEIVED)
    assert need_numbered(number_on(page)).contact_phone == "13805710008"


def _refused_photo(page: Page, file: Path, sentence: str) -> None:
    """What is wrong with a photo is said; the words and the good photos stay."""
    from tests.journeys import steps

    page.goto("/say/")
    page.fill("[name=words]", steps.WORDS)
    good = file.with_name("好的.jpg")
    good.write_bytes(steps.photo_with_gps()["buffer"])
    page.set_input_files("[name=photos]", [good, file])
    page.click("button:has-text('下一步')")
    expect(page.locator("[data-errors]")).to_contain_text(sentence)
    expect(page.locator("[name=words]")).to_have_value(steps.WORDS)
    expect(page.locator(".thumb[data-held]")).to_have_count(1)


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_drawing_that_calls_itself_a_photo(doors: Doors, tmp_path: Path) -> None:
    from tests.files.pictures import SVG
    from tests.journeys import steps
    from tests.journeys.watch import look

    page = doors.open()
    _refused_photo(page, _file(tmp_path, "楼道.jpg", SVG), "“楼道.jpg”不是照片")
    look(page)
    page.get_by_role("button", name=re.compile("去掉")).click()
    expect(page.locator(".thumb[data-held]")).to_have_count(0)
    expect(page.locator("[name=words]")).to_have_value(steps.WORDS)


def test_a_photo_of_twenty_megabytes(doors: Doors, tmp_path: Path) -> None:
    """The phone makes it smaller before it travels; without scripts the server says how big it may be."""
    from tests.files.pictures import photo
    from tests.journeys import steps

    heavy = _file(tmp_path, "大.jpg", photo(3000, 2000) + bytes(20 * 1024 * 1024))
    page = doors.open()
    page.goto("/say/")
    page.fill("[name=words]", steps.WORDS)
    page.set_input_files("[name=photos]", heavy)
    expect(page.locator(".thumb img")).to_be_visible()
    page.click("button:has-text('下一步')")
    expect(page.locator("h1")).to_have_text("在哪里")
    _refused_photo(doors.open(java_script_enabled=False), heavy, "一张照片最大10")


def test_a_picture_of_fifty_million_points(doors: Doors, tmp_path: Path) -> None:
    from tests.files.pictures import big_png

    bomb = _file(tmp_path, "炸弹.png", big_png(8000, 7000))
    _refused_photo(doors.open(java_script_enabled=False), bomb, "“炸弹.png”的像素太多")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_two_taps_and_the_way_back_make_one_need(doors: Doors, scripts: bool) -> None:
    from needs.models import Need
    from tests.journeys import steps
    from tests.journeys.arrange import number_on

    before = Need.objects.count()
    page = doors.open(java_script_enabled=scripts)
    steps.say_what(page)
    steps.say_where(page)
    steps.say_who(page)
    page.locator("form button:has-text('提交')").dblclick()
    expect(page.locator("h1")).to_have_text(RECEIVED)
    number = number_on(page)
    page.go_back()
    page.goto("/say/contact/")
    expect(page.locator("h1")).to_have_text(RECEIVED)
    assert number_on(page) == number
    assert Need.objects.count() == before + 1


def test_the_second_of_two_tabs_keeps_the_note_it_wrote(doors: Doors, site: Site) -> None:
    from tests.cast import say_need
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    need = say_need(street.home)
    first, second = doors.open(DESKTOP, who=street.secretary), doors.open(DESKTOP, who=street.worker)
    second.watch.expected.add(409)
    for tab in (first, second):
        tab.goto(f"/admin/needs/need/{need.pk}/change/")
    second.fill("#accept [name=note]", "先去看一眼水管。")
    first.get_by_role("button", name="受理").click()
    expect(first.locator(".msgs")).to_contain_text("已受理")
    second.get_by_role("button", name="受理").click()
    expect(second.locator("[role=alert]")).to_contain_text("您写的还在，没有发出去")
    expect(second.locator("[role=alert]")).to_contain_text(f"{street.secretary.name}：受理")
    expect(second.locator(".kept")).to_contain_text("先去看一眼水管。")
    expect(second.locator(".decided")).to_contain_text(street.secretary.name)
    look(second)


def test_a_wrong_code_and_an_unknown_number_are_told_the_same(doors: Doors, site: Site) -> None:
    from tests.cast import say_need
    from tests.journeys.watch import look

    need = say_need(site.cast.chengxiang.home)
    page = doors.open()
    answers = []
    for number, code in ((need.number, "ZZZZZ-ZZZZZ"), ("XQ-CX-20200101-0001", need.shown_code)):
        page.goto("/track/")
        page.fill("[name=number]", number)
        page.fill("[name=code]", code)
        with page.expect_response("**/track/") as answer:
            page.get_by_role("button", name="查一下").click()
        expect(page.locator("[data-errors]")).to_be_focused()
        expect(page.locator("[name=number]")).to_have_value(number)
        answers.append((answer.value.status, page.title(), page.locator("main").inner_text()))
    assert answers[0] == answers[1]
    look(page)


def test_five_wrong_passwords_shut_the_door_for_half_an_hour(doors: Doors, site: Site) -> None:
    from tests.journeys import steps
    from tests.journeys.watch import look

    page = doors.open(DESKTOP)
    page.watch.expected.add(429)
    name = site.cast.xiasha.clerk.username
    for _try in range(4):
        steps.log_in(page, name, "不对的密码")
        expect(page.locator(".oops")).to_contain_text("用户名或密码不对")
    look(page)
    steps.log_in(page, name, "不对的密码")
    expect(page.locator("h1")).to_have_text("密码输错太多次，暂时不能登录")
    look(page)
    steps.log_in(page, name)
    expect(page.locator("h1")).to_have_text("密码输错太多次，暂时不能登录")


def test_a_workbench_left_alone_signs_out_although_it_asks_by_itself(doors: Doors, site: Site) -> None:
    from tests.journeys.arrange import leave_idle

    page = doors.open(DESKTOP, who=site.cast.chengxiang.worker)
    page.clock.install()
    page.goto("/admin/")
    expect(page.locator("#queue")).to_be_visible()
    leave_idle(page, 30 * 60 + 5)
    page.clock.fast_forward(16_000)
    page.wait_for_url("**/admin/login/**")
    expect(page.locator("#login-form")).to_be_visible()
