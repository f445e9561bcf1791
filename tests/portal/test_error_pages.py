"""What somebody who works here reads where a page is not theirs or is not there."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, browser_of, say_need

pytestmark = pytest.mark.django_db
NEEDS = "/admin/needs/need/"


def test_a_system_administrator_is_not_sent_to_a_system_administrator(cast: Cast) -> None:
    answer = browser_of(cast.chengxiang.system_admin).get(NEEDS)
    page = answer.content.decode().partition("<main")[2]
    assert answer.status_code == 403 and "这一页您的账号看不了" in page
    assert "系统管理员的账号不办这一项" in page and "请找系统管理员" not in page
    page = browser_of(cast.chengxiang.worker).get("/admin/people/user/").content.decode()
    assert "这一页您的账号看不了" in page and "请找系统管理员开通" in page


def test_an_unknown_address_is_no_need_and_the_list_is_named_to_those_who_have_it(cast: Cast) -> None:
    worker, admin = browser_of(cast.chengxiang.worker), browser_of(cast.chengxiang.system_admin)
    for browser, address, about_need, lists in (
        (worker, f"{NEEDS}999999999/change/", True, True),
        (worker, "/admin/no-such-page/", False, True),
        (admin, "/admin/no-such-page/", False, False),
    ):
        answer = browser.get(address)
        page = answer.content.decode().partition("<main")[2]
        assert answer.status_code == 404
        assert ("这件不在您的辖区" in page) is about_need
        assert ("没有这一页" in page) is not about_need
        assert ("诉求列表" in page) is lists


def test_whoever_is_refused_keeps_the_menu_and_nothing_is_counted_for_it(cast: Cast) -> None:
    """The control: a page one may open does count."""
    browser = browser_of(cast.chengxiang.worker)
    say_need(cast.chengxiang.home)
    counted, number = '"needs_need" WHERE', re.compile(r"<a href=[^>]*>[^<]*<b[ >]")
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("/admin/people/user/").content.decode()
    assert f'<a href="{NEEDS}"' in page and not number.search(page)
    assert not [one for one in asked if counted in one["sql"] or "notifications_message" in one["sql"]]
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(reverse("admin:inbox")).content.decode()
    assert len(number.findall(page)) == 2  # 诉求 and 消息
    assert [one for one in asked if counted in one["sql"]]
