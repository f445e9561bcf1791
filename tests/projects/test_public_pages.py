"""What everybody reads of projects, livelihood items and the service menu: what is said and what is not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projects import services
from projects.models import Deed
from projects.presenting import progress
from projects.presenting.figures import grouped
from projects.services import menu
from projects.services.deed_dues import month_missing
from projects.services.thread import thread
from projects.states import DeedState, ProjectVerb
from projects.views.deeds import standing
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import alliance_of
from tests.projects.running import project_in, reach, running, steps
from tests.projects.test_deeds import published, ready
from tests.projects.things import again, today, two_units

pytestmark = pytest.mark.django_db


def said_of(row: Any) -> list[str]:
    return [one["label"] for one in progress.milestone_rows(row, list(row.milestones.all()))]


def test_only_what_is_done_looks_done_and_one_step_is_in_hand(cast: Cast) -> None:
    here = cast.chengxiang
    row = project_in(here)
    given = {"by": fresh(here.clerk), "version": None}
    later = today() + timedelta(days=20)
    services.plan_milestones(pk=row.pk, milestones=steps(40, 30, 30, first=later), **given)
    row = services.start_project(pk=row.pk, **given)
    assert said_of(row) == ["在办", "还没到期", "还没到期"]
    reach(row, 0, here.clerk)
    assert said_of(again(row)) == ["已完成", "在办", "还没到期"]
    page = browser_of(None).get(f"/projects/{row.pk}/").content.decode()
    assert "实施中" in page and "正常" not in page
    assert "占全部40%" in page and "哪方面" in page and "六共" not in page
    assert page.index("编号") > page.index("哪方面") and page.index("哪方面") < page.index('id="steps"')


def test_the_thread_says_when_things_were_and_not_when_they_were_typed(cast: Cast) -> None:
    here = cast.chengxiang
    row = running(here, 40, 60)
    day = today() - timedelta(days=9)
    reach(row, 0, here.clerk, done_on=day)
    knots = {str(knot.what): knot.at.date() for knot in thread(again(row), None, inside=False)}
    assert knots[str(ProjectVerb.REACH.label)] == day
    assert knots[str(ProjectVerb.START.label)] == row.starts_on < today()


def test_an_item_is_at_work_then_done_then_cleared(cast: Cast) -> None:
    here = cast.chengxiang
    (row,) = published(here, ready(here).pk)
    board, browser = f"/deeds/{here.street.pk}/", browser_of(None)
    page = browser.get(board).content.decode()
    assert "在办" in page and "已公布" not in page and f'href="/fair/{here.street.pk}/"' in page
    Deed.objects.filter(pk=row.pk).update(percent=100)
    assert "办好了，等验收" in browser.get(board).content.decode()
    assert standing(Deed(state=DeedState.CLEARED))["label"] == "办完了"


def test_a_month_is_missing_after_its_25th_and_never_before_the_item_was_published() -> None:
    row, since = Deed(state=DeedState.PUBLISHED, year=2026), date(2026, 3, 2)
    september, october = date(2026, 9, 1), date(2026, 10, 1)
    assert month_missing(row, [september], since, date(2026, 10, 25)) is None
    assert month_missing(row, [september], since, date(2026, 10, 26)) == october
    assert month_missing(row, [october], since, date(2026, 11, 20)) is None
    assert month_missing(row, [], date(2026, 10, 30), date(2026, 11, 20)) is None
    assert month_missing(row, [], None, date(2026, 11, 20)) is None
    assert month_missing(Deed(state=DeedState.CLEARED, year=2026), [], since, date(2026, 11, 20)) is None


def test_a_street_with_items_only_is_reached_from_the_first_page(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    running(here)
    assert browser_of(None).get("/fair/")["Location"] == f"/fair/{here.street.pk}/"
    published(there, ready(there).pk)
    page = browser_of(None).get("/fair/").content.decode()
    assert f"/fair/{there.street.pk}/" in page and "民生实事" in page
    empty = browser_of(None).get(f"/fair/{there.street.pk}/").content.decode()
    assert "正在办0个" not in empty and f'href="/fair/{here.street.pk}/"' in empty
    assert f'href="/fair/{there.street.pk}/" aria-current="page"' in empty


def test_a_resident_finds_what_their_own_community_has(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), _other = two_units(here)
    alliance = alliance_of(here).pk
    items = menu.open_menu(alliance=alliance, year=today().year, by=fresh(here.party_office))
    menu.sign_up(item=items[0].pk, unit=one.pk, by=fresh(first), covers=[here.home.pk])
    page, browser = f"/menu/{alliance}/", browser_of(None)
    mine = browser.get(page, {"at": here.home.pk}).content.decode()
    listed = re.search(r'<ul class="has">(.*?)</ul>', mine, re.S)
    assert listed and listed[1].count("<li>") == len(items) and listed[1].count("还没有") == len(items) - 1
    assert "1家单位在做" in listed[1]
    assert '<ul class="has">' not in browser.get(page, {"at": "1"}).content.decode()


def test_large_figures_are_read_in_thousands() -> None:
    assert [grouped(Decimal(text)) for text in ("40000", "98.50", "1234567.25", "-1200")] == [
        "40,000",
        "98.5",
        "1,234,567.25",
        "-1,200",
    ]
