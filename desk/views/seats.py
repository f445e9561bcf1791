"""Who speaks for the unit, and handing one's own seat over: both sides see how it stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.errors import DomainError, NotFound, RuleBroken
from alliance.lib.refused import add_errors
from desk import selectors
from desk.forms import HAND_OVER, SeatForm
from members import services
from members.models import Liaison, SeatOffer
from members.services.in_hand import in_hand
from people.models import User
from people.visitors import signed_in

REFUSED = 422
TONES = {"open": "warn", "taken": "ok"}


@never_cache
@require_GET
def seats(request: HttpRequest) -> HttpResponse:
    """The unit's liaisons, who was asked, and what is in hand."""
    return _render(request, signed_in(request))


def _render(request: HttpRequest, user: User, *, form: SeatForm | None = None, status: int = 200) -> HttpResponse:
    seat, held = selectors.seat_here(request, user)
    if seat is None:
        return _past(request, user)
    open_now = [offer for offer in selectors.offers_of(seat.unit) if offer.state == "open"]
    may_ask = not seat.is_second and selectors.second_is_free(seat.unit)
    context: dict[str, Any] = {
        "unit": seat.unit,
        "seat": seat,
        "others": [one.unit for one in held if one.unit_id != seat.unit_id],
        "seats": selectors.seats_to_show(seat.unit),
        "offers": [_row(offer, seat) for offer in selectors.offers_of(seat.unit)],
        "in_hand": in_hand(seat.unit_id),
        "may_hand_over": not any(offer.is_second == seat.is_second for offer in open_now) and _goes_on(seat),
        "may_ask": may_ask and not any(offer.is_second for offer in open_now),
        "hand_over": form if form is not None and form.what == HAND_OVER else SeatForm(what=HAND_OVER),
        "second": form if form is not None and form.what != HAND_OVER else SeatForm(),
        "typed": form,
        "nav_current": "my",
    }
    return render(request, "desk/seats.html", context, status=status)


def _past(request: HttpRequest, user: User) -> HttpResponse:
    """What became of the seat that somebody handed over. Raises ``NotFound`` for whoever never did."""
    offers = selectors.handed_over_by(user)
    if not offers:
        raise NotFound
    rows = [{"offer": offer, "label": _label(offer), "tone": TONES.get(offer.state, "")} for offer in offers]
    return render(request, "desk/seats_past.html", {"offers": rows, "nav_current": "my"})


def _goes_on(seat: Liaison) -> bool:
    """Whether nobody is to take the seat yet."""
    return seat.ends_on is None


def _label(offer: SeatOffer) -> str:
    return _("过期没答复") if offer.is_over else offer.get_state_display()


def _row(offer: SeatOffer, seat: Liaison) -> dict[str, Any]:
    mine = offer.hands_over_id == seat.pk or (offer.is_second and not seat.is_second and offer.hands_over_id is None)
    return {
        "offer": offer,
        "waits": offer.state == "open" and not offer.is_over,
        "label": _label(offer),
        "tone": "" if offer.is_over else TONES.get(offer.state, ""),
        "may": mine and offer.state == "open",
        "from_me": offer.hands_over_id == seat.pk,
        "to_me": offer.seat_id == seat.pk,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """交接, or 请第二联络员: a name, a phone, a day."""
    if request.method != "POST":
        return redirect("desk:seats")
    user = signed_in(request)
    seat, _held = selectors.seat_here(request, user)
    form = SeatForm(request.POST, what=request.POST.get("what", ""))
    if seat is None:
        raise NotFound
    status = _offered(form, seat, user) if form.is_valid() else REFUSED
    if status:
        return _render(request, user, form=form, status=status)
    messages.success(request, _("短信发出了。对方答复以前，一切照旧。"))
    return redirect("desk:seats")


def _offered(form: SeatForm, seat: Liaison, user: User) -> int:
    """0, or the status of a refusal that stands in the form."""
    typed = {key: form.cleaned_data[key] for key in ("name", "phone", "title", "starts_on", "words")}
    over: dict[str, Any] = {"hands_over": seat.pk} if form.what == HAND_OVER else {"is_second": True}
    try:
        services.offer_seat(unit_id=seat.unit_id, by=user, **typed, **over)
    except DomainError as error:
        if error.status not in (400, 409, 429):
            raise
        add_errors(form, error)
        return REFUSED if error.status == 400 else error.status
    return 0


@never_cache
@require_http_methods(["GET", "POST"])
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Another link; the old one is dead."""
    if request.method == "POST":
        try:
            services.resend_seat_offer(pk=pk, by=signed_in(request))
        except RuleBroken as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("重新发了一条短信，以前的链接不能用了。"))
    return redirect("desk:seats")


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回."""
    if request.method == "POST":
        try:
            services.withdraw_seat_offer(pk=pk, by=signed_in(request))
        except RuleBroken as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("撤回了，链接不能再接任。"))
    return redirect("desk:seats")
