"""Verbs by name, the ways to each state, and the clock without waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from claims import services
from claims.models import Claim
from claims.states import ClaimState, Verb
from deadlines.kinds import due_kind
from deadlines.models import Due
from notifications.models import Message
from tests.cast import Cast, fresh

SERVICES: dict[str, Callable[..., Claim]] = {
    Verb.SEND: services.send,
    Verb.DELIVER: services.deliver,
    Verb.CONFIRM: services.confirm,
    Verb.NOT_THERE: services.not_there,
    Verb.RETURN: services.return_claim,
    Verb.RELEASE: services.release_claim,
}
TO_REACH: dict[str, list[str]] = {
    ClaimState.CLAIMED: [],
    ClaimState.DELIVERING: [Verb.SEND],
    ClaimState.AWAITING: [Verb.DELIVER],
    ClaimState.COMPLETED: [Verb.DELIVER, Verb.CONFIRM],
    ClaimState.RETURNED: [Verb.RETURN],
}
BY_UNIT = {Verb.SEND, Verb.DELIVER, Verb.RETURN}


def do(cast: Cast, claim: Claim, *verbs: str) -> Claim:
    for verb in verbs:
        by = cast.chengxiang.liaison if verb in BY_UNIT else cast.chengxiang.worker
        SERVICES[verb](claim_id=claim.pk, by=fresh(by), note="一句话")
    return Claim.objects.get(pk=claim.pk)


def rules(occurrence_of: Claim) -> list[tuple[str, str]]:
    rows = Message.objects.filter(occurrence__startswith=f"claim:{occurrence_of.pk}:", channel="inapp").order_by("id")
    return [(row.rule, row.recipient_key) for row in rows]


def swept() -> None:
    """The handlers, as the sweep calls them; that they and the end of the dues are one is the sweep's own test."""
    for due in Due.objects.undone().filter(due_at__lte=timezone.now()).order_by("due_at", "pk"):
        kind = due_kind(due.kind)
        assert kind is not None
        kind.handle([due])
        Due.objects.filter(pk=due.pk).update(state="done", ended_at=timezone.now())


def make_due(claim: Claim, kind: str, ago: timedelta = timedelta(seconds=1)) -> None:
    past = timezone.now() - ago
    Due.objects.filter(subject=f"claim:{claim.pk}", kind=kind).update(due_at=past)
    if kind == "claims.expire":
        Claim.objects.filter(pk=claim.pk).update(deliver_by=past)
