"""The desk: for whoever speaks for a unit what it was asked and took on; for everybody what they have in hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alliance.lib.pagination import capped_count, count_label
from desk import meetings, presenting, selectors, together, warehouse
from desk.asked_rows import asked_row, proposed_rows
from desk.doors import doors
from desk.suspended import suspension
from desk.views.errands import open_rows
from desk.views.lists import round_rows
from members.models import Liaison, MemberUnit
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
    """One unit's desk: what waits for it, wishes it may like, what it has taken on."""
    unit = seat.unit
    live: list[Any] = list(selectors.in_hand(user, unit).annotate(every=Window(Count("pk")))[:FEW])
    wishes = [] if unit.is_suspended else list(selectors.wishes_for(unit)[:FEW])
    waits = _waits(user, unit)
    return {
        **waits,
        "unit": unit,
        "suspended": suspension(unit),
        "seat": seat,
        "others": [one.unit for one in seats if one.unit_id != unit.pk],
        "doors": doors(unit, _behind(waits)),
        "agreed": [asked_row(need) for need in selectors.agreed([unit.pk])[:MANY]],
        "settled": [presenting.answer_row(one) for one in selectors.settled_lately(user, unit, SETTLED_DAYS)],
        "wishes": wish_cards(wishes, unit.area_id),
        "claims": presenting.hand_rows(live),
        "claims_count": count_label(live[0].every if live else 0),
        "booked": warehouse.booking_rows(user, warehouse.to_come(user, unit)[:ERRANDS]),
        "mine": presenting.hand_rows(selectors.in_hand(user, None)[:FEW]),
    }


def _waits(user: User, unit: MemberUnit) -> dict[str, Any]:
    """等您办: everything that waits for a word or a deed of the unit, and how much that is."""
    asked = selectors.to_reply([unit.pk])
    found: dict[str, Any] = {
        "lost": warehouse.booking_rows(user, warehouse.lost_to_come(user, unit)[:FEW]),
        "asked": [asked_row(need) for need in asked[:FEW]],
        "proposed": proposed_rows(warehouse.keys_of(unit)),
        "to_answer": warehouse.booking_rows(user, warehouse.asked_bookings(unit)[:FEW], asked=True),
        "to_say": [*together.waiting(unit), *meetings.waiting(unit)],
        "rounds": round_rows(unit, waiting=True),
        "papers": selectors.unread_papers(unit, PAPERS),
    }
    few = len(found["papers"])
    number, unread = capped_count(asked), few if few < PAPERS else unread_count(unit.pk)
    rest = sum(len(found[name]) for name in ("lost", "proposed", "to_answer", "to_say", "rounds"))
    return {**found, "asked_count": count_label(number), "unread": unread, "todo": count_label(number + unread + rest)}


def _behind(waits: dict[str, Any]) -> dict[str, int]:
    """By the door: how much of what waits lies behind it."""
    said = Counter(row["door"] for row in waits["to_say"])
    return said | {
        "desk:resources": len(waits["to_answer"]),
        "desk:lists": len(waits["rounds"]),
        "desk:documents": waits["unread"],
    }


def wish_cards(offers: list[Any], near: str) -> list[dict[str, Any]]:
    """Cards of what may be claimed: the public side of the wish, and a reason only where it is true."""
    wishes = selectors.wishes_of(offer.pk for offer in offers)
    return [presenting.wish_card(offer, wishes.get(offer.pk), near) for offer in offers]
