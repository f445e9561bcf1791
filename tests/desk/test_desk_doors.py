"""The head of a unit's desk: what waits comes first and is counted, and doors say how much waits behind them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.dates import day_of
from projects import services
from projects.models import Ask, SignUp
from projects.services import menu
from projects.services.sending import hoped_by
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import alliance_of
from tests.desk.asking import asked, text
from tests.points.things import reward_in
from tests.projects.running import running
from tests.projects.things import sent, today, two_units

pytestmark = pytest.mark.django_db


def door(page: str, path: str) -> str:
    """What stands on the door that leads to ``path``."""
    found = re.search(rf'<a class="btn btn--small" href="{path}">(.*?)</a>', page, re.S)
    assert found, path
    return re.sub(r"\s|<[^>]+>", "", found[1])


def test_an_empty_desk_says_so_once_and_a_counter_is_only_for_who_gives_something(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (_two, _second) = two_units(here)
    page = text(browser_of(first).get("/desk/"))
    assert "现在没有。社区或街道有事请贵单位帮忙" in page and "等您回复" not in page
    assert "/desk/counter/" not in page and door(page, "/desk/agreements/") == "协议"
    reward_in(here, unit=one.pk)
    assert door(text(browser_of(first).get("/desk/")), "/desk/counter/") == "核销兑换码"


def test_what_waits_is_counted_before_the_doors_and_says_by_when(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, _second) = two_units(here)
    sent(here, one, two)
    project = running(here, 40, 60)
    services.join_project(pk=project.pk, by=fresh(here.clerk), version=None, unit=one.pk, does="出两位师傅")
    page = text(browser_of(first).get("/desk/"))
    assert "现在没有。社区" not in page
    by = f"盼{day_of(hoped_by(timezone.localdate(Ask.objects.first().asked_at)))}前答复"
    assert re.search(r'id="todo">等您办 <small[^>]*>2<', page)
    assert page.index('id="todo"') < page.index(by) < page.index('id="doors"')
    assert door(page, "/desk/agreements/") == "协议1件等您办" and door(page, "/desk/projects/") == "项目1件等您办"
    agreement = text(browser_of(first).get(f"/desk/agreements/{Ask.objects.first().party.agreement_id}/"))
    assert by in agreement and agreement.index("甲方") < agreement.index('class="paper"')
    assert "各家都确认以后，街道约时间签约" in agreement and "街道改好再请您看" in agreement


def test_what_a_unit_was_asked_comes_with_the_rest(cast: Cast) -> None:
    asked(cast.chengxiang)
    page = text(browser_of(cast.chengxiang.liaison).get("/desk/"))
    assert page.index('id="todo"') < page.index("等您回复") < page.index('id="doors"')


def test_whoever_leaves_before_saying_yes_finds_it_beside_the_yes(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (_two, _second) = two_units(here)
    project = running(here, 40, 60)
    services.join_project(pk=project.pk, by=fresh(here.clerk), version=None, unit=one.pk, does="出两位师傅")
    path, browser = f"/desk/projects/{project.pk}/", browser_of(first)
    page = text(browser.get(path))
    assert page.index("愿意参加") < page.index("这次不参加") < page.index('id="steps"')
    browser.post(f"{path}join/", {"unit": one.pk})
    page = text(browser.get(path))
    assert "这次不参加" not in page and "退出项目" in page


def test_a_unit_signs_up_for_anywhere_or_for_named_communities(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (_two, _second) = two_units(here)
    item = menu.open_menu(alliance=alliance_of(here).pk, year=today().year, by=fresh(here.party_office))[0]
    path, browser = f"/desk/menu/{item.pk}/sign-up/", browser_of(first)
    given: dict[str, Any] = {"unit": one.pk, "does": "每月两次", "covers": [here.home.pk]}
    assert browser.post(path, {**given, "where": "some", "covers": []}).status_code == 422
    browser.post(path, {**given, "where": "any"})
    assert not SignUp.objects.get().covers.exists(), "ticks under 哪里需要去哪里 do not count"
    browser.post(path, {**given, "where": "some"})
    assert [area.pk for area in SignUp.objects.get().covers.all()] == [here.home.pk]
    page = text(browser.get("/desk/menu/"))
    places = re.findall(rf'name="covers" value="(\d+)" id="s{item.pk}_', page)
    assert (places[-1] == here.home.pk and f"{one.name}</p>" in page.replace("\n", "")) or not one.is_public
    assert "还没有</small>" in page and f'value="some" id="s{item.pk}_where_1" checked' in page
