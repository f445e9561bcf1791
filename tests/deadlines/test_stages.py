"""Limits start, stop, pause, move, and what came of them is a fact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from deadlines.models import Stage
    from tests.cast import Cast

# 2026-02-13 is a Friday; Saturday the 14th is worked in exchange for the Spring Festival, the 15th to 23rd are free.
FRIDAY = datetime(2026, 2, 13, 2, 0, tzinfo=UTC)  # 10:00 in Hangzhou
SUBJECT = "thing:1"


def start(cast: Cast, **changes: Any) -> Stage:
    from deadlines.services.stages import start_stage

    here = cast.chengxiang
    facts: dict[str, Any] = {
        "kind": "test.reply",
        "subject": SUBJECT,
        "label": "XQ-1",
        "area_code": here.home.code,
        "holder": here.worker,
    }
    return start_stage(**{**facts, **changes})


def moments(stage: Stage) -> dict[str, datetime]:
    """When which waiting due of the stage comes, local."""
    from deadlines.models import Due

    rows = Due.objects.undone().of(f"stage:{stage.pk}").order_by("due_at")
    return {
        row.key.split(":", 1)[0] + str(row.params.get("offset", "")): timezone.localtime(row.due_at) for row in rows
    }


@time_machine.travel(FRIDAY, tick=False)
def test_five_working_days_from_a_friday_before_a_worked_saturday(cast: Cast, ladder: None) -> None:
    stage = start(cast)
    # 14 (Saturday, worked), then the holidays until the 23rd, then 24, 25, 26, 27.
    assert stage.due_on == date(2026, 2, 27)
    assert {name: f"{when:%m-%d %H:%M}" for name, when in moments(stage).items()} == {
        "chase-1": "02-26 08:30",
        "chase0": "02-27 08:30",
        "passed": "02-28 00:00",
        "chase1": "02-28 08:30",  # a Saturday, worked in exchange
        "chase3": "03-03 08:30",
    }


@time_machine.travel(FRIDAY, tick=False)
def test_started_twice_it_runs_once(cast: Cast, ladder: None) -> None:
    from deadlines.models import Due, Stage

    first, second = start(cast), start(cast)
    assert first.pk == second.pk
    assert Stage.objects.count() == 1
    assert Due.objects.undone().of(f"stage:{first.pk}").count() == 5


@time_machine.travel(FRIDAY, tick=False)
def test_a_promise_for_today_gets_no_reminder_of_yesterday(cast: Cast, ladder: None) -> None:
    stage = start(cast, due_on=date(2026, 2, 13))
    assert set(moments(stage)) == {"passed", "chase1", "chase3"}


@time_machine.travel(FRIDAY, tick=False)
def test_a_day_nobody_works_is_reminded_of_before(cast: Cast, ladder: None) -> None:
    stage = start(cast, due_on=date(2026, 2, 15))
    assert f"{moments(stage)['chase0']:%m-%d %H:%M}" == "02-14 08:30"
    assert f"{moments(stage)['chase1']:%m-%d %H:%M}" == "02-24 08:30"


def test_met_and_breached_are_facts_with_who_held_it(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import hand_over, stop_stage

    with time_machine.travel(FRIDAY, tick=False):
        start(cast)
        start(cast, subject="thing:2")
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):
        met = stop_stage(kind="test.reply", subject=SUBJECT)
    hand_over(subject="thing:2", holder=cast.chengxiang.secretary)
    with time_machine.travel(datetime(2026, 2, 27, 16, 0, tzinfo=UTC), tick=False):  # midnight in Hangzhou
        late = stop_stage(kind="test.reply", subject="thing:2")
    assert met and late
    assert (met.outcome, met.breached_at, met.holder) == ("met", None, cast.chengxiang.worker)
    assert (late.outcome, late.breached_at, late.breached_by) == ("breached", late.due_at, cast.chengxiang.secretary)
    assert not moments(met) and not moments(late)


def test_the_last_instant_of_the_day_is_in_time(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import stop_stage

    with time_machine.travel(FRIDAY, tick=False):
        start(cast)
    with time_machine.travel(datetime(2026, 2, 27, 15, 59, 59, tzinfo=UTC), tick=False):
        stage = stop_stage(kind="test.reply", subject=SUBJECT)
    assert stage and stage.outcome == "met"


def test_a_pause_stops_the_clock(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import pause_stage, resume_stage

    with time_machine.travel(FRIDAY, tick=False):
        start(cast)
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):  # Saturday, worked: four days left
        stage = pause_stage(kind="test.reply", subject=SUBJECT)
        assert stage.remaining == 4
        assert not moments(stage)
        with pytest.raises(RuleBroken):
            pause_stage(kind="test.reply", subject=SUBJECT)
    with time_machine.travel(datetime(2026, 3, 5, 2, 0, tzinfo=UTC), tick=False):  # Thursday
        stage = resume_stage(kind="test.reply", subject=SUBJECT)
    assert stage.due_on == date(2026, 3, 11)
    assert set(moments(stage)) == {"chase-1", "chase0", "passed", "chase1", "chase3"}


def test_hours_are_office_hours_and_pause_by_the_minute(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import pause_stage, resume_stage

    with time_machine.travel(datetime(2026, 3, 2, 3, 0, tzinfo=UTC), tick=False):  # 11:00, Monday
        stage = start(cast, kind="test.hours")
        assert f"{timezone.localtime(stage.due_at):%m-%d %H:%M}" == "03-02 14:30"
        assert f"{moments(stage)['chase0']:%m-%d %H:%M}" == "03-02 14:30"
    with time_machine.travel(datetime(2026, 3, 2, 3, 30, tzinfo=UTC), tick=False):
        assert pause_stage(kind="test.hours", subject=SUBJECT).remaining == 90
    with time_machine.travel(datetime(2026, 3, 2, 8, 30, tzinfo=UTC), tick=False):  # 16:30
        stage = resume_stage(kind="test.hours", subject=SUBJECT)
    assert f"{timezone.localtime(stage.due_at):%m-%d %H:%M}" == "03-03 09:00"


def test_a_pause_gives_no_time_back_to_what_was_late(cast: Cast, ladder: None) -> None:
    from deadlines.models import Stage
    from deadlines.services.stages import pause_stage, resume_stage, stop_stage

    with time_machine.travel(FRIDAY, tick=False):
        due_at = start(cast).due_at
    Stage.objects.update(breached_at=due_at)
    with time_machine.travel(datetime(2026, 3, 5, 2, 0, tzinfo=UTC), tick=False):
        pause_stage(kind="test.reply", subject=SUBJECT)
        assert resume_stage(kind="test.reply", subject=SUBJECT).due_at == due_at
        stage = stop_stage(kind="test.reply", subject=SUBJECT)
    assert stage and stage.outcome == "breached"


@time_machine.travel(FRIDAY, tick=False)
def test_withdrawn_is_neither_met_nor_breached(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import stop_stage

    start(cast)
    stage = stop_stage(kind="test.reply", subject=SUBJECT, void=True)
    assert stage and stage.outcome == "void"
    assert stop_stage(kind="test.reply", subject=SUBJECT) is None


def test_what_does_not_run_cannot_pause(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import pause_stage, resume_stage

    with pytest.raises(NotFound):
        pause_stage(kind="test.reply", subject=SUBJECT)
    start(cast)
    with pytest.raises(RuleBroken):
        resume_stage(kind="test.reply", subject=SUBJECT)


def test_a_pause_after_the_end_gives_nothing_back_though_no_sweep_came(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import extend_stage, pause_stage, resume_stage

    for act in ("pause", "extend"):
        with time_machine.travel(FRIDAY, tick=False):
            due_at = start(cast, subject=f"thing:{act}").due_at
        with time_machine.travel(due_at + timedelta(seconds=30), tick=False):
            if act == "pause":
                pause_stage(kind="test.reply", subject="thing:pause")
                stage = resume_stage(kind="test.reply", subject="thing:pause")
            else:
                stage = extend_stage(kind="test.reply", subject="thing:extend", due_on=date(2026, 3, 20))
        assert (stage.breached_at, stage.breached_by) == (due_at, cast.chengxiang.worker)


def test_the_usual_day_of_a_limit_in_hours_is_the_day_it_ends(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import last_day

    evening = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 17:00, Monday
    assert last_day("test.hours", start=evening) == date(2026, 3, 3)


def test_with_nothing_left_it_ends_on_the_next_day_somebody_works(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import pause_stage, resume_stage

    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False):  # Monday
        start(cast)
    with time_machine.travel(datetime(2026, 3, 9, 2, 0, tzinfo=UTC), tick=False):  # its last day
        assert pause_stage(kind="test.reply", subject=SUBJECT).remaining == 0
    with time_machine.travel(datetime(2026, 3, 14, 2, 0, tzinfo=UTC), tick=False):  # Saturday
        stage = resume_stage(kind="test.reply", subject=SUBJECT)
    assert stage.due_on == date(2026, 3, 16)
    assert f"{moments(stage)['chase0']:%m-%d %H:%M}" == "03-16 08:30"


def test_what_is_paused_has_no_day_that_could_be_moved(cast: Cast, ladder: None) -> None:
    from deadlines.services.stages import extend_stage, pause_stage

    before = start(cast).due_at
    pause_stage(kind="test.reply", subject=SUBJECT)
    with pytest.raises(RuleBroken):
        extend_stage(kind="test.reply", subject=SUBJECT, due_on=timezone.localdate() + timedelta(days=40))
    from deadlines.models import Stage

    stage = Stage.objects.get()
    assert (stage.due_at, moments(stage)) == (before, {})


def test_handed_to_another_place_its_reminders_go_along(cast: Cast, ladder: None) -> None:
    from deadlines.models import Due
    from deadlines.services.stages import hand_over

    stage, there = start(cast), cast.chengxiang.next_door
    gone = Due.objects.filter(kind="deadlines.chase").order_by("pk").first()
    assert gone is not None
    Due.objects.filter(pk=gone.pk).update(state="done", ended_at=timezone.now())
    assert hand_over(subject=SUBJECT, holder=cast.chengxiang.neighbour, area_code=there.code) == 1
    stage.refresh_from_db()
    assert (stage.area_code, stage.holder) == (there.code, cast.chengxiang.neighbour)
    assert set(Due.objects.undone().values_list("area_code", flat=True)) == {there.code}
    gone.refresh_from_db()
    assert gone.area_code == cast.chengxiang.home.code, "what was done was done there"
