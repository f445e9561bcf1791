"""Asking somebody by a text message: who asks is said truly, and the page says that it sends one."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from members import messages
from members.models import SeatOffer
from members.services import join_alliance, offer_seat
from people.models import RoleGrant
from tests.cast import browser_of
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db
ADD = "/admin/members/seatoffer/add/"


@pytest.fixture(autouse=True)
def _sms(settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"


def _ask(twins: Twins, **said: Any) -> SeatOffer:
    typed = {"unit_id": twins.here.unit.pk, "by": twins.here.clerk, "name": "王明", "phone": "13912345678"}
    return offer_seat(**{**typed, **said})


def test_the_street_that_asks_is_named_and_not_where_the_unit_sits(twins: Twins) -> None:
    unit = twins.here.unit
    unit.area = twins.here.community
    unit.save(update_fields=["area"])
    assert messages.asked_by(_ask(twins)) == twins.here.street.name


def test_the_street_whose_alliance_the_unit_joined_asks_in_its_own_name(twins: Twins) -> None:
    unit = twins.here.unit
    join_alliance(alliance=twins.there.alliance, unit=unit, by=None)
    assert messages.asked_by(_ask(twins, by=twins.there.clerk)) == twins.there.street.name


def test_whoever_works_elsewhere_by_now_does_not_ask_in_that_streets_name(twins: Twins) -> None:
    offer = _ask(twins)
    RoleGrant.objects.filter(user=twins.here.clerk).update(area=twins.there.street)
    kept = SeatOffer.objects.get(pk=offer.pk)
    assert list(kept.created_by.roles), "control: an office, and another one"
    assert messages.asked_by(kept) == twins.here.street.name


def test_after_whoever_asked_has_left_the_street_asks(twins: Twins) -> None:
    offer = _ask(twins)
    RoleGrant.objects.filter(user=twins.here.clerk).update(ends_on=timezone.localdate())
    kept = SeatOffer.objects.get(pk=offer.pk)
    assert not kept.created_by.roles
    assert messages.asked_by(kept) == twins.here.street.name


def test_the_page_says_that_it_sends_a_message_and_has_one_button(twins: Twins) -> None:
    text = browser_of(twins.here.clerk).get(ADD).content.decode()
    assert "<h1>请一位联络员</h1>" in text
    assert 'value="发短信邀请"' in text
    assert "_addanother" not in text and "_continue" not in text


def test_an_end_date_is_saved_by_one_button(twins: Twins) -> None:
    membership = twins.here.unit.memberships.get()
    browser = browser_of(twins.here.clerk)
    text = browser.get(f"/admin/members/membership/{membership.pk}/change/").content.decode()
    assert 'name="_save"' in text
    assert "_addanother" not in text and "_continue" not in text
    assert "_addanother" in browser.get("/admin/members/building/add/").content.decode(), "control"
