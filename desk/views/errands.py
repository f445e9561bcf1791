"""Errands: what is open near one, one of them, and taking it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import RuleBroken
from alliance.lib.pagination import page_by
from claims.models import Claim, Offer
from claims.permissions import offer_abilities
from claims.services import claim_offer
from claims.states import LIVE, ClaimState
from desk import presenting, selectors
from desk.forms import ClaimForm
from needs.models import Errand
from needs.services.errand_clock import errand_figures
from needs.services.errands import errand_of
from people.models import User
from people.visitors import signed_in

SIZE = 20
ALL = "all"


@never_cache
@require_GET
def errands(request: HttpRequest) -> HttpResponse:
    """Open errands: of one's community first, else of all."""
    user = signed_in(request)
    rows = selectors.open_errands(user)
    places = selectors.places(rows)
    area = _chosen(request, user, [place.pk for place in places])
    if area:
        rows = rows.filter(area_id=area)
    page = page_by(rows, "closes_at", cursor=request.GET.get("cursor", ""), size=SIZE)
    query = {"area": area or ALL, "cursor": page.next_cursor}
    context = {
        "rows": presenting.errand_rows(page.rows, where_of(page.rows)),
        "places": places,
        "area": area,
        "next_url": f"{reverse('desk:errands')}?{urlencode(query)}" if page.next_cursor else "",
        "mine": presenting.hand_rows(selectors.in_hand(user, None)[:SIZE]),
        "nav_current": "my",
    }
    return render(request, "desk/errands.html", context)


def _chosen(request: HttpRequest, user: User, open_in: list[str]) -> str:
    """The community asked for, or that of the last need if there is something; empty for all."""
    wanted = request.GET.get("area", "")
    if not wanted:
        near = selectors.near_area(user)
        wanted = near.pk if near else ""
    return wanted if wanted in open_in else ""


def open_rows(user: User) -> list[dict[str, Any]]:
    """The most urgent errands, for the desk's first page."""
    offers = list(selectors.open_errands(user)[:3])
    return presenting.errand_rows(offers, where_of(offers))


def where_of(offers: list[Offer]) -> dict[int, str]:
    """Roughly where, by offer. The address itself is not fetched."""
    found = Errand.objects.filter(offer__in=[offer.pk for offer in offers])
    return dict(found.values_list("offer_id", "where"))


@never_cache
@require_http_methods(["GET", "POST"])
def errand(request: HttpRequest, pk: int) -> HttpResponse:
    """One errand. POST takes it: the first gets it, and only they read where exactly."""
    user = signed_in(request)
    found = errand_of(pk)
    offer = Offer.objects.visible_to(user).select_related("area").filter(pk=pk).first()
    mine = selectors.own_run(user, found.offer)
    if mine is not None:
        return redirect("desk:claim", mine.pk)
    if offer is None:
        return _gone(request, user, status=404)
    if request.method == "POST":
        return _take(request, user, offer)
    return _render(request, user, found, offer)


def _render(request: HttpRequest, user: User, found: Errand, offer: Offer) -> HttpResponse:
    holder = Claim.objects.filter(offer=offer, state__in=LIVE).first()
    closed = offer.ended_at is not None
    over = closed or (holder is None and _over(offer))
    about(request, offer.area_id)
    context = {
        "errand": found,
        "offer": offer,
        "until": presenting.by_the_hour(offer.closes_at) if offer.closes_at else "",
        "hand": presenting.errand_hand(offer, holder, over=over),
        "form": ClaimForm(units=[], person=True),
        "may": "claim" in offer_abilities(user, offer) and holder is None and not over,
        "taken": holder is not None,
        "brought": holder is not None and holder.state == ClaimState.AWAITING,
        "over": over,
        "usually": presenting.usually(errand_figures([offer.street_code]).until_taken),
        "office": presenting.office(offer.keeper),
        "belongs": presenting.belongs(user, found),
        "nav_current": "my",
    }
    return render(request, "desk/errand.html", context)


def _over(offer: Offer) -> bool:
    return not Offer.objects.open_now().filter(pk=offer.pk).exists()


def _take(request: HttpRequest, user: User, offer: Offer) -> HttpResponse:
    form = ClaimForm(request.POST, units=[], person=True)
    form.is_valid()
    key = form.cleaned_data.get("client_key")
    if key is None:
        return HttpResponseRedirect(request.path)
    try:
        claim = claim_offer(offer_id=offer.pk, by=user, client_key=key)
    except RuleBroken as error:
        return _gone(request, user, status=error.status, message=str(error.message))
    return redirect("desk:claim", claim.pk)


def _gone(request: HttpRequest, user: User, *, status: int, message: str = "") -> HttpResponse:
    """Somebody was faster, or it is over: kindly, and with what else there is."""
    text = message or _("这一件已经有人接下，或者不用跑了。")
    context = {"message": text, "rows": open_rows(user), "more_url": reverse("desk:errands"), "nav_current": "my"}
    return render(request, "desk/gone.html", context, status=status)
