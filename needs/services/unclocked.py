"""Open needs without a clock: those from before limits were kept."""

from __future__ import annotations

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from deadlines.models import Stage
from needs.models import Need
from needs.querysets import NeedQuerySet
from needs.services.limits import await_acceptance, await_reply
from needs.states import CALL_BACK, FIRST_RESPONSE, REPLY, Office

PORTION = 500


def start_missing_clocks() -> int:
    """Start the first response of needs that wait to be accepted, and the reply of accepted ones without an answer,
    where that limit was never kept; returns how many.

    They count from when it happened, so that what is late shows as late; reminders begin with the present moment. In
    portions of 500, each its own transaction; a need in somebody's hands just now is left for the next time. Three
    queries where nothing is missing.
    """
    started = 0
    for kind in (FIRST_RESPONSE, CALL_BACK, REPLY):
        while portion := _start_some(kind):
            started += portion
    return started


def without(kind: str) -> NeedQuerySet:
    """Needs that should have a clock of ``kind`` and never had one."""
    pending = Need.objects.pending()
    at_leader = pending.filter(office=Office.LEADER)
    needs = {CALL_BACK: at_leader, FIRST_RESPONSE: pending.exclude(office=Office.LEADER)}.get(
        kind, Need.objects.unanswered()
    )
    subject = Concat(Value("need:"), Cast(OuterRef("pk"), CharField()))
    return needs.filter(~Exists(Stage.objects.filter(subject=subject, kind=kind)))


@transaction.atomic
def _start_some(kind: str) -> int:
    """How many were really started: what cannot be is not tried over and over."""
    rows = without(kind).select_related("area", "holder")
    needs = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:PORTION])
    now = timezone.now()
    for need in needs:
        if kind != REPLY:
            since = need.created_at if kind == FIRST_RESPONSE else need.held_since
            await_acceptance(need, at=since, schedule_from=now)
        else:
            await_reply(need, at=need.accepted_at, schedule_from=now)
    return len(needs) - without(kind).filter(pk__in=[need.pk for need in needs]).count() if needs else 0
