"""到期与提醒: who sees what, in which words, what may be done about it; and that looking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.deadlines.boards import broken, page, page_of, start

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")

TABS = ("stages", "today", "late", "reminders", "trouble", "messages", "tomorrow", "kept", "nonsense")
MONDAY = "2026-11-23T10:00:00+08:00"


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_empty_and_full(cast: Cast, tab: str) -> None:
    here = cast.chengxiang
    people = (here.worker, here.party_office, here.leader, here.system_admin)
    for person in people:
        assert "到期与提醒" in page(person, tab)
    start(here)
    broken(here)
    for person in people:
        assert "到期与提醒" in page(person, tab)


def test_who_has_no_business_there_is_not_let_in(cast: Cast) -> None:
    from tests.cast import browser_of

    here = cast.chengxiang
    for person in (here.security_admin, here.audit_admin, here.grid_part):
        assert browser_of(person).get("/admin/due/").status_code == 403
    assert browser_of(None).get("/admin/due/").status_code == 302


@pytest.mark.parametrize("tab", ["stages", "reminders", "trouble", "tomorrow"])
def test_twin_streets_do_not_see_into_each_other(cast: Cast, tab: str) -> None:
    from deadlines.models import Due

    here, there = cast.chengxiang, cast.xiasha
    for street in (here, there):
        start(street)
        broken(street)
    morning = timezone.localtime().replace(hour=8, minute=30) + timedelta(days=1 if tab == "tomorrow" else 0)
    Due.objects.undone().filter(kind="deadlines.chase").update(due_at=morning)
    for mine, other in ((here, there), (there, here)):
        for person in (mine.worker, mine.party_office, mine.system_admin):
            text = page(person, tab)
            assert f"-{mine.street.code[3:6]}-1" in text
            assert f"-{other.street.code[3:6]}-1" not in text


def test_a_community_sees_its_own_and_the_street_all_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    start(here)
    assert "XQ-109-1" in page(here.worker)
    assert "XQ-109-1" not in page(here.neighbour)
    assert "XQ-109-1" in page(here.clerk)


def test_an_administrator_sees_the_number_but_neither_the_case_nor_its_words(cast: Cast) -> None:
    from deadlines.models import Due

    here = cast.chengxiang
    start(here)
    Due.objects.filter(kind="deadlines.chase").update(due_at=timezone.localtime() + timedelta(days=1))
    for tab in ("stages", "reminders", "tomorrow"):
        text = page(here.system_admin, tab)
        assert "XQ-109-1" in text and "/admin/needs/need/1/change/" not in text
        assert "/admin/needs/need/1/change/" in page(here.party_office, tab)
    assert "测试提醒" not in page(here.system_admin, "tomorrow") and "XQ-109-1：第" not in page(here.system_admin)


@pytest.mark.parametrize("tab", ["stages", "reminders"])
def test_a_row_says_what_it_is_about_to_whoever_may_read_it(cast: Cast, tab: str) -> None:
    from deadlines.models import Due
    from needs.services.handling import accept_need
    from tests.cast import fresh, say_need

    here, title = cast.chengxiang, "金丝雀里的灯坏了"
    accept_need(pk=say_need(here.home, words=title).pk, by=fresh(here.worker))
    Due.objects.undone().update(due_at=timezone.now() + timedelta(hours=1))
    assert title in page(here.worker, tab) and title in page(here.party_office, tab)
    for blind in (here.system_admin, cast.xiasha.party_office):
        assert title not in page(blind, tab)


@time_machine.travel(MONDAY, tick=False)
def test_time_left_is_said_in_working_days(cast: Cast) -> None:
    from deadlines import presenting
    from deadlines.services.calendar import calendar

    here = cast.chengxiang
    stage, now, cal = start(here), timezone.now(), calendar()
    said = {
        days: presenting.time_left(stage, cal, now + timedelta(days=days))["left"] for days in (0, 1, 3, 5, 7, 8, 12)
    }
    # Started on a Monday, five working days: to the end of the next Monday.
    assert said == {
        0: "剩5个工作日",
        1: "剩4个工作日",
        3: "剩2个工作日",
        5: "剩1个工作日",
        7: "今天到期",
        8: "超1个工作日",
        12: "超4个工作日",
    }


def test_figures_count_what_they_say(cast: Cast) -> None:
    from deadlines.models import Stage
    from deadlines.selectors import figures
    from tests.cast import fresh

    here = cast.chengxiang
    late, today, paused = start(here, 1), start(here, 2), start(here, 3)
    start(here, 4)
    start(cast.xiasha, 5)
    now = timezone.now()
    with_end = {late.pk: now - timedelta(hours=1), today.pk: now + timedelta(seconds=2), paused.pk: now}
    for pk, end in with_end.items():
        Stage.objects.filter(pk=pk).update(due_at=end)
    Stage.objects.filter(pk=paused.pk).update(paused_at=now, remaining=1)
    for state, count in (("failed", 2), ("missed", 3), ("waiting", 1)):
        for number in range(count):
            broken(here, state, number)
    found = figures(fresh(here.party_office))
    assert (found.late, found.today) == (1, 1)
    assert (found.stuck, found.missed) == (3, 3)
    assert 3500 < found.oldest < 3700
    assert found.unsent is None and figures(fresh(here.system_admin)).unsent == 0


def test_what_waits_a_moment_is_not_stuck(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.selectors import figures
    from tests.cast import fresh

    due = broken(cast.chengxiang, "waiting")
    person = fresh(cast.chengxiang.party_office)
    assert figures(person).stuck == 1
    Due.objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(minutes=9))
    assert figures(person).stuck == 0


def test_the_preview_says_the_words_and_the_people_of_tomorrow(cast: Cast) -> None:
    from deadlines.models import Due, Stage

    here = cast.chengxiang
    mine, nobodys = start(here, 1, here.worker), start(here, 2)
    Stage.objects.filter(pk=nobodys.pk).update(area_code="3301")
    tomorrow = timezone.localtime().replace(hour=8, minute=30) + timedelta(days=1)
    for stage in (mine, nobodys):
        Due.objects.filter(kind="deadlines.chase", subject=f"stage:{stage.pk}", params__offset=-1).update(
            due_at=tomorrow
        )
    text = page(here.party_office, "tomorrow")
    assert "XQ-109-1：第-1天" in text and here.worker.name in text
    assert "XQ-109-2：第-1天" in text and "还没有定" in text


def test_what_is_no_longer_of_interest_is_said_to_be_left_out(cast: Cast) -> None:
    from deadlines.models import Due, Stage

    here = cast.chengxiang
    stage = start(here, 1, here.worker)
    Due.objects.filter(kind="deadlines.chase", params__offset=-1).update(
        due_at=timezone.localtime().replace(hour=8) + timedelta(days=1)
    )
    Stage.objects.filter(pk=stage.pk).update(paused_at=timezone.now(), remaining=3)
    assert "已经不用提醒" in page(here.party_office, "tomorrow")


def test_looking_changes_nothing_and_costs_the_same_with_thirty_rows(cast: Cast) -> None:
    from django.core.cache import cache

    from deadlines.models import Due
    from tests.cast import browser_of

    here, counts = cast.chengxiang, {}
    browser = browser_of(here.party_office)
    browser.get("/admin/due/")
    for number in range(30):
        start(here, number, here.worker)
        broken(here, "failed" if number % 2 else "waiting", number)
        if number in (2, 29):
            Due.objects.filter(kind="deadlines.chase", subject__startswith="stage").update(
                due_at=timezone.localtime().replace(hour=8) + timedelta(days=1)
            )
            for tab in TABS:
                cache.clear()
                with CaptureQueriesContext(connection) as captured:
                    browser.get("/admin/due/", {"tab": tab})
                sql = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
                assert not [
                    one for one in sql if one.startswith(("INSERT", "UPDATE", "DELETE")) and "session" not in one
                ]
                counts[number, tab] = len(sql)
    grown = {tab: (counts[2, tab], counts[29, tab]) for tab in TABS if counts[29, tab] > counts[2, tab]}
    # A list that runs over to a second page asks for nothing more; the preview names superiors once per area.
    assert not grown


def test_pages_follow_each_other_without_gaps(cast: Cast) -> None:
    from deadlines.selectors import Filter, stages
    from tests.cast import fresh

    here, seen, cursor = cast.chengxiang, [], ""
    wanted = {start(here, number).pk for number in range(60)}
    person = fresh(here.party_office)
    while True:
        found = stages(person, Filter(), cursor)
        seen += [row.pk for row in found.rows]
        cursor = found.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 60 and set(seen) == wanted


def test_filters_narrow_and_a_made_up_one_says_so(cast: Cast) -> None:
    here = cast.chengxiang
    start(here, 1)
    start(here, 2, kind="test.hours")
    assert "XQ-109-2" not in page(here.party_office, kind="test.reply")
    assert "XQ-109-1" in page(here.party_office, community=here.home.code)
    assert "XQ-109-1" not in page(here.party_office, community=here.next_door.code)
    assert 'role="alert"' in page(here.party_office, kind="made.up")


def test_everybody_in_the_workbench_reads_that_reminders_stand_still(cast: Cast) -> None:
    from django.core.cache import cache

    from deadlines.models import Heartbeat

    here = cast.chengxiang
    for age, silent in ((-30, False), (60, False), (299, False), (360, True)):
        Heartbeat.objects.update_or_create(name="sweep", defaults={"at": timezone.now() - timedelta(seconds=age)})
        for person in (here.worker, here.grid_part, here.audit_admin):
            cache.clear()
            assert ("提醒已经停了" in page_of(person, "/admin/")) == silent, (age, person.username)
    assert "提醒已经停了6分钟，请告诉系统管理员" in page(here.worker)
    Heartbeat.objects.update(at=timezone.now() + timedelta(hours=1))  # from before the clock was put back
    cache.clear()
    assert "服务器的时间往回拨过，提醒可能停了" in page_of(here.worker, "/admin/")
    assert "服务器的时间往回拨过，提醒可能停了" in page(here.worker)


def test_what_has_been_done_is_not_read_for_the_lists(cast: Cast, as_owner: Any) -> None:
    from tests.cast import browser_of

    here = cast.chengxiang
    as_owner.execute(
        "INSERT INTO deadlines_due (kind, subject, label, area_code, key, params, due_at, state, attempts, last_error,"
        " created_at, ended_at) SELECT 'deadlines.chase', 'x', '', %s, 'done' || n, '{}', now() - interval '1 day',"
        " 'done', 1, '', now(), now() FROM generate_series(1, 100000) n",
        [here.home.code],
    )
    broken(here)
    as_owner.execute("ANALYZE deadlines_due")
    browser = browser_of(here.party_office)
    for tab in ("reminders", "trouble", "tomorrow"):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/admin/due/", {"tab": tab}).status_code == 200
        asked = [query["sql"] for query in captured if 'FROM "deadlines_due"' in query["sql"]]
        assert len(asked) >= 3
        for sql in asked:
            as_owner.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in as_owner.fetchall())
            assert "Seq Scan" not in plan, plan
