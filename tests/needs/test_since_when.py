"""Since when: the last move into the present hands, on every page, also after something came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from claims.models import Claim, ClaimEvent, Offer
from claims.services import steps
from deadlines.models import Stage
from needs import wording
from needs.models import Need, Wish, WishEvent
from needs.presenting import tracked
from needs.presenting.page import decision
from needs.presenting.wish_around import wish_around
from needs.presenting.wishes import hand
from needs.services.assigning import assign_need
from needs.services.handling import accept_need
from needs.services.triage import escalate_need
from needs.services.waiting import ask_resident, resume_need
from needs.services.wishes import edit_wish
from needs.states.wish import VERIFY_WAIT
from tests.cast import Cast, api_of, browser_of, fresh, say_need
from tests.needs.running import publish, runner, take
from tests.needs.ways import in_hand, now
from tests.needs.wishing import again, published, raised, taken, typed, verified

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=5)


def aged(wish: Wish) -> None:
    """Everything that has happened to ``wish`` so far happened five days ago."""
    then = timezone.now() - LONG_AGO
    Wish.objects.filter(pk=wish.pk).update(created_at=then, verified_at=then if again(wish).verified_at else None)
    Stage.objects.filter(label=wish.number).update(started_at=then)
    Offer.objects.filter(pk=again(wish).offer_id).update(opens_at=then)
    Claim.objects.filter(offer=again(wish).offer_id).update(claimed_at=then)


def since(wish: Wish) -> Any:
    found = again(wish)
    return hand(found, wish_around([found]))["at"]


def is_today(moment: Any) -> bool:
    return bool(timezone.localdate(moment) == timezone.localdate())


def test_what_was_edited_after_it_was_verified_lies_with_the_community_since_then(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here)
    aged(wish)
    assert not is_today(since(wish)), "the control: nothing has moved yet"
    edit_wish(pk=wish.pk, by=fresh(here.worker), version=None, **typed(item="一床薄被子"))
    assert since(wish) == Stage.objects.running().get(kind=VERIFY_WAIT).started_at and is_today(since(wish))


def test_an_edit_before_it_is_verified_moves_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    aged(wish)
    edit_wish(pk=wish.pk, by=fresh(here.worker), version=None, **typed(item="一床薄被子"))
    assert not is_today(since(wish))


def test_what_a_unit_gave_back_waits_on_the_wall_since_then(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    aged(wish)
    assert not is_today(since(wish))
    steps.return_claim(claim_id=claim.pk, by=fresh(here.liaison), note="缺货")
    assert is_today(since(wish))
    page = browser_of(here.worker).get(f"/admin/needs/wish/{wish.pk}/change/").content.decode()
    assert f"{wording.moment(since(wish))}起" in page
    unit_takes_again = taken(here, wish)
    assert since(wish) == unit_takes_again.claimed_at


def test_what_had_not_arrived_is_with_whoever_brings_it_since_that_was_said(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    aged(wish)
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="送到了")
    steps.not_there(claim_id=claim.pk, by=fresh(here.worker), note="没看到")
    asked = ClaimEvent.objects.get(claim=claim, verb="not_there")
    assert is_today(since(wish)) and abs(since(wish) - asked.at) < timedelta(minutes=1)
    desk = browser_of(here.liaison)
    said = wording.moment(since(wish))
    assert f"{said}起" in desk.get(f"/desk/claims/{claim.pk}/").content.decode()
    assert WishEvent.objects.filter(wish=wish, verb="not_there").count() == 1


def test_an_errand_that_came_back_waits_since_then(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    errand = publish(need, here.worker)
    claim = take(errand, runner())
    then = timezone.now() - timedelta(hours=3)
    Offer.objects.filter(pk=errand.offer_id).update(opens_at=then)
    Claim.objects.filter(pk=claim.pk).update(claimed_at=then)
    page = f"/admin/needs/need/{need.pk}/change/"
    assert f"{wording.moment(then)}起" in browser_of(here.worker).get(page).content.decode()
    steps.return_claim(claim_id=claim.pk, by=fresh(runner()), note="临时有事")
    shown = browser_of(here.worker).get(page).content.decode()
    assert f"{wording.moment(then)}起" not in shown
    back = Offer.objects.get(pk=errand.offer_id).waits_since
    assert is_today(back) and back > then + timedelta(hours=2) and f"{wording.moment(back)}起" in shown
    other = browser_of(runner("13900000002")).get(f"/desk/errands/{errand.offer_id}/").content.decode()
    assert wording.moment(back) in other and wording.moment(then) not in other


def test_an_errand_that_had_not_arrived_is_with_the_runner_since_that_was_said(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    errand = publish(need, here.worker)
    claim = take(errand, runner())
    then = timezone.now() - timedelta(hours=3)
    Claim.objects.filter(pk=claim.pk).update(claimed_at=then)
    steps.deliver(claim_id=claim.pk, by=fresh(runner()))
    steps.not_there(claim_id=claim.pk, by=None, note="没收到")
    shown = browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    held = Claim.objects.get(pk=claim.pk).held_since
    assert held > then + timedelta(hours=2) and f"{wording.moment(held)}起" in shown
    assert f"{wording.moment(then)}起" not in shown


def test_after_the_resident_was_waited_for_it_is_with_whoever_goes_on_since_then(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="是哪一幢？")
    Need.objects.filter(pk=need.pk).update(held_since=timezone.now() - LONG_AGO)
    resume_need(pk=need.pk, by=fresh(here.worker))
    assert is_today(now(need).held_since)
    answer = api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").json()
    assert answer["hand"]["since"][:10] == timezone.localdate().isoformat()


def test_an_errand_that_was_taken_says_so_in_one_word_everywhere(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    take(publish(need, here.worker), runner())
    staff = browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    desk = browser_of(runner()).get("/desk/").content.decode()
    assert "已接单" in desk and "已接单" in staff and "已认领" not in staff


def test_accepted_again_at_the_street_is_dated_and_named_by_the_street(cast: Cast) -> None:
    here, ago = cast.chengxiang, timezone.now() - LONG_AGO
    need = accept_need(pk=say_need(here.home).pk, by=fresh(here.worker))
    with time_machine.travel(ago, tick=False):
        accepted_before = say_need(here.home)
        accept_need(pk=accepted_before.pk, by=fresh(here.worker))
        escalate_need(pk=accepted_before.pk, by=fresh(here.worker), why="要街道办")
    accept_need(pk=accepted_before.pk, by=fresh(here.clerk))
    again_taken, first = now(accepted_before), now(need)
    assert not is_today(again_taken.accepted_at), "the control: the first acceptance stays a fact"
    card, own = decision(again_taken), decision(first)
    assert card and own and card["by"].startswith(f"{here.clerk.name} · 今天")
    assert own["by"].startswith(f"{here.worker.name} · 今天")
    card = decision(
        now(assign_need(pk=again_taken.pk, by=fresh(here.clerk), to_user_id=here.section_head.pk, why="请看"))
    )
    assert card and card["by"].startswith(f"{here.clerk.name} · 今天"), "handed on: accepted by whoever accepted it"


def test_its_resident_reads_since_when_with_the_time_of_day(cast: Cast) -> None:
    need = in_hand(cast)
    rows = {row["label"]: row["value"] for row in tracked.hand(need, None)}
    assert rows["从哪天起"] == wording.moment(need.held_since)


@pytest.mark.parametrize(
    ("place", "spot", "said"),
    [
        ("湘湖路小区3幢", "湘湖路小区3幢201", "湘湖路小区3幢201"),
        ("湘湖路小区 3幢201", "3幢201", "湘湖路小区 3幢201"),
        ("湘湖路小区", "三楼拐角", "湘湖路小区 三楼拐角"),
        ("湘湖路小区", "", "湘湖路小区"),
    ],
)
def test_where_is_said_once(place: str, spot: str, said: str) -> None:
    assert wording.where(Need(place=place, spot=spot)) == said
