"""服务卡: what one's unit gave in a quarter, to look at and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alliance.lib.errors import NotFound
from desk import selectors
from members.presenting.service_cards import rows_of, steps_around
from members.services.service_cards import given_by, quarter_named
from people.visitors import signed_in


@never_cache
@require_GET
def service_card(request: HttpRequest) -> HttpResponse:
    """``?quarter=2026Q3``; by default the last that is over."""
    seat, held = selectors.seat_here(request, signed_in(request))
    if seat is None:
        raise NotFound
    quarter = quarter_named(request.GET.get("quarter", ""))
    given = given_by([seat.unit_id], quarter)
    context = {
        "unit": seat.unit,
        "others": [one.unit for one in held if one.unit_id != seat.unit_id],
        "quarter": quarter,
        "rows": rows_of(given, seat.unit_id),
        "seats": selectors.seats_to_show(seat.unit),
        "steps": steps_around(quarter),
        "nav_current": "my",
    }
    return render(request, "desk/service_card.html", context)
