"""What comes after the last answer: what was left over, and whoever asked to be forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from deadlines.models import Due
from deadlines.states import DueState
from needs.models import Need
from needs.services.answers import answer_need
from needs.services.asking import ASK_AGAIN, LAPSE
from needs.services.assigning import assign_need
from needs.services.call_back import call_back
from needs.services.errands import publish_errand
from needs.services.finishing import finish_need
from needs.services.handling import accept_need, add_note
from needs.services.remainders import remainders
from needs.states import Outcome
from notifications.models import Message
from people.models import RoleGrant, User
from people.states import Role
from tests.cast import Cast, fresh, say_need
from tests.needs.test_answers import DONE, again, finished, redone

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return finished(cast)


# 部分解决


def remainder_readers() -> set[str]:
    return set(Message.objects.filter(rule="needs.RemainderLeft").values_list("recipient_key", flat=True))


def test_what_is_left_over_is_the_secretarys_to_see(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    answer_need(token=need.link_token, outcome=Outcome.PARTLY, words="二楼那盏还没修")
    assert remainder_readers() == {f"u:{here.secretary.pk}"}
    rows = remainders(fresh(here.secretary))
    assert [(row.number, row.words) for row in rows] == [(need.number, "二楼那盏还没修")]
    others = (here.worker, here.neighbour, here.clerk, here.section_head, here.party_office, here.leader)
    assert all(remainders(fresh(user)) == [] for user in (*others, cast.xiasha.secretary))


def test_a_secretary_who_handled_it_does_not_see_what_is_left_over(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.secretary)
    finish_need(pk=need.pk, by=here.secretary, words=DONE)
    answer_need(token=need.link_token, outcome=Outcome.PARTLY, words="二楼那盏还没修")
    assert remainder_readers() == {f"u:{here.section_head.pk}"}
    assert remainders(fresh(here.secretary)) == []
    assert [row.number for row in remainders(fresh(here.section_head))] == [need.number]
    RoleGrant.objects.filter(role=Role.SECTION_HEAD).update(ends_on=timezone.localdate(), starts_on="2020-01-01")
    assert [row.number for row in remainders(fresh(here.party_office))] == [need.number]


def _through_an_errand(need: Need, secretary: User, worker: User) -> None:
    typed = {"what": "买一瓶眼药水", "where": "湘湖路小区", "handover": "9幢502"}
    publish_errand(need_pk=need.pk, by=secretary, version=None, client_key=uuid4(), **typed)
    assign_need(pk=need.pk, by=secretary, why="你来办", to_user_id=worker.pk)


def _through_the_secretary(need: Need, secretary: User, worker: User) -> None:
    assign_need(pk=need.pk, by=worker, why="请书记办", to_user_id=secretary.pk)
    assign_need(pk=need.pk, by=worker, why="还是我来", to_user_id=worker.pk)


def _noted(need: Need, secretary: User, worker: User) -> None:
    """The control: who only wrote a note has not handled it."""
    accept_need(pk=need.pk, by=worker)
    add_note(pk=need.pk, by=secretary, words="这户我认识")


@pytest.mark.parametrize(
    ("handle", "looks"),
    [(_through_an_errand, "section_head"), (_through_the_secretary, "section_head"), (_noted, "secretary")],
)
def test_any_hand_in_it_is_having_handled_it(cast: Cast, handle: Any, looks: str) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    secretary, worker = fresh(here.secretary), fresh(here.worker)
    handle(need, secretary, worker)
    finish_need(pk=need.pk, by=worker, words=DONE)
    answer_need(token=need.link_token, outcome=Outcome.PARTLY, words="二楼那盏还没修")
    assert remainder_readers() == {f"u:{getattr(here, looks).pk}"}
    assert [row.number for row in remainders(fresh(getattr(here, looks)))] == [need.number]
    assert bool(remainders(fresh(here.secretary))) is (looks == "secretary")


def test_solved_leaves_nothing_over(need: Need) -> None:
    answer_need(token=need.link_token, outcome=Outcome.SOLVED, words="都好了")
    assert not remainder_readers()


# Whoever asked to be forgotten


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.PARTLY])
def test_who_asked_to_be_forgotten_is_forgotten_at_the_end(need: Need, outcome: str) -> None:
    Need.objects.filter(pk=need.pk).update(erase_on_end=True)
    answer_need(token=need.link_token, outcome=outcome)
    assert (again(need).contact_phone, again(need).phone_index) == ("", "")


def test_what_is_taken_up_again_keeps_its_contact(cast: Cast, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(erase_on_end=True)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    assert again(need).contact_phone
    redone(need, cast.chengxiang.clerk)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    call_back(pk=need.pk, by=cast.chengxiang.leader, words="说好了", settled=True)
    assert again(need).contact_phone == ""


def test_taken_up_again_is_not_settled(cast: Cast, need: Need) -> None:
    later = timezone.now() + timedelta(days=31)
    assert Need.objects.settled(later).filter(pk=need.pk).exists()
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    assert not Need.objects.settled(later).filter(pk=need.pk).exists()


def test_dues_of_other_rounds_are_left_alone(cast: Cast, need: Need) -> None:
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    redone(need, cast.chengxiang.clerk)
    states = Due.objects.filter(subject=f"need:{need.pk}", kind__in=[ASK_AGAIN, LAPSE]).order_by("pk")
    assert [due.state for due in states] == [DueState.CANCELLED] * 2 + [DueState.WAITING] * 2
