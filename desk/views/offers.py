"""One thing to claim: what it means, for whom one claims, and the tap. Exactly one gets it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import NotFound, RuleBroken
from claims.kinds import offer_kind
from claims.models import Offer
from claims.permissions import offer_abilities
from claims.services import claim_offer, units_for
from desk import presenting, selectors
from desk.forms import ME, ClaimForm
from desk.views.home import wish_cards
from needs.services.errand_ends import KIND as ERRAND
from people.models import User
from people.visitors import signed_in
from projects.services.project_offers import OFFER_KIND as PROJECT

FEW = 3


@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is and what taking it means. POST claims it."""
    user = signed_in(request)
    found = Offer.objects.visible_to(user).select_related("area").filter(pk=pk).first()
    if found is None:
        raise NotFound
    if found.kind == ERRAND:
        return redirect("desk:errand", pk)
    if found.kind == PROJECT:
        return redirect("desk:project_offer", pk)
    kind = offer_kind(found.kind)
    if not kind.brought:
        return redirect(kind.url(found, user))
    if request.method == "POST":
        return _claim(request, user, found)
    mine = selectors.live_claim_on(user, found)
    if mine is not None and found.shares == 1:
        return redirect("desk:claim", mine.pk)
    return _render(request, user, found, _form(request, user, found))


def _form(request: HttpRequest, user: User, found: Offer, data: Any = None) -> ClaimForm:
    person = "claim" in offer_abilities(user, found)
    units = units_for(user, found)
    here = str(request.session.get(selectors.UNIT_KEY, ""))
    first = next((str(unit.pk) for unit in units if str(unit.pk) == here), str(units[0].pk) if units else ME)
    return ClaimForm(data, units=units, person=person, initial={"client_key": uuid4(), "who": first})


def _render(request: HttpRequest, user: User, found: Offer, form: ClaimForm, status: int = 200) -> HttpResponse:
    about(request, found.area_id)
    seat, _seats = selectors.seat_here(request, user)
    open_now = Offer.objects.open_now().filter(pk=found.pk).exists()
    wish = selectors.wishes_of([found.pk]).get(found.pk)
    context = {
        "offer": found,
        "card": presenting.wish_card(found, wish, ""),
        "delivery": presenting.how_delivered(wish),
        "days": presenting.term(found),
        "form": form,
        "may": open_now and bool(form.fields["who"].choices),  # type: ignore[attr-defined]
        "open_now": open_now,
        "taken": found.left == 0,
        "suspended": bool(seat and seat.unit.is_suspended),
        "office": presenting.office(found.area),
        "nav_current": "wishes",
    }
    return render(request, "desk/offer.html", context, status=status)


def _claim(request: HttpRequest, user: User, found: Offer) -> HttpResponse:
    form = _form(request, user, found, request.POST)
    form.is_valid()
    key = form.cleaned_data.get("client_key")
    if key is None:
        return redirect("desk:offer", found.pk)
    if not request.POST.get("who"):
        form.add_error("who", _("请选以谁的名义认领。"))
        return _render(request, user, found, form, status=422)
    try:
        claim = claim_offer(offer_id=found.pk, by=user, client_key=key, unit_id=form.unit_id())
    except RuleBroken as error:
        return _lost(request, user, found, str(error.message), error.status)
    if claim.just_made:
        messages.success(request, _("认领好了，谢谢您。"))
    return redirect("desk:claim", claim.pk)


def _lost(request: HttpRequest, user: User, found: Offer, message: str, status: int) -> HttpResponse:
    """Somebody was faster: kindly, and with other open wishes."""
    rest = Offer.objects.for_user(user).filter(kind=found.kind).exclude(pk=found.pk)
    others = list(rest.select_related("area").order_by("closes_at", "pk")[:FEW])
    context = {"message": message, "cards": wish_cards(others, found.area_id), "nav_current": "wishes"}
    return render(request, "desk/gone.html", context, status=status)
