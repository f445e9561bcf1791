"""An offer is good for as long as whoever made it could make it, or handed over as planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from members.models import Liaison, SeatOffer
from members.services import end_seat, seat_liaison
from members.states import OfferState
from people.models import RoleGrant
from tests.cast import browser_of, resident
from tests.members.conftest import Twins
from tests.members.offering import answer, ask, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sms(settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"


@pytest.fixture
def outgoing(twins: Twins) -> Liaison:
    return seat_liaison(
        unit=twins.here.unit,
        user=resident("13800001111"),
        by=None,
        name="陈老师",
        starts_on=timezone.localdate() - timedelta(40),
    )


def refused(offer: SeatOffer) -> bool:
    """Neither may they say yes, nor does the page ask them to."""
    token = token_of(offer)
    page = browser_of(None).get(f"/c/{token}/").content.decode()
    said = answer(token, "take").status_code
    offer.refresh_from_db()
    assert (said == 409) == ("不再负责" in page) == (offer.state == OfferState.OPEN)
    return bool(said == 409)


def test_a_liaison_whose_seat_has_ended_gives_nothing_any_more(twins: Twins, outgoing: Liaison) -> None:
    handed = ask(twins, by=outgoing.user, hands_over=outgoing.pk)
    second = ask(twins, by=outgoing.user, is_second=True, phone="13900000002")
    end_seat(pk=outgoing.pk, by=twins.here.clerk)
    assert refused(second) and refused(handed)
    assert not Liaison.objects.active().filter(unit=twins.here.unit).exists()


def test_while_the_seat_lasts_the_offer_is_good(twins: Twins, outgoing: Liaison) -> None:
    assert not refused(ask(twins, by=outgoing.user, hands_over=outgoing.pk))


def test_a_seat_that_ended_on_the_day_named_is_handed_over_all_the_same(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, by=outgoing.user, hands_over=outgoing.pk, starts_on=timezone.localdate() + timedelta(5))
    end_seat(pk=outgoing.pk, by=twins.here.clerk, on=offer.starts_on)
    # Six days later.
    SeatOffer.objects.filter(pk=offer.pk).update(
        starts_on=timezone.localdate() - timedelta(1), created_at=timezone.now() - timedelta(6)
    )
    Liaison.objects.filter(pk=outgoing.pk).update(ends_on=timezone.localdate() - timedelta(1))
    assert not refused(offer)


def test_a_clerk_who_left_the_office_gives_no_seat(twins: Twins) -> None:
    offer = ask(twins)
    RoleGrant.objects.filter(user=twins.here.clerk).update(ends_on=timezone.localdate())
    assert refused(offer)
