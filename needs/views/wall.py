"""心愿墙: what can be taken, and what came true. 称呼, community, item and cap; nothing of the household."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from needs import wish_selectors
from needs.models import Wish
from needs.presenting import wishes as presenting
from needs.states.wish import WishKind


@login_not_required
@never_cache
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Open wishes, the newest first; filters by kind and community."""
    kind, community = request.GET.get("kind", ""), request.GET.get("community", "")
    kind = kind if kind in WishKind.values else ""
    found = wish_selectors.wall(kind=kind, community=community, cursor=request.GET.get("cursor", ""))
    known = dict(found.communities)
    community = community if community in known else ""
    context = {
        "nav_current": "wishes",
        "cards": [card(wish) for wish in found.wishes],
        "kinds": _kinds(found.kinds, kind, community),
        "communities": found.communities if len(found.communities) > 1 else [],
        "kind": kind,
        "community": community,
        "narrowed": bool(kind or request.GET.get("community")),
        "next_url": _url(kind=kind, community=community, cursor=found.next_cursor) if found.next_cursor else "",
        "first_url": _url(kind=kind, community=community) if request.GET.get("cursor") else "",
        "done": done_rows(found.done),
    }
    return render(request, "needs/wishes.html", context)


@login_not_required
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Everything that came true."""
    page = wish_selectors.done_page(request.GET.get("cursor", ""))
    here = reverse("needs:wishes_done")
    context = {
        "nav_current": "wishes",
        "done": done_rows(page.rows),
        "next_url": f"{here}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        "first_url": here if request.GET.get("cursor") else "",
    }
    return render(request, "needs/wishes_done.html", context)


def _url(**params: str) -> str:
    kept = {name: value for name, value in params.items() if value}
    return reverse("needs:wishes") + (f"?{urlencode(kept)}" if kept else "")


def _kinds(counts: dict[str, int], chosen: str, community: str) -> list[dict[str, Any]]:
    every = {"": (_("全部"), sum(counts.values()))}
    every |= {kind.value: (str(kind.label), counts.get(kind.value, 0)) for kind in WishKind}
    return [
        {"label": label, "count": count, "url": _url(kind=kind, community=community), "current": kind == chosen}
        for kind, (label, count) in every.items()
    ]


def card(wish: Wish) -> dict[str, Any]:
    """One open wish: exactly what the wall shows."""
    offer = wish.offer
    if offer is None:  # not on the wall
        return {}
    return {
        "kind": wish.get_kind_display(),
        "item": wish.item,
        "called": wish.called,
        "community": wish.area.name,
        "cap": presenting.most(wish),
        "cap_label": _("上限") if wish.cap_yuan else _("费用"),
        "free": presenting.still_free(offer),
        "until": presenting.last_day(offer.closes_at),
        "shares": offer.shares,
        "left": offer.left,
        "taken": offer.taken,
        "url": reverse("desk:offer", args=[offer.pk]),
    }


def done_rows(wishes: list[Wish]) -> list[dict[str, Any]]:
    """What came true: item, community, and the units that agreed to be named."""
    named = wish_selectors.public_names(wishes)
    return [
        {"item": wish.item, "community": wish.area.name, "by": _("、").join(named.get(wish.offer_id or 0, []))}
        for wish in wishes
    ]
