"""The first answer counts; nothing else is taken for one, and the history does not tell it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from needs.models import Answer, Need, NeedEvent
from needs.services.answers import answer_need
from needs.services.handling import accept_need
from needs.states import Outcome, Satisfaction, State, Verb
from tests.cast import Cast, say_need
from tests.needs.test_answers import again, finished, redone

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    """万寿桥社区's worker says that it is done."""
    return finished(cast)


def test_a_second_tap_is_given_the_first_answer(need: Need) -> None:
    first = answer_need(token=need.link_token, outcome=Outcome.SOLVED, round_no=1)
    for outcome in (Outcome.SOLVED, Outcome.UNSOLVED):
        assert answer_need(token=need.link_token, outcome=outcome, round_no=1) == first
        assert answer_need(token=need.link_token, outcome=outcome) == first
    assert need.answers.count() == 1 and again(need).state == State.CLOSED


def test_a_second_tap_on_unsolved_opens_it_once(cast: Cast, need: Need) -> None:
    first = answer_need(token=need.link_token, outcome=Outcome.UNSOLVED, round_no=1)
    assert answer_need(token=need.link_token, outcome=Outcome.UNSOLVED, round_no=1) == first
    assert answer_need(token=need.link_token, outcome=Outcome.SOLVED) == first
    assert again(need).rounds == 2
    redone(need, cast.chengxiang.clerk)
    # An old page, left open since the first round, answers nothing of the second.
    assert answer_need(token=need.link_token, outcome=Outcome.SOLVED, round_no=1) == first
    assert again(need).state == State.TO_ANSWER
    second = answer_need(token=need.link_token, outcome=Outcome.SOLVED)
    assert (second.round, again(need).state) == (2, State.CLOSED)


def test_what_is_not_asked_is_not_answered(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    for prepare in (lambda: None, lambda: accept_need(pk=need.pk, by=cast.chengxiang.worker)):
        prepare()
        with pytest.raises(RuleBroken):
            answer_need(token=need.link_token, outcome=Outcome.SOLVED)
    with pytest.raises(NotFound):
        answer_need(token="no-such-link", outcome=Outcome.SOLVED)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": Outcome.SILENT}, "outcome"),
        ({"outcome": "very solved"}, "outcome"),
        ({"outcome": Outcome.SOLVED, "satisfaction": "5 stars"}, "satisfaction"),
        ({"outcome": Outcome.SOLVED, "words": "长" * 501}, "words"),
    ],
)
def test_bad_answers_are_refused_and_change_nothing(need: Need, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        answer_need(token=need.link_token, **given)
    assert field in refused.value.fields
    assert again(need).state == State.TO_ANSWER and not need.answers.exists()


# What staff may know


def test_the_history_does_not_say_what_was_answered(cast: Cast) -> None:
    solved, partly = finished(cast), finished(cast)
    answer_need(token=solved.link_token, outcome=Outcome.SOLVED, satisfaction=Satisfaction.VERY_GOOD)
    answer_need(token=partly.link_token, outcome=Outcome.PARTLY, satisfaction=Satisfaction.VERY_BAD, words="门没修")
    lines = [
        NeedEvent.objects.filter(need=need, verb=Verb.CLOSE).values("actor", "words", "why", "params", "target").get()
        for need in (solved, partly)
    ]
    assert lines[0] == lines[1]


def test_silence_says_nothing_whoever_writes_it(need: Need) -> None:
    row = {"need": need, "round": 1, "outcome": Outcome.SILENT, "area_id": need.area_id}
    for said in ({"satisfaction": Satisfaction.VERY_GOOD}, {"words": "满意"}):
        with pytest.raises(IntegrityError, match="answer_silence_is_silent"), transaction.atomic():
            Answer.objects.create(**row, **said)
    Answer.objects.create(**row)
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"permission denied|append-only"):
        cursor.execute("UPDATE needs_answer SET outcome = 'solved'")
