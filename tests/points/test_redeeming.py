"""兑换: points and thing are held together, handed over once, or given back as they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from audit.models import AuditEntry
from deadlines.models import Due
from members.models import Membership
from notifications.models import Message
from people.models import Area
from points.codes import code_of, digest_of, spaced
from points.models import Lot, Redemption, Reward, Transfer
from points.services import picking_up, posting
from points.services.picking_up import GUESSES, Counter, cancel_redemption, write_off
from points.services.rewards import Draft, change_reward, stop_reward
from points.states import Kind, Posting, RedemptionState
from tests.cast import Cast, browser_of
from tests.points.things import account, at_the_unit, give, now_true, redeem, reward_in, rich, volunteer


def test_a_haircut_from_the_tap_to_the_barber(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    counter, barber = at_the_unit(here)
    haircut, key = reward_in(here, unit=counter.unit.pk if counter.unit else 0), uuid4()
    first, again = redeem(who, haircut, client_key=key), redeem(who, haircut, client_key=key)
    assert (first.just_made, again.just_made, again.pk) == (True, False, first.pk)
    assert (account(who, here).balance, posting.shared_balances(here.street.pk)[Kind.HELD]) == (300, 200)
    assert first.until == timezone.localdate() + timedelta(days=15)
    code = code_of(key)
    assert first.code_key == digest_of(code) and code not in str(Redemption.objects.values().get())
    done = write_off(code=spaced(code).lower(), by=barber, counter=counter)
    assert (done.state, done.just_made) == (RedemptionState.DONE, True)
    assert not write_off(code=code, by=barber, counter=counter).just_made, "a second tap is given the first one's"
    balances = posting.shared_balances(here.street.pk)
    assert (balances[Kind.HELD], balances[Kind.SPENT], account(who, here).balance) == (0, 200, 300)
    assert not Due.objects.undone().filter(subject=f"redemption:{first.pk}").exists()
    assert Message.objects.filter(rule="points.RedemptionDone", recipient_key=f"u:{who.pk}").count() == 1
    with pytest.raises(RuleBroken):
        cancel_redemption(pk=first.pk, by=who)
    now_true()


@pytest.mark.parametrize("wrong", ["unknown", "foreign", "used", "late", "short", "another counter"])
def test_wrong_foreign_used_and_late_codes_are_answered_alike(cast: Cast, wrong: str) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 100)
    counter, barber = at_the_unit(here)
    haircut = reward_in(here, unit=counter.unit.pk if counter.unit else 0)
    made = redeem(who, haircut)
    code = code_of(made.client_key)
    if wrong == "used":
        write_off(code=code, by=barber, counter=counter)
        Redemption.objects.update(ended_at=timezone.now() - timedelta(hours=1))
    if wrong == "late":
        Redemption.objects.update(until=timezone.localdate() - timedelta(days=1))
    if wrong in ("foreign", "another counter"):
        code = code_of(redeem(who, reward_in(here)).client_key)
    if wrong == "another counter":
        counter, barber, code = Counter(area=here.home), here.worker, code_of(made.client_key)
    typed = {"unknown": "AAAA2222", "short": "A"}.get(wrong, code)
    with pytest.raises(NotFound) as refused:
        write_off(code=typed, by=barber, counter=counter)
    assert str(refused.value.message) == str(picking_up.WRONG)
    now_true()


def test_a_counter_that_guesses_is_locked_and_written_down(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    counter, barber = at_the_unit(here)
    made = redeem(who, reward_in(here, unit=counter.unit.pk if counter.unit else 0))
    for _guess in range(10):
        with pytest.raises(NotFound):
            write_off(code="AAAA2222", by=barber, counter=counter)
    with pytest.raises(TooMany):
        write_off(code=code_of(made.client_key), by=barber, counter=counter)
    entry = AuditEntry.objects.get(action="desk_locked")
    assert (entry.actor, entry.subject) == (barber, counter.key)
    with pytest.raises(NotAllowed):
        write_off(code="AAAA2222", by=cast.xiasha.liaison, counter=counter)
    assert Redemption.objects.get().state == RedemptionState.HELD


def test_nobody_hands_over_to_themselves_and_slips_are_no_guesses(cast: Cast) -> None:
    here = cast.chengxiang
    counter, barber = at_the_unit(here)
    assert counter.unit is not None
    give(barber, here, 200)
    made = redeem(barber, reward_in(here, unit=counter.unit.pk))
    for _try in range(12):
        with pytest.raises(NotFound):
            write_off(code="AAAA", by=barber, counter=counter)
    with pytest.raises(NotAllowed):
        write_off(code=code_of(made.client_key), by=barber, counter=counter)
    made.refresh_from_db()
    assert made.state == RedemptionState.HELD
    with pytest.raises(NotAllowed):
        write_off(code="AAAA2222", by=here.worker, counter=Counter(area=Area.objects.get(pk=here.home.pk[:6])))
    now_true()


def test_who_guesses_at_several_counters_is_locked_as_well(cast: Cast) -> None:
    here = cast.chengxiang
    for number in range(GUESSES[0]):
        with pytest.raises(NotFound):
            write_off(code="AAAA2222", by=here.clerk, counter=Counter(area=here.home if number % 2 else here.street))
    with pytest.raises(TooMany):
        write_off(code="AAAA2222", by=here.clerk, counter=Counter(area=here.home))
    with pytest.raises(NotFound):
        write_off(code="AAAA2222", by=here.worker, counter=Counter(area=here.home))
    assert AuditEntry.objects.get(action="desk_locked").actor == here.clerk


def test_nobody_picks_it_up_and_all_is_as_it_was(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    who = volunteer()
    give(who, here, 150, day=today)
    give(who, here, 100, day=today.replace(year=today.year - 1, month=6, day=1))
    umbrella = reward_in(here, name="雨伞", sort="goods", left=1, per_quarter=1)
    before = list(Lot.objects.order_by("pk").values_list("pk", "rest", "expires_on"))
    made = redeem(who, umbrella)
    assert Reward.objects.get().left == 0
    Redemption.objects.update(until=today - timedelta(days=1))
    picking_up.lapse(list(Due.objects.filter(kind="points.lapse")))
    made.refresh_from_db()
    assert (made.state, Reward.objects.get().left) == (RedemptionState.VOID, 1)
    assert list(Lot.objects.order_by("pk").values_list("pk", "rest", "expires_on")) == before
    assert Message.objects.filter(rule="points.RedemptionLapsed").count() == 1
    assert redeem(who, umbrella).just_made, "the quarter's limit counts what was had"
    now_true()


@pytest.mark.parametrize(
    "why", ["poor", "gone", "off the shelf", "price", "quarter", "over", "elsewhere", "suspended", "left"]
)
def test_what_cannot_be_had_leaves_everything_as_it_was(cast: Cast, why: str) -> None:
    here = cast.chengxiang
    counter, _barber = at_the_unit(here)
    unit = counter.unit
    assert unit is not None
    who = rich(here, 10 if why == "poor" else 100)
    thing = reward_in(here, left=1, per_quarter=1, unit=unit.pk)
    if why == "gone":
        redeem(rich(here, 20, "老王"), thing)
    elif why == "off the shelf":
        stop_reward(pk=thing.pk, by=here.worker, version=None)
    elif why == "quarter":
        Reward.objects.update(left=2)
        redeem(who, thing)
    elif why == "over":
        Reward.objects.update(until=timezone.localdate() - timedelta(days=1))
    elif why == "elsewhere":
        thing = reward_in(cast.xiasha)
    elif why == "suspended":
        type(unit).objects.filter(pk=unit.pk).update(suspended_at=timezone.now())
    elif why == "left":
        Membership.objects.update(left_on=timezone.localdate(), joined_on=timezone.localdate() - timedelta(days=9))
    own, left, made = account(who, here).balance, list(Reward.objects.values_list("left")), Redemption.objects.count()
    with pytest.raises(Conflict if why == "price" else RuleBroken) as refused:
        redeem(who, thing, price=thing.price - 10 if why == "price" else thing.price)
    assert str(refused.value.message)
    assert account(who, here).balance == own and list(Reward.objects.values_list("left")) == left
    assert Redemption.objects.count() == made
    now_true()


def test_the_same_key_with_other_points_is_a_conflict_and_numbers_beyond_all_bounds_are_none(cast: Cast) -> None:
    here, key = cast.chengxiang, uuid4()
    who, thing = rich(here, 100), reward_in(here)
    first = redeem(who, thing, client_key=key)
    assert redeem(who, thing, client_key=key).pk == first.pk
    browser, page = browser_of(who), f"/points/rewards/{thing.pk}/take/"
    for price in (100, 2**31, 10**23, -10, 0):
        with pytest.raises(Conflict):
            redeem(who, thing, client_key=key, price=price)
        answer = browser.post(page, {"price": str(price), "client_key": str(key)})
        assert answer.status_code == 409, price
    assert Redemption.objects.count() == 1
    now_true()


def test_a_reward_taken_off_the_shelf_is_still_handed_to_whoever_has_it_on_hold(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 100)
    thing = reward_in(here, left=5)
    made, other = redeem(who, thing), redeem(who, thing)
    change = Draft(name="理发", sort="service", points=30, left=7, left_seen=5)
    changed = change_reward(pk=thing.pk, by=here.worker, version=1, draft=change)
    assert (changed.price, changed.left) == (300, 5), "two were exchanged since the form was opened"
    stop_reward(pk=thing.pk, by=here.worker, version=None)
    assert write_off(code=code_of(made.client_key), by=here.worker, counter=Counter(area=here.home)).price == 200
    with pytest.raises(Invalid):
        cancel_redemption(pk=other.pk, by=here.worker)
    cancel_redemption(pk=other.pk, by=here.worker, why="理发店搬走了")
    assert Message.objects.filter(rule="points.RedemptionCalledOff").count() == 1
    assert Transfer.objects.get(kind=Posting.RELEASE).by == here.worker
    with pytest.raises(NotFound):
        cancel_redemption(pk=other.pk, by=cast.xiasha.worker, why="与我无关")
    now_true()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"points": 0}, "points"),
        ({"points": -5}, "points"),
        ({"points": 10**9}, "points"),
        ({"worth": 101}, "worth"),
        ({"left": -1}, "left"),
        ({"per_quarter": 0}, "per_quarter"),
        ({"sort": "cash"}, "sort"),
        ({"unit": 10**6}, "unit"),
        ({"until": "yesterday"}, "until"),
    ],
)
def test_a_reward_that_makes_no_sense_is_refused(cast: Cast, change: dict[str, Any], field: str) -> None:
    if change.get("until"):
        change = {"until": timezone.localdate() - timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        reward_in(cast.chengxiang, **change)
    assert list(refused.value.fields) == [field]
    assert not Reward.objects.exists()
