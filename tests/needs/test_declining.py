"""不予受理: not for this office; the resident reads why, and where to go instead."""

from __future__ import annotations

import pytest

from alliance.lib.errors import Invalid, RuleBroken
from deadlines.states import Outcome
from needs.models import Need
from needs.services.triage import decline_need
from needs.states import Audience, Declined, Office, State, Verb
from needs.wording.channels import CHANNELS
from notifications.models import Message
from tests.cast import Cast, say_need
from tests.needs.ways import clocks, now, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


@pytest.mark.parametrize("reason", Declined.values)
def test_declined_the_resident_reads_why_and_where_to_go(cast: Cast, need: Need, reason: str) -> None:
    here = cast.chengxiang
    decline_need(pk=need.pk, by=here.worker, reason=reason, words="这是商家的事，机密的话不写在短信里", version=1)
    found = now(need)
    assert (found.state, found.declined, found.holder) == (State.NOT_ACCEPTED, reason, None)
    assert found.ended_at is not None
    event = found.events.get(verb=Verb.DECLINE)
    assert (event.audience, event.words) == (Audience.RESIDENT, "这是商家的事，机密的话不写在短信里")
    message = Message.objects.get(rule="needs.NeedDeclined", channel="sms")
    assert message.params["where"] == str(CHANNELS[reason].name)
    assert "机密的话" not in str(list(Message.objects.values()))
    assert [outcome for outcome, *_rest in clocks(need, "needs.first_response")] == [Outcome.VOID]
    assert not told("NeedArrived")


def test_without_reason_or_words_nothing_is_declined(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    for typed, field in (
        ({"reason": "gossip", "words": "不办"}, "reason"),
        ({"reason": "petition", "words": " "}, "words"),
    ):
        with pytest.raises(Invalid) as refused:
            decline_need(pk=need.pk, by=here.worker, **typed)
        assert set(refused.value.fields) == {field}
    assert now(need).state == State.PENDING


def test_what_the_resident_called_unsolved_is_not_declined(cast: Cast, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(rounds=2, office=Office.STREET)
    with pytest.raises(RuleBroken, match="没解决"):
        decline_need(pk=need.pk, by=cast.chengxiang.clerk, reason="petition", words="请找信访部门")


def test_who_wanted_to_be_forgotten_is_forgotten_when_it_is_declined(cast: Cast, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(erase_on_end=True)
    decline_need(pk=need.pk, by=cast.chengxiang.worker, reason="petition", words="请找信访部门")
    assert now(need).contact_phone == ""
    assert Message.objects.filter(rule="needs.NeedDeclined", channel="sms").count() == 1
