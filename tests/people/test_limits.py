"""Limits and proofs of work: counted for everybody, told in seconds, without storing who."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from altcha import Challenge, solve_challenge

from alliance.lib.errors import Invalid, TooMany
from people.models import RateBucket
from people.services.limits import peek, purge_buckets, take
from people.services.proof import check_proof, new_challenge

pytestmark = pytest.mark.django_db

START = "2026-11-23 12:00:00+00:00"


def test_the_limit_holds_for_one_window_and_one_subject() -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _time in range(3):
            take("say", "203.0.113.9", limit=3, seconds=600)
        clock.shift(200)
        with pytest.raises(TooMany) as refused:
            take("say", "203.0.113.9", limit=3, seconds=600)
        assert refused.value.retry_after == 400
        take("say", "203.0.113.10", limit=3, seconds=600)
        take("track", "203.0.113.9", limit=3, seconds=600)
        clock.shift(400)
        take("say", "203.0.113.9", limit=3, seconds=600)


def test_a_window_of_a_day_is_the_day_on_the_wall() -> None:
    with time_machine.travel("2026-11-23 07:30:00+08:00", tick=False) as clock:
        take("say", "x", limit=1, seconds=86_400)
        clock.shift(timedelta(hours=1))  # by UTC another day
        with pytest.raises(TooMany) as refused:
            take("say", "x", limit=1, seconds=86_400)
        assert refused.value.retry_after == 15.5 * 3600
        assert purge_buckets() == 0
        clock.shift(timedelta(hours=15, minutes=30))
        take("say", "x", limit=1, seconds=86_400)
        clock.shift(timedelta(seconds=1))
        assert purge_buckets() == 1


def test_peeking_counts_nothing() -> None:
    take("say", "x", limit=9, seconds=600)
    assert [peek("say", "x", seconds=600) for _time in range(3)] == [1, 1, 1]
    assert peek("say", "y", seconds=600) == 0


def test_neither_address_nor_phone_is_stored() -> None:
    take("say-phone", "13800000617", limit=9, seconds=600)
    (bucket,) = RateBucket.objects.all()
    assert "1380" not in bucket.key and len(bucket.key) <= 100


def test_old_windows_are_cleared_away_and_the_present_one_stays() -> None:
    with time_machine.travel(START, tick=False) as clock:
        take("say", "x", limit=9, seconds=600)
        clock.shift(timedelta(minutes=11))
        take("say", "x", limit=9, seconds=600)
        assert purge_buckets() == 1
        assert peek("say", "x", seconds=600) == 1


@pytest.mark.parametrize("payload", ["", "x", "e30=", "bnVsbA==", "{}", "W10=", "\x00", "翻"])
def test_a_wrong_proof_is_refused_in_words(payload: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_proof(payload)
    assert "proof" in refused.value.fields


def test_a_challenge_is_signed_and_limited_in_time(settings: Any) -> None:
    first, second = new_challenge(), new_challenge()
    assert first != second
    assert settings.SECRET_KEY not in str(first)


def _solved() -> dict[str, Any]:
    challenge = Challenge.from_dict(new_challenge())
    solution = solve_challenge(challenge)
    assert solution is not None
    return {"challenge": challenge.to_dict(), "solution": solution.to_dict()}


def _sent(proof: dict[str, Any], **shape: Any) -> str:
    return b64encode(json.dumps(proof, **shape).encode()).decode()


WRITINGS: dict[str, Callable[[dict[str, Any]], str]] = {
    "as it was": _sent,
    "with spaces": lambda proof: _sent(proof, indent=2),
    "in another order": lambda proof: _sent(dict(reversed(proof.items()))),
    "with more in it": lambda proof: _sent({**proof, "more": 1}),
    "another time taken": lambda proof: _sent({**proof, "solution": {**proof["solution"], "time": 7}}),
    "broken into lines": lambda proof: "\n".join(_sent(proof)),
}


@pytest.mark.parametrize("again", WRITINGS.values(), ids=WRITINGS)
def test_a_solution_is_good_once_however_it_is_written(again: Callable[[dict[str, Any]], str]) -> None:
    proof = _solved()
    check_proof(_sent(proof))
    with pytest.raises(Invalid):
        check_proof(again(proof))
    check_proof(_sent(_solved()))


def test_a_solution_is_good_once_across_the_hour() -> None:
    with time_machine.travel("2026-11-23 11:59:50+00:00", tick=False) as clock:
        proof = _solved()
        check_proof(_sent(proof))
        for _step in range(3):
            clock.shift(timedelta(minutes=9))
            purge_buckets()
            with pytest.raises(Invalid):
                check_proof(_sent(proof))
