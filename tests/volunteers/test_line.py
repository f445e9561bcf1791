"""The line: who waits is asked in time, by day, and never passed by whoever happens to come by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from deadlines.models import Due
from deadlines.services.sweep import sweep
from notifications.models import Message
from tests.cast import Cast
from tests.volunteers.things import at, begun, comer, joined, published
from volunteers.models import Post, SignUp
from volunteers.services import signing
from volunteers.services.dues import CLOSE, LAPSE
from volunteers.services.seats import LAST_OFFER, LEAST_TIME, answer_until
from volunteers.states import SignUpState

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("starts", [1.5, 2.4])
def test_shortly_before_it_begins_the_first_in_the_line_has_the_seat(cast: Cast, starts: float) -> None:
    _row, post = published(cast.chengxiang, capacity=1, starts=starts)
    first, waits = joined(post, comer()), joined(post, comer())
    signing.cancel(pk=first.pk, by=first.person)
    waits.refresh_from_db()
    assert waits.state == SignUpState.CONFIRMED
    assert Message.objects.filter(rule="volunteers.SeatFilled").exists()
    assert joined(post, comer()).state == SignUpState.WAITING, "whoever comes by is no faster"


def test_control_a_seat_that_is_simply_free_goes_to_whoever_comes_by(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1, starts=1.5)
    first, waits = joined(post, comer()), joined(post, comer())
    SignUp.objects.filter(pk=first.pk).update(state=SignUpState.CANCELLED, ended_at=timezone.now())
    Post.objects.filter(pk=post.pk).update(taken=F("taken") - 1)
    assert joined(post, comer()).state == SignUpState.CONFIRMED
    assert SignUp.objects.get(pk=waits.pk).state == SignUpState.WAITING


def test_whoever_is_asked_has_time_to_answer_by_day() -> None:
    now = timezone.now()
    for hours in range(1, 24 * 4):
        starts = at(hours)
        until = answer_until(starts)
        if until is None:
            assert starts - now < LAST_OFFER + LEAST_TIME + timedelta(minutes=1)
            continue
        assert until - now >= LEAST_TIME and until <= starts - LAST_OFFER
        if starts - now > timedelta(days=1, hours=1):
            local = timezone.localtime(until)
            heard = local - timedelta(hours=12)
            assert 8 <= heard.hour < 21, "twelve hours from when they hear of it"


def test_whoever_lets_a_seat_go_is_not_asked_for_the_same_one_again(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    first, slow = joined(post, comer()), joined(post, comer())
    signing.cancel(pk=first.pk, by=first.person)
    SignUp.objects.filter(pk=slow.pk).update(answer_by=timezone.now() - timedelta(minutes=1))
    Due.objects.filter(kind=LAPSE).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep()
    assert SignUp.objects.get(pk=slow.pk).state == SignUpState.WAITING
    assert Post.objects.get(pk=post.pk).taken == 0, "nobody else waits: whoever comes has it"
    assert joined(post, comer()).state == SignUpState.CONFIRMED


def test_whoever_was_asked_and_silent_until_it_began_waits_no_longer(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    first, slow = joined(post, comer()), joined(post, comer())
    signing.cancel(pk=first.pk, by=first.person)
    begun(post, hours_ago=0.1)
    Due.objects.filter(kind=CLOSE).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep()
    assert SignUp.objects.get(pk=slow.pk).state == SignUpState.CANCELLED
