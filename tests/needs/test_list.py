"""The list of needs: least time left first, or the newest, as pages; what stands beside the tabs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Invalid
from alliance.lib.listing import Chosen, Listing, Reading
from deadlines.models import Stage
from deadlines.services.calendar import calendar
from needs import presenting
from needs.figures import _rounded
from needs.listings.needs import NEEDS
from needs.models import Need
from needs.selectors import queue
from needs.services.answers import answer_need
from needs.services.finishing import finish_need
from needs.services.handling import accept_need, reply_to_resident
from needs.states import REPLY
from tests.cast import Cast, browser_of, fresh, say_need

pytestmark = pytest.mark.django_db

LIST = reverse("admin:needs_need_changelist")


@pytest.fixture
def five(cast: Cast) -> dict[str, int]:
    """Said in an order that is not the order of their dues."""
    worker, home = cast.chengxiang.worker, cast.chengxiang.home
    made = {
        name: say_need(home, words=f"第{name}件事，请看一看").pk for name in ("late", "done", "later", "new", "today")
    }
    today = timezone.localdate()
    for name, days in (("late", -2), ("done", 3), ("later", 4), ("today", 0)):
        accept_need(pk=made[name], by=worker)
        promised = today + timedelta(days=days)
        Need.objects.filter(pk=made[name]).update(reply_by=promised)
        Stage.objects.filter(subject=f"need:{made[name]}", kind=REPLY).update(due_at=calendar().end_of(promised))
    reply_to_resident(pk=made["done"], by=worker, words="在办", done_by=today + timedelta(days=6))
    return made


def _read(user: Any, declared: Listing = NEEDS, **chosen: Any) -> Reading:
    return Reading(declared, user, Chosen(**chosen))


def _order(cast: Cast, made: dict[str, int], **chosen: Any) -> list[str]:
    names = {pk: name for name, pk in made.items()}
    return [names[need.pk] for need in _read(cast.chengxiang.worker, **chosen).page().rows]


def _due(pk: int, **when: int) -> None:
    """The clock that runs for the need runs out ``when`` from now."""
    Stage.objects.filter(subject=f"need:{pk}", outcome="running").update(due_at=timezone.now() + timedelta(**when))


def test_what_has_least_time_left_stands_first_whether_it_is_answered_or_not(cast: Cast, five: dict[str, int]) -> None:
    assert _order(cast, five, sort="new") == ["today", "new", "later", "done", "late"]
    _due(five["new"], days=2)
    assert _order(cast, five) == ["late", "today", "new", "later", "done"]
    _due(five["new"], minutes=-1)
    assert _order(cast, five) == ["late", "new", "today", "later", "done"], "accepting has a limit too"
    assert _order(cast, five, tab="overdue") == ["late", "new"]


def test_the_workbench_shows_what_runs_out_first_above(cast: Cast, five: dict[str, int]) -> None:
    names = {pk: name for name, pk in five.items()}

    def shown(person: Any) -> list[str]:
        return [names[need.pk] for need in queue(fresh(person))]

    clerk, worker = cast.chengxiang.clerk, cast.chengxiang.worker
    _due(five["new"], days=1)
    assert shown(worker) == shown(clerk) == ["late", "today", "new", "later", "done"]
    _due(five["new"], seconds=1)
    assert shown(worker) == shown(clerk) == ["late", "new", "today", "later", "done"], "the moment, not the kind"
    _due(five["new"], hours=-1)
    # At whose desk it lies makes no difference: the street reads first what is late as well.
    assert shown(worker) == shown(clerk) == ["late", "new", "today", "later", "done"]


def test_the_workbench_is_ordered_by_the_day_whatever_was_promised(cast: Cast, five: dict[str, int]) -> None:
    today, names = timezone.localdate(), {pk: name for name, pk in five.items()}
    Need.objects.filter(pk=five["later"]).update(reply_by=today + timedelta(days=9))
    Need.objects.filter(pk=five["done"]).update(done_by=today + timedelta(days=2))
    _due(five["new"], days=5)

    def shown() -> list[str]:
        return [names[need.pk] for need in queue(fresh(cast.chengxiang.worker))]

    assert shown() == ["late", "today", "done", "new", "later"]
    Need.objects.filter(pk=five["later"]).update(reply_by=today, urgent=True)
    assert shown() == ["late", "later", "today", "done", "new"], "of one day what is urgent comes first"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_pages_follow_one_another_without_gap_or_double(cast: Cast, five: dict[str, int], size: int) -> None:
    """Ties are told apart by the key, and the pages go on behind the last clock."""
    worker = cast.chengxiang.worker
    same = timezone.now() + timedelta(days=2)
    finish_need(pk=five["done"], by=fresh(worker), words="换好了")  # it has no clock
    Stage.objects.filter(outcome="running").update(due_at=same)
    whole = [need.pk for need in _read(worker).page().rows]
    assert whole == [*sorted(five[name] for name in ("late", "later", "new", "today")), five["done"]]
    seen, cursor, short = list[int](), "", replace(NEEDS, size=size)
    for _page in range(9):
        page = _read(worker, short, cursor=cursor).page()
        seen += [need.pk for need in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == whole and not cursor


@pytest.mark.parametrize("cursor", ["nonsense", ".nonsense", "..", "WzFd"])
def test_a_made_up_place_is_refused(cast: Cast, cursor: str) -> None:
    say_need(cast.chengxiang.home)
    with pytest.raises(Invalid):
        _read(cast.chengxiang.worker, cursor=cursor).page()


def test_what_waits_for_the_residents_answer_is_under_way_still(cast: Cast, five: dict[str, int]) -> None:
    finish_need(pk=five["done"], by=fresh(cast.chengxiang.worker), words="换好了")
    assert _order(cast, five)[-1] == "done" and _order(cast, five, tab="to_answer") == ["done"]
    assert _read(cast.chengxiang.worker).tab_counts()["open"] == 5


def test_nothing_there_offers_to_clear_only_what_was_set(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.worker)
    bare = client.get(LIST).content.decode()
    assert "这里现在没有诉求" in bare and "清除条件" not in bare
    assert "清除条件" in client.get(LIST, {"q": "没有这样的"}).content.decode()


def test_the_list_shows_nobody_elses(cast: Cast, five: dict[str, int]) -> None:
    assert len(_read(cast.chengxiang.worker, tab="all").page().rows) == 5
    assert _read(cast.xiasha.worker, tab="all").page().rows == []


def _titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="what"><a href="[^"]+">第(\w+)件事', page)


def _page(client: Any, **params: Any) -> str:
    answer = client.get(LIST, params)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_was_chosen_stands_there_the_next_time_and_a_tab_leads_out_of_it(cast: Cast, five: dict[str, int]) -> None:
    client = browser_of(cast.chengxiang.worker)
    client.post(LIST, {"tab": "pending", "sort": "new"})
    page = client.get(LIST)
    assert _titles(page.content.decode()) == ["new"]
    tabs = {tab["label"]: tab["url"] for tab in page.context["tabs"]}
    assert len(_titles(client.get(tabs["在办"]).content.decode())) == 5
    usual = next(one for one in page.context["orders"] if one.get("own"))
    assert usual["label"] == "按时限排" and not usual["sorted"]
    assert client.get(usual["url"]).context["chosen"].sort == ""


def test_it_is_narrowed_by_whose_hands_it_is_in(cast: Cast, five: dict[str, int]) -> None:
    here = cast.chengxiang
    client = browser_of(here.clerk)
    options = dict(NEEDS.facet("hand").options(here.clerk))  # type: ignore[union-attr]
    assert options == {str(here.clerk.pk): "我", str(here.worker.pk): here.worker.name}
    assert sorted(_titles(_page(client, hand=here.worker.pk))) == ["done", "late", "later", "today"]
    assert _titles(_page(client, hand=here.clerk.pk)) == []
    assert _titles(_page(browser_of(cast.xiasha.clerk), hand=here.worker.pk)) == []
    assert here.worker.name not in _page(browser_of(cast.xiasha.clerk))


def test_columns_are_chosen_and_what_can_be_done_stays(cast: Cast, five: dict[str, int]) -> None:
    client = browser_of(cast.chengxiang.worker)
    heads = re.compile(r'<th scope="col"[^>]*>(?:<a href="[^"]+">)?([^<]+)')
    assert heads.findall(_page(client)) == ["一句话", "在谁手里", "时限", "状态", "马上能做的"]
    client.post(LIST, {"columns": "1", "column": ["new", "do", "number"]})
    page = _page(client)
    assert heads.findall(page) == ["一句话", "反映时间", "马上能做的"]
    assert f"{five['new']}/change/#accept" in page


@pytest.mark.parametrize("more", [3, 20])
def test_the_number_of_statements_does_not_follow_the_rows(cast: Cast, five: dict[str, int], more: int) -> None:
    client = browser_of(cast.chengxiang.worker)
    _page(client)
    with CaptureQueriesContext(connection) as few:
        _page(client)
    for number in range(more):
        accept_need(pk=say_need(cast.chengxiang.home, words=f"又{number}").pk, by=cast.chengxiang.worker)
    with CaptureQueriesContext(connection) as many:
        _page(client)
    assert len(many) == len(few)


def test_the_page_keeps_the_order_in_its_tabs_and_says_how_many_are_late(cast: Cast, five: dict[str, int]) -> None:
    page = browser_of(cast.chengxiang.worker).get(LIST, {"sort": "new"})
    assert page.context["rows"][0]["pk"] == five["today"]
    tabs = {tab["label"]: tab for tab in page.context["tabs"]}
    assert (tabs["已超期"]["count"], tabs["已超期"]["tone"]) == ("1", "late")
    assert (tabs["办理中"]["count"], tabs["全部"]["count"], tabs["待受理"]["tone"]) == ("4", "5", "")
    assert all("sort=new" in tab["url"] for tab in tabs.values())
    counts = _read(cast.chengxiang.worker).tab_counts()
    assert counts["working"] + counts["pending"] == counts["open"]


@pytest.mark.parametrize(
    ("minutes", "said"), [(2, (10, "分钟")), (42, (40, "分钟")), (58, (1, "小时")), (200, (3, "小时"))]
)
def test_a_length_of_time_is_said_roughly(minutes: int, said: tuple[int, str]) -> None:
    assert _rounded(timedelta(minutes=minutes)) == said


def test_without_any_there_is_no_length_of_time() -> None:
    assert _rounded(None) == (None, "")


def test_time_left_is_counted_in_working_days(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    need = Need.objects.get(pk=need.pk)
    need.reply_by = date(2026, 11, 27)  # a Friday
    left = {}
    for day in ("25", "27", "28", "30"):
        with time_machine.travel(f"2026-11-{day} 10:00:00+08:00", tick=False):
            left[day] = presenting.due(need, calendar())["left"]
    assert left["25"] == "剩2个工作日" and left["27"] == "今天到期"
    assert left["28"] == "超16小时", "a Saturday is no working day"
    assert left["30"] == "超1个工作日"


def test_a_whole_number_opens_its_need_whatever_became_of_it(cast: Cast, five: dict[str, int]) -> None:
    need = Need.objects.get(pk=five["late"])
    finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="换好了")
    answer_need(token=need.link_token, outcome="solved")
    here, there = browser_of(cast.chengxiang.worker), browser_of(cast.xiasha.worker)
    page = reverse("admin:needs_need_change", args=[need.pk])
    assert here.get(LIST, {"q": f" {need.number.lower()} "}).url == page  # type: ignore[attr-defined]
    assert there.get(LIST, {"q": need.number}).status_code == 200, "another street's is not there"
    assert here.get(LIST, {"q": need.number[:-1]}).status_code == 200, "part of a number is searched for"
