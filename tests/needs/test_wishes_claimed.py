"""A wish on the wall: taken down, taken on, brought, published again; a need that becomes one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken
from claims.models import Claim, Offer
from claims.permissions import abilities
from claims.services import steps
from claims.services.offers import CLOSE, reopen_offer
from claims.states import ClaimState, Ending, OfferState
from claims.states import Verb as ClaimVerb
from deadlines.models import Due
from deadlines.services.sweep import sweep_all
from needs.models import Wish, WishEvent
from needs.services import wishes
from needs.services.wish_from_need import wish_from_need
from needs.services.wish_stages import may_withdraw, stage_of
from needs.states import State, Verb
from needs.states.wish import WishStage, WishState, WishVerb
from needs.wish_selectors import claims_of
from notifications.models import Message
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.taking_steps import make_due, swept
from tests.needs.wishing import again, published, raised, taken, typed, unit_of, verified

RULES: Any = Message.objects


def _told(rule: str, person: Any) -> int:
    return RULES.filter(rule=f"needs.{rule}", recipient_key=f"u:{person.pk}").count()


def _verbs(wish: Wish) -> list[str]:
    return list(WishEvent.objects.filter(wish=wish).order_by("id").values_list("verb", flat=True))


def test_a_withdrawn_wish_leaves_the_wall(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    with pytest.raises(Invalid):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words=" ")
    wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="家里买了")
    wish = again(wish)
    assert stage_of(wish) == WishStage.WITHDRAWN
    assert wish.offer is not None and wish.offer.ending == Ending.WITHDRAWN
    assert WishVerb.LAPSED not in _verbs(wish)


def test_a_wish_in_somebodys_hands_is_not_withdrawn(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    taken(here, wish)
    with pytest.raises(RuleBroken):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="家里买了")
    assert again(wish).state == WishState.PUBLISHED


def test_the_keepers_hear_what_becomes_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    assert stage_of(again(wish)) == WishStage.UNDER_WAY
    steps.send(claim_id=claim.pk, by=fresh(here.liaison))
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="放在社区了")
    steps.not_there(claim_id=claim.pk, by=fresh(here.worker), note="还没看到")
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="现在到了")
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    assert stage_of(again(wish)) == WishStage.FULFILLED
    assert _verbs(wish)[3:] == [
        WishVerb.CLAIMED,
        WishVerb.SENT,
        WishVerb.DELIVERED,
        WishVerb.NOT_THERE,
        WishVerb.DELIVERED,
        WishVerb.FULFILLED,
    ]
    claimed = WishEvent.objects.get(wish=wish, verb=WishVerb.CLAIMED)
    assert claimed.params["claimer"] == str(unit_of(here))
    for rule, times in (("WishClaimed", 1), ("WishSent", 1), ("WishDelivered", 2)):
        assert (_told(rule, here.worker), _told(rule, here.secretary)) == (times, times), rule
    # Whoever did it is not told.
    assert (_told("WishFulfilled", here.worker), _told("WishFulfilled", here.secretary)) == (0, 1)
    with pytest.raises(RuleBroken, match="圆"):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="算了")


def _close(wish: Wish) -> None:
    """As the due does when the window has passed."""
    Offer.objects.filter(pk=wish.offer_id).update(
        state=OfferState.CLOSED, ending=Ending.LAPSED, ended_at=timezone.now(), closes_at=timezone.now()
    )


def test_what_nobody_took_is_published_again(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    with pytest.raises(RuleBroken):
        wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    first = wish.offer_id
    _close(wish)
    assert stage_of(again(wish)) == WishStage.UNCLAIMED
    wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    wish = again(wish)
    assert wish.offer_id == first and stage_of(wish) == WishStage.OPEN
    assert wish.offer is not None and wish.offer.closes_at is not None and wish.offer.closes_at > timezone.now()


def test_of_several_shares_only_what_is_left_is_published_again(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here, shares=3)
    claim = taken(here, wish)
    assert stage_of(again(wish)) == WishStage.OPEN
    assert Wish.objects.under_way().filter(pk=wish.pk).exists()
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    _close(wish)
    assert stage_of(again(wish)) == WishStage.FULFILLED
    wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    offer = again(wish).offer
    assert offer is not None and (offer.shares, offer.left, offer.done) == (3, 2, 1)


def _lapse(wish: Wish) -> None:
    """The window passes, and its due is handled."""
    past = timezone.now() - timedelta(days=1)
    Offer.objects.filter(pk=wish.offer_id).update(opens_at=past - timedelta(days=15), closes_at=past)
    waiting = Due.objects.undone().filter(kind=CLOSE, subject=f"offer:{wish.offer_id}")
    assert waiting.update(due_at=past) == 1
    sweep_all()
    assert not waiting.exists() and Offer.objects.get(pk=wish.offer_id).ending == Ending.LAPSED


def test_what_was_done_in_the_first_window_stays_done_after_the_second(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here, shares=3)
    claim = taken(here, wish)
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    _lapse(wish)
    assert _told("WishLapsed", here.secretary) == 1
    wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    assert stage_of(again(wish)) == WishStage.OPEN
    assert [one.pk for one in claims_of([again(wish)])[again(wish).offer_id]] == [claim.pk]
    _lapse(again(wish))
    now = again(wish)
    assert stage_of(now) == WishStage.FULFILLED and not may_withdraw(now)
    assert [one.pk for one in claims_of([now])[now.offer_id]] == [claim.pk]
    assert Wish.objects.fulfilled().filter(pk=wish.pk).exists() and not Wish.objects.unclaimed().exists()
    assert _told("WishLapsed", here.secretary) == 2
    page = browser_of(here.worker).get(f"/admin/needs/wish/{wish.pk}/change/").content.decode()
    assert str(claim.unit) in page


def test_only_what_lapsed_with_something_left_opens_again(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    with pytest.raises(RuleBroken):
        reopen_offer(pk=wish.offer_id, closes_at=timezone.now() + timedelta(days=1))
    wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="不用了")
    with pytest.raises(RuleBroken):
        reopen_offer(pk=wish.offer_id, closes_at=timezone.now() + timedelta(days=1))


def test_the_lists_agree_with_the_word_of_each_wish(cast: Cast) -> None:
    here = cast.chengxiang
    made = [raised(here), verified(here), published(here), published(here), published(here), published(here)]
    taken(here, made[3])
    done = taken(here, made[4])
    steps.deliver(claim_id=done.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=done.pk, by=fresh(here.worker))
    _close(made[5])
    every = Wish.objects.all()
    lists = {
        WishStage.OPEN: every.claimable(),
        WishStage.UNDER_WAY: every.under_way(),
        WishStage.FULFILLED: every.fulfilled(),
        WishStage.UNCLAIMED: every.unclaimed(),
    }
    for stage, rows in lists.items():
        found = set(rows.values_list("pk", flat=True))
        assert found == {wish.pk for wish in made if stage_of(again(wish)) == stage}, stage
        assert len(found) == 1
    assert list(every.to_verify()) == [made[0]] and list(every.to_approve()) == [made[1]]


def test_a_need_becomes_a_wish_and_is_accepted_with_it(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home, name="王小丽", words="家里冷，想要一床被子")
    key = uuid4()
    given = typed(beneficiary="", phone="")
    arguments = {"need_pk": need.pk, "by": fresh(here.worker), "version": need.version, "client_key": key, **given}
    wish = wish_from_need(**arguments)
    need.refresh_from_db()
    assert (need.state, need.holder_id) == (State.IN_PROGRESS, here.worker.pk) and need.reply_by
    assert need.events.filter(verb=Verb.WISH).count() == 1
    assert (wish.need_id, wish.beneficiary, wish.phone) == (need.pk, need.contact_name, need.contact_phone)
    assert wish_from_need(**arguments).pk == wish.pk
    other = say_need(here.home)
    with pytest.raises(Conflict):
        wish_from_need(**{**arguments, "need_pk": other.pk, "version": None})
    assert not other.wishes.exists()
    with pytest.raises(NotFound):
        wish_from_need(**{**arguments, "by": fresh(cast.xiasha.worker), "client_key": uuid4()})


def test_the_holder_of_the_need_hears_that_it_came_true(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    wish = wish_from_need(need_pk=need.pk, by=fresh(here.worker), version=None, client_key=uuid4(), **typed())
    wishes.verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="上门看过")
    wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    claim = taken(here, wish)
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=claim.pk, by=fresh(here.secretary))
    assert _told("NeedWishFulfilled", here.worker) == 1
    assert Claim.objects.count() == 1


def _page(person: Any, wish: Wish) -> str:
    return str(browser_of(person).get(f"/admin/needs/wish/{wish.pk}/change/").content.decode())


def test_whoever_said_it_is_there_finds_no_button_to_confirm_it(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    steps.deliver(claim_id=claim.pk, by=fresh(here.worker), note="陪着送去的")
    button, said = "代确认：收到了", "请另一位同事来代确认"
    assert button not in _page(here.worker, wish) and said in _page(here.worker, wish)
    assert button in _page(here.secretary, wish) and said not in _page(here.secretary, wish)
    offered = {one.pk: abilities(fresh(one), Claim.objects.get(pk=claim.pk)) for one in (here.worker, here.secretary)}
    assert offered == {here.worker.pk: {"not_there"}, here.secretary.pk: {"not_there", "confirm"}}
    steps.not_there(claim_id=claim.pk, by=fresh(here.secretary), note="还没看到")
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    assert button in _page(here.worker, wish), "the last report counts"


def test_a_claim_that_was_brought_says_when_and_no_day_any_more(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    assert "日前送到" in _page(here.worker, wish)
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    waiting = _page(here.worker, wish)
    assert "前送到" not in waiting and "等代确认" in waiting and "今天 " in waiting
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    done = _page(here.worker, wish)
    assert "前送到" not in done and '<span class="st done">已完成</span>' in done


def test_a_unit_reads_of_a_day_that_passed_in_kind_words(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    make_due(claim, "claims.expire")
    swept()
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.EXPIRED
    for path in (f"/desk/claims/{claim.pk}/", "/desk/claims/"):
        page = str(browser_of(here.liaison).get(path).content.decode())
        assert "没来得及送到" in page and "超期" not in page
    assert not [one.label for one in (*ClaimState, *ClaimVerb) if "超期" in str(one.label)]
