"""A unit leaves an alliance in the middle of a year: what was stays, what would go on ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid
from audit.models import AuditEntry
from audit.states import Action
from members.models import Body, BodyKind, BodySeat, Liaison, Membership, MemberUnit, Placement, SeatOffer
from members.services import join_alliance, leave_alliance, offer_seat, seat_liaison
from members.states import OfferState
from tests.cast import Cast, browser_of, build
from tests.claims.things import alliance_of, claim_by, unit_of
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


@pytest.fixture
def seated(twins: Twins) -> tuple[Membership, Placement, BodySeat, BodySeat]:
    """The unit in a group of its alliance, in a body of it, and in one of its community's own."""
    here, unit = twins.here, twins.here.unit
    kind = BodyKind.objects.create(key="zu", name="小组", axis="group", roles=["成员"])
    group = Body.objects.create(kind=kind, name="文教组", area=here.street, alliance=here.alliance)
    own = Body.objects.create(kind=kind, name="社区的组", area=here.community)
    membership = Membership.objects.get(unit=unit)
    placement = Placement.objects.create(membership=membership, group=group, starts_on=date(2020, 7, 13))
    sits, elsewhere = (
        BodySeat.objects.create(body=body, role="成员", unit=unit, starts_on=date(2021, 1, 1)) for body in (group, own)
    )
    return membership, placement, sits, elsewhere


def test_history_stays_and_what_hangs_on_the_membership_ends_that_day(
    twins: Twins, seated: tuple[Membership, Placement, BodySeat, BodySeat]
) -> None:
    membership, placement, sits, elsewhere = seated
    leave_alliance(pk=membership.pk, by=twins.here.clerk, on=JUNE)
    for row in (membership, placement, sits, elsewhere):
        row.refresh_from_db()
    assert (membership.left_on, placement.ends_on, sits.ends_on, elsewhere.ends_on) == (JUNE, JUNE, JUNE, None)
    assert (membership.joined_on, placement.starts_on) == (date(2020, 7, 13), date(2020, 7, 13))
    assert twins.here.unit in MemberUnit.objects.members_in(twins.here.street.pk, date(2026, 5, 31))
    assert twins.here.unit not in MemberUnit.objects.members_in(twins.here.street.pk)
    assert AuditEntry.objects.filter(action=Action.REGISTER_CHANGED, params__left_on=JUNE.isoformat()).exists()
    assert browser_of(twins.here.clerk).get(f"/admin/members/membership/{membership.pk}/change/").status_code == 200


def test_joining_again_is_a_new_membership(twins: Twins) -> None:
    old = Membership.objects.get(unit=twins.here.unit)
    leave_alliance(pk=old.pk, by=twins.here.clerk, on=JUNE)
    with pytest.raises(Invalid):
        join_alliance(
            alliance=twins.here.alliance, unit=twins.here.unit, by=twins.here.clerk, joined_on=date(2026, 5, 1)
        )
    new = join_alliance(alliance=twins.here.alliance, unit=twins.here.unit, by=twins.here.clerk)
    old.refresh_from_db()
    assert new.pk != old.pk and old.left_on == JUNE


def test_offers_of_seats_are_taken_back_with_the_last_membership(twins: Twins) -> None:
    unit, clerk = twins.shared, twins.here.clerk
    seat = seat_liaison(unit=unit, user=person("guanyuan", None, None), by=clerk)
    offer = offer_seat(unit_id=unit.pk, by=clerk, name="某某", phone="13900000001", hands_over=seat.pk)
    here, there = (Membership.objects.get(unit=unit, alliance=side.alliance) for side in (twins.here, twins.there))
    leave_alliance(pk=here.pk, by=clerk)
    assert SeatOffer.objects.get(pk=offer.pk).state == OfferState.OPEN
    leave_alliance(pk=there.pk, by=twins.there.clerk)
    gone = SeatOffer.objects.get(pk=offer.pk)
    assert (gone.state, gone.phone) == (OfferState.WITHDRAWN, "")
    assert Liaison.objects.get(pk=seat.pk).ends_on is None


def test_a_day_to_come_takes_nothing_back_yet(twins: Twins) -> None:
    unit, clerk = twins.here.unit, twins.here.clerk
    offer = offer_seat(unit_id=unit.pk, by=clerk, name="某某", phone="13900000001")
    later = timezone.localdate() + timedelta(days=30)
    leave_alliance(pk=Membership.objects.get(unit=unit).pk, by=clerk, on=later)
    assert SeatOffer.objects.get(pk=offer.pk).state == OfferState.OPEN
    assert unit in MemberUnit.objects.members_in(twins.here.street.pk)


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


def test_what_the_unit_has_in_hand_stands_on_the_page_for_staff(cast: Cast) -> None:
    from tests.needs.wishing import published

    here = cast.chengxiang
    alliance_of(here)
    wish = published(here)
    claim_by(here.liaison, wish.offer, unit_of(here))
    membership = Membership.objects.get(unit=unit_of(here))
    page = f"/admin/members/membership/{membership.pk}/change/"
    clerk = browser_of(here.party_office)
    assert wish.offer.title in clerk.get(page).content.decode()
    leave_alliance(pk=membership.pk, by=here.party_office)
    shown = clerk.get(page).content.decode()
    assert wish.offer.title in shown and f"/admin/needs/wish/{wish.pk}/change/" in shown
    assert "单位退出了" in shown
