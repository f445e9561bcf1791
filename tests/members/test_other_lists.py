"""The other lists of the register: their pages open, narrow, turn in every order, and say nothing of another street."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.lib.keyset import place_of
from alliance.lib.listing import Cell, Chosen, Listing, Reading, known, order_of
from members.listings.alliances import ALLIANCES, MEMBERSHIPS
from members.listings.bodies import BODIES
from members.listings.cultivations import CULTIVATIONS
from members.listings.documents import DOCUMENTS
from members.listings.liaisons import LIAISONS
from members.listings.party import PARTY
from members.listings.places import BRANDS, BUILDINGS
from members.listings.seat_offers import OFFERS
from members.listings.units import UNITS
from members.models import (
    Body,
    BodyKind,
    BodySeat,
    Building,
    Cultivation,
    Document,
    DocumentVersion,
    Liaison,
    PartyOrganisation,
    Receipt,
    SeatOffer,
)
from members.states import DocumentKind, OfferState, PartyKind
from people.models import User
from tests.cast import browser_of
from tests.members.conftest import Side, Twins, person

pytestmark = pytest.mark.django_db
LISTS = [UNITS, LIAISONS, PARTY, BODIES, DOCUMENTS, ALLIANCES, MEMBERSHIPS, BUILDINGS, BRANDS, CULTIVATIONS, OFFERS]
DAY = date(2020, 7, 13)


def _fill(side: Side, mark: str, number: int) -> None:
    """``number`` of everything, some with dates and counts, some without."""
    kind = BodyKind.objects.filter(key="secretariat").first()
    kind = kind or BodyKind.objects.create(
        key=f"k{mark}{side.street.pk}"[:30], name=f"{mark}类{side.street.pk}", roles=["成员"]
    )
    for place in range(number):
        own = {"area": side.community, "set_up_on": DAY + timedelta(days=place // 2) if place % 3 else None}
        name = f"{mark}{place}"
        PartyOrganisation.objects.create(
            name=f"{name}支部", kind=PartyKind.values[place % 3], member_count=place // 2 if place % 2 else None, **own
        )
        body = Body.objects.create(kind=kind, name=f"{name}会", alliance=side.alliance, **own)
        BodySeat.objects.create(body=body, role="成员", name=f"{mark}某")
        Building.objects.create(name=f"{name}大厦", area=side.community, floors=place if place % 2 else None)
        Cultivation.objects.create(name=f"{name}培育", area=side.street, year=2020 + place // 2)
        SeatOffer.objects.create(
            unit=side.unit,
            name=f"{mark}某",
            created_by=side.clerk,
            state=(OfferState.DECLINED, OfferState.WITHDRAWN)[place % 2],
            expires_at=timezone.now(),
        )
        document = Document.objects.create(
            alliance=side.alliance, title=f"{name}章程", kind=DocumentKind.values[place % 2]
        )
        if place % 2:
            version = DocumentVersion.objects.create(
                document=document, number=1, text="一", published_at=timezone.now(), published_by=side.clerk
            )
            Receipt.objects.create(version=version, unit=side.unit)


def _read(listing: Listing, user: User, **chosen: Any) -> Reading:
    return Reading(listing, user, Chosen(**chosen))


def _shown(listing: Listing, user: User, **chosen: Any) -> list[str]:
    cells = [listing.columns[0].cell(row) for row in _read(listing, user, **chosen).rows()]
    return [cell.text if isinstance(cell, Cell) else cell for cell in cells]


def test_every_declared_list_is_known() -> None:
    assert {listing.key for listing in LISTS} <= {listing.key for listing in known()}


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.key)
def test_every_order_turns_its_pages_where_values_are_missing(twins: Twins, listing: Listing) -> None:
    _fill(twins.here, "甲", 7)
    sorts = ["", *(f"{sign}{column.key}" for column in listing.columns if column.order for sign in ("", "-"))]
    for sort in sorts:
        order = order_of(listing, Chosen(sort=sort))
        rows = list(_read(listing, twins.here.clerk, sort=sort).rows())
        for cut in range(1, len(rows)):
            behind = _read(listing, twins.here.clerk, sort=sort, cursor=place_of(rows[cut - 1], order)).page()
            assert [row.pk for row in behind.rows] == [row.pk for row in rows[cut:]], (sort, cut)


@pytest.mark.parametrize("listing", [PARTY, BODIES, DOCUMENTS], ids=lambda listing: listing.key)
def test_another_streets_rows_and_choices_are_nowhere(twins: Twins, listing: Listing) -> None:
    _fill(twins.here, "甲", 3)
    _fill(twins.there, "乙", 3)
    client = browser_of(twins.here.clerk)
    page = client.get(reverse(listing.url_name)).content.decode()
    assert "甲0" in page
    for foreign in ("乙0", "乙1", "乙联盟", "乙社区"):
        assert foreign not in page, foreign
    counted = sum(count or 0 for _value, _label, count in _read(listing, twins.here.clerk).answers(listing.facets[0]))
    assert counted == 3


def test_party_organisations_are_narrowed_and_ended_ones_stand_apart(twins: Twins) -> None:
    _fill(twins.here, "甲", 4)
    PartyOrganisation.objects.filter(name="甲0支部").update(set_up_on=DAY, ended_on=DAY + timedelta(days=9))
    PartyOrganisation.objects.filter(name="甲1支部").update(unit=twins.here.unit)
    clerk = twins.here.clerk
    assert "甲0支部" not in _shown(PARTY, clerk)
    assert _shown(PARTY, clerk, tab="past") == ["甲0支部"]
    assert _shown(PARTY, clerk, facets={"unit": "yes"}) == ["甲1支部"]
    assert set(_shown(PARTY, clerk, facets={"unit": "no"})) == {"甲2支部", "甲3支部"}
    assert _shown(PARTY, clerk, q="甲街道小学") == ["甲1支部"]


def test_a_document_says_how_many_have_seen_it(twins: Twins) -> None:
    _fill(twins.here, "甲", 2)
    column = DOCUMENTS.column("seen")
    assert column is not None
    seen = {row.title: column.cell(row) for row in _read(DOCUMENTS, twins.here.clerk).rows()}
    assert seen == {"甲0章程": "", "甲1章程": "0 / 1"}
    Receipt.objects.update(seen_at=timezone.now(), seen_by=twins.here.clerk)
    assert [column.cell(row) for row in _read(DOCUMENTS, twins.here.clerk, facets={"published": "yes"}).rows()] == [
        "1 / 1"
    ]


def test_liaisons_stand_under_their_time(twins: Twins) -> None:
    today = timezone.localdate()
    dates = {"past": (DAY, today), "now": (today, None), "coming": (today + timedelta(days=1), None)}
    seats = {}
    for place, (tab, (start, end)) in enumerate(dates.items()):
        user = person(f"liaison{place}", None, None)
        seats[tab] = Liaison.objects.create(
            unit=twins.here.unit, user=user, name=f"{tab}某", starts_on=start, ends_on=end, is_second=tab == "coming"
        ).pk
    clerk = twins.here.clerk
    for tab, pk in seats.items():
        assert [row.pk for row in _read(LIAISONS, clerk, tab="" if tab == "now" else tab).rows()] == [pk]
    assert _read(LIAISONS, clerk).tab_counts() == {"now": 1, "coming": 1, "past": 1, "all": 3}
    assert _shown(LIAISONS, twins.there.clerk, tab="all") == []


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.key)
def test_the_number_of_statements_does_not_follow_the_rows(twins: Twins, listing: Listing) -> None:
    client, address = browser_of(twins.here.clerk), reverse(listing.url_name)
    _fill(twins.here, "甲", 3)
    client.get(address)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return sum("django_session" not in one["sql"] for one in captured)  # noted once a minute

    few = statements()
    _fill(twins.here, "乙", 20)
    assert statements() == few


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.key)
def test_whoever_keeps_no_streets_register_has_no_list(twins: Twins, listing: Listing) -> None:
    nobody = person("auditor", "audit_admin", twins.here.street)
    assert browser_of(nobody).get(reverse(listing.url_name)).status_code == 403
