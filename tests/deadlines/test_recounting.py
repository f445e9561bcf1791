"""After a decree limits are counted again: in portions, nobody is made late, nothing owed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from tests.clock import database_clock
from tests.deadlines.test_ladder import start, told

if TYPE_CHECKING:
    from deadlines.models import Due, Stage
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")


def sweep_now() -> None:
    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all

    Due.objects.undone().filter(kind="deadlines.recount").update(due_at=timezone.now() - timedelta(seconds=1))
    sweep_all()


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many portions the handler gets at a time; two stages make a portion."""
    from dataclasses import replace

    from deadlines import kinds
    from deadlines.services import recounting

    monkeypatch.setattr(recounting, "PORTION", 2)
    seen: list[int] = []

    def counted(dues: Sequence[Due]) -> Any:
        seen.append(len(dues))
        return recounting.recount(dues)

    declared = kinds._kinds[recounting.RECOUNT]
    monkeypatch.setitem(kinds._kinds, recounting.RECOUNT, replace(declared, handle=counted))
    yield seen


def test_every_portion_has_a_transaction_of_its_own(cast: Cast, portions: list[int]) -> None:
    from deadlines.services.recounting import recount_from

    for number in range(5):
        start(cast, number)
    assert recount_from(date.min) == 5
    sweep_now()
    assert portions == [1, 1, 1]


@pytest.mark.parametrize("state", ["waiting", "done"])
def test_a_reminder_that_is_owed_survives_a_new_ladder_and_one_that_was_sent_does_not(cast: Cast, state: str) -> None:
    from deadlines.models import Due
    from deadlines.services.stages import recount_stages

    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False):  # due on Monday the 9th
        stage = start(cast)
    today = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)  # half an hour after the rung of that day
    rung = Due.objects.filter(key=f"chase:{stage.pk}:0:0")
    if state == "waiting":  # it failed once, and waits for its next attempt
        rung.update(attempts=1, leased_until=today + timedelta(hours=5))
    else:
        rung.update(state="done", ended_at=today)
    with time_machine.travel(today, tick=False):
        recount_stages([stage.pk], why="limit")
    again = Due.objects.filter(key=f"chase:{stage.pk}:1:0").first()
    assert (again is not None and Due.objects.due().filter(pk=again.pk).exists()) is (state == "waiting")


def test_a_reminder_of_an_end_that_moved_is_not_sent_when_tried_again(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.dues import retry_due
    from deadlines.services.stages import extend_stage

    stage = start(cast)
    old = Due.objects.get(key=f"chase:{stage.pk}:0:1")
    Due.objects.filter(pk=old.pk).update(state="failed", ended_at=timezone.now(), due_at=timezone.now())
    extend_stage(kind="test.reply", subject="thing:1", due_on=timezone.localdate() + timedelta(days=40))
    retry_due(pk=old.pk, by=cast.chengxiang.party_office)
    sweep_now()
    assert told(stage, 1) == set()
    old.refresh_from_db()
    assert old.state == "cancelled"


@pytest.mark.parametrize("how", ["one", "all"])
def test_a_reminder_that_failed_is_tried_again_though_the_calendar_moved_something_else(cast: Cast, how: str) -> None:
    from deadlines.models import Due
    from deadlines.services.again import retry_kind
    from deadlines.services.dues import retry_due
    from deadlines.services.stages import recount_stages

    stage = start(cast)
    failed = Due.objects.get(key=f"chase:{stage.pk}:0:-1")
    past = timezone.now() - timedelta(minutes=5)
    Due.objects.filter(pk=failed.pk).update(state="failed", ended_at=past, due_at=past)
    with time_machine.travel(timezone.now() + timedelta(days=30)):  # its moment has passed: it is not laid out again
        recount_stages([stage.pk], why="limit")
    assert not Due.objects.filter(key=f"chase:{stage.pk}:1:-1").exists()
    party = cast.chengxiang.party_office
    retry_due(pk=failed.pk, by=party) if how == "one" else retry_kind(kind="deadlines.chase", by=party)
    sweep_now()
    assert told(stage, -1) == {"cx-worker"}
    failed.refresh_from_db()
    assert failed.state == "done"


def test_a_day_declared_worked_afterwards_makes_nobody_late(cast: Cast) -> None:
    from deadlines.services.calendar import set_days
    from deadlines.services.stages import recount_stages

    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False):  # Monday
        stage = start(cast)
    assert stage.due_on == date(2026, 3, 9)
    with time_machine.travel(datetime(2026, 3, 9, 2, 0, tzinfo=UTC), tick=False):
        set_days(by=None, rows=[(date(2026, 3, 7), True, "临时调休")])
        assert recount_stages([stage.pk]) == 0
    stage.refresh_from_db()
    assert (stage.due_on, stage.breached_at) == (date(2026, 3, 9), None)


def test_rungs_after_the_end_leave_days_off_too(cast: Cast) -> None:
    from deadlines.models import Due, Stage
    from deadlines.services.calendar import set_days
    from deadlines.services.stages import recount_stages

    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False):
        stage = start(cast)
    Stage.objects.filter(pk=stage.pk).update(breached_at=stage.due_at)
    with time_machine.travel(datetime(2026, 3, 10, 0, 0, tzinfo=UTC), tick=False):  # a day late
        set_days(by=None, rows=[(date(2026, 3, 11), False, "停电"), (date(2026, 3, 12), False, "停电")])
        portion = Due.objects.get(kind="deadlines.recount")
        assert portion.params["stages"] == [stage.pk]
        recount_stages(portion.params["stages"])
    last: Due = Due.objects.get(key=f"chase:{stage.pk}:1:3")
    assert f"{timezone.localtime(last.due_at):%m-%d}" == "03-16"


def test_leaders_are_left_alone_on_a_day_decreed_off(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.calendar import set_days
    from deadlines.services.digest import plan_digests
    from deadlines.services.sweep import sweep_all
    from notifications.models import Message

    stage: Stage = start(cast)
    type(stage).objects.update(due_at=timezone.now() - timedelta(hours=1))
    plan_digests()
    today = timezone.localdate()
    set_days(by=None, rows=[(today, False, "临时放假")])
    Due.objects.filter(kind="deadlines.digest").update(due_at=timezone.now())
    sweep_all()
    assert not Message.objects.filter(rule="deadlines.DailyDigest").exists()


def test_limits_are_counted_again_at_once_though_this_machine_is_an_hour_ahead(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.recounting import recount_from
    from deadlines.services.sweep import sweep_all

    start(cast)
    with database_clock(timedelta(hours=-1)):
        recount_from(date.min)
        sweep_all()
        assert Due.objects.get(kind="deadlines.recount").state == "done"
