"""Errands for staff: in whose hands, until when, beside the need they belong to and in a list of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.privacy import mask_name
from claims.models import Claim, Offer
from claims.states import HOLDING, Ending, OfferState
from needs import wording
from needs.models import Errand, Need
from needs.presenting.wishes import claim_state, last_day
from needs.services.errand_confirm import confirm_by
from needs.services.errand_hands import ErrandHand, Turn, errand_hand
from needs.states import State


def runners(errands: Iterable[Errand]) -> dict[int, Claim]:
    """Whoever has each errand now or brought it, by the key of its offer."""
    offers = [errand.offer_id for errand in errands]
    if not offers:
        return {}
    claims = Claim.objects.filter(offer__in=offers, state__in=HOLDING).select_related("person").order_by("pk")
    return {claim.offer_id: claim for claim in claims}


def running_of(needs: Sequence[Need]) -> dict[int, dict[str, Any]]:
    """``in_front`` of the errands that are out, by the key of their need."""
    running = [need.pk for need in needs if need.state == State.IN_PROGRESS]
    if not running:
        return {}
    rows = Errand.objects.filter(need__in=running, offer__state=OfferState.OPEN)
    errands = list(rows.select_related("offer").defer("handover"))
    have = runners(errands)
    ends = confirm_by(have.values())
    return {errand.need_id: in_front(errand.offer, have.get(errand.offer_id), ends) for errand in errands}


def in_front(offer: Offer, claim: Claim | None, ends: Mapping[int, datetime] | None = None) -> dict[str, Any]:
    """While an errand is out, whoever has it stands first: ``{line, initial, since, errand}`` over ``hand``."""
    found, who = errand_hand(offer, claim, ends), runner(claim)
    line = {Turn.RUNNER: _("%(who)s在跑") % {"who": who}, Turn.RESIDENT: wording.to_confirm(offer)}.get(
        found.turn, _("等人接单")
    )
    until = _("%(when)s前送到") % {"when": wording.moment(found.until)} if found.until else ""
    if found.turn == Turn.RESIDENT:
        until = _("跑腿：%(who)s说送到了") % {"who": who}
        if found.until:
            until = _("%(said)s，%(until)s") % {"said": until, "until": confirmed_by(offer, found.until)}
    since = _("%(moment)s起") % {"moment": wording.moment(found.since)}
    return {"line": line, "initial": line[:1], "since": since, "errand": until}


def behind(hand: dict[str, Any], running: dict[str, Any] | None) -> dict[str, Any]:
    """``hand`` of a need, with its ``running`` errand in front and whoever answers the resident behind it.

    A file names no neighbour who runs: there whoever answers stays. What lies with somebody else is not one's own turn
    (``mine``), though the need may be (``own``).
    """
    if not running or not hand["name"]:
        return hand
    said = hand.get("line") or _("%(who)s经办") % {"who": hand["name"]}
    behind_it = {"in_file": said, "errand": _joined(running["errand"], said)}
    return {**hand, **running, **behind_it, "mine": False, "own": hand["mine"]}


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def confirmed_by(offer: Offer, until: datetime) -> str:
    """Until when the office that sent it out says for the resident whether it is there."""
    return wording.confirmed_by(offer, last_day(until))


def runner(claim: Claim | None) -> str:
    """What whoever has it calls themselves."""
    return (claim.person.name or _("志愿者")) if claim and claim.person else _("志愿者")


def in_hand(found: ErrandHand, offer: Offer, claim: Claim | None, *, masked: bool = False) -> dict[str, str]:
    """``{initial, name, unit, since}`` as of needs; ``masked``: for a file, which names no neighbour who runs."""
    taker = mask_name(runner(claim)) if masked else runner(claim)
    at = wording.moment(found.since)
    since = _("%(moment)s起") % {"moment": at}
    match found.turn:
        case Turn.TAKER:
            return {"initial": _("等")[:1], "name": "", "unit": _("等人接单"), "since": since}
        case Turn.RUNNER:
            return {"initial": taker[:1], "name": taker, "unit": "", "since": since}
        case Turn.RESIDENT:
            return {"initial": _("居"), "name": "", "unit": wording.to_confirm(offer), "since": since}
        case _ if claim is None:
            return {"initial": "—", "name": "", "unit": _("没有人，已经结束"), "since": at}
        case _:
            return {"initial": "—", "name": "", "unit": _("%(who)s送到了") % {"who": taker}, "since": at}


def state_of(offer: Offer, claim: Claim | None) -> dict[str, str]:
    """Tone and word: an errand is taken, a wish is claimed."""
    if claim is not None:
        claim.offer = offer
        return claim_state(claim)
    if offer.state == OfferState.OPEN:
        return {"label": _("等人接单"), "tone": ""}
    return {"label": _("收回了") if offer.ending == Ending.WITHDRAWN else _("没来得及送到"), "tone": "off"}


def rows(errands: Sequence[Errand]) -> list[dict[str, Any]]:
    """Rows of the list: whose hands since when, until when, what became of it."""
    have = runners(errands)
    ends = confirm_by(have.values())
    return [_row(errand, have.get(errand.offer_id), ends) for errand in errands]


def _row(errand: Errand, claim: Claim | None, ends: Mapping[int, datetime]) -> dict[str, Any]:
    found, community = errand_hand(errand.offer, claim, ends), errand.need.area.name
    over = found.turn == Turn.NOBODY
    return {
        "community": community,
        "small": " · ".join((community, errand.where)),
        "hand": {**in_hand(found, errand.offer, claim), "at": found.since, "mine": False},
        "hand_in_file": in_hand(found, errand.offer, claim, masked=True),
        "masked": bool(claim),
        "due": {"left": "", "note": "", "used": None, "tone": ""} if over else _due(errand.offer, found),
        "until": None if over else found.until,
        "state": state_of(errand.offer, claim),
    }


def due_of(offer: Offer, claim: Claim | None) -> dict[str, Any]:
    """The time that counts for an errand that is out, as ``due`` of a need."""
    return _due(offer, errand_hand(offer, claim))


def _due(offer: Offer, found: ErrandHand) -> dict[str, Any]:
    if found.until is None:
        return {
            "left": _("等居民确认"),
            "note": _("%(office)s可以代为确认") % {"office": wording.sender(offer)},
            "used": None,
            "tone": "paused",
        }
    late = found.until < timezone.now()
    if found.turn == Turn.RESIDENT:
        note = confirmed_by(offer, found.until)
        return {"left": _("等居民确认"), "note": note, "used": None, "tone": "late" if late else "paused"}
    left = _("%(when)s前送到") % {"when": wording.moment(found.until)}
    return {"left": left, "note": _("已经过了") if late else "", "used": None, "tone": "late" if late else ""}
