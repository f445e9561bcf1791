"""The one question: what each answer does, that the first one counts, and that silence is never satisfaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due, Stage
from deadlines.states import Outcome as StageOutcome
from needs.models import Need
from needs.permissions import abilities
from needs.services.answers import answer_need
from needs.services.asking import ASK_AGAIN, LAPSE
from needs.services.call_back import call_back
from needs.services.finishing import finish_need
from needs.services.following import supplement, urge, withdraw
from needs.services.handling import accept_need, reply_to_resident
from needs.states import FIRST_RESPONSE, REPLY, Office, Outcome, Satisfaction, State, Verb
from notifications.models import Message
from notifications.states import Channel
from people.models import RoleGrant
from people.states import Role
from tests.cast import Cast, browser_of, fresh, resident, say_need

pytestmark = pytest.mark.django_db

DONE = "灯换好了，是声控的，拍一下手就亮。"


@pytest.fixture
def need(cast: Cast) -> Need:
    """万寿桥社区's worker says that it is done."""
    return finished(cast)


def finished(cast: Cast, **said: Any) -> Need:
    need = say_need(cast.chengxiang.home, **said)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    return again(finish_need(pk=need.pk, by=cast.chengxiang.worker, words=DONE))


def again(need: Need) -> Need:
    return Need.objects.get(pk=need.pk)


def redone(need: Need, by: Any) -> Need:
    """Taken up once more and said to be done once more."""
    accept_need(pk=need.pk, by=by)
    return again(finish_need(pk=need.pk, by=by, words=DONE))


def waiting_dues(need: Need) -> set[str]:
    return set(Due.objects.undone().filter(subject=f"need:{need.pk}").values_list("kind", flat=True))


# 办好了


def test_done_is_an_answer_and_the_question_is_put(cast: Cast, need: Need) -> None:
    assert (need.state, need.holder) == (State.TO_ANSWER, cast.chengxiang.worker)
    assert need.finished_at and need.first_reply_at
    event = need.events.get(verb=Verb.FINISH)
    assert (event.words, event.audience) == (DONE, "resident")
    assert Stage.objects.get(subject=f"need:{need.pk}", kind=REPLY).outcome == StageOutcome.MET
    sms = Message.objects.get(rule="needs.NeedFinished", channel=Channel.SMS)
    assert sms.occurrence == f"{need.number}:1"
    assert waiting_dues(need) == {ASK_AGAIN, LAPSE}


def test_who_follows_with_an_account_reads_it_there(cast: Cast) -> None:
    someone = resident("13900001111")
    finished(cast, phone="13900001111")
    assert Message.objects.filter(rule="needs.NeedFinished", channel=Channel.INAPP).count() == 1
    assert someone.phone == "13900001111"


def test_an_answer_given_before_keeps_its_time(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="明天来看")
    before = again(need).first_reply_at
    assert again(finish_need(pk=need.pk, by=cast.chengxiang.worker, words=DONE)).first_reply_at == before


def test_done_needs_words_a_version_and_somebody_who_handles(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    with pytest.raises(RuleBroken):
        finish_need(pk=need.pk, by=here.worker, words=DONE)
    accept_need(pk=need.pk, by=here.worker)
    refusals: list[tuple[Any, dict[str, Any], type[DomainError]]] = [
        (here.worker, {"words": " "}, Invalid),
        (here.worker, {"words": DONE, "version": 1}, Conflict),
        (here.grid_part, {"words": DONE}, NotAllowed),
        (here.leader, {"words": DONE}, NotAllowed),
        (cast.xiasha.worker, {"words": DONE}, NotFound),
        (here.neighbour, {"words": DONE}, NotFound),
    ]
    for by, given, error in refusals:
        with pytest.raises(error):
            finish_need(pk=need.pk, by=by, **given)
    assert again(need).state == State.IN_PROGRESS and not waiting_dues(need)


def test_while_the_question_stands_nothing_else_is_done(need: Need) -> None:
    for step in (
        lambda: supplement(token=need.link_token, words="还有一件"),
        lambda: urge(token=need.link_token),
        lambda: withdraw(token=need.link_token),
    ):
        with pytest.raises(RuleBroken, match="正等您评价"):
            step()


# What each answer does


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.PARTLY])
def test_solved_and_partly_close(need: Need, outcome: str) -> None:
    answer = answer_need(token=need.link_token, outcome=outcome, satisfaction=Satisfaction.GOOD, words=" 多谢 ")
    assert (answer.round, answer.outcome, answer.satisfaction, answer.words) == (1, outcome, Satisfaction.GOOD, "多谢")
    now = again(need)
    assert (now.state, now.office) == (State.CLOSED, Office.COMMUNITY) and now.ended_at
    assert not waiting_dues(need)


def test_unsolved_goes_one_up_and_begins_anew(cast: Cast, need: Need) -> None:
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    now = again(need)
    assert (now.state, now.office, now.rounds, now.holder) == (State.PENDING, Office.STREET, 2, None)
    assert (now.reply_by, now.accepted_at, now.first_reply_at, now.finished_at) == (None, None, None, None)
    assert now.why_here and now.held_since > need.held_since
    assert not waiting_dues(need)
    assert Stage.objects.running().get(subject=f"need:{need.pk}").kind == FIRST_RESPONSE
    told = Message.objects.filter(rule="needs.NeedReopened").values_list("recipient_key", flat=True)
    assert set(told) == {f"u:{cast.chengxiang.clerk.pk}", f"u:{cast.chengxiang.party_office.pk}"}
    with pytest.raises(NotAllowed):
        accept_need(pk=need.pk, by=cast.chengxiang.worker)
    assert redone(need, cast.chengxiang.clerk).state == State.TO_ANSWER
    read = Message.objects.filter(rule="needs.NeedReopened").values_list("state", flat=True)
    assert set(read) == {"read"}


def test_the_second_unsolved_is_the_leaders_and_needs_a_call_on_record(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    redone(need, here.clerk)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    now = again(need)
    assert (now.state, now.office, now.rounds) == (State.PENDING, Office.LEADER, 3)
    assert Message.objects.get(rule="needs.CallBackWanted").recipient_key == f"u:{here.leader.pk}"
    for by in (here.worker, here.secretary, here.clerk, here.section_head, here.party_office):
        with pytest.raises(NotAllowed):
            accept_need(pk=need.pk, by=by)
        with pytest.raises(NotAllowed):
            call_back(pk=need.pk, by=by, words="打过电话", settled=True)
    with pytest.raises(Invalid):
        call_back(pk=need.pk, by=here.leader, words="  ", settled=True)
    with pytest.raises(Conflict):
        call_back(pk=need.pk, by=here.leader, words="打过电话", settled=True, version=now.version - 1)
    with pytest.raises(NotFound):
        call_back(pk=need.pk, by=cast.xiasha.leader, words="打过电话", settled=True)
    assert again(need).state == State.PENDING
    call_back(pk=need.pk, by=here.leader, words="电话里说好了，下周装第二盏", settled=True, version=now.version)
    now = again(need)
    assert now.state == State.CLOSED and now.ended_at
    told, settled = now.events.order_by("pk")[now.events.count() - 2 :]
    assert (told.verb, told.audience, told.words) == (Verb.CALL_BACK, "staff", "电话里说好了，下周装第二盏")
    assert (settled.verb, settled.words) == (Verb.SETTLE, "")


def test_a_call_may_send_it_back_to_the_street(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    redone(need, here.clerk)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    call_back(pk=need.pk, by=here.leader, words="还是没亮，请物业一起看", settled=False)
    now = again(need)
    assert (now.state, now.office, now.rounds, now.holder) == (State.PENDING, Office.STREET, 3, None)
    assert Stage.objects.running().get(subject=f"need:{need.pk}").kind == FIRST_RESPONSE
    told = Message.objects.filter(rule="needs.CalledBack").values_list("recipient_key", flat=True)
    assert f"u:{here.clerk.pk}" in told
    redone(need, here.clerk)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    assert (again(need).office, again(need).rounds) == (Office.LEADER, 4)


def test_what_was_said_to_the_street_goes_to_the_leader_at_once(cast: Cast) -> None:
    need = say_need(cast.chengxiang.street)
    accept_need(pk=need.pk, by=cast.chengxiang.clerk)
    finish_need(pk=need.pk, by=cast.chengxiang.clerk, words=DONE)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    assert again(need).office == Office.LEADER


def test_where_no_leader_is_there_the_street_calls_back(cast: Cast) -> None:
    here = cast.chengxiang
    RoleGrant.objects.filter(role=Role.LEADER, area=here.street).update(ends_on=timezone.localdate())
    need = say_need(here.street)
    accept_need(pk=need.pk, by=here.clerk)
    finish_need(pk=need.pk, by=here.clerk, words=DONE)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    told = set(Message.objects.filter(rule="needs.CallBackWanted").values_list("recipient_key", flat=True))
    assert told == {f"u:{here.section_head.pk}", f"u:{here.party_office.pk}"}
    may = {Verb.CALL_BACK, Verb.SETTLE}
    for by in (here.section_head, here.party_office):
        assert may <= abilities(fresh(by), again(need))
        assert list(Need.objects.at_desk_of(fresh(by)).pending()) == [need]
        assert "请您回访" in browser_of(by).get("/admin/").content.decode()
    for by in (here.clerk, here.secretary, here.worker):
        assert not may & abilities(fresh(by), again(need))
        assert not Need.objects.to_call_back(fresh(by)).exists()
    call_back(pk=need.pk, by=fresh(here.section_head), words="打过电话，请城管再看", settled=False)
    assert again(need).office == Office.STREET


def test_with_a_leader_nobody_stands_in(cast: Cast) -> None:
    """The control: the same need, and the leader is there."""
    here = cast.chengxiang
    need = say_need(here.street)
    Need.objects.filter(pk=need.pk).update(office=Office.LEADER)
    for by, calls in ((here.section_head, False), (here.party_office, False), (here.leader, True)):
        assert (Verb.CALL_BACK in abilities(fresh(by), again(need))) is calls
        assert Need.objects.to_call_back(fresh(by)).exists() is calls


def test_back_at_a_community_the_second_unsolved_is_the_leaders_all_the_same(cast: Cast, need: Need) -> None:
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    Need.objects.filter(pk=need.pk).update(office=Office.COMMUNITY)
    redone(need, cast.chengxiang.worker)
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    assert again(need).office == Office.LEADER


# The first answer counts
