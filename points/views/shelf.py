"""积分兑换: what can be exchanged in a street, how the street's points stand, and the exchange itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.dates import day_of
from alliance.lib.errors import Conflict, DomainError, NotFound
from alliance.lib.refused import add_errors
from people.models import User
from people.visitors import signed_in
from points import public
from points.figures import said
from points.forms import RedeemForm
from points.models import Reward
from points.presenting import exchange as words
from points.services.awarding import balance_of
from points.services.redeeming import redeem
from points.services.rewards import find_reward
from points.services.rules import rule_on

REFUSED = 422


@login_not_required
@never_cache
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """One street's shelf and totals; which one is chosen, else one's own, else the first."""
    streets = public.streets()
    asked = request.GET.get("street", "")
    chosen = next((area for area in streets if area.pk == asked), streets[0] if streets else None)
    context: dict[str, Any] = {"streets": streets, "street": chosen, "rows": [], "nav_current": "help"}
    if chosen is not None:
        about(request, chosen.pk)
        sums, own = public.totals(chosen.pk), _own(request, chosen.pk)
        context |= {
            "rows": [words.card(row, request.user, own) for row in public.shelf(chosen.pk)],
            "totals": {name: said(value) for name, value in sums.items()},
            "rule": public.rules_in_words(rule_on()),
            "own": said(own) if own is not None else "",
            "today": day_of(timezone.localdate()),
        }
    return render(request, "points/shelf.html", context)


def _own(request: HttpRequest, street: str) -> int | None:
    """Tenths that whoever reads this may spend in the street; None for a visitor."""
    return balance_of(request.user, street) if isinstance(request.user, User) else None


@login_not_required
@never_cache
@require_safe
def reward(request: HttpRequest, pk: int) -> HttpResponse:
    """One reward, and the button."""
    return _render(request, find_reward(pk, request.user), RedeemForm())


def _render(request: HttpRequest, row: Reward, form: RedeemForm, status: int = 200) -> HttpResponse:
    about(request, row.area_id)
    here, user = reverse("points:reward", args=[row.pk]), request.user
    balance = _own(request, row.street_code)
    if not form.is_bound:
        form.initial = {**form.initial, "price": row.price}
    context = {
        "reward": row,
        "points": said(row.price),
        "facts": words.facts(row, user, placed=False),
        "come": words.to_come(row, user),
        "form": form,
        "own": said(balance) if balance is not None else "",
        "missing": said(row.price - balance) if balance is not None and balance < row.price else "",
        "on_shelf": Reward.objects.on_shelf().filter(pk=row.pk).exists(),
        "gone": row.left == 0,
        "days": rule_on().pick_up_days,
        "sign_in": f"{reverse('portal:sign_in')}?{urlencode({'next': here})}",
        "nav_current": "help",
    }
    return render(request, "points/reward.html", context, status=status)


def _once_there(pk: int) -> Reward:
    """The reward, on the shelf or not any more: what once stood there is no secret."""
    row: Reward | None = Reward.objects.select_related("area", "unit", "place").with_place().filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """兑换: one tap, and the code stands on the next page."""
    if request.method != "POST":
        return redirect("points:reward", pk)
    user, form = signed_in(request), RedeemForm(request.POST)
    form.is_valid()
    price, key = form.cleaned_data.get("price"), form.cleaned_data.get("client_key")
    try:
        if price is None or key is None:
            raise Conflict(_("请看一眼要几分，再点一次。"))
        made = redeem(reward=pk, by=user, price=price, client_key=key)
    except DomainError as error:
        if error.status == NotFound.status:
            raise
        row = _once_there(pk)
        add_errors(form, error)
        again = form.data.copy()  # type: ignore[attr-defined]
        again["price"], again["client_key"] = str(row.price), str(key or uuid4())
        form.data = again
        return _render(request, row, form, REFUSED if error.status == 400 else error.status)
    return redirect("points:exchange", made.pk)
