"""等居民补充: the clock stands, nothing is late, and what the resident adds lets it go on by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid, RuleBroken
from deadlines.models import Due, Stage
from deadlines.services.stages import pause_stage
from deadlines.states import Outcome
from needs.models import Need
from needs.services.following import supplement, urge
from needs.services.handling import reply_to_resident
from needs.services.waiting import ask_resident, resume_need
from needs.states import Audience, State, Verb
from notifications.models import Message
from tests.cast import Cast
from tests.needs.ways import in_hand, now

pytestmark = pytest.mark.django_db
WORDS = "是哪一幢的灯？机密的问题"


@pytest.fixture
def asked(cast: Cast) -> Need:
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=cast.chengxiang.worker, words=WORDS)
    return now(need)


def reply_stage(need: Need) -> Stage:
    return Stage.objects.get(subject=f"need:{need.pk}", kind="needs.reply")


def days_ago(need: Need, working_days: int) -> None:
    """The clock has been standing for so long: it was stopped with as much left as today, earlier."""
    start = timezone.now() - timedelta(days=working_days)
    Stage.objects.filter(pk=reply_stage(need).pk).update(paused_at=start)
    Need.objects.filter(pk=need.pk).update(waiting_since=start)


def test_asked_the_clock_stands_and_the_resident_hears(cast: Cast, asked: Need) -> None:
    stage = reply_stage(asked)
    assert asked.waiting_since is not None and stage.paused_at is not None and stage.remaining == 5
    assert not Due.objects.undone().filter(subject=f"stage:{stage.pk}").exists()
    event = asked.events.get(verb=Verb.ASK)
    assert (event.audience, event.words) == (Audience.RESIDENT, WORDS)
    assert Message.objects.filter(rule="needs.NeedAsked", channel="sms").count() == 1
    assert "机密" not in str(list(Message.objects.values()))
    assert asked.first_reply_at is None, "a question keeps no promise"


def test_while_the_resident_is_waited_for_nothing_is_due_or_late(cast: Cast, asked: Need) -> None:
    for day in (timezone.localdate(), timezone.localdate() - timedelta(days=4)):
        Need.objects.filter(pk=asked.pk).update(reply_by=day)
        assert not Need.objects.due_today().exists() and not Need.objects.overdue().exists()
        assert not now(asked).is_overdue
    Need.objects.filter(pk=asked.pk).update(waiting_since=None)
    assert Need.objects.overdue().exists() and now(asked).is_overdue, "the control: without waiting it is late"


def test_one_question_at_a_time_and_never_an_empty_one(cast: Cast, asked: Need) -> None:
    here = cast.chengxiang
    with pytest.raises(RuleBroken, match="正在等"):
        ask_resident(pk=asked.pk, by=here.worker, words="还有呢？")
    other = in_hand(cast)
    with pytest.raises(Invalid):
        ask_resident(pk=other.pk, by=here.worker, words=" \u200b")
    assert now(other).waiting_since is None and reply_stage(other).paused_at is None


def test_what_the_resident_adds_lets_the_clock_go_on(cast: Cast, asked: Need) -> None:
    days_ago(asked, 10)
    before = asked.reply_by
    Need.objects.filter(pk=asked.pk).update(reply_by=before - timedelta(days=10) if before else None)
    supplement(token=asked.link_token, words="6幢2单元")
    found, stage = now(asked), reply_stage(asked)
    assert found.waiting_since is None and stage.paused_at is None
    assert found.reply_by == stage.due_on == before, "five working days were left, and five there are"
    resumed = found.events.get(verb=Verb.RESUME)
    assert (resumed.actor, resumed.audience) == (None, Audience.STAFF)
    assert resumed.params["reply_by"] == str(before)
    assert Message.objects.filter(rule="needs.PromiseGoesOn", channel="sms").count() == 1
    assert Message.objects.filter(rule="needs.NeedSupplemented").count() == 1


def test_a_day_that_did_not_move_is_no_news(cast: Cast, asked: Need) -> None:
    supplement(token=asked.link_token, words="6幢2单元")
    assert now(asked).waiting_since is None and not Message.objects.filter(rule="needs.PromiseGoesOn").exists()


def test_two_taps_on_supplement_resume_once(cast: Cast, asked: Need) -> None:
    from uuid import uuid4

    key = uuid4()
    for _tap in range(2):
        supplement(token=asked.link_token, words="6幢2单元", client_key=key)
    assert asked.events.filter(verb=Verb.RESUME).count() == 1


def test_the_office_may_go_on_without_an_answer(cast: Cast, asked: Need) -> None:
    resume_need(pk=asked.pk, by=cast.chengxiang.secretary, version=asked.version)
    found = now(asked)
    assert found.waiting_since is None and reply_stage(asked).paused_at is None
    with pytest.raises(RuleBroken, match="没有在等"):
        resume_need(pk=asked.pk, by=cast.chengxiang.secretary)


def test_the_resident_may_urge_meanwhile(cast: Cast, asked: Need) -> None:
    urge(token=asked.link_token)
    assert now(asked).waiting_since is not None


def test_an_answer_meanwhile_keeps_the_promise_and_the_rest_can_still_come(cast: Cast, asked: Need) -> None:
    reply_to_resident(pk=asked.pk, by=cast.chengxiang.worker, words="先换了6幢的")
    assert reply_stage(asked).outcome == Outcome.MET
    supplement(token=asked.link_token, words="5幢也坏了")
    assert now(asked).waiting_since is None


def test_asking_after_the_answer_stops_no_clock(cast: Cast) -> None:
    need = in_hand(cast)
    reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="在看")
    ask_resident(pk=need.pk, by=cast.chengxiang.worker, words="晚上还亮吗？")
    assert now(need).waiting_since is not None
    supplement(token=need.link_token, words="亮的")
    assert (now(need).waiting_since, now(need).reply_by) == (None, need.reply_by)


def test_what_was_late_before_stays_late(cast: Cast) -> None:
    need = in_hand(cast)
    past = timezone.now() - timedelta(days=2)
    Stage.objects.filter(pk=reply_stage(need).pk).update(started_at=past - timedelta(days=9), due_at=past)
    Need.objects.filter(pk=need.pk).update(reply_by=timezone.localdate(past))
    ask_resident(pk=need.pk, by=cast.chengxiang.worker, words="哪一幢？")
    supplement(token=need.link_token, words="6幢")
    assert reply_stage(need).breached_at is not None
    assert now(need).is_overdue


def test_a_clock_paused_twice_would_be_refused_below(cast: Cast, asked: Need) -> None:
    with pytest.raises(RuleBroken):
        pause_stage(kind="needs.reply", subject=f"need:{asked.pk}")
    assert now(asked).state == State.IN_PROGRESS
