"""Who was there: wrong codes are counted, what was called off has no hours, what one noted another confirms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, RuleBroken, TooMany
from tests.cast import Cast, Street
from tests.volunteers.test_attending import code_now, duty, helper
from tests.volunteers.things import begun, joined, published
from volunteers.models import Attendance, Hours, SignUp, Slot
from volunteers.services import attending, hours, noting
from volunteers.services.activities import call_off_activity, call_off_slot
from volunteers.states import Appeal, How, SignUpState

pytestmark = pytest.mark.django_db


def expected(street: Street, **when: Any) -> tuple[SignUp, Slot]:
    """Somebody who signed up for service, and the day."""
    post = duty(street)
    row = joined(post, helper(street))
    return row, begun(post, **when)


def state_of(row: SignUp) -> str:
    return str(SignUp.objects.get(pk=row.pk).state)


def _guesses(row: SignUp, slot: Slot, code: str = "000 000") -> int:
    """How many tries are answered 码不对 before somebody says it is enough."""
    for n in range(attending.TRIES + 5):
        try:
            with pytest.raises(Invalid):
                attending.check_in(slot=slot.pk, by=row.person, code=code)
        except TooMany:
            return n
    return attending.TRIES + 5


def test_after_twenty_wrong_codes_not_even_the_right_one_counts(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=0.2)
    assert _guesses(row, slot) == attending.TRIES
    with pytest.raises(TooMany):
        attending.check_in(slot=slot.pk, by=row.person, code=code_now(slot))


def test_control_a_count_in_the_transaction_that_is_undone_stops_nobody(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=0.2)
    for _n in range(attending.TRIES + 5):
        with pytest.raises(Invalid), transaction.atomic():
            attending.check_in(slot=slot.pk, by=row.person, code="000 000")


def test_right_codes_are_no_tries(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=0.2)
    for _n in range(attending.TRIES + 5):
        attending._how(slot, row.person, code_now(slot))


@pytest.mark.parametrize("whole", [True, False], ids=["activity", "day"])
def test_who_checked_in_early_for_what_never_began_has_no_hours(cast: Cast, whole: bool) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=-0.5)
    attending.check_in(slot=slot.pk, by=row.person, code=code_now(slot))
    worker = cast.chengxiang.worker
    if whole:
        call_off_activity(pk=slot.activity_id, by=worker, version=None, words="台风")
    else:
        call_off_slot(pk=slot.pk, by=worker, version=None, words="台风")
    assert state_of(row) == SignUpState.CANCELLED
    begun(row.post, hours_ago=4)
    for act in (hours.confirm_day, attending.check_in, attending.check_out, noting.note_present, noting.note_missing):
        more: dict[str, Any] = {"code": "1"} if act in (attending.check_in, attending.check_out) else {}
        more |= {"signups": [row.pk]} if act in (noting.note_present, noting.note_missing) else {}
        more |= {"paper": True} if act is noting.note_present else {}
        with pytest.raises(RuleBroken):
            act(slot=slot.pk, by=row.person if "code" in more else worker, **more)
    assert not Hours.objects.exists()


def test_what_is_called_off_while_it_runs_ends_then(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=1.1, lasted=4)
    late = joined_late(cast.chengxiang, slot)
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=False)
    call_off_activity(pk=slot.activity_id, by=worker, version=None, words="下大雨")
    with pytest.raises(RuleBroken):
        attending.check_in(slot=slot.pk, by=late.person, code=code_now(slot))
    with pytest.raises(RuleBroken):
        noting.note_missing(slot=slot.pk, by=worker, signups=[late.pk])
    assert hours.confirm_day(slot=slot.pk, by=secretary).done == 1
    assert Hours.objects.get().minutes == 60, "of the four hours one"


def joined_late(street: Street, slot: Slot) -> SignUp:
    """Somebody else who signed up, before it began."""
    begun(slot.posts.get(), hours_ago=-10, lasted=4)
    row = joined(slot.posts.get(), helper(street))
    begun(slot.posts.get(), hours_ago=1.1, lasted=4)
    return row


def test_days_that_were_over_keep_their_hours_though_the_rest_is_called_off(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=4, lasted=3)
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    call_off_activity(pk=slot.activity_id, by=worker, version=None, words="天热")
    noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=True)
    assert hours.confirm_day(slot=slot.pk, by=secretary).done == 1
    assert Hours.objects.get().minutes == 180


@pytest.mark.parametrize(("after", "how"), [(0.4, How.LIST), (0.6, How.PAPER), (240, How.PAPER)])
def test_half_an_hour_after_the_end_it_is_paper_whatever_one_says(cast: Cast, after: float, how: str) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=3 + after, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=False)
    found = Attendance.objects.get()
    assert found.how == how and (found.left_at == slot.ends) == (how == How.PAPER)


@pytest.mark.parametrize("paper", [True, False])
def test_nobody_confirms_whom_they_noted_neither_by_service_nor_by_hand(cast: Cast, paper: bool) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=3.2, lasted=3)
    worker = cast.chengxiang.worker
    noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=paper)
    assert hours.confirm_day(slot=slot.pk, by=worker) == hours.Confirmed(0, 1)
    said = {"confirmed_by": worker, "confirmed_at": timezone.now(), "in_time": True, "left_at": slot.ends}
    with pytest.raises(IntegrityError, match="by_two"), transaction.atomic():
        Attendance.objects.update(**said)
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary).done == 1


def test_one_signs_out_once_and_not_after_the_end(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=1, lasted=3)
    with pytest.raises(RuleBroken):
        attending.check_out(slot=slot.pk, by=row.person, code=code_now(slot))
    attending.check_in(slot=slot.pk, by=row.person, code=code_now(slot))
    left = attending.check_out(slot=slot.pk, by=row.person, code=code_now(slot)).left_at
    assert attending.check_out(slot=slot.pk, by=row.person, code="whatever").left_at == left
    Attendance.objects.update(left_at=None, came_at=timezone.now() - timedelta(hours=5))
    begun(row.post, hours_ago=4, lasted=3)
    with pytest.raises(RuleBroken):
        attending.check_out(slot=slot.pk, by=row.person, code=code_now(slot))


def test_a_confirmed_presence_stands(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=4, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=True)
    Attendance.objects.update(left_at=slot.ends - timedelta(hours=1))
    hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary)
    for change in ({"left_at": slot.ends}, {"confirmed_at": timezone.now()}, {"how": How.LIST}):
        with pytest.raises(DatabaseError, match="is confirmed"), transaction.atomic():
            Attendance.objects.update(**change)
    assert noting.take_back(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk]) == 0
    assert state_of(row) == SignUpState.ATTENDED


def test_noted_as_missing_by_mistake_is_put_right_on_paper_by_two(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=3.2, lasted=3)
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    noting.note_missing(slot=slot.pk, by=worker, signups=[row.pk])
    noting.appeal(pk=row.pk, by=row.person, version=None, words="我在西边那个路口")
    assert noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=False) == 1
    found = SignUp.objects.get(pk=row.pk)
    assert (found.state, found.appeal, found.attendance.how) == (SignUpState.ATTENDED, Appeal.NONE, How.PAPER)
    assert hours.confirm_day(slot=slot.pk, by=worker).others == 1
    assert hours.confirm_day(slot=slot.pk, by=secretary).done == 1
    assert Hours.objects.get().minutes == 180


def test_noted_as_there_by_mistake_is_taken_back_and_noted_anew(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=1, lasted=3)
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=False)
    assert noting.take_back(slot=slot.pk, by=worker, signups=[row.pk]) == 1
    assert state_of(row) == SignUpState.CONFIRMED
    begun(row.post, hours_ago=4, lasted=3)
    assert hours.confirm_day(slot=slot.pk, by=secretary) == hours.Confirmed(0, 0), "a mistake has no hours"
    noting.note_missing(slot=slot.pk, by=worker, signups=[row.pk])
    noting.note_present(slot=slot.pk, by=secretary, signups=[row.pk], paper=True)
    assert Attendance.objects.get().noted_by == secretary
    assert hours.confirm_day(slot=slot.pk, by=worker).done == 1


def test_whoever_was_elsewhere_since_is_not_noted_here(cast: Cast) -> None:
    row, slot = expected(cast.chengxiang, hours_ago=4, lasted=3)
    noting.note_missing(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk])
    _other, post = published(cast.chengxiang, title="读书会")
    there = joined(post, row.person)
    begun(post, hours_ago=4, lasted=3)
    with pytest.raises(RuleBroken, match="另一场"):
        noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=True)
    assert (state_of(row), state_of(there)) == (SignUpState.NO_SHOW, SignUpState.CONFIRMED)
