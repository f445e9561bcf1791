"""Digests come once per period, with what concerns whoever reads them, and not at all when there is nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from deadlines.models import Due, WorkDay
from deadlines.services.sweep import sweep_all
from deadlines.services.weekly import plan_weekly
from notifications.lines import by_places
from notifications.messages import wording
from notifications.models import Message
from notifications.states import Channel
from tests.cast import say_need

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = date(2040, 1, 2)
"""No holidays are known of that week."""


def plan(monday: date = MONDAY) -> None:
    Due.objects.filter(kind__in=["deadlines.weekly", "deadlines.gather", "deadlines.digest"]).delete()
    plan_weekly(monday)


def weekly_now(late: timedelta = timedelta()) -> None:
    plan()
    Due.objects.filter(kind="deadlines.weekly").update(due_at=timezone.now() - late)
    sweep_all()


def test_a_week_is_planned_once_however_often_it_is_planned(cast: Cast) -> None:
    plan()
    plan_weekly(MONDAY)
    plan_weekly(MONDAY + timedelta(days=1))
    weeks = Due.objects.filter(kind="deadlines.weekly", key__endswith="20400102")
    assert weeks.count() == 2, "one for each street"
    assert Due.objects.filter(key="gather:weekly:20400102").count() == 1
    assert Due.objects.filter(key__startswith="gather:daily:").count() == 8


def test_a_week_that_begins_with_a_holiday_begins_on_its_first_working_day(cast: Cast) -> None:
    WorkDay.objects.update_or_create(day=MONDAY, defaults={"working": False})
    plan()
    due = Due.objects.filter(kind="deadlines.weekly", key__endswith="20400102").first()
    assert due is not None
    assert timezone.localdate(due.due_at) == MONDAY + timedelta(days=1)


def test_staff_read_what_came_in_where_they_work_and_nobody_else_does(cast: Cast) -> None:
    say_need(cast.chengxiang.home)
    weekly_now()
    said = {row.recipient_key: wording(row) for row in Message.objects.filter(rule="deadlines.WeeklyDigest")}
    assert said[f"u:{cast.chengxiang.worker.pk}"] == ("城厢街道本周小结", "一周来新收诉求1件；还在办的诉求1件")
    assert f"u:{cast.chengxiang.neighbour.pk}" not in said, "of another community"
    assert f"u:{cast.xiasha.worker.pk}" not in said, "of another street"
    assert f"u:{cast.chengxiang.system_admin.pk}" not in said
    with translation.override("en"):
        row = Message.objects.filter(rule="deadlines.WeeklyDigest").first()
        assert row is not None
        assert "件" not in wording(row)[1]


def test_where_there_is_nothing_nothing_is_sent(cast: Cast) -> None:
    weekly_now()
    assert not Message.objects.filter(rule="deadlines.WeeklyDigest").exists()
    assert set(Due.objects.filter(kind="deadlines.weekly").values_list("state", flat=True)) == {"cancelled"}


def test_after_three_days_of_downtime_the_week_is_listed_as_missed(cast: Cast) -> None:
    say_need(cast.chengxiang.home)
    weekly_now(late=timedelta(days=3))
    assert not Message.objects.filter(rule="deadlines.WeeklyDigest").exists()
    assert set(Due.objects.filter(kind="deadlines.weekly").values_list("state", flat=True)) == {"missed"}


def test_the_sweep_run_again_sends_nothing_again(cast: Cast) -> None:
    say_need(cast.chengxiang.home)
    weekly_now()
    before = Message.objects.count()
    assert Message.objects.filter(rule="deadlines.WeeklyDigest").exists()
    Due.objects.filter(kind="deadlines.weekly").update(state="waiting", ended_at=None, due_at=timezone.now())
    sweep_all()
    assert Message.objects.count() == before


def test_ten_needs_take_as_many_statements_as_one(cast: Cast) -> None:
    counts = []
    for number in (1, 9):
        for _one in range(number):
            say_need(cast.chengxiang.home)
        Message.objects.filter(rule="deadlines.WeeklyDigest").delete()
        with CaptureQueriesContext(connection) as seen:
            weekly_now()
        counts.append(len(seen))
        assert Message.objects.filter(rule="deadlines.WeeklyDigest").exists()
    assert counts[0] == counts[1]


def test_numbers_are_added_up_over_the_areas_somebody_works_in() -> None:
    counts = {"330109001048": 2, "330109001049": 3, "330109002001": 5}
    assert by_places(counts, [(1, "330109001048"), (1, "330109001"), (2, "330109002"), (3, "330110")]) == {1: 5, 2: 5}


def test_the_leaders_digest_names_what_is_new_and_what_waits_for_them(cast: Cast) -> None:
    from deadlines.services.digest import plan_digests

    need = say_need(cast.chengxiang.home)
    type(need).objects.filter(pk=need.pk).update(office="leader")
    plan_digests(MONDAY)
    WorkDay.objects.update_or_create(day=timezone.localdate(), defaults={"working": True})
    mine = Due.objects.filter(kind="deadlines.digest", area_code=cast.chengxiang.street.code)
    Due.objects.filter(kind="deadlines.digest").exclude(pk=mine.order_by("pk").first().pk).delete()  # type: ignore[union-attr]
    mine.update(due_at=timezone.now())
    sweep_all()
    row = Message.objects.get(rule="deadlines.DailyDigest", channel=Channel.INAPP)
    assert row.recipient_key == f"u:{cast.chengxiang.leader.pk}"
    assert "上个工作日以来新收诉求1件；等您定的诉求1件" in wording(row)[1]
