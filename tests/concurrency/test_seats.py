"""Fifty want the last seats of a bus. Beside it a naive variant that shows the race is real."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from tests.cast import Cast, at_once, fresh
from tests.volunteers.things import comer, joined, published
from volunteers.models import Activity, Post, SignUp, Slot
from volunteers.services import signing
from volunteers.services.activities import call_off_activity
from volunteers.services.signing import sign_up
from volunteers.states import LIVE, SEATED, SignUpState, SignUpVerb

THREADS = 50


def _seated(post: Post) -> tuple[int, int]:
    rows = SignUp.objects.filter(post=post, state__in=SEATED)
    return Post.objects.get(pk=post.pk).taken, sum(one.seats for one in rows)


def _states(results: list[Any]) -> Counter[str]:
    assert all(isinstance(one, SignUp) for one in results), [one for one in results if not isinstance(one, SignUp)]
    return Counter(str(one.state) for one in results)


def test_of_fifty_who_want_the_last_seat_one_has_it_and_the_rest_stand_in_line(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    crowd = [fresh(comer()) for _n in range(THREADS)]
    results = at_once(lambda n: sign_up(post=post.pk, by=crowd[n], client_key=uuid4()), THREADS)
    assert _states(results) == {"confirmed": 1, "waiting": THREADS - 1}
    assert _seated(post) == (1, 1)


def _naive(post: Post, by: Any, gate: threading.Barrier) -> bool:
    """Counts, then writes, with nothing in between."""
    with transaction.atomic():
        taken = SignUp.objects.filter(post=post, state__in=SEATED).count()
        gate.wait(timeout=30)
        if taken >= post.capacity:
            return False
        slot = post.slot
        SignUp.objects.create(
            post=post,
            person=by,
            by=by,
            client_key=uuid4(),
            street_code=slot.activity.street_code,
            during=(slot.starts, slot.ends),
            state=SignUpState.CONFIRMED,
            made_at=timezone.now(),
        )
        return True


def test_control_counting_then_writing_sells_one_seat_to_many(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    crowd, gate = [fresh(comer()) for _n in range(20)], threading.Barrier(20)
    results = at_once(lambda n: _naive(post, crowd[n], gate), 20)
    assert results.count(True) > 1
    assert _seated(post)[1] > post.capacity


def test_eight_taps_of_one_phone_take_one_seat(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=8)
    by, key = fresh(comer()), uuid4()
    results = at_once(lambda _n: sign_up(post=post.pk, by=by, client_key=key), 8)
    assert len({one.pk for one in results}) == 1 and [one.just_made for one in results].count(True) == 1
    assert _seated(post) == (1, 1)


def test_seats_that_come_free_while_others_come_are_never_sold_twice(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=10)
    here = [joined(post, fresh(comer())) for _n in range(10)]
    crowd = [fresh(comer()) for _n in range(10)]

    def work(n: int) -> SignUp:
        if n < 10:
            return signing.cancel(pk=here[n].pk, by=here[n].person)
        return sign_up(post=post.pk, by=crowd[n - 10], client_key=uuid4())

    states = _states(at_once(work, 20))
    assert states["cancelled"] == 10
    taken, seats = _seated(post)
    assert taken == seats == 10 and SignUp.objects.filter(post=post, state=SignUpState.WAITING).count() == 0


def test_shortly_before_it_begins_nobody_of_a_crowd_is_faster_than_who_waits(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1, starts=1.5)
    first, waits = joined(post, fresh(comer())), joined(post, fresh(comer()))
    crowd = [fresh(comer()) for _n in range(9)]

    def work(n: int) -> SignUp:
        if n == 4:
            return signing.cancel(pk=first.pk, by=first.person)
        return sign_up(post=post.pk, by=crowd[n if n < 4 else n - 1], client_key=uuid4())

    assert _states(at_once(work, 10)) == {"cancelled": 1, "waiting": 9}
    assert SignUp.objects.get(pk=waits.pk).state == SignUpState.CONFIRMED and _seated(post) == (1, 1)


def test_control_a_seat_let_go_before_the_line_is_asked_is_whoever_is_faster(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1, starts=1.5)
    first, waits = joined(post, fresh(comer())), joined(post, fresh(comer()))
    with transaction.atomic():
        held = signing.hold(first.pk, first.person, SignUpVerb.CANCEL, None)
        held.move_to(SignUpVerb.CANCEL, actor=first.person, changes={"ended_at": timezone.now()})
        Post.objects.filter(pk=post.pk).update(taken=0)
    assert sign_up(post=post.pk, by=fresh(comer()), client_key=uuid4()).state == SignUpState.CONFIRMED
    assert SignUp.objects.get(pk=waits.pk).state == SignUpState.WAITING


def test_whoever_signs_up_while_it_is_called_off_is_called_off_too_or_refused(cast: Cast) -> None:
    for _round in range(5):
        row, post = published(cast.chengxiang, capacity=30)
        crowd = [fresh(comer()) for _n in range(9)]

        def work(n: int, row: Any = row, post: Any = post, crowd: Any = crowd) -> Any:
            if n == 0:
                return call_off_activity(pk=row.pk, by=fresh(cast.chengxiang.worker), version=None, words="台风")
            return sign_up(post=post.pk, by=crowd[n - 1], client_key=uuid4())

        off, *found = at_once(work, 10)
        assert isinstance(off, Activity), off
        assert all(isinstance(one, (SignUp, RuleBroken)) for one in found), found
        assert not SignUp.objects.live().filter(post=post).exists(), "nobody waits at the door of what was called off"
        assert Post.objects.get(pk=post.pk).taken == 0


def test_control_calling_off_without_shutting_the_posts_leaves_somebody_at_the_door(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=30)
    joined(post, fresh(comer()))
    late, gate = fresh(comer()), threading.Barrier(2)

    def work(n: int) -> Any:
        if n == 1:
            gate.wait(timeout=30)
            made = sign_up(post=post.pk, by=late, client_key=uuid4())
            gate.wait(timeout=30)
            return made
        with transaction.atomic():
            live = list(SignUp.objects.filter(post=post, state__in=LIVE).values_list("pk", flat=True))
            gate.wait(timeout=30)
            gate.wait(timeout=30)
            ended = {"state": SignUpState.CANCELLED, "ended_at": timezone.now()}
            Slot.objects.filter(pk=post.slot_id).update(called_off_at=timezone.now())
            return SignUp.objects.filter(pk__in=live).update(**ended)

    found = at_once(work, 2)
    assert found[0] == 1 and isinstance(found[1], SignUp), found
    assert SignUp.objects.live().get(post=post).person == late
