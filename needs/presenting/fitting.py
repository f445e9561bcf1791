"""What may help with a need or a wish, what a resource could meet, and what is booked, as pages show it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from needs.models import Need, Wish
from needs.services.meeting import Met, could_meet
from needs.services.proposing import Fitting, fitting
from needs.services.wish_proposing import fitting_wish
from people.models import User
from resources.models import Booking, Resource
from resources.presenting import facts, hands, times
from resources.states import BookingState, Form

FEW = 5


def fitting_rows(need: Need) -> list[dict[str, Any]]:
    """The best resources, each with why, and the way to book it for this need."""
    return [_fits(one, need) for one in fitting(need)]


def fitting_wish_rows(wish: Wish) -> list[dict[str, Any]]:
    """The best resources for a wish on the wall, each with why."""
    return [_fits(one) for one in fitting_wish(wish)]


def _fits(one: Fitting, need: Need | None = None) -> dict[str, Any]:
    row = one.resource
    return {
        "pk": row.pk,
        "name": row.name,
        "who": " · ".join((str(row.unit or row.area.name), row.kind.label)),
        "reasons": one.reasons,
        "proposed": one.proposed,
        "silent": one.silent,
        "phone": row.phone,
        "url": _page(row.pk),
        "book_url": "" if need is None or row.kind.form == Form.WALK_IN else _page(row.pk, need),
    }


def met_rows(user: User, resource: Resource) -> list[dict[str, Any]]:
    """On a resource's page: needs and wishes it could meet, for staff; each with why, proposed from its own page."""
    return [_met(one) for one in could_meet(resource, user)]


def _met(one: Met) -> dict[str, Any]:
    thing = one.thing
    need = isinstance(thing, Need)
    return {
        "text": thing.title if isinstance(thing, Need) else thing.item,
        "small": " · ".join((thing.area.name, str(_("诉求") if need else _("微心愿")), thing.number)),
        "reasons": one.reasons,
        "proposed": one.proposed,
        "url": reverse(f"admin:needs_{'need' if need else 'wish'}_change", args=[thing.pk]),
    }


def _page(pk: int, need: Need | None = None) -> str:
    url = reverse("admin:resources_resource_change", args=[pk])
    return f"{url}?{urlencode({'for': f'need:{need.pk}'})}#way-book" if need else url


BOOKED = ("resource__kind", "resource__unit", "resource__area", "unit", "office")


def _standing(row: Booking) -> str:
    """Its state; of one that waits with whom, since when, until when."""
    if row.state != BookingState.ASKED:
        return facts.booking_badge(row)["label"]
    hand = hands.hand_of(row, hands.giver_for_staff(row), facts.booker_of(row))
    return f"{hand.who} · {hand.line}"


def booked_for(need: Need) -> list[dict[str, str]]:
    """What is booked for it, the next first."""
    rows = Booking.objects.filter(subject=f"need:{need.pk}").select_related(*BOOKED)
    rows = rows.order_by("starts", "pk")
    return [
        {
            "text": row.resource.name,
            "small": f"{times.between(row.starts, row.ends)} · {_standing(row)}",
            "url": reverse("admin:resources_booking_change", args=[row.pk]),
        }
        for row in rows[:FEW]
    ]
