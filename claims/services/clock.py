"""What falls due: the reminder two days before, the day that has passed, the end of a window.

Handlers lock offers, then claims, both in the order of their keys, and look again: what was delivered meanwhile is
left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from claims import messages
from claims.models import Claim, Offer
from claims.services.moving import EXPIRE, WARN, move
from claims.services.offers import CLOSE, close_if_over, hold_offers
from claims.services.people import by_daylight, claimers_of, occurrence
from claims.states import ON_THE_WAY, Verb
from deadlines.kinds import DueKind, Preview
from deadlines.models import Due
from deadlines.states import DueState, Reason
from notifications.services import queue_many

LONG = timedelta(days=3650)
"""However late it is found: nobody should hold a share whose day has passed."""


def _key(due: Due) -> int:
    return int(due.subject.partition(":")[2])


def _claims(dues: Sequence[Due], *, lock: bool) -> dict[int, tuple[Offer, Claim]]:
    """Offer and claim by the key of the due; those still on the way."""
    rows = Claim.objects.filter(pk__in={_key(due) for due in dues}).order_by("pk")
    if not lock:
        found = rows.filter(state__in=ON_THE_WAY).select_related("offer__area__parent")
        return {claim.pk: (claim.offer, claim) for claim in found}
    offers = {offer.pk: offer for offer in hold_offers(rows.values_list("offer_id", flat=True))}
    prefetch_related_objects(list(offers.values()), "area__parent")  # whom to ring, for all of them at once
    held = rows.select_for_update(of=("self",), no_key=True)
    return {claim.pk: (offers[claim.offer_id], claim) for claim in held if claim.state in ON_THE_WAY}


def warn(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """A friendly word to whoever has something on the way that should be there in two days."""
    found = {pk: pair for pk, pair in _claims(dues, lock=True).items() if pair[1].deliver_by is not None}
    people = claimers_of(claim for _offer, claim in found.values())
    queue_many(
        [(messages.due(claim, offer), occurrence(claim), people[claim.pk]) for offer, claim in found.values()],
        not_before=by_daylight(),
    )
    return _stopped(dues, found)


def expire(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """The agreed day has passed: the share is free again, the claimer is told."""
    found = _claims(dues, lock=True)
    ready = {pk: pair for pk, pair in found.items() if _has_passed(*pair)}
    people = claimers_of(claim for _offer, claim in ready.values())
    letters = []
    for pk, (offer, claim) in ready.items():
        move(offer, claim, Verb.EXPIRE, by=None)
        close_if_over(offer)
        letters.append((messages.expired(claim, offer), occurrence(claim), people[pk]))
    queue_many(letters, not_before=by_daylight())
    return _stopped(dues, ready)


def _has_passed(offer: Offer, claim: Claim) -> bool:
    return claim.deliver_by is not None and claim.deliver_by <= offer.now


def close_windows(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """The window is over: what nobody has in hand ends; what somebody has in hand ends with the last claim."""
    for offer in hold_offers(_key(due) for due in dues):
        close_if_over(offer)
    return {}


def _stopped(dues: Sequence[Due], done: Mapping[int, object]) -> Mapping[int, tuple[DueState, str]]:
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if _key(due) not in done}


def preview_warn(dues: Sequence[Due]) -> Mapping[int, Preview]:
    """What the reminders would say, and to whom, as things stand."""
    found = _claims(dues, lock=False)
    people = claimers_of(claim for _offer, claim in found.values())
    return {
        due.pk: Preview(messages.due(claim, offer), people[claim.pk])
        for due in dues
        if (pair := found.get(_key(due)))
        for offer, claim in [pair]
    }


def preview_expire(dues: Sequence[Due]) -> Mapping[int, Preview]:
    """What is said when the day has passed."""
    found = _claims(dues, lock=False)
    people = claimers_of(claim for _offer, claim in found.values())
    return {
        due.pk: Preview(messages.expired(claim, offer), people[claim.pk])
        for due in dues
        if (pair := found.get(_key(due)))
        for offer, claim in [pair]
    }


KINDS = (
    DueKind(WARN, label=_("提醒认领的人"), handle=warn, grace=timedelta(days=2), preview=preview_warn),
    DueKind(EXPIRE, label=_("认领到期"), handle=expire, grace=LONG, preview=preview_expire),
    DueKind(CLOSE, label=_("到点停止认领"), handle=close_windows, grace=LONG),
)
