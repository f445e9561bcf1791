"""What has happened to a claim, as whoever took it reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim, ClaimEvent
from claims.states import ClaimState, Verb
from needs import wording
from needs.services.errand_ends import KIND as ERRAND


def taken_back_of(claims: Iterable[Claim]) -> dict[int, str]:
    """By claim: that it was taken back or called off, where its claimer did not give it back. At most one query."""
    over = [claim.pk for claim in claims if claim.state == ClaimState.RETURNED]
    rows = ClaimEvent.objects.filter(claim__in=over, verb=Verb.RELEASE).select_related("claim__offer")
    return {one.claim_id: _taken_back(one) for one in rows} if over else {}


def _taken_back(event: ClaimEvent) -> str:
    if wording.is_called_off(event):
        return _("跑腿撤下了")
    return _("%(office)s收回了") % {"office": wording.sender(event.claim.offer)}


def history(claim: Claim) -> list[dict[str, Any]]:
    """What has happened to a claim, newest first."""
    events = claim.events.order_by("-at", "-id")
    return [{"at": event.at, "text": _happened(event, claim), "note": event.words} for event in events]


def _happened(event: ClaimEvent, claim: Claim) -> str:
    return wording.called_off(event) if wording.is_called_off(event) else happened(event.verb, claim)


def happened(verb: str, claim: Claim) -> str:
    """A step of ``claim`` as whoever took it reads it."""
    run = claim.offer.kind == ERRAND
    said = {
        Verb.CLAIM: _("接下了") if run else _("认领了"),
        Verb.SEND: _("开始送"),
        Verb.DELIVER: _("说送到了"),
        Verb.CONFIRM: _("确认收到了，谢谢"),
        Verb.NOT_THERE: _("还没收到，请再看看"),
        Verb.RETURN: _("退回了") if run else _("退回了认领"),
        Verb.RELEASE: _("%(office)s收回了") % {"office": wording.sender(claim.offer)},
        Verb.EXPIRE: _("约好的日子过了"),
    }
    return said[Verb(verb)]
