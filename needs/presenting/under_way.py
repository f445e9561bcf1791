"""What is under way for a need beside its own handling: an errand, a wish; who has it, since when, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import Claim, Offer
from needs import wording
from needs.models import Errand, Need
from needs.presenting import wishes
from needs.presenting.due import span
from needs.presenting.errands import confirmed_by, in_hand, state_of
from needs.presenting.wish_around import wish_around
from needs.services.errand_clock import errand_times
from needs.services.errand_hands import ErrandHand, Turn, errand_hand
from needs.services.errands import claim_in_hand, errand_brought, errand_out
from needs.states import State

KNOWN = "_running_errand"
DONE = (State.TO_ANSWER, State.CLOSED)


def under_way(need: Need) -> list[dict[str, Any]]:
    """Panels ``{kind, title, url, state, hand, since, until, facts}``; none before anything was begun."""
    if need.state == State.PENDING and not need.accepted_at:
        return []
    errand, claim = running_errand(need)
    if errand is None and need.state in DONE:
        errand, claim = errand_brought(need)
    return [*([_errand(need, errand, claim)] if errand else []), *_wishes(need)]


def running_errand(need: Need) -> tuple[Errand | None, Claim | None]:
    """The errand that is out for ``need``, and whoever has it. Asked once for a page."""
    found: tuple[Errand | None, Claim | None] | None = need.__dict__.get(KNOWN)
    if found is None:
        errand = errand_out(need) if need.state == State.IN_PROGRESS else None
        found = need.__dict__[KNOWN] = (errand, claim_in_hand(errand) if errand else None)
    return found


def _errand(need: Need, errand: Errand, claim: Claim | None) -> dict[str, Any]:
    found = errand_hand(errand.offer, claim)
    errand.need = need
    return {
        "kind": _("跑腿"),
        "title": errand.what,
        "url": "",
        "state": state_of(errand.offer, claim),
        "hand": in_hand(found, errand.offer, claim),
        "until": _until(errand.offer, found),
        "facts": _times(errand),
    }


def _until(offer: Offer, found: ErrandHand) -> str:
    if found.until is None:
        return ""
    return confirmed_by(offer, found.until) if found.turn == Turn.RESIDENT else wording.moment(found.until)


def _times(errand: Errand) -> list[dict[str, str]]:
    """How quickly it goes: the ten minutes are measured."""
    times = errand_times(errand)
    spans = (
        (_("说了到发出"), times.until_published),
        (_("发出到接单"), times.until_taken),
        (_("接单到送到"), times.until_delivered),
    )
    return [{"label": label, "value": span(max(length, timedelta()))} for label, length in spans if length is not None]


def _wishes(need: Need) -> list[dict[str, Any]]:
    rows = list(need.wishes.select_related("area", "offer", "verified_by").order_by("-created_at", "-pk"))
    if not rows:
        return []
    around, found = wish_around(rows), []
    for wish in rows:
        time = wishes.due(wish, around)
        found.append(
            {
                "kind": _("微心愿"),
                "title": wish.item,
                "url": reverse("admin:needs_wish_change", args=[wish.pk]),
                "state": wishes.state(wish),
                "hand": wishes.hand(wish, around),
                "until": " · ".join(part for part in (time["left"], time["note"]) if part and part != "—"),
                "facts": [],
            }
        )
    return found
