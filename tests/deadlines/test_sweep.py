"""What is due is done once, however many look, whatever fails, and nothing is stuck unseen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken

if TYPE_CHECKING:
    from deadlines.kinds import DueKind
    from deadlines.models import Due
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")


def declare(handle: Any, **options: Any) -> DueKind:
    from deadlines.kinds import DueKind, register_kind

    kind = DueKind("test.thing", label="测试事项", handle=handle, **options)
    register_kind(kind)
    return kind


def add(number: int = 1, *, late: timedelta = timedelta(seconds=1), area_code: str = "") -> None:
    from deadlines.services.dues import NewDue, add_dues

    when = timezone.now() - late
    add_dues(
        NewDue("test.thing", f"thing:{n}", when, f"test:{n}", label=f"XQ-{n}", area_code=area_code)
        for n in range(1, number + 1)
    )


def one() -> Due:
    from deadlines.models import Due

    return Due.objects.get()


def forward() -> None:
    """The lease, or the pause after a failure, is over."""
    from deadlines.models import Due

    Due.objects.undone().update(leased_until=timezone.now() - timedelta(seconds=1))


def sweep() -> int:
    from deadlines.services.sweep import sweep_all

    return sweep_all()


def test_what_is_due_is_done_and_not_again() -> None:
    done: list[str] = []
    declare(lambda dues: done.extend(due.key for due in dues))
    add(3)
    add(3)
    assert sweep() == 3
    assert sweep() == 0
    assert sorted(done) == ["test:1", "test:2", "test:3"]


def test_what_is_not_due_waits() -> None:
    declare(lambda dues: pytest.fail("not yet"))
    add(late=timedelta(minutes=-5))
    assert sweep() == 0
    assert one().state == "waiting"


def test_a_handler_that_raises_takes_back_what_it_did_and_comes_again_later() -> None:
    from people.models import NumberSequence

    def half(dues: Sequence[Due]) -> None:
        NumberSequence.objects.create(scope="half", value=1)
        raise LookupError("13800000000")

    declare(half)
    add()
    assert sweep() == 0
    due = one()
    assert (due.state, due.attempts, due.last_error) == ("waiting", 1, "LookupError")
    assert not NumberSequence.objects.filter(scope="half").exists()
    assert sweep() == 0 and one().attempts == 1, "not before the pause is over"
    forward()
    sweep()
    assert one().attempts == 2


def test_after_the_last_attempt_it_has_failed_where_a_human_sees_it() -> None:
    from deadlines.services.sweep import MAX_ATTEMPTS

    def broken(dues: Sequence[Due]) -> None:
        raise LookupError

    declare(broken)
    add()
    for _attempt in range(MAX_ATTEMPTS):
        sweep()
        forward()
    assert (one().state, one().attempts, one().last_error) == ("failed", MAX_ATTEMPTS, "LookupError")
    assert sweep() == 0


def test_one_that_raises_does_not_stop_the_others() -> None:
    from deadlines.models import Due

    def picky(dues: Sequence[Due]) -> None:
        if any(due.subject == "thing:2" for due in dues):
            raise LookupError

    declare(picky)
    add(4)
    assert sweep() == 3
    assert list(Due.objects.undone().values_list("subject", flat=True)) == ["thing:2"]


def test_one_that_kills_its_worker_does_not_take_the_others_along() -> None:
    from deadlines.models import Due
    from deadlines.services.sweep import MAX_ATTEMPTS

    class Killed(BaseException):
        """As far as the sweep can tell: the process is gone."""

    def deadly(dues: Sequence[Due]) -> None:
        if any(due.subject == "thing:2" for due in dues):
            raise Killed

    declare(deadly)
    add(4)
    for _start in range(4 * MAX_ATTEMPTS):
        try:
            sweep()
        except Killed:
            forward()
    ends = dict(Due.objects.values_list("subject", "state"))
    assert ends == {"thing:1": "done", "thing:2": "failed", "thing:3": "done", "thing:4": "done"}
    assert Due.objects.get(subject="thing:2").reason == "办到一半中断了，多次没办成"


def test_what_is_found_too_late_is_missed_and_can_be_done_by_hand(cast: Cast) -> None:
    from deadlines.services.dues import retry_due

    done: list[int] = []
    declare(lambda dues: done.extend(due.pk for due in dues), grace=timedelta(hours=9))
    add(late=timedelta(hours=10), area_code=cast.chengxiang.home.code)
    sweep()
    assert (one().state, one().last_error, done) == ("missed", "too_late", [])
    retry_due(pk=one().pk, by=cast.chengxiang.party_office)
    sweep()
    assert (one().state, done) == ("done", [one().pk])
    with pytest.raises(RuleBroken):
        retry_due(pk=one().pk, by=cast.chengxiang.party_office)


def test_a_kind_nobody_declares_fails_visibly() -> None:
    add()
    sweep()
    assert (one().state, one().reason) == ("failed", "程序里没有这一种到期事项")


def test_a_handler_says_what_did_not_end_well() -> None:
    from deadlines.models import Due
    from deadlines.states import DueState, Reason

    def some(dues: Sequence[Due]) -> dict[int, tuple[DueState, str]]:
        return {due.pk: (DueState.MISSED, Reason.NOBODY) for due in dues if due.subject == "thing:1"}

    declare(some)
    add(2)
    assert sweep() == 2
    assert dict(Due.objects.values_list("subject", "state")) == {"thing:1": "missed", "thing:2": "done"}


def test_whoever_was_overtaken_ends_nothing() -> None:
    from deadlines.models import Due
    from deadlines.services import sweep as engine

    declare(lambda dues: None)
    add()
    rows = engine._take(~engine.INTERRUPTED, 10)
    Due.objects.update(attempts=2)  # the lease ran out and another took it
    assert engine._run("test.thing", rows) == 0
    assert one().state == "waiting"


def test_the_heart_beats_with_every_sweep() -> None:
    from deadlines.services.heartbeat import seconds_since, too_long
    from deadlines.services.sweep import HEARTBEAT

    assert seconds_since(HEARTBEAT) is None and not too_long(None)
    sweep()
    assert seconds_since(HEARTBEAT) == 0
    from deadlines.models import Heartbeat

    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert too_long(seconds_since(HEARTBEAT))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("worker", NotAllowed), ("leader", NotAllowed), ("liaison", NotFound), ("audit_admin", NotFound)],
)
def test_who_may_not_retry_or_cancel(cast: Cast, who: str, refusal: type[Exception]) -> None:
    from deadlines.services.dues import cancel_due, retry_due

    add(area_code=cast.chengxiang.home.code)
    sweep()
    for act in (retry_due, cancel_due):
        with pytest.raises(refusal):
            act(pk=one().pk, by=getattr(cast.chengxiang, who))
        with pytest.raises(NotFound):
            act(pk=one().pk, by=cast.xiasha.party_office)
    assert one().state == "failed"


def test_cancelled_by_hand_is_written_down(cast: Cast) -> None:
    from audit.models import AuditEntry
    from deadlines.services.dues import cancel_due

    add(area_code=cast.chengxiang.home.code)
    cancel_due(pk=one().pk, by=cast.chengxiang.system_admin, reason="重复了")
    assert (one().state, one().reason) == ("cancelled", "人工取消")
    entry = AuditEntry.objects.get(action="due_cancelled")
    assert (entry.subject, entry.reason) == ("XQ-1", "重复了")
    with pytest.raises(RuleBroken):
        cancel_due(pk=one().pk, by=cast.chengxiang.system_admin)
