"""The ladder: who is reminded when, once; leaders read one digest a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.utils import timezone

if TYPE_CHECKING:
    from deadlines.models import Stage
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")


def start(cast: Cast, number: int = 1) -> Stage:
    from deadlines.services.stages import start_stage

    here = cast.chengxiang
    return start_stage(
        kind="test.reply", subject=f"thing:{number}", label=f"XQ-{number}", area_code=here.home.code, holder=here.worker
    )


def come(stage: Stage, offset: int) -> None:
    """The rung ``offset`` has come, and with the rungs after the day its end."""
    from deadlines.models import Due, Stage
    from deadlines.services.sweep import sweep_all

    just_now = timezone.now() - timedelta(minutes=1)
    Due.objects.undone().filter(key=f"chase:{stage.pk}:{stage.generation}:{offset}").update(due_at=just_now)
    if offset > 0:
        Stage.objects.filter(pk=stage.pk).update(due_at=just_now)
        Due.objects.undone().filter(key__startswith="passed:").update(due_at=just_now)
    sweep_all()


def told(stage: Stage, offset: int) -> set[str]:
    """Names of those who found the reminder of the rung in their inbox."""
    from notifications.models import Message
    from people.models import User

    rows = Message.objects.filter(occurrence=f"chase:{stage.pk}:{stage.generation}:{offset}", channel="inapp")
    keys = [int(key.removeprefix("u:")) for key in rows.values_list("recipient_key", flat=True)]
    assert len(keys) == len(set(keys))
    return set(User.objects.filter(pk__in=keys).values_list("username", flat=True))


def test_each_rung_reaches_its_own_people(cast: Cast) -> None:
    stage = start(cast)
    for offset in (-1, 0, 1, 3):
        come(stage, offset)
    assert told(stage, -1) == told(stage, 0) == {"cx-worker"}
    assert told(stage, 1) == {"cx-secretary"}
    assert told(stage, 3) == {"cx-party_office"}


def test_sweeping_again_tells_nobody_twice(cast: Cast) -> None:
    from deadlines.models import Due
    from notifications.models import Message

    stage = start(cast)
    come(stage, 0)
    Due.objects.update(state="waiting", ended_at=None, attempts=0)  # as if the end had been lost
    come(stage, 0)
    assert Message.objects.filter(occurrence=f"chase:{stage.pk}:0:0").count() == 1


def test_the_moment_passing_is_a_fact_with_whoever_held_it(cast: Cast) -> None:
    from deadlines.models import Stage

    stage = start(cast)
    come(stage, 1)
    row = Stage.objects.get(pk=stage.pk)
    assert (row.breached_at, row.breached_by, row.outcome) == (row.due_at, cast.chengxiang.worker, "running")


def ends(stage: Stage) -> dict[int, str]:
    """What became of the rungs: state, and why."""
    from deadlines.models import Due

    rows = Due.objects.filter(kind="deadlines.chase", subject=f"stage:{stage.pk}")
    return {row.params["offset"]: f"{row.state} {row.last_error}".strip() for row in rows}


def down(stage: Stage, *offsets: int, hours: int = 40) -> None:
    """Nobody swept for so long: the end and these rungs have come, and only then somebody looks."""
    from deadlines.models import Due, Stage
    from deadlines.services.sweep import sweep_all

    now = timezone.now()
    Stage.objects.filter(pk=stage.pk).update(due_at=now - timedelta(hours=hours))
    for offset in offsets:
        moment = now - timedelta(hours=hours - offset)
        Due.objects.filter(key=f"chase:{stage.pk}:{stage.generation}:{offset}").update(due_at=moment)
    Due.objects.undone().filter(key__startswith="passed:").update(due_at=now - timedelta(hours=hours))
    sweep_all()


def test_down_over_the_day_the_hands_hear_once_that_it_is_late(cast: Cast) -> None:
    stage = start(cast)
    down(stage, -1, 0)
    assert told(stage, -1) == set()
    assert told(stage, 0) == {"cx-worker"}
    assert ends(stage) == {-1: "cancelled outdone", 0: "done", 1: "waiting", 3: "waiting"}


def test_down_for_long_everybody_hears_once(cast: Cast) -> None:
    stage = start(cast)
    down(stage, -1, 0, 1, 3)
    assert [told(stage, offset) for offset in (-1, 0, 1, 3)] == [
        set(),
        {"cx-worker"},
        {"cx-secretary"},
        {"cx-party_office"},
    ]
    assert ends(stage) == {-1: "cancelled outdone", 0: "done", 1: "done", 3: "done"}


def test_a_day_missed_after_a_reminder_that_went_out_is_listed(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.dues import retry_due
    from deadlines.services.sweep import sweep_all

    stage = start(cast)
    come(stage, -1)
    down(stage, 0)
    assert (told(stage, -1), told(stage, 0)) == ({"cx-worker"}, set())
    assert ends(stage) == {-1: "done", 0: "missed too_late", 1: "waiting", 3: "waiting"}
    due = Due.objects.get(key=f"chase:{stage.pk}:0:0")
    assert Due.objects.visible_to(cast.chengxiang.party_office).gone_wrong().filter(pk=due.pk).exists()
    retry_due(pk=due.pk, by=cast.chengxiang.party_office)  # somebody wants it said nevertheless
    sweep_all()
    assert told(stage, 0) == {"cx-worker"}


@pytest.mark.parametrize("first", [-1, 0])
def test_in_batches_of_one_they_hear_once_as_well(cast: Cast, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from deadlines.models import Due
    from deadlines.services import sweep

    monkeypatch.setattr(sweep, "BATCH", 1)
    monkeypatch.setattr(sweep.sweep, "__defaults__", (1,))
    stage = start(cast)
    if first == 0:  # the earlier one had failed once, and comes after its pause
        Due.objects.filter(key=f"chase:{stage.pk}:0:-1").update(
            attempts=1, leased_until=timezone.now() + timedelta(hours=1)
        )
    down(stage, -1, 0)
    Due.objects.update(leased_until=None)
    sweep.sweep_all()
    assert (told(stage, -1), told(stage, 0)) == (set(), {"cx-worker"})
    assert ends(stage)[-1] == "cancelled outdone"


def test_whoever_answers_in_time_is_not_chased(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.stages import stop_stage

    stage = start(cast)
    stop_stage(kind="test.reply", subject="thing:1")
    come(stage, 0)
    assert told(stage, 0) == set()
    assert set(Due.objects.values_list("state", "last_error")) == {("cancelled", "stopped")}


def test_where_a_rung_has_nobody_the_next_one_above_is_asked(cast: Cast) -> None:
    from people.models import RoleGrant

    stage = start(cast)
    RoleGrant.objects.filter(user=cast.chengxiang.secretary).update(ends_on=timezone.localdate())
    come(stage, 1)
    assert told(stage, 1) == {"cx-section_head"}


def test_with_nobody_at_all_it_is_missed_and_says_so(cast: Cast) -> None:
    from deadlines.models import Due
    from people.models import RoleGrant

    stage = start(cast)
    RoleGrant.objects.all().delete()
    come(stage, 3)
    due = Due.objects.get(key=f"chase:{stage.pk}:0:3")
    assert (due.state, due.reason) == ("missed", "没有可以提醒的人")


def test_a_rung_switched_off_is_not_climbed(cast: Cast) -> None:
    from deadlines.models import ChaseStep

    stage = start(cast)
    ChaseStep.objects.filter(kind="test.reply", offset=1).update(is_active=False)
    come(stage, 1)
    assert told(stage, 1) == set()


@time_machine.travel(datetime(2026, 2, 13, 2, 0, tzinfo=UTC), tick=False)
def test_a_holiday_decreed_later_moves_what_runs_and_is_announced(cast: Cast) -> None:
    from deadlines.models import Due, Stage
    from deadlines.services.calendar import set_days
    from deadlines.services.sweep import sweep
    from deadlines.signals import stage_moved

    stage, heard = start(cast), []
    late = start(cast, 2)
    Stage.objects.filter(pk=late.pk).update(breached_at=timezone.now())

    def listen(sender: object, stage: Stage, before: datetime, why: str, **kwargs: object) -> None:
        heard.append((stage.label, timezone.localdate(before - timedelta(seconds=1)), stage.due_on, why))

    stage_moved.connect(listen)
    try:
        set_days(by=None, rows=[(date(2026, 2, 26), False, "临时放假")])
        Due.objects.filter(kind="deadlines.recount").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
        sweep(limit=1)
    finally:
        stage_moved.disconnect(listen)
    stage.refresh_from_db()
    assert heard == [("XQ-1", date(2026, 2, 27), date(2026, 2, 28), "calendar")]
    assert (stage.due_on, stage.generation) == (date(2026, 2, 28), 1)
    waiting = Due.objects.undone().filter(subject=f"stage:{stage.pk}").values_list("key", flat=True)
    assert set(waiting) == {f"passed:{stage.pk}:1", *(f"chase:{stage.pk}:1:{n}" for n in (-1, 0, 1, 3))}
    late.refresh_from_db()
    assert late.due_on == date(2026, 2, 27), "what is late stays late"


def test_leaders_read_one_digest_a_day_if_there_is_anything(cast: Cast) -> None:
    from deadlines.models import Due, WorkDay
    from deadlines.services.digest import plan_digests
    from deadlines.services.sweep import sweep_all
    from notifications.models import Message

    monday, streets = date(2040, 1, 2), 2  # no holidays are known of that week
    for _hour in range(2):
        plan_digests(monday)
        assert Due.objects.filter(kind="deadlines.digest").count() == 5 * streets
    stage = start(cast)
    come(stage, 1)
    WorkDay.objects.update_or_create(day=timezone.localdate(), defaults={"working": True})
    Due.objects.filter(kind="deadlines.digest").update(due_at=timezone.now())
    sweep_all()
    here = Message.objects.filter(rule="deadlines.DailyDigest")
    assert set(here.values_list("recipient_key", flat=True)) == {f"u:{cast.chengxiang.leader.pk}"}
    assert here.count() == 5
    assert here.first().title == "城厢街道今日：超期1件，今天到期0件"  # type: ignore[union-attr]
    quiet = Due.objects.filter(kind="deadlines.digest", area_code=cast.xiasha.street.code)
    assert set(quiet.values_list("state", flat=True)) == {"cancelled"}
