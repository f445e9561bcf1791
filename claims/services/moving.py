"""One step of a claim: its row, its event, the offer's counters and the dues, together.

The offer comes locked from ``hold_offer`` (which knows the database's time), the claim is locked after it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from claims.models import Claim, Offer
from claims.signals import claim_moved
from claims.states import Verb
from deadlines.services.dues import NewDue, add_dues, drop_dues
from people.models import User

WARN, EXPIRE = "claims.warn", "claims.expire"
WARN_DAYS = 2
WARN_AT = time(9)
"""Two days before the last day, in the morning."""
GIVES_BACK = frozenset({Verb.RETURN, Verb.RELEASE, Verb.EXPIRE})
ENDS = GIVES_BACK | {Verb.CONFIRM}


def claim_subject(claim: Claim) -> str:
    """The claim as the subject of dues."""
    return f"claim:{claim.pk}"


def hold_live(offer: Offer) -> list[Claim]:
    """The claims of ``offer`` (locked) that somebody has in hand, locked in the order of their keys."""
    rows = Claim.objects.live().filter(offer=offer).order_by("pk")
    claims = list(rows.select_for_update(of=("self",), no_key=True))
    for claim in claims:
        claim.offer = offer
    return claims


def move(
    offer: Offer, claim: Claim, verb: Verb, *, by: User | None, note: str = "", changes: dict[str, Any] | None = None
) -> None:
    """Take the step ``verb``, keep the offer's counters and the claim's dues in step, tell the owner.

    Raises ``RuleBroken`` where the table has no such step.
    """
    claim.offer = offer
    written = {**(changes or {}), **({"ended_at": offer.now} if verb in ENDS else {})}
    claim.move_to(verb, actor=by, note=note, changes=written)
    if verb in GIVES_BACK:
        _count(offer, taken=-1, back_at=offer.now)
    elif verb == Verb.CONFIRM:
        _count(offer, done=1)
    if verb == Verb.EXPIRE:
        drop_dues(subject=claim_subject(claim), kind=WARN)  # not the due that is just being handled
    elif verb in ENDS or verb == Verb.DELIVER:
        drop_dues(subject=claim_subject(claim))
    elif verb == Verb.NOT_THERE:
        plan(claim, offer, since=offer.now)
    claim_moved.send(sender=Claim, claim=claim, offer=offer, verb=verb, by=by, note=note)


def _count(offer: Offer, *, taken: int = 0, done: int = 0, **written: datetime) -> None:
    """The offer is locked, so what we have read is what is there. ``written``: what else changes with it."""
    counted = {"taken": F("taken") + taken, "done": F("done") + done, "version": F("version") + 1}
    Offer.objects.filter(pk=offer.pk).update(**counted, **written)
    for name, moment in written.items():
        setattr(offer, name, moment)
    offer.taken += taken
    offer.done += done
    offer.version += 1


def plan(claim: Claim, offer: Offer, *, since: datetime) -> None:
    """The reminder two days before the day it should be there, and what happens when that day has passed.

    ``since``: now, by the database's clock.
    """
    if claim.deliver_by is None:
        return
    mark, wanted = f"{claim.pk}:{claim.version}", [(EXPIRE, claim.deliver_by)]
    early = warn_at(claim.deliver_by)
    if early > since:
        wanted.append((WARN, early))
    add_dues(
        NewDue(kind, claim_subject(claim), at, f"{kind}:{mark}", label=offer.label, area_code=offer.area_id)
        for kind, at in wanted
    )


def warn_at(deliver_by: datetime) -> datetime:
    """The morning two days before the last day."""
    local = timezone.localtime(deliver_by)
    return datetime.combine(local.date() - timedelta(days=WARN_DAYS), WARN_AT, local.tzinfo)


def end_of_day(moment: datetime) -> datetime:
    """The last second of the day of ``moment``, by the clock on the wall."""
    local = timezone.localtime(moment)
    return datetime.combine(local.date(), time(23, 59, 59), local.tzinfo)
