"""转跑腿: published at once, in one person's hands, delivered, confirmed; and measured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.public_text import Warned
from claims import services as claims
from claims.models import Claim, Offer
from claims.states import ClaimState, Ending, OfferState
from deadlines.models import Due, Stage
from deadlines.services.sweep import sweep_all
from deadlines.states import Outcome as StageOutcome
from needs.models import Errand, Need, NeedEvent
from needs.services import errand_clock
from needs.services.errands import (
    confirm_errand_by_resident,
    errand_out,
    handover_for,
)
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.handling import accept_need
from needs.services.triage import escalate_need
from needs.states import State, Verb
from notifications.models import Message
from tests.cast import Cast, api_of, browser_of, fresh, resident, say_need
from tests.needs.running import publish, runner, take, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def test_publishing_takes_the_need_in_hand_at_once_and_promises_today(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    need.refresh_from_db()
    assert (need.state, need.holder) == (State.IN_PROGRESS, cast.chengxiang.worker)
    assert need.reply_by == timezone.localdate(errand.offer.closes_at)
    assert errand.offer.state == OfferState.OPEN and errand.offer.for_people and not errand.offer.for_units
    assert errand.offer.label.startswith("PT-CX-")
    assert "needs.NeedAccepted" in set(Message.objects.values_list("rule", flat=True))
    assert [event.verb for event in need.events.order_by("id")] == [Verb.SUBMIT, Verb.ERRAND]


def test_what_is_in_hand_already_keeps_its_holder_and_its_promise(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    accept_need(pk=need.pk, by=fresh(here.secretary))
    before = Need.objects.get(pk=need.pk)
    publish(need, here.worker)
    need.refresh_from_db()
    assert (need.holder, need.reply_by) == (here.secretary, before.reply_by)


def test_a_second_tap_publishes_nothing_more(cast: Cast, need: Need) -> None:
    key = uuid4()
    first = publish(need, cast.chengxiang.worker, client_key=key, version=need.version)
    assert publish(need, cast.chengxiang.worker, client_key=key, version=need.version) == first
    with pytest.raises(Conflict):
        publish(need, cast.chengxiang.worker, version=need.version)
    with pytest.raises(RuleBroken):
        publish(need, cast.chengxiang.worker)
    assert Errand.objects.count() == Offer.objects.count() == 1


def test_the_key_of_another_needs_errand_is_refused(cast: Cast, need: Need) -> None:
    key, other = uuid4(), say_need(cast.chengxiang.home)
    first = publish(need, cast.chengxiang.worker, client_key=key)
    with pytest.raises(Conflict):
        publish(other, cast.chengxiang.worker, client_key=key)
    sent = {"client_key": str(key), "what": "买药", "where": "小区", "handover": "门口"}
    answer = api_of(cast.chengxiang.worker).post(f"/api/v1/needs/{other.pk}/errand/", sent, format="json")
    assert answer.status_code == 409
    assert list(Errand.objects.all()) == [first] and Need.objects.get(pk=other.pk).state == State.PENDING


@pytest.mark.parametrize("name", ["neighbour", "grid_part", "leader", "system_admin", "liaison"])
def test_only_who_handles_the_need_publishes(cast: Cast, need: Need, name: str) -> None:
    with pytest.raises((NotFound, NotAllowed)):
        publish(need, cast.chengxiang.people()[name])
    with pytest.raises(NotFound):
        publish(need, cast.xiasha.worker)
    need.refresh_from_db()
    assert need.state == State.PENDING and not Offer.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": "长" * 61}, "what"),
        ({"where": " "}, "where"),
        ({"handover": ""}, "handover"),
        ({"handover": "长" * 301}, "handover"),
        ({"deliver_by": timezone.now() - timedelta(minutes=1)}, "deliver_by"),
        ({"deliver_by": timezone.now() + timedelta(days=4)}, "deliver_by"),
    ],
)
def test_what_is_missing_or_too_much_is_said_at_its_field(
    cast: Cast, need: Need, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        publish(need, cast.chengxiang.worker, **changes)
    assert list(refused.value.fields) == [field]


def test_what_is_missing_and_what_looks_personal_is_said_in_one_round(cast: Cast, need: Need) -> None:
    with pytest.raises(Warned) as warned:
        publish(need, cast.chengxiang.worker, what="打13812345678", where="", handover="")
    assert set(warned.value.fields) == {"where", "handover", "seen_warnings", "seen_words"}
    form = {"errand-version": str(need.version), "errand-what": "打13812345678", "errand-client_key": str(uuid4())}
    client = browser_of(cast.chengxiang.worker)
    sent = client.post(reverse("admin:needs_need_errand", args=[need.pk]), form)
    text = sent.content.decode()
    assert sent.status_code == 422 and not Errand.objects.exists()
    assert "请写大概在哪里" in text and "只有接单的人看得到。" in text and "好像写了电话号码" in text


def test_personal_data_in_public_words_is_asked_about_once(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home, name="赵秀英")
    for words in ({"what": "给赵秀英买药"}, {"where": "打13812345678"}, {"what": "１３８ １２３４ ５６７８联系"}):
        with pytest.raises(Warned) as warned:
            publish(need, cast.chengxiang.worker, **words)
    with pytest.raises(Warned):
        publish(need, cast.chengxiang.worker, what="给赵秀英买药", seen_warnings=warned.value.mark)
    assert publish(need, cast.chengxiang.worker, **words, seen_warnings=warned.value.mark).pk


def test_the_address_is_for_whoever_has_it_in_hand_and_for_nobody_else(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    first, other = runner(), runner("13900000002")
    everybody = [first, other, resident(need.contact_phone), *cast.chengxiang.people().values()]
    assert not any(handover_for(fresh(user), errand) for user in everybody)
    claim = take(errand, first)
    assert [user for user in everybody if handover_for(fresh(user), errand)] == [first]
    claims.return_claim(claim_id=claim.pk, by=fresh(first), note="临时有事")
    assert not any(handover_for(fresh(user), errand) for user in everybody)
    with connection.cursor() as cursor:
        cursor.execute("SELECT handover FROM needs_errand")
        assert "502" not in cursor.fetchone()[0]


def test_exactly_one_takes_it_and_the_resident_hears_that_somebody_is_coming(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    claim = take(errand, runner())
    assert claim.deliver_by == errand.offer.closes_at
    with pytest.raises(RuleBroken):
        take(errand, runner("13900000002"))
    assert told("ErrandTaken") >= {f"u:{cast.chengxiang.worker.pk}"}
    assert Message.objects.filter(rule="needs.ErrandOnTheWay", channel="sms").count() == 1
    texts = " ".join(str(row) for row in Message.objects.values_list("title", "body", "params"))
    assert "502" not in texts and "眼药水" not in texts


def test_staff_of_another_street_run_no_errand_here(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    with pytest.raises(NotFound):
        take(errand, cast.xiasha.worker)
    assert take(errand, cast.chengxiang.neighbour).person == cast.chengxiang.neighbour


def test_delivered_and_confirmed_by_the_community_the_need_is_done_and_asked_about(cast: Cast, need: Need) -> None:
    here, helper = cast.chengxiang, runner()
    errand = publish(need, here.worker)
    claim = take(errand, helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper), note="交给阿婆了")
    assert told("ErrandDelivered") >= {f"u:{here.worker.pk}", f"u:{here.secretary.pk}"}
    with pytest.raises((NotAllowed, RuleBroken)):
        claims.confirm(claim_id=claim.pk, by=fresh(helper))
    claims.confirm(claim_id=claim.pk, by=fresh(here.secretary))
    need.refresh_from_db()
    errand.refresh_from_db()
    assert need.state == State.TO_ANSWER
    finish = NeedEvent.objects.get(need=need, verb=Verb.FINISH)
    assert (finish.words, finish.actor) == ("“买一瓶眼药水”送到了。", here.secretary)
    assert errand.offer.ending == Ending.FULFILLED and errand.handover == ""
    assert not Stage.objects.running().filter(subject=f"need:{need.pk}").exists()


def test_the_resident_may_say_that_it_arrived(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    with pytest.raises(RuleBroken):
        confirm_errand_by_resident(token=need.link_token)
    helper = runner()
    claim = take(errand, helper)
    with pytest.raises(RuleBroken):
        confirm_errand_by_resident(token=need.link_token)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    assert confirm_errand_by_resident(token=need.link_token).state == ClaimState.COMPLETED
    with pytest.raises(RuleBroken):
        confirm_errand_by_resident(token=need.link_token)
    with pytest.raises(NotFound):
        confirm_errand_by_resident(token="no-such-link")
    need.refresh_from_db()
    assert need.state == State.TO_ANSWER
    assert NeedEvent.objects.get(need=need, verb=Verb.FINISH).actor is None


def test_given_back_it_is_open_again_and_the_community_is_told(cast: Cast, need: Need) -> None:
    errand, helper = publish(need, cast.chengxiang.worker), runner()
    claim = take(errand, helper)
    claims.return_claim(claim_id=claim.pk, by=fresh(helper), note="脚崴了")
    assert told("ErrandBack") >= {f"u:{cast.chengxiang.worker.pk}"}
    with pytest.raises(RuleBroken) as refused:
        claims.deliver(claim_id=claim.pk, by=fresh(helper))
    assert "退回" in str(refused.value.message)
    assert take(errand, runner("13900000002")).state == ClaimState.CLAIMED


def test_past_its_time_the_claim_expires_the_errand_ends_and_the_community_is_told(cast: Cast, need: Need) -> None:
    errand, helper = publish(need, cast.chengxiang.worker), runner()
    claim = take(errand, helper)
    _turn_back(errand, claim)
    sweep_all()
    claim.refresh_from_db()
    errand.refresh_from_db()
    assert (claim.state, errand.offer.ending) == (ClaimState.EXPIRED, Ending.LAPSED)
    assert told("ErrandLapsed") >= {f"u:{cast.chengxiang.worker.pk}"} and not told("ErrandBack")
    assert errand.handover == ""
    need.refresh_from_db()
    assert need.state == State.IN_PROGRESS  # the resident still waits


def test_nobody_took_it_in_time(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    _turn_back(errand)
    sweep_all()
    errand.refresh_from_db()
    assert (errand.offer.state, errand.offer.ending) == (OfferState.CLOSED, Ending.LAPSED)
    assert told("ErrandLapsed") >= {f"u:{cast.chengxiang.worker.pk}"}
    assert Stage.objects.get(kind=errand_clock.ERRAND_TAKE).outcome != StageOutcome.RUNNING
    assert not Due.objects.undone().filter(subject=f"offer:{errand.offer_id}").exists()
    publish(need, cast.chengxiang.worker)  # and once more, with another time


def _turn_back(errand: Errand, claim: Claim | None = None) -> None:
    """Its time was over a minute ago."""
    before = timezone.now() - timedelta(minutes=1)
    Offer.objects.filter(pk=errand.offer_id).update(closes_at=before, opens_at=before - timedelta(hours=1))
    subjects = [f"offer:{errand.offer_id}"]
    if claim is not None:
        Claim.objects.filter(pk=claim.pk).update(deliver_by=before)
        subjects.append(f"claim:{claim.pk}")
    Due.objects.filter(subject__in=subjects).update(due_at=before)


@pytest.mark.parametrize("way", ["withdrawn", "escalated", "finished"])
def test_with_its_need_an_errand_ends_and_whoever_runs_it_is_told(cast: Cast, need: Need, way: str) -> None:
    errand, helper = publish(need, cast.chengxiang.worker), runner()
    claim, worker = take(errand, helper), fresh(cast.chengxiang.worker)
    assert not Message.objects.filter(rule="claims.ClaimReleased").exists()
    if way == "withdrawn":
        withdraw(token=need.link_token, reason="女儿买好了")
    elif way == "escalated":
        escalate_need(pk=need.pk, by=worker, why="要街道来协调")
    else:
        finish_need(pk=need.pk, by=worker, words="邻居已经带到了。")
    said = Message.objects.filter(rule="claims.ClaimReleased")
    assert set(said.values_list("recipient_key", "channel")) == {(f"u:{helper.pk}", way) for way in ("inapp", "sms")}
    claim.refresh_from_db()
    errand.refresh_from_db()
    assert (claim.state, errand.offer.ending, errand.handover) == (ClaimState.RETURNED, Ending.WITHDRAWN, "")
    assert errand_out(need) is None
