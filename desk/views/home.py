"""The desk: for whoever speaks for a unit what it was asked and took on; for everybody what they have in hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alliance.lib.pagination import capped_count, count_label
from desk import presenting, selectors, together, warehouse
from desk.asked_rows import asked_row, proposed_rows
from desk.suspended import suspension
from desk.views.errands import open_rows
from desk.views.lists import round_rows
from members.models import Liaison
from members.services.receipts import unread_count
from people.models import User
from people.visitors import signed_in

FEW, ERRANDS, PAPERS, MANY = 6, 3, 4, 20
SETTLED_DAYS = 3
"""So long the desk says of what others settled that the unit need not come."""


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    context: dict[str, Any] = {"nav_current": "my", "errands": open_rows(user)[:ERRANDS]}
    if seat is None:
        own = selectors.in_hand(user, None)
        context["claims"] = presenting.hand_rows(own[:FEW])
        context["lost"] = warehouse.booking_rows(user, warehouse.lost_to_come(user, None)[:FEW])
        return render(request, "desk/home.html", context)
    return render(request, "desk/unit.html", {**context, **_unit(user, seat, seats)})


def _unit(user: User, seat: Liaison, seats: list[Liaison]) -> dict[str, Any]:
    """One unit's desk: what it was asked, wishes it may like, what it has taken on."""
    unit = seat.unit
    asked, live = selectors.to_reply([unit.pk]), selectors.in_hand(user, unit)
    wishes = [] if unit.is_suspended else list(selectors.wishes_for(unit)[:FEW])
    return {
        "unit": unit,
        "suspended": suspension(unit),
        "unread": unread_count(unit.pk),
        "papers": selectors.unread_papers(unit, PAPERS),
        "seat": seat,
        "others": [one.unit for one in seats if one.unit_id != unit.pk],
        "asked": [asked_row(need) for need in asked[:FEW]],
        "agreed": [asked_row(need) for need in selectors.agreed([unit.pk])[:MANY]],
        "proposed": proposed_rows(warehouse.keys_of(unit)),
        "settled": [presenting.answer_row(one) for one in selectors.settled_lately(user, unit, SETTLED_DAYS)],
        "asked_count": count_label(capped_count(asked)),
        "wishes": wish_cards(wishes, unit.area_id),
        "claims": presenting.hand_rows(live[:FEW]),
        "claims_count": count_label(capped_count(live)),
        "lost": warehouse.booking_rows(user, warehouse.lost_to_come(user, unit)[:FEW]),
        "to_answer": warehouse.booking_rows(user, warehouse.asked_bookings(unit)[:FEW], asked=True),
        "booked": warehouse.booking_rows(user, warehouse.to_come(user, unit)[:ERRANDS]),
        "rounds": round_rows(unit, waiting=True),
        "to_say": together.waiting(unit),
        "mine": presenting.hand_rows(selectors.in_hand(user, None)[:FEW]),
    }


def wish_cards(offers: list[Any], near: str) -> list[dict[str, Any]]:
    """Cards of what may be claimed: the public side of the wish, and a reason only where it is true."""
    wishes = selectors.wishes_of(offer.pk for offer in offers)
    return [presenting.wish_card(offer, wishes.get(offer.pk), near) for offer in offers]
