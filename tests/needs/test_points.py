"""Who runs an errand or makes a wish come true in person gets points; units and staff on duty do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from audit.models import AuditEntry
from claims import services as claims
from claims.models import Claim
from needs.models import Wish
from needs.services.errands import confirm_errand_by_resident
from people.models import User
from people.services.residents import erase_account, prepare_account
from points.models import Account, Transfer
from points.services.restoring import restore_points
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.needs.running import publish, runner, take
from tests.needs.wishing import again, published, taken
from tests.points.things import account, now_true

pytestmark = pytest.mark.django_db


def _ran(cast: Cast, who: Any, **said: Any) -> Claim:
    """An errand of 万寿桥社区, run by ``who`` and confirmed by the resident."""
    need = say_need(cast.chengxiang.home, **said)
    claim = take(publish(need, cast.chengxiang.worker), who)
    claims.deliver(claim_id=claim.pk, by=fresh(who))
    return confirm_errand_by_resident(token=need.link_token)


def test_an_errand_that_arrived_is_worth_a_point_once(cast: Cast) -> None:
    here, who = cast.chengxiang, runner()
    claim = _ran(cast, who)
    given = Transfer.objects.get()
    assert (given.source, given.label, given.amount) == (f"claim:{claim.pk}", "跑腿：买一瓶眼药水", 10)
    assert account(who, here).balance == 10
    _ran(cast, who)
    assert account(who, here).balance == 20
    now_true()


def test_not_for_ones_own_errand_nor_for_ones_job(cast: Cast) -> None:
    own = resident("13900000009")
    _ran(cast, own, phone="13900000009")
    _ran(cast, cast.chengxiang.grid_part)
    assert not Transfer.objects.exists()


def test_a_wish_made_true_in_person_is_worth_five_and_by_a_unit_nothing(cast: Cast) -> None:
    here, who = cast.chengxiang, runner()
    for person in (who, None):
        wish = published(here)
        assert wish.offer is not None
        claim = (
            claims.claim_offer(offer_id=wish.offer.pk, by=fresh(who), client_key=wish.client_key)
            if person
            else taken(here, wish)
        )
        claims.deliver(claim_id=claim.pk, by=fresh(who if person else here.liaison))
        claims.confirm(claim_id=claim.pk, by=fresh(here.secretary))
        again(wish)
    given = Transfer.objects.get()
    assert (given.amount, given.label) == (50, "圆梦：一床厚被子")
    assert account(who, here).balance == 50


def test_nothing_for_a_wish_of_ones_own(cast: Cast) -> None:
    here, who = cast.chengxiang, resident("13900000009")
    wish = published(here)
    assert wish.offer is not None
    Wish.objects.filter(pk=wish.pk).update(need=say_need(here.home, phone="13900000009"))
    claim = claims.claim_offer(offer_id=wish.offer.pk, by=fresh(who), client_key=wish.client_key)
    claims.deliver(claim_id=claim.pk, by=fresh(who))
    claims.confirm(claim_id=claim.pk, by=fresh(here.secretary))
    assert not Transfer.objects.exists()


def test_a_number_that_rested_takes_its_points_along_and_says_why(cast: Cast) -> None:
    here, who = cast.chengxiang, runner()
    _ran(cast, who)
    long_ago = timezone.now() - timedelta(days=400)
    User.objects.filter(pk=who.pk).update(last_login=long_ago, created_at=long_ago)
    assert User.objects.get(pk=who.pk).is_asleep
    new = prepare_account(phone=who.phone, by=None)
    left = Account.objects.get(kind="person")
    assert (new.pk != who.pk, left.person, left.balance, left.closed_at is not None) == (True, None, 0, True)
    assert "很久没有登录" in Transfer.objects.get(kind="close").why
    office, page = browser_of(here.clerk), f"/admin/points/account/{left.pk}/"
    assert "补回给本人" in office.get(f"{page}change/").content.decode()
    assert office.post(f"{page}restore/", {"phone": "13999999998", "why": "看了身份证"}).status_code == 422
    assert office.post(f"{page}restore/", {"phone": who.phone, "why": " "}).status_code == 422
    assert browser_of(cast.xiasha.clerk).post(f"{page}restore/", {"phone": who.phone, "why": "x"}).status_code == 404
    assert browser_of(here.leader).post(f"{page}restore/", {"phone": who.phone, "why": "x"}).status_code in (403, 404)
    for _tap in range(2):
        assert office.post(f"{page}restore/", {"phone": who.phone, "why": "看了身份证"}).status_code == 302
    assert account(new, here).balance == 10
    assert AuditEntry.objects.filter(action="points_given").count() == 1
    assert "补回给本人" not in office.get(f"{page}change/").content.decode()
    now_true()


def test_what_was_closed_by_its_holder_is_not_given_back(cast: Cast) -> None:
    here, who = cast.chengxiang, runner()
    _ran(cast, who)
    erase_account(user=who)
    with pytest.raises(RuleBroken):
        restore_points(pk=Account.objects.get(kind="person").pk, by=here.clerk, phone="13900000009", why="我的")


def test_whoever_deletes_their_account_leaves_a_ledger_without_a_name(cast: Cast) -> None:
    here, who = cast.chengxiang, runner()
    _ran(cast, who)
    erase_account(user=who)
    left = Account.objects.get(kind="person")
    assert (left.person, left.balance, left.closed_at is not None) == (None, 0, True)
    assert not Account.objects.of(who).exists()
    assert sorted(Transfer.objects.values_list("kind", flat=True)) == ["award", "close"]
    again_ = runner()
    assert again_.pk != who.pk
    _ran(cast, again_)
    assert account(again_, here).balance == 10
    now_true()
