"""After the tap: on the way, there, confirmed; given back, taken back; the counters, the dues, who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from claims import services
from claims.models import Claim, ClaimEvent, Offer
from claims.permissions import abilities
from claims.states import CLAIM_WORKFLOW, ClaimState, Ending, OfferState, Party, Verb
from deadlines.models import Due
from files.services import attachments, hold_photo
from members.models import Liaison
from tests.cast import Cast, fresh, resident
from tests.claims.taking_steps import BY_UNIT, SERVICES, TO_REACH, do, rules
from tests.claims.things import claim_by, offer_in, unit_of, units_claim
from tests.files.pictures import photo, upload


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
    assert rules(claim) == [("claims.ClaimConfirmed", f"u:{unit_side.pk}")]
    assert not Due.objects.undone().filter(subject=f"offer:{offer.pk}").exists()


def test_it_did_not_arrive_gives_at_least_three_more_days(cast: Cast) -> None:
    _offer, claim = units_claim(cast, deliver_within=timedelta(hours=1))
    do(cast, claim, Verb.DELIVER, Verb.NOT_THERE)
    again = Claim.objects.get(pk=claim.pk)
    assert (again.state, again.delivered_at) == (ClaimState.DELIVERING, None)
    assert again.deliver_by is not None
    last = timezone.localtime(again.deliver_by)
    assert (last.date() - timezone.localdate()).days == 3 and last.hour == 23
    undone = Due.objects.undone().filter(subject=f"claim:{claim.pk}")
    assert dict(undone.values_list("kind", "due_at"))["claims.expire"] == again.deliver_by
    assert [rule for rule, _to in rules(claim)] == ["claims.ClaimNotThere"]


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.RELEASE])
def test_a_share_given_back_is_open_again_while_the_window_is(cast: Cast, verb: Verb) -> None:
    offer, claim = units_claim(cast)
    do(cast, claim, verb)
    now = Offer.objects.get(pk=offer.pk)
    assert (now.taken, now.state) == (0, OfferState.OPEN)
    assert Offer.objects.open_now().get() == offer
    assert not Due.objects.undone().filter(subject=f"claim:{claim.pk}").exists()
    assert [rule for rule, _to in rules(claim)] == (["claims.ClaimReleased"] if verb == Verb.RELEASE else [])


def _table() -> list[tuple[str, str]]:
    """Without what the person it was for says alone, who has no account."""
    steps = [step for step in CLAIM_WORKFLOW.transitions if step.actors != {Party.RECEIVER}]
    return [(step.source, step.verb) for step in steps if step.verb in SERVICES]


def _forbidden() -> list[tuple[str, str]]:
    return [(state, verb) for state in TO_REACH for verb in SERVICES if (state, verb) not in _table()]


@pytest.mark.parametrize(("state", "verb"), _forbidden())
def test_a_step_the_table_does_not_have_is_refused_to_everybody(cast: Cast, state: str, verb: str) -> None:
    _offer, claim = units_claim(cast)
    before = do(cast, claim, *TO_REACH[state])
    assert before.state == state
    for by in (cast.chengxiang.liaison, cast.chengxiang.worker, cast.chengxiang.secretary, cast.chengxiang.clerk):
        with pytest.raises(RuleBroken) as caught:
            SERVICES[verb](claim_id=claim.pk, by=fresh(by), note="一句话")
        assert len(str(caught.value.message)) > 5
    assert _same(before)


def _same(before: Claim) -> bool:
    now = Claim.objects.get(pk=before.pk)
    return (now.state, now.version) == (before.state, before.version)


@pytest.mark.parametrize(("state", "verb"), _table())
def test_a_step_is_refused_to_whoever_it_is_not_for(cast: Cast, state: str, verb: str) -> None:
    _offer, claim = units_claim(cast)
    before = do(cast, claim, *TO_REACH[state])
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
    do(cast, claim, Verb.RETURN)
    with pytest.raises(RuleBroken, match="已经退回"):
        services.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), note="送到了")


def test_a_stale_page_is_a_conflict(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    do(cast, claim, Verb.SEND)
    with pytest.raises(Conflict):
        services.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), version=1)


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.RELEASE, Verb.NOT_THERE])
def test_giving_and_taking_back_want_a_reason(cast: Cast, verb: Verb) -> None:
    _offer, claim = units_claim(cast)
    if verb == Verb.NOT_THERE:
        do(cast, claim, Verb.DELIVER)
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


def test_whoever_reported_the_delivery_for_a_unit_does_not_confirm_it(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    worker, secretary = fresh(cast.chengxiang.worker), fresh(cast.chengxiang.secretary)
    services.deliver(claim_id=claim.pk, by=worker, note="陪着送到了")
    with pytest.raises(NotAllowed, match="另一位同事"):
        services.confirm(claim_id=claim.pk, by=worker)
    services.not_there(claim_id=claim.pk, by=worker, note="弄错了，还没有送到")
    services.deliver(claim_id=claim.pk, by=secretary, note="这回送到了")
    with pytest.raises(NotAllowed, match="另一位同事"):
        services.confirm(claim_id=claim.pk, by=secretary)
    assert services.confirm(claim_id=claim.pk, by=worker).state == ClaimState.COMPLETED


def test_the_person_it_was_for_may_say_so_through_the_owner(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    do(cast, claim, Verb.DELIVER)
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
    do(cast, claim, Verb.DELIVER)
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
