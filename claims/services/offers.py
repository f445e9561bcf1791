"""Publish an offer, take it down, end it.

Locks: the offer first, then its claims, then whatever the owner locks on hearing of it; dues last (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Busy, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from claims import messages
from claims.models import Claim, Offer
from claims.permissions import offer_abilities
from claims.services import moving
from claims.services.people import tell
from claims.signals import offer_ended
from claims.states import ON_THE_WAY, Ending, OfferState, Verb
from deadlines.services.dues import NewDue, add_dues, drop_dues
from people.models import Area, User

CLOSE = "claims.close"
MOST_WORDS = 60
TURNS = 5
Row = TypeVar("Row")
TAKEN_DOWN_ALREADY = _("这一件已经结束了，不用再撤。")


def offer_subject(offer: Offer) -> str:
    """The offer as the subject of dues."""
    return f"offer:{offer.pk}"


def hold_offer(pk: int) -> Offer:
    """The offer locked, with the database's time in ``now``. Raises ``NotFound``."""
    return Offer.objects.with_clock().locked(pk)


def hold_offer_of(subject: str) -> Offer | None:
    """The open offer of ``subject`` locked, None if there is none.

    For owners: a service that may end its offer holds it **before** it locks its own row (``lock_with_offer``).
    """
    pk = Offer.objects.filter(subject=subject, state=OfferState.OPEN).values_list("pk", flat=True).first()
    return hold_offer(pk) if pk is not None else None


class _PublishedMeanwhileError(Exception):
    """Another offer of the subject is open than the one that is held."""


def lock_with_offer(subject: str, lock: Callable[[], Row]) -> tuple[Row, Offer | None]:
    """The owner's row from ``lock``, and the open offer of ``subject`` locked before it; None if there is none.

    What is published between the two locks is seen after the second: then both are let go, and it is held first.
    Inside a transaction. Raises what ``lock`` raises, ``Busy`` if it goes on for ever.
    """
    for _turn in range(TURNS):
        with suppress(_PublishedMeanwhileError), transaction.atomic():
            offer = hold_offer_of(subject)
            row = lock()
            if published_meanwhile(subject, offer):
                raise _PublishedMeanwhileError
            return row, offer
    raise Busy


def published_meanwhile(subject: str, held: Offer | None) -> bool:
    """Whether ``subject`` has an open offer that is not the one ``held``. Its owner's row is locked: no more follow."""
    rows = Offer.objects.filter(subject=subject, state=OfferState.OPEN)
    return (rows.exclude(pk=held.pk) if held else rows).exists()


@transaction.atomic
def publish_offer(
    *,
    kind: str,
    subject: str,
    label: str,
    title: str,
    area: Area,
    shares: int = 1,
    for_units: bool = True,
    for_people: bool = False,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    deliver_within: timedelta | None = None,
    without_term: bool = False,
    by_street: bool = False,
) -> Offer:
    """Put something up to be claimed. The caller has decided who may. ``subject`` is the owner's key (``wish:12``).

    From ``opens_at`` (now, by the database's clock) until before ``closes_at`` (open end); what is claimed should be
    there ``deliver_within``, without that by ``closes_at``; ``without_term``: the window ends, and whoever has it keeps
    it. ``by_street``: of a community's matter that the street put up, and looks after. ``title`` is public and free of
    personal data. Raises ``Invalid``, ``RuleBroken`` (the subject has an open offer).
    """
    offer = Offer(kind=kind, subject=subject, label=label, title=clean(title), area=area, shares=shares)
    offer.for_units, offer.for_people = for_units, for_people
    offer.opens_at, offer.closes_at, offer.deliver_within = opens_at or Now(), closes_at, deliver_within
    offer.without_term, offer.by_street = without_term, by_street
    _require_sense(offer)
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(_("这一件已经发布了，正等人认领。")) from error
    offer.refresh_from_db()
    if closes_at is not None and closes_at <= offer.opens_at:
        raise Invalid({"closes_at": [_("认领截止的时间已经过了，请另选一天。")]})
    if closes_at is not None:
        key, area_code = f"{CLOSE}:{offer.pk}", offer.area_id
        add_dues([NewDue(CLOSE, offer_subject(offer), closes_at, key, label=label, area_code=area_code)])
    return offer


@transaction.atomic
def reopen_offer(*, pk: int, closes_at: datetime) -> Offer:
    """Another window for what is left of an offer that lapsed, until before ``closes_at``; what was done stays with it.

    The caller has decided who may. Raises ``NotFound`` and ``RuleBroken`` (not lapsed, or nothing is left).
    """
    offer = hold_offer(pk)
    if offer.ending != Ending.LAPSED or not offer.left:
        raise RuleBroken(_("还在认领期里，或者有人正在办，不用再发布。"))
    Offer.objects.filter(pk=pk).update(
        state=OfferState.OPEN, ending="", ended_at=None, opens_at=Now(), closes_at=closes_at, version=F("version") + 1
    )
    offer.refresh_from_db()
    key = f"{CLOSE}:{offer.pk}:{offer.version}"
    add_dues([NewDue(CLOSE, offer_subject(offer), closes_at, key, label=offer.label, area_code=offer.area_id)])
    return offer


def _require_sense(offer: Offer) -> None:
    errors = {}
    if not 0 < len(offer.title) <= MOST_WORDS:
        errors["title"] = [_("请用60字以内写清楚是什么。")]
    if offer.shares < 1:
        errors["shares"] = [_("至少一份。")]
    if not (offer.for_units or offer.for_people):
        errors["for_units"] = [_("单位和个人，至少选一样。")]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def withdraw_offer(*, pk: int, by: User | None, why: str = "", release: bool = False) -> Offer:
    """Take an offer down. ``by=None``: the owner decides (a resident took the thing back); the caller has checked.

    ``release`` takes claims back from those who have not reported delivery, and tells them. Raises ``NotFound``,
    ``NotAllowed``, ``RuleBroken`` (ended already; somebody has it in hand).
    """
    if by is not None and not Offer.objects.visible_to(by).filter(pk=pk).exists():
        raise NotFound
    offer = hold_offer(pk)
    if offer.state != OfferState.OPEN:
        raise RuleBroken(TAKEN_DOWN_ALREADY)
    if by is not None and "withdraw" not in offer_abilities(by, offer):
        raise NotAllowed
    live = moving.hold_live(offer)
    if release:
        for claim in [one for one in live if one.state in ON_THE_WAY]:
            moving.move(offer, claim, Verb.RELEASE, by=by, note=clean(why))
            tell(claim, messages.released(claim, offer))
            live.remove(claim)
    if live:
        raise RuleBroken(_("已经有人认领，正在办。请先同对方商量、收回认领，再撤下。"))
    close(offer, Ending.WITHDRAWN, by=by)
    return offer


def close(offer: Offer, ending: Ending, *, by: User | None) -> None:
    """End ``offer`` (locked, open) and tell its owner."""
    Offer.objects.filter(pk=offer.pk).update(
        state=OfferState.CLOSED, ending=ending, ended_at=Now(), version=F("version") + 1
    )
    offer.refresh_from_db(fields=("state", "ending", "ended_at", "version"))
    if ending != Ending.LAPSED:  # that is what the due itself does, and it must not cancel itself
        drop_dues(subject=offer_subject(offer), kind=CLOSE)
    offer_ended.send(sender=Offer, offer=offer, why=ending, by=by)


def close_if_over(offer: Offer, *, by: User | None = None) -> None:
    """End ``offer`` (from ``hold_offer``) if everything is done, or its window has passed and nobody is on the way."""
    if offer.state != OfferState.OPEN:
        return
    if offer.done == offer.shares:
        close(offer, Ending.FULFILLED, by=by)
    elif offer.closes_at is not None and offer.closes_at <= offer.now and not _is_live(offer):
        close(offer, Ending.LAPSED, by=by)


def _is_live(offer: Offer) -> bool:
    return Claim.objects.live().filter(offer=offer).exists()


def hold_offers(pks: Iterable[int]) -> list[Offer]:
    """Several offers locked, in the order of their keys; those that exist."""
    rows = Offer.objects.with_clock().filter(pk__in=set(pks)).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))
