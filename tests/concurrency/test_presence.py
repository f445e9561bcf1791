"""The day itself: taps at the same moment, two who confirm, the clock's end beside them. With the naive variants."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Sum
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from deadlines.models import Due
from points.models import Transfer
from tests.cast import Cast, at_once, fresh
from tests.volunteers.test_attending import code_now, duty, helper
from tests.volunteers.things import begun, joined
from volunteers.models import Attendance, Hours, SignUp, Slot
from volunteers.services import attending, clock, hours, noting
from volunteers.services.presence import held_presence
from volunteers.services.signing import hold, hold_rows
from volunteers.states import How, SignUpState, SignUpVerb

TAPS = 8


def _one(cast: Cast, **when: Any) -> tuple[SignUp, Slot]:
    post = duty(cast.chengxiang)
    row = joined(post, fresh(helper(cast.chengxiang)))
    return row, begun(post, **when)


def test_eight_taps_at_once_are_one_presence_and_no_fault(cast: Cast) -> None:
    row, slot = _one(cast, hours_ago=0.2)
    code = code_now(slot)
    found = at_once(lambda _n: attending.check_in(slot=slot.pk, by=fresh(row.person), code=code), TAPS)
    assert all(isinstance(one, Attendance) for one in found), found
    assert len({one.pk for one in found}) == 1 and Attendance.objects.count() == 1


def test_control_without_a_second_look_the_second_tap_is_a_fault(cast: Cast) -> None:
    row, _slot = _one(cast, hours_ago=0.2)

    def naive(_n: int) -> Attendance:
        with transaction.atomic():
            held = hold(row.pk, fresh(row.person), SignUpVerb.CHECK_IN, None)
            held.move_to(SignUpVerb.CHECK_IN, actor=row.person)
            return Attendance.objects.create(signup=held, person=row.person, how=How.CODE, came_at=timezone.now())

    assert sum(isinstance(one, RuleBroken) for one in at_once(naive, TAPS)) == TAPS - 1


def test_one_leaves_once_however_many_taps(cast: Cast) -> None:
    row, slot = _one(cast, hours_ago=1)
    code = code_now(slot)
    attending.check_in(slot=slot.pk, by=row.person, code=code)
    found = at_once(lambda _n: attending.check_out(slot=slot.pk, by=fresh(row.person), code=code), TAPS)
    assert {one.left_at for one in found} == {Attendance.objects.get().left_at}
    assert row.events.filter(verb=SignUpVerb.CHECK_OUT).count() == 1


def test_control_what_was_read_before_the_lock_is_written_over(cast: Cast) -> None:
    row, slot = _one(cast, hours_ago=1)
    attending.check_in(slot=slot.pk, by=row.person, code=code_now(slot))
    gate = threading.Barrier(TAPS)

    def naive(n: int) -> Any:
        present = Attendance.objects.get(signup=row)
        gate.wait(timeout=30)
        with transaction.atomic():
            hold(row.pk, fresh(row.person), SignUpVerb.CHECK_OUT, None)
            if present.left_at is None:
                present.left_at = present.came_at + timedelta(minutes=n)
                present.save(update_fields=["left_at"])
        return present.left_at

    assert len(set(at_once(naive, TAPS))) == TAPS


def test_two_confirm_while_the_clock_ends_the_day_and_somebody_notes(cast: Cast) -> None:
    here = cast.chengxiang
    for _round in range(3):
        post = duty(here)
        rows = [joined(post, fresh(helper(here))) for _n in range(4)]
        SignUp.objects.filter(pk__in=[one.pk for one in rows]).update(real_name="汤正大")  # as a trip asks for
        slot = begun(post, hours_ago=3.2, lasted=3)
        early, late = [one.pk for one in rows[:2]], [one.pk for one in rows[2:]]
        noting.note_present(slot=slot.pk, by=here.worker, signups=early, paper=False)
        end = list(Due.objects.filter(subject=f"slot:{slot.pk}", kind=clock.END))
        acts = [
            lambda slot=slot: hours.confirm_day(slot=slot.pk, by=fresh(here.secretary)).done,
            lambda slot=slot: hours.confirm_day(slot=slot.pk, by=fresh(here.clerk)).done,
            lambda end=end: _end(end),
            lambda slot=slot, late=late: noting.note_present(
                slot=slot.pk, by=fresh(here.worker), signups=late, paper=True
            ),
        ]
        found = at_once(lambda n, acts=acts: acts[n](), 4)
        assert all(isinstance(one, int) for one in found), found
        last = hours.confirm_day(slot=slot.pk, by=here.secretary).done
        assert found[0] + found[1] + last == Hours.objects.filter(attendance__signup__in=rows).count() == 4
        people = [one.person_id for one in rows]
        given = Transfer.objects.filter(account__person__in=people).aggregate(n=Sum("amount"))["n"]
        assert given == 4 * 30 and not SignUp.objects.filter(pk__in=early + late, real_name__isnull=False).exists()


def _end(dues: list[Due]) -> int:
    with transaction.atomic():
        return len(clock.end_days(dues))


def _crossing(cast: Cast, end: Any) -> list[Any]:
    """The day's end beside somebody who holds a sign-up of it and then wants its presence."""
    row, slot = _one(cast, hours_ago=3.2)
    SignUp.objects.filter(pk=row.pk).update(real_name="汤正大")
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=False)
    gate = threading.Barrier(2)

    def work(n: int) -> Any:
        with transaction.atomic():
            if n == 0:
                return end(slot, gate)
            held = hold_rows(row.pk, fresh(cast.chengxiang.worker))
            gate.wait(timeout=30)
            return held_presence(held)

    return at_once(work, 2)


def test_the_end_of_a_day_crosses_nobody(cast: Cast) -> None:
    def end(slot: Slot, gate: threading.Barrier) -> Any:
        gate.wait(timeout=30)
        return clock.end_days(list(Due.objects.filter(subject=f"slot:{slot.pk}", kind=clock.END)))

    assert not [one for one in _crossing(cast, end) if isinstance(one, Exception)]
    assert Attendance.objects.get().left_at and SignUp.objects.get().real_name is None


def test_control_presences_before_sign_ups_lock_each_other(cast: Cast) -> None:
    def end(slot: Slot, gate: threading.Barrier) -> Any:
        Attendance.objects.filter(signup__post__slot=slot, left_at__isnull=True).update(left_at=slot.ends)
        gate.wait(timeout=30)
        return SignUp.objects.filter(post__slot=slot, real_name__isnull=False).update(real_name=None)

    found = _crossing(cast, end)
    assert [one for one in found if isinstance(one, OperationalError)], found
    assert SignUp.objects.get().state == SignUpState.ATTENDED
