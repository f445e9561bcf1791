"""An offer that a merge takes back is forgotten like any other, and until then comes back with the unit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.models import MemberUnit, SeatOffer
from members.services.merging import merge_units, preview_merge, undo_merge
from members.services.seat_offers import FORGET, forget_asked, offer_seat
from members.states import OfferState
from tests.cast import resident
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db
PHONE = "13900000001"


@pytest.fixture
def double(twins: Twins) -> MemberUnit:
    return MemberUnit.objects.create(name="甲街道 小学", kind="school", area=twins.here.street)


def withdrawn(twins: Twins, double: MemberUnit) -> tuple[SeatOffer, int]:
    """The gone unit's offer after the merge, and the merge."""
    offer_seat(unit_id=twins.here.unit.pk, by=twins.here.clerk, name="某某", phone="13900000000")
    theirs = offer_seat(unit_id=double.pk, by=twins.here.clerk, name="王明", phone=PHONE, words="请多关照")
    seen = preview_merge(kept_id=twins.here.unit.pk, gone_id=double.pk, by=twins.here.clerk).seen
    done = merge_units(kept_id=twins.here.unit.pk, gone_id=double.pk, by=twins.here.clerk, seen=seen)
    theirs.refresh_from_db()
    assert theirs.state == OfferState.WITHDRAWN
    return theirs, done.pk


def forget_now() -> None:
    Due.objects.filter(kind=FORGET).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep()


def said(offer: SeatOffer) -> tuple[str, ...]:
    offer.refresh_from_db()
    return offer.name, offer.words, offer.phone, offer.phone_index


def test_name_and_phone_go_after_thirty_days(twins: Twins, double: MemberUnit) -> None:
    offer, _merge = withdrawn(twins, double)
    due = Due.objects.get(kind=FORGET, subject=f"seat_offer:{offer.pk}")
    assert timedelta(days=29) < due.due_at - timezone.now() <= timedelta(days=30)
    assert offer.answered_at is not None and offer.phone == PHONE, "until then the merge can be taken back"
    forget_now()
    assert said(offer) == ("", "", "", "")


def test_a_merge_taken_back_leaves_the_offer_open_and_whole(twins: Twins, double: MemberUnit) -> None:
    offer, merge = withdrawn(twins, double)
    _done, stays = undo_merge(pk=merge, by=twins.here.clerk)
    forget_now()
    assert stays == [] and said(offer)[0] == "王明" and offer.phone == PHONE
    assert (offer.state, offer.answered_at, offer.unit) == (OfferState.OPEN, None, double)


def test_whoever_deletes_their_account_is_gone_from_it_too(twins: Twins, double: MemberUnit) -> None:
    offer, _merge = withdrawn(twins, double)
    forget_asked(user=resident(PHONE))
    assert said(offer) == ("", "", "", "") and offer.state == OfferState.WITHDRAWN
