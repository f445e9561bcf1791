"""One need, one answer a round: two taps at once, and the clock that strikes while somebody answers."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from alliance.lib.errors import RuleBroken

if TYPE_CHECKING:
    from needs.models import Need
    from tests.cast import Cast

TAPS = 8
ROUNDS = 6


def finished(cast: Cast) -> Need:
    from needs.models import Need
    from needs.services.finishing import finish_need
    from needs.services.handling import accept_need
    from tests.cast import say_need

    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    finish_need(pk=need.pk, by=cast.chengxiang.worker, words="灯换好了")
    return Need.objects.get(pk=need.pk)


def again(need: Need) -> Need:
    return type(need).objects.get(pk=need.pk)


@pytest.mark.parametrize("with_form", [True, False])
def test_of_eight_taps_one_counts_and_all_are_given_it(cast: Cast, with_form: bool) -> None:
    from needs.services.answers import GIVEN, answer_need
    from needs.states import Outcome, Verb
    from tests.cast import at_once

    need = finished(cast)
    given = at_once(
        lambda n: answer_need(
            token=need.link_token, outcome=GIVEN[n % 3], round_no=1 if with_form else None, words=f"第{n}下"
        ),
        TAPS,
    )
    assert need.answers.count() == 1, given
    only = need.answers.get()
    assert given == [only] * TAPS
    now = again(need)
    assert now.events.filter(verb__in=[Verb.CLOSE, Verb.REOPEN]).count() == 1
    assert now.rounds == (2 if only.outcome == Outcome.UNSOLVED else 1)


def test_without_the_lock_two_answers_would_both_be_taken_up(cast: Cast) -> None:
    """The control: read, wait, write. Only the table's constraint stands between it and two answers."""
    from needs.models import Answer, Need
    from needs.states import Outcome, State
    from tests.cast import at_once

    need, gate = finished(cast), threading.Barrier(2)

    def naive(n: int) -> bool:
        with transaction.atomic():
            row = Need.objects.get(pk=need.pk)
            asked = row.state == State.TO_ANSWER
            gate.wait(timeout=30)
            Answer.objects.create(need=row, round=row.rounds, outcome=Outcome.SOLVED, area_id=row.area_id)
            return asked

    results = at_once(naive, 2)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert sum(result is True for result in results) == 1


def _let_it_fall_due(need: Need) -> None:
    from deadlines.models import Due
    from needs.services.asking import LAPSE

    Need = type(need)
    Need.objects.filter(pk=need.pk).update(finished_at=timezone.now() - timedelta(days=40))
    # The day before today has long ended, whatever the calendar says.
    Due.objects.filter(subject=f"need:{need.pk}", kind=LAPSE).update(due_at=timezone.now() - timedelta(days=1))


def test_an_answer_and_the_end_of_its_time_do_not_both_count(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all
    from needs.models import Need
    from needs.services.answers import answer_need
    from needs.states import FINAL_STATES, Outcome, State, Verb
    from tests.cast import at_once

    for n in range(ROUNDS):
        need = finished(cast)
        _let_it_fall_due(need)
        outcome = [Outcome.SOLVED, Outcome.UNSOLVED][n % 2]

        def one(place: int, need: Need = need, outcome: str = outcome) -> Any:
            return sweep_all() if place else answer_need(token=need.link_token, outcome=outcome, round_no=1)

        said, _swept = at_once(one, 2)
        answer = need.answers.get()
        now: Any = Need.objects.get(pk=need.pk)
        ends = now.events.filter(verb__in=[Verb.CLOSE, Verb.LAPSE, Verb.REOPEN]).values_list("verb", flat=True)
        if answer.outcome == Outcome.SILENT:
            assert isinstance(said, RuleBroken) and "时间已经过了" in str(said)
            assert list(ends) == [Verb.LAPSE] and now.state == State.CLOSED
        else:
            assert said == answer
            assert list(ends) == [Verb.REOPEN if outcome == Outcome.UNSOLVED else Verb.CLOSE]
        assert (now.state in FINAL_STATES) == (now.ended_at is not None)
        assert not Due.objects.undone().filter(subject=f"need:{need.pk}").exists()


def test_an_answer_that_comes_while_the_clock_has_it_in_hand_counts(cast: Cast) -> None:
    """The due is leased, the answer comes, and only then the handler begins."""
    from collections import defaultdict

    from django.db.models import Q

    from deadlines.models import Due
    from deadlines.services import sweep
    from needs.services.answers import answer_need
    from needs.services.asking import LAPSE
    from needs.states import Outcome, State

    need = finished(cast)
    _let_it_fall_due(need)
    leased: dict[str, list[Due]] = defaultdict(list)
    for row in sweep._take(Q(), 10):
        leased[row.kind].append(row)
    answer = answer_need(token=need.link_token, outcome=Outcome.SOLVED)
    assert sweep._run(LAPSE, leased[LAPSE]) == 0
    assert list(need.answers.all()) == [answer] and again(need).state == State.CLOSED


def test_who_answers_while_the_clock_strikes_is_told(cast: Cast) -> None:
    """The handler holds the need; the answer waits for it, and then finds that it is over."""
    from needs.services import asking
    from needs.services.answers import answer_need
    from needs.states import Outcome

    need = finished(cast)
    _let_it_fall_due(need)
    results: list[Any] = []

    def answering() -> None:
        try:
            results.append(answer_need(token=need.link_token, outcome=Outcome.SOLVED))
        except RuleBroken as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=answering)
    with transaction.atomic():
        asking._close_silently(type(need).objects.locked(need.pk))
        thread.start()
        thread.join(1)
        assert thread.is_alive() and not results
    thread.join(30)
    assert isinstance(results[0], RuleBroken)
    assert [answer.outcome for answer in need.answers.all()] == [Outcome.SILENT]
