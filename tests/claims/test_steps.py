"""After the tap: on the way, there, confirmed; given back, taken back; the counters, the dues, who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from claims import services
from claims.models import Claim, ClaimEvent, Offer
from claims.permissions import abilities
from claims.signals import claim_moved, offer_ended
from claims.states import CLAIM_WORKFLOW, HOLDING, LIVE, ClaimState, Ending, OfferState, Verb
from deadlines.kinds import due_kind
from deadlines.models import Due
from deadlines.services.sweep import sweep
from files.services import attachments, hold_photo
from members.models import Liaison
from notifications.models import Message
from people.models import User
from tests.cast import Cast, build, fresh, resident
from tests.claims.things import alliance_of, another_unit, claim_by, offer_in, unit_of, units_claim
from tests.files.pictures import photo, upload

SERVICES: dict[str, Callable[..., Claim]] = {
    Verb.SEND: services.send,
    Verb.DELIVER: services.deliver,
    Verb.CONFIRM: services.confirm,
    Verb.NOT_THERE: services.not_there,
    Verb.RETURN: services.return_claim,
    Verb.RELEASE: services.release_claim,
}
TO_REACH: dict[str, list[str]] = {
    ClaimState.CLAIMED: [],
    ClaimState.DELIVERING: [Verb.SEND],
    ClaimState.AWAITING: [Verb.DELIVER],
    ClaimState.COMPLETED: [Verb.DELIVER, Verb.CONFIRM],
    ClaimState.RETURNED: [Verb.RETURN],
}
BY_UNIT = {Verb.SEND, Verb.DELIVER, Verb.RETURN}


def _do(cast: Cast, claim: Claim, *verbs: str) -> Claim:
    for verb in verbs:
        by = cast.chengxiang.liaison if verb in BY_UNIT else cast.chengxiang.worker
        SERVICES[verb](claim_id=claim.pk, by=fresh(by), note="一句话")
    return Claim.objects.get(pk=claim.pk)


def _rules(occurrence_of: Claim) -> list[tuple[str, str]]:
    rows = Message.objects.filter(occurrence__startswith=f"claim:{occurrence_of.pk}:", channel="inapp").order_by("id")
    return [(row.rule, row.recipient_key) for row in rows]


def test_from_the_tap_to_the_thanks(cast: Cast) -> None:
    offer, claim = units_claim(cast)
    unit_side, community = fresh(cast.chengxiang.liaison), fresh(cast.chengxiang.worker)
    services.send(claim_id=claim.pk, by=unit_side, version=1)
    hold_photo(upload(photo()), hold_key="a draft")
    services.deliver(claim_id=claim.pk, by=unit_side, version=2, note="交给李伯了", hold_key="a draft")
    delivered = Claim.objects.get(pk=claim.pk)
    assert delivered.state == ClaimState.AWAITING and delivered.delivered_at is not None
    assert not Due.objects.undone().filter(subject=f"claim:{claim.pk}").exists()
    assert [row.area_code for row in attachments("claim", str(claim.pk))] == [offer.area_id]
    assert services.photos_of(delivered) == attachments("claim", str(claim.pk))
    services.confirm(claim_id=claim.pk, by=community, version=3)
    done, ended = Claim.objects.get(pk=claim.pk), Offer.objects.get(pk=offer.pk)
    assert (done.state, done.ended_at is not None) == (ClaimState.COMPLETED, True)
    assert (ended.taken, ended.done, ended.state, ended.ending) == (1, 1, OfferState.CLOSED, Ending.FULFILLED)
    events = ClaimEvent.objects.filter(claim=claim).order_by("id").values_list("verb", "actor", "words")
    assert list(events) == [
        (Verb.CLAIM, unit_side.pk, ""),
        (Verb.SEND, unit_side.pk, ""),
        (Verb.DELIVER, unit_side.pk, "交给李伯了"),
        (Verb.CONFIRM, community.pk, ""),
    ]
    assert _rules(claim) == [("claims.ClaimConfirmed", f"u:{unit_side.pk}")]
    assert not Due.objects.undone().filter(subject=f"offer:{offer.pk}").exists()


def test_it_did_not_arrive_gives_at_least_three_more_days(cast: Cast) -> None:
    _offer, claim = units_claim(cast, deliver_within=timedelta(hours=1))
    _do(cast, claim, Verb.DELIVER, Verb.NOT_THERE)
    again = Claim.objects.get(pk=claim.pk)
    assert (again.state, again.delivered_at) == (ClaimState.DELIVERING, None)
    assert again.deliver_by is not None
    last = timezone.localtime(again.deliver_by)
    assert (last.date() - timezone.localdate()).days == 3 and last.hour == 23
    undone = Due.objects.undone().filter(subject=f"claim:{claim.pk}")
    assert dict(undone.values_list("kind", "due_at"))["claims.expire"] == again.deliver_by
    assert [rule for rule, _to in _rules(claim)] == ["claims.ClaimNotThere"]


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.RELEASE])
def test_a_share_given_back_is_open_again_while_the_window_is(cast: Cast, verb: Verb) -> None:
    offer, claim = units_claim(cast)
    _do(cast, claim, verb)
    now = Offer.objects.get(pk=offer.pk)
    assert (now.taken, now.state) == (0, OfferState.OPEN)
    assert Offer.objects.open_now().get() == offer
    assert not Due.objects.undone().filter(subject=f"claim:{claim.pk}").exists()
    assert [rule for rule, _to in _rules(claim)] == (["claims.ClaimReleased"] if verb == Verb.RELEASE else [])


def test_after_the_window_the_last_to_end_closes_it(cast: Cast) -> None:
    offer, claim = units_claim(cast, shares=2)
    Offer.objects.filter(pk=offer.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    Due.objects.filter(subject=f"offer:{offer.pk}").update(due_at=timezone.now() - timedelta(seconds=1))
    _swept()
    assert Offer.objects.get(pk=offer.pk).state == OfferState.OPEN, "somebody has it in hand"
    _do(cast, claim, Verb.DELIVER, Verb.CONFIRM)
    ended = Offer.objects.get(pk=offer.pk)
    assert (ended.state, ended.ending, ended.done) == (OfferState.CLOSED, Ending.LAPSED, 1)


def _swept() -> None:
    """The handlers, as the sweep calls them; that they and the end of the dues are one is the sweep's own test."""
    for due in Due.objects.undone().filter(due_at__lte=timezone.now()).order_by("due_at", "pk"):
        kind = due_kind(due.kind)
        assert kind is not None
        kind.handle([due])
        Due.objects.filter(pk=due.pk).update(state="done", ended_at=timezone.now())


def test_a_window_nobody_used_lapses_and_its_owner_hears(cast: Cast) -> None:
    heard: list[tuple[Any, str, Any]] = []

    def hear(offer: Offer, why: str, by: Any, **kwargs: Any) -> None:
        heard.append((offer, why, by))

    offer = offer_in(cast.chengxiang.home)
    Offer.objects.filter(pk=offer.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    Due.objects.filter(subject=f"offer:{offer.pk}").update(due_at=timezone.now() - timedelta(seconds=1))
    offer_ended.connect(hear)
    try:
        _swept()
        _swept()
    finally:
        offer_ended.disconnect(hear)
    ended = Offer.objects.get(pk=offer.pk)
    assert (ended.state, ended.ending) == (OfferState.CLOSED, Ending.LAPSED)
    assert heard == [(offer, Ending.LAPSED, None)]


def _make_due(claim: Claim, kind: str, ago: timedelta = timedelta(seconds=1)) -> None:
    past = timezone.now() - ago
    Due.objects.filter(subject=f"claim:{claim.pk}", kind=kind).update(due_at=past)
    if kind == "claims.expire":
        Claim.objects.filter(pk=claim.pk).update(deliver_by=past)


def test_two_days_before_there_is_a_friendly_word_and_once(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    _make_due(claim, "claims.warn")
    _swept()
    _swept()
    assert _rules(claim) == [("claims.ClaimDue", f"u:{cast.chengxiang.liaison.pk}")]
    said = Message.objects.get(rule="claims.ClaimDue", channel="inapp")
    last = timezone.localtime(claim.deliver_by)
    assert f"{last.month}月{last.day}日" in said.title and "温馨提醒" in said.title


def test_what_was_delivered_is_neither_warned_of_nor_expires(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    dues = list(Due.objects.undone().filter(subject=f"claim:{claim.pk}"))
    _do(cast, claim, Verb.DELIVER)
    for due in dues:  # a sweeper that had them in hand already
        kind = due_kind(due.kind)
        assert kind is not None
        assert kind.handle([due]) == {due.pk: ("cancelled", "stopped")}
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.AWAITING
    assert _rules(claim) == []


def test_when_the_day_has_passed_the_share_is_free_and_the_claimer_told(cast: Cast) -> None:
    offer, claim = units_claim(cast)
    _make_due(claim, "claims.expire")
    _swept()
    now = Claim.objects.get(pk=claim.pk)
    assert (now.state, Offer.objects.get(pk=offer.pk).taken) == (ClaimState.EXPIRED, 0)
    assert _rules(claim) == [("claims.ClaimExpired", f"u:{cast.chengxiang.liaison.pk}")]
    event = ClaimEvent.objects.filter(claim=claim).latest("id")
    assert (event.verb, event.actor) == (Verb.EXPIRE, None)
    said = Message.objects.get(rule="claims.ClaimExpired", channel="inapp")
    assert not {"超期", "催", "督"} & set(said.title + said.body)
    other, its_liaison = another_unit(cast.chengxiang)
    assert claim_by(its_liaison, offer, other).just_made


def test_late_after_a_long_silence_it_still_expires_and_its_warning_is_not_sent(cast: Cast) -> None:
    expire, warn = due_kind("claims.expire"), due_kind("claims.warn")
    assert expire is not None and warn is not None
    assert expire.grace > timedelta(days=365) and warn.grace <= timedelta(days=2)


def _forbidden() -> list[tuple[str, str]]:
    return [(state, verb) for state in TO_REACH for verb in SERVICES if CLAIM_WORKFLOW.find(state, verb) is None]


@pytest.mark.parametrize(("state", "verb"), _forbidden())
def test_a_step_the_table_does_not_have_is_refused_to_everybody(cast: Cast, state: str, verb: str) -> None:
    _offer, claim = units_claim(cast)
    before = _do(cast, claim, *TO_REACH[state])
    assert before.state == state
    for by in (cast.chengxiang.liaison, cast.chengxiang.worker, cast.chengxiang.secretary, cast.chengxiang.clerk):
        with pytest.raises(RuleBroken) as caught:
            SERVICES[verb](claim_id=claim.pk, by=fresh(by), note="一句话")
        assert len(str(caught.value.message)) > 5
    assert _same(before)


def _same(before: Claim) -> bool:
    now = Claim.objects.get(pk=before.pk)
    return (now.state, now.version) == (before.state, before.version)


def _table() -> list[tuple[str, str]]:
    return [(step.source, step.verb) for step in CLAIM_WORKFLOW.transitions if step.verb in SERVICES]


@pytest.mark.parametrize(("state", "verb"), _table())
def test_a_step_is_refused_to_whoever_it_is_not_for(cast: Cast, state: str, verb: str) -> None:
    _offer, claim = units_claim(cast)
    before = _do(cast, claim, *TO_REACH[state])
    everybody = [*cast.chengxiang.people().values(), *cast.xiasha.people().values(), cast.nobody]
    everybody.append(resident("13812345678"))
    for by in map(fresh, everybody):
        if verb in abilities(by, before):
            continue
        seen = Claim.objects.visible_to(by).filter(pk=claim.pk).exists()
        with pytest.raises(NotAllowed if seen else NotFound):
            SERVICES[verb](claim_id=claim.pk, by=by, note="一句话")
    assert _same(before)
    twins = cast.xiasha.people().values()
    assert not [by for by in twins if Claim.objects.visible_to(fresh(by)).filter(pk=claim.pk).exists()]


def test_delivering_after_giving_back_is_refused_with_a_sentence(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    _do(cast, claim, Verb.RETURN)
    with pytest.raises(RuleBroken, match="已经退回"):
        services.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), note="送到了")


def test_a_stale_page_is_a_conflict(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    _do(cast, claim, Verb.SEND)
    with pytest.raises(Conflict):
        services.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), version=1)


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.RELEASE, Verb.NOT_THERE])
def test_giving_and_taking_back_want_a_reason(cast: Cast, verb: Verb) -> None:
    _offer, claim = units_claim(cast)
    if verb == Verb.NOT_THERE:
        _do(cast, claim, Verb.DELIVER)
    by = fresh(cast.chengxiang.liaison if verb in BY_UNIT else cast.chengxiang.worker)
    for words in ("", "  ", "长" * 501):
        with pytest.raises(Invalid) as caught:
            SERVICES[verb](claim_id=claim.pk, by=by, note=words)
        assert "note" in caught.value.fields


def test_nobody_confirms_what_they_brought_themselves(cast: Cast) -> None:
    offer, worker = offer_in(cast.chengxiang.home, for_units=False), fresh(cast.chengxiang.worker)
    claim = claim_by(worker, offer)
    services.deliver(claim_id=claim.pk, by=worker)
    for service in (services.confirm, services.not_there):
        with pytest.raises(NotAllowed, match="另一位同事"):
            service(claim_id=claim.pk, by=worker, note="收到了")
    assert services.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.secretary)).state == ClaimState.COMPLETED


def test_the_person_it_was_for_may_say_so_through_the_owner(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    _do(cast, claim, Verb.DELIVER)
    services.confirm(claim_id=claim.pk, by=None)
    assert ClaimEvent.objects.filter(claim=claim).latest("id").actor is None


def test_a_suspended_unit_brings_what_it_has_and_an_ended_seat_does_not(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    unit = unit_of(cast.chengxiang)
    unit.suspended_at = timezone.now()
    unit.save(update_fields=["suspended_at"])
    services.send(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison))
    today = timezone.localdate()
    Liaison.objects.filter(unit=unit).update(starts_on=today - timedelta(days=9), ends_on=today)
    with pytest.raises(NotFound):
        services.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison))


def test_taking_down(cast: Cast) -> None:
    offer, claim = units_claim(cast)
    worker = fresh(cast.chengxiang.worker)
    with pytest.raises(RuleBroken, match="已经有人认领"):
        services.withdraw_offer(pk=offer.pk, by=worker)
    with pytest.raises(NotAllowed):
        services.withdraw_offer(pk=offer.pk, by=fresh(cast.chengxiang.liaison))
    with pytest.raises(NotFound):
        services.withdraw_offer(pk=offer.pk, by=fresh(cast.xiasha.worker))
    services.withdraw_offer(pk=offer.pk, by=worker, why="搬走了", release=True)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.RETURNED
    ended = Offer.objects.get(pk=offer.pk)
    assert (ended.ending, ended.taken) == (Ending.WITHDRAWN, 0)
    with pytest.raises(RuleBroken, match="已经结束"):
        services.withdraw_offer(pk=offer.pk, by=worker)


def test_what_was_delivered_cannot_be_taken_down_over_the_bringers_head(cast: Cast) -> None:
    offer, claim = units_claim(cast)
    _do(cast, claim, Verb.DELIVER)
    with pytest.raises(RuleBroken):
        services.withdraw_offer(pk=offer.pk, by=None, release=True)
    assert Offer.objects.get(pk=offer.pk).state == OfferState.OPEN


def test_publishing_is_refused_with_a_sentence(cast: Cast) -> None:
    area, past = cast.chengxiang.home, timezone.now() - timedelta(minutes=1)
    wrong: list[dict[str, Any]] = [
        {"title": " "},
        {"title": "长" * 61},
        {"shares": 0},
        {"for_units": False, "for_people": False},
        {"closes_at": past},
    ]
    for changes in wrong:
        with pytest.raises(Invalid):
            offer_in(area, **changes)
    offer_in(area, subject="thing:same")
    with pytest.raises(RuleBroken):
        offer_in(area, subject="thing:same")
    assert not Offer.objects.exclude(subject="thing:same").exists()


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_verbs_keeps_the_counters(cast: Cast, seed: int) -> None:
    """A model of what should be, held against what is, after each of sixty steps."""
    random, moved = Random(seed), []

    def hear(verb: str, **kwargs: Any) -> None:
        moved.append(verb)

    alliance_of(cast.chengxiang)
    offer, unit = offer_in(cast.chengxiang.home, shares=random.choice([1, 2, 3])), unit_of(cast.chengxiang)
    people: list[User] = [fresh(cast.chengxiang.liaison), fresh(cast.chengxiang.worker), resident("13812345678")]
    model: dict[int, str] = {}
    claim_moved.connect(hear)
    try:
        for _step in range(60):
            before = len(moved)
            try:
                verb, pk, state = _random_step(random, people, offer, unit.pk, model)
            except DomainError:
                assert len(moved) == before
            else:
                assert moved[before:] == [verb]
                model[pk] = state
            _compare(offer, model)
    finally:
        claim_moved.disconnect(hear)
    assert model


def _random_step(
    random: Random, people: list[User], offer: Offer, unit: int, model: dict[int, str]
) -> tuple[str, int, str]:
    verb = random.choice([Verb.CLAIM, *SERVICES, Verb.EXPIRE])
    by = random.choice(people)
    if verb == Verb.CLAIM or not model:
        as_unit = unit if by == people[0] else None
        claim = services.claim_offer(offer_id=offer.pk, by=by, client_key=uuid4(), unit_id=as_unit)
        return Verb.CLAIM, claim.pk, ClaimState.CLAIMED
    pk = random.choice(sorted(model))
    step = CLAIM_WORKFLOW.find(model[pk], verb)
    if verb == Verb.EXPIRE:
        if step is None:
            raise RuleBroken
        _make_due(Claim.objects.get(pk=pk), "claims.expire")
        _swept()
    else:
        SERVICES[verb](claim_id=pk, by=by, note="一句话")
    assert step is not None, "a step that the table does not have was taken"
    return verb, pk, step.target


def _compare(offer: Offer, model: dict[int, str]) -> None:
    now = Offer.objects.get(pk=offer.pk)
    assert dict(Claim.objects.filter(offer=offer).values_list("pk", "state")) == model
    states = list(model.values())
    assert now.taken == sum(state in HOLDING for state in states)
    assert now.done == states.count(ClaimState.COMPLETED)
    assert now.done <= now.taken <= now.shares
    assert (now.state == OfferState.CLOSED) == (now.done == now.shares)
    for pk, state in model.items():
        undone = Due.objects.undone().filter(subject=f"claim:{pk}", kind="claims.expire").count()
        assert undone == (1 if state in LIVE and state != ClaimState.AWAITING else 0)


def test_the_sweep_itself_takes_them(transactional_db: None) -> None:
    cast = build()
    _offer, claim = units_claim(cast)
    _make_due(claim, "claims.warn")
    _make_due(claim, "claims.expire", timedelta(seconds=0))
    while sweep()[0]:
        pass
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.EXPIRED
    assert not Due.objects.undone().filter(subject=f"claim:{claim.pk}").exists()
