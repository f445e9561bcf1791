"""The quick way through a claimed wish is held to the slow one."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from claims.models import Claim, Offer
from needs.models import Wish
from needs.services.wish_claimed import write_line
from needs.services.wish_people import wish_keepers
from needs.states.wish import WishState, WishVerb
from notifications.models import Message
from people.models import RoleGrant, User
from tests.cast import Cast
from tests.claims.things import alliance_of, claim_by, offer_in, unit_of


def _published(cast: Cast, raised_by: User, verified_by: User) -> tuple[Wish, Offer]:
    here, now = cast.chengxiang, timezone.now()
    wish = Wish.objects.create(
        number=f"XY-CX-20261122-{Wish.objects.count():04d}",
        client_key=uuid4(),
        area=here.home,
        kind="goods",
        item="一床厚被子",
        called="李伯",
        cap_yuan=200,
        beneficiary="李阿狗",
        raised_by=raised_by,
        verified_by=verified_by,
        verified_at=now,
        decided_by=here.secretary,
        decided_at=now,
    )
    offer = offer_in(here.home, kind="wish", subject=f"wish:{wish.pk}", label=wish.number, title=wish.item)
    wish.offer, wish.state = offer, WishState.PUBLISHED
    wish.save()
    return wish, offer


def test_the_keepers_are_those_of_wish_keepers(cast: Cast) -> None:
    here = cast.chengxiang
    for raised, verified in (
        (here.worker, here.grid_full),
        (here.neighbour, here.grid_lead),
        (here.clerk, here.worker),
        (here.grid_part, here.leader),
        (cast.xiasha.worker, cast.nobody),
    ):
        wish, _offer = _published(cast, raised, verified)
        found, keepers, _line = write_line(wish.pk, Claim(pk=1), wish.area_id, here.worker)
        whole = Wish.objects.get(pk=wish.pk)
        assert {user.pk for user in keepers} == {user.pk for user in wish_keepers(whole)}
        assert keepers
        for name in ("pk", "number", "item", "area_id", "area"):
            assert getattr(found, name) == getattr(whole, name), name
        assert found.area.name == whole.area.name


def test_whoever_left_or_was_switched_off_is_not_told(cast: Cast) -> None:
    here = cast.chengxiang
    wish, _offer = _published(cast, here.grid_full, here.grid_lead)
    RoleGrant.objects.filter(user=here.grid_full).update(starts_on="2026-01-01", ends_on=timezone.localdate())
    User.objects.filter(pk=here.grid_lead.pk).update(is_active=False)
    _found, keepers, _line = write_line(wish.pk, Claim(pk=1), wish.area_id, None)
    assert {user.pk for user in keepers} == {here.worker.pk, here.secretary.pk}
    assert {user.pk for user in wish_keepers(Wish.objects.get(pk=wish.pk))} == {here.worker.pk, here.secretary.pk}


def test_a_claimed_wish_has_its_line_and_its_keepers_a_notice(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    wish, offer = _published(cast, here.worker, here.grid_full)
    claim = claim_by(here.liaison, offer, unit_of(here))
    event = wish.events.get(verb=WishVerb.CLAIMED)
    assert (event.source, event.target, event.actor) == (WishState.PUBLISHED, WishState.PUBLISHED, here.liaison)
    assert event.params == {"actor": here.liaison.name, "claimer": str(unit_of(here)), "claim": claim.pk}
    notices = Message.objects.filter(rule="needs.WishClaimed")
    assert {row.recipient_key for row in notices} == {
        f"u:{user.pk}" for user in (here.worker, here.secretary, here.grid_full)
    }
    assert {(row.occurrence, row.url) for row in notices} == {
        (f"{wish.number}:{event.pk}", f"/admin/needs/wish/{wish.pk}/change/")
    }


def test_nobody_hears_of_what_they_did_themselves(cast: Cast) -> None:
    here = cast.chengxiang
    _wish, offer = _published(cast, here.worker, here.grid_full)
    claim_by(here.worker, offer)
    told = set(Message.objects.filter(rule="needs.WishClaimed").values_list("recipient_key", flat=True))
    assert told == {f"u:{user.pk}" for user in (here.secretary, here.grid_full)}
