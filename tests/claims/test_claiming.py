"""我来认领: who may, who gets it, what the others are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound, RuleBroken
from claims.models import Claim, ClaimEvent, Offer
from claims.services import claim_offer, release_claim, return_claim, withdraw_offer
from claims.services.moving import WARN
from claims.signals import claim_moved
from claims.states import ClaimState, Verb
from deadlines.models import Due
from members.models import Liaison, Membership
from tests.cast import Cast, fresh, resident
from tests.claims.things import alliance_of, another_unit, claim_by, offer_in, unit_of, units_claim
from tests.clock import database_clock


def _refused(error: type[DomainError], user: Any, offer: Offer, unit: Any = None) -> str:
    """The sentence of the refusal; nothing was taken."""
    before = list(Offer.objects.filter(pk=offer.pk).values())
    with pytest.raises(error) as caught:
        claim_by(user, offer, unit)
    assert list(Offer.objects.filter(pk=offer.pk).values()) == before
    return str(caught.value.message)


def test_a_claim_stands_with_its_event_its_dues_and_its_owner_told(cast: Cast) -> None:
    heard: list[dict[str, Any]] = []

    def hear(**kwargs: Any) -> None:
        heard.append(kwargs)

    claim_moved.connect(hear)
    try:
        offer, claim = units_claim(cast)
    finally:
        claim_moved.disconnect(hear)
    now = Claim.objects.get(pk=claim.pk)
    assert (now.state, now.unit, now.person, now.by) == (
        ClaimState.CLAIMED,
        unit_of(cast.chengxiang),
        None,
        cast.chengxiang.liaison,
    )
    assert claim.just_made and now.whole and now.version == 1
    assert list(ClaimEvent.objects.values_list("claim", "verb", "source", "target", "actor")) == [
        (claim.pk, Verb.CLAIM, "", ClaimState.CLAIMED, cast.chengxiang.liaison.pk)
    ]
    stored = Offer.objects.get(pk=offer.pk)
    assert (stored.taken, stored.done, stored.version) == (1, 0, 2)
    assert [(one["verb"], one["claim"], one["by"], one["offer"].taken) for one in heard] == [
        (Verb.CLAIM, now, cast.chengxiang.liaison, 1)
    ]
    assert all(
        getattr(claim, name) == getattr(now, name) for name in ("deliver_by", "claimed_at", "client_key", "offer_id")
    )
    assert all(getattr(claim.offer, field.attname) == getattr(stored, field.attname) for field in Offer._meta.fields)


def test_days_last_to_the_evening_of_the_last_with_a_word_two_days_before(cast: Cast) -> None:
    _offer, claim = units_claim(cast, deliver_within=timedelta(days=15))
    assert claim.deliver_by is not None
    last = timezone.localtime(claim.deliver_by)
    assert last.date() == timezone.localdate(claim.claimed_at) + timedelta(days=15)
    assert (last.hour, last.minute, last.second) == (23, 59, 59)
    dues = dict(Due.objects.filter(subject=f"claim:{claim.pk}").values_list("kind", "due_at"))
    early = timezone.localtime(dues[WARN])
    assert dues == {"claims.expire": claim.deliver_by, WARN: dues[WARN]}
    assert (early.date(), early.hour) == (last.date() - timedelta(days=2), 9)


def test_hours_last_to_the_minute_and_are_not_warned_of(cast: Cast) -> None:
    _offer, claim = units_claim(cast, deliver_within=timedelta(hours=3))
    assert claim.deliver_by == claim.claimed_at + timedelta(hours=3)
    assert list(Due.objects.filter(subject=f"claim:{claim.pk}").values_list("kind", flat=True)) == ["claims.expire"]


def test_without_a_term_nothing_falls_due(cast: Cast) -> None:
    _offer, claim = units_claim(cast, deliver_within=None, closes_at=None)
    assert claim.deliver_by is None
    assert not Due.objects.exists()


def test_a_second_tap_finds_the_first_claim_whatever_became_of_it(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer, unit, key = offer_in(cast.chengxiang.home, shares=3), unit_of(cast.chengxiang), uuid4()
    by = fresh(cast.chengxiang.liaison)
    first = claim_offer(offer_id=offer.pk, by=by, client_key=key, unit_id=unit.pk)
    again = claim_offer(offer_id=offer.pk, by=by, client_key=key, unit_id=unit.pk)
    assert (first.just_made, again.just_made, again.pk) == (True, False, first.pk)
    return_claim(claim_id=first.pk, by=by, note="送不了")
    once_more = claim_offer(offer_id=offer.pk, by=by, client_key=key, unit_id=unit.pk)
    assert (once_more.pk, once_more.state) == (first.pk, ClaimState.RETURNED)
    assert (Claim.objects.count(), Offer.objects.get().taken) == (1, 0)


def test_the_key_of_another_claim_is_a_conflict_and_shows_nothing(cast: Cast) -> None:
    offer, claim = units_claim(cast, shares=2)
    other = offer_in(cast.chengxiang.home)
    for user, where, unit in (
        (cast.chengxiang.liaison, other, claim.unit),
        (cast.chengxiang.liaison, offer, None),
        (resident("13812345678"), offer, None),
    ):
        with pytest.raises(Conflict):
            claim_offer(
                offer_id=where.pk,
                by=fresh(user),
                client_key=claim.client_key,
                unit_id=unit.pk if unit else None,
            )
    assert Claim.objects.count() == 1


def test_who_comes_second_hears_by_whom_if_that_unit_agreed_to_be_public(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    public, its_liaison = another_unit(cast.chengxiang, public=True)
    quiet, quiet_liaison = another_unit(cast.chengxiang)
    ours = unit_of(cast.chengxiang)
    offer = offer_in(cast.chengxiang.home)
    claim_by(its_liaison, offer, public)
    assert f"已被{public}认领" in _refused(RuleBroken, cast.chengxiang.liaison, offer, ours)
    assert "您的单位已经认领" in _refused(RuleBroken, its_liaison, offer, public)
    offer = offer_in(cast.chengxiang.home)
    claim_by(quiet_liaison, offer, quiet)
    said = _refused(RuleBroken, cast.chengxiang.liaison, offer, ours)
    assert "已被别的单位认领" in said and quiet.name not in said
    offer, person = offer_in(cast.chengxiang.home), resident("13812345678", name="大刘")
    claim_by(person, offer)
    said = _refused(RuleBroken, cast.chengxiang.liaison, offer, ours)
    assert "别人接下了" in said and person.name not in said
    assert "您已经接下" in _refused(RuleBroken, person, offer)


def test_too_early_too_late_taken_down(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    unit, liaison, now = unit_of(cast.chengxiang), cast.chengxiang.liaison, timezone.now()
    early = offer_in(cast.chengxiang.home, opens_at=now + timedelta(hours=1))
    assert "还没有到认领的时间" in _refused(RuleBroken, liaison, early, unit)
    late = offer_in(cast.chengxiang.home)
    Offer.objects.filter(pk=late.pk).update(closes_at=now - timedelta(seconds=1))
    assert "已过认领期" in _refused(RuleBroken, liaison, late, unit)
    gone = offer_in(cast.chengxiang.home)
    withdraw_offer(pk=gone.pk, by=cast.chengxiang.worker, why="不需要了")
    assert "已撤下" in _refused(RuleBroken, liaison, gone, unit)


def test_the_window_is_judged_by_the_clock_of_the_database(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    unit, liaison = unit_of(cast.chengxiang), cast.chengxiang.liaison
    offer = offer_in(cast.chengxiang.home)
    Offer.objects.filter(pk=offer.pk).update(closes_at=timezone.now() + timedelta(days=1))
    assert list(Offer.objects.open_now()) == [offer]
    with _moved(timedelta(days=2)):
        assert not Offer.objects.open_now().exists()
        assert "已过认领期" in _refused(RuleBroken, liaison, offer, unit)
    assert claim_by(liaison, offer, unit).just_made


def _moved(offset: timedelta) -> Any:
    return database_clock(offset)


def test_another_streets_offer_is_not_found_for_unit_worker_or_administrator(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    alliance_of(cast.xiasha)
    offer, twin = offer_in(cast.chengxiang.home), cast.xiasha
    assert _refused(NotFound, twin.liaison, offer, unit_of(twin))
    for person in (twin.worker, twin.clerk, twin.leader, twin.system_admin, cast.chengxiang.system_admin):
        assert _refused(NotFound, person, offer)
    with pytest.raises(NotFound):
        claim_offer(offer_id=10**9, by=fresh(cast.chengxiang.worker), client_key=uuid4())


def test_a_unit_that_left_or_never_joined_finds_nothing(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer, (stranger, its_liaison) = offer_in(cast.chengxiang.home), another_unit(cast.chengxiang, member=False)
    _refused(NotFound, its_liaison, offer, stranger)
    today = timezone.localdate()
    Membership.objects.filter(unit=unit_of(cast.chengxiang)).update(joined_on=today - timedelta(days=9), left_on=today)
    _refused(NotFound, cast.chengxiang.liaison, offer, unit_of(cast.chengxiang))


def test_only_whoever_holds_the_seat_today_speaks_for_the_unit(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer, unit, today = offer_in(cast.chengxiang.home), unit_of(cast.chengxiang), timezone.localdate()
    for person in (cast.chengxiang.worker, cast.xiasha.liaison, resident("13812345678")):
        assert "不是这个单位的联络员" in _refused(NotAllowed, person, offer, unit)
    Liaison.objects.filter(unit=unit).update(starts_on=today - timedelta(days=9), ends_on=today)
    assert "不是这个单位的联络员" in _refused(NotAllowed, cast.chengxiang.liaison, offer, unit)
    Liaison.objects.filter(unit=unit).update(starts_on=today + timedelta(days=1), ends_on=None)
    _refused(NotAllowed, cast.chengxiang.liaison, offer, unit)


def test_a_suspended_unit_is_told_so(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer, unit = offer_in(cast.chengxiang.home), unit_of(cast.chengxiang)
    unit.suspended_at = timezone.now()
    unit.save(update_fields=["suspended_at"])
    assert "暂停参加" in _refused(NotAllowed, cast.chengxiang.liaison, offer, unit)


def test_people_take_what_is_for_people_and_units_what_is_for_units(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    errand = offer_in(cast.chengxiang.home, for_units=False)
    wish = offer_in(cast.chengxiang.home, for_people=False)
    liaison, unit = cast.chengxiang.liaison, unit_of(cast.chengxiang)
    assert "由个人来接" in _refused(NotAllowed, liaison, errand, unit)
    assert "由共建单位认领" in _refused(NotAllowed, liaison, wish)
    for person in (resident("13812345678"), cast.chengxiang.worker, cast.chengxiang.neighbour, liaison, cast.nobody):
        offer = offer_in(cast.chengxiang.home, for_units=False)
        assert claim_by(person, offer).person == person


def test_a_share_given_back_can_be_claimed_again_and_every_share_goes_once(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer, unit, liaison = offer_in(cast.chengxiang.home, shares=2), unit_of(cast.chengxiang), cast.chengxiang.liaison
    one, _two = claim_by(liaison, offer, unit), claim_by(liaison, offer, unit)
    assert not one.whole
    _refused(RuleBroken, liaison, offer, unit)
    release_claim(claim_id=one.pk, by=fresh(cast.chengxiang.worker), note="对方搬走了")
    assert claim_by(liaison, offer, unit).just_made
    assert Offer.objects.get(pk=offer.pk).taken == 2


def test_a_fault_of_a_receiver_is_no_lost_race_and_leaves_nothing(cast: Cast) -> None:
    def break_down(**kwargs: Any) -> None:
        Offer.objects.filter(pk=kwargs["offer"].pk).update(shares=0)

    alliance_of(cast.chengxiang)
    offer = offer_in(cast.chengxiang.home)
    claim_moved.connect(break_down)
    try:
        with pytest.raises(Exception, match=r"offer_has_shares|offer_not_oversold"):
            claim_by(cast.chengxiang.liaison, offer, unit_of(cast.chengxiang))
    finally:
        claim_moved.disconnect(break_down)
    assert not Claim.objects.exists()
    assert not Due.objects.filter(kind="claims.expire").exists()


def test_over_the_turn_of_the_year(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer = offer_in(cast.chengxiang.home, closes_at=None)
    offset = datetime(2026, 12, 20, 15, tzinfo=timezone.get_default_timezone()) - timezone.localtime()
    Offer.objects.filter(pk=offer.pk).update(opens_at=timezone.now() + min(offset, timedelta()))
    with _moved(offset):
        claim = claim_by(cast.chengxiang.liaison, offer, unit_of(cast.chengxiang))
    assert claim.deliver_by is not None
    assert timezone.localtime(claim.deliver_by).replace(tzinfo=None) == datetime(2027, 1, 4, 23, 59, 59)
