"""What happens to a claim after the tap: on the way, there, confirmed; or given back, taken back.

Every step locks the offer, then the claim, and decides on what it then reads.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.text import clean
from claims import messages
from claims.kinds import offer_kind
from claims.models import Claim, Offer
from claims.permissions import OWN_WORD, abilities, parties, reported
from claims.services.meanwhile import require_version
from claims.services.moving import end_of_day, move
from claims.services.offers import close_if_over, hold_offer
from claims.services.people import tell
from claims.states import CLAIM_WORKFLOW, ClaimState, Party, Verb
from files.services import attach_held, attachments
from people.models import User

MOST_WORDS = 500
ONCE_MORE = timedelta(days=3)
"""Whoever hears that it did not arrive has at least so long, unless the kind of thing has a time of its own."""
OVER = {
    ClaimState.RETURNED: _("这次认领已经退回了，不用再送。还想帮忙的，请看看它是不是还能认领。"),
    ClaimState.EXPIRED: _("约好的日子过了，这次认领已经结束。已经送到的，请打电话说一声。"),
    ClaimState.COMPLETED: _("这次认领已经完成了，谢谢您。"),
}


def _hold(claim_id: int, by: User | None, verb: Verb, version: int | None) -> tuple[Offer, Claim]:
    """Offer and claim locked, in this order, and open to ``verb``. Another street's claim is not found.

    ``by=None``: the owner of the thing says so, having checked whoever asked.
    """
    seen = Claim.objects.visible_to(by) if by is not None else Claim.objects.all()
    offer_id = seen.filter(pk=claim_id).values_list("offer_id", flat=True).first()
    if offer_id is None:
        raise NotFound
    offer = hold_offer(offer_id)
    claim: Claim = Claim.objects.locked(claim_id)
    claim.offer = offer
    require_version(claim, version, by)
    step = CLAIM_WORKFLOW.find(claim.state, verb)
    if step is None or (step.actors == {Party.RECEIVER} and (by is not None or claim.back_at is None)):
        text: Text = OVER.get(ClaimState(claim.state)) or _("现在是“%(state)s”，不能这样办。") % {
            "state": claim.get_state_display()
        }
        raise RuleBroken(text)
    if by is not None:
        _require(by, claim, verb)
    return offer, claim


def _require(by: User, claim: Claim, verb: Verb) -> None:
    if verb in abilities(by, claim):
        return
    here = parties(by, claim)
    own = verb in OWN_WORD and Party.CLAIMER in here
    if own or (verb == Verb.CONFIRM and Party.KEEPER in here and reported(by, claim)):
        raise NotAllowed(_("自己送的，请另一位同事来确认。"))
    raise NotAllowed


def _words(note: str, *, empty: Text | None = None) -> str:
    text = clean(note)
    if not text and empty is not None:
        raise Invalid({"note": [empty]}, message=empty)
    if len(text) > MOST_WORDS:
        too_long = _("请写在500字以内。")
        raise Invalid({"note": [too_long]}, message=too_long)
    return text


def _step(
    claim_id: int, by: User | None, verb: Verb, version: int | None, note: str, **changes: Any
) -> tuple[Offer, Claim]:
    offer, claim = _hold(claim_id, by, verb, version)
    move(offer, claim, verb, by=by, note=note, changes=changes)
    close_if_over(offer, by=by)
    return offer, claim


@transaction.atomic
def send(*, claim_id: int, by: User, version: int | None = None, note: str = "") -> Claim:
    """It is on its way. Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (stale ``version``), ``RuleBroken``."""
    return _step(claim_id, by, Verb.SEND, version, _words(note))[1]


@transaction.atomic
def deliver(*, claim_id: int, by: User, version: int | None = None, note: str = "", hold_key: str = "") -> Claim:
    """It is there: a note, and the photos held under ``hold_key``. The community confirms. Raises as ``send``."""
    text = _words(note)
    offer, claim = _hold(claim_id, by, Verb.DELIVER, version)
    if hold_key:
        attach_held(hold_key=hold_key, owner_kind="claim", owner_id=str(claim.pk), area_code=offer.area_id)
    move(offer, claim, Verb.DELIVER, by=by, note=text, changes={"delivered_at": offer.now})
    return claim


@transaction.atomic
def confirm(
    *, claim_id: int, by: User | None, version: int | None = None, note: str = "", noted_by: User | None = None
) -> Claim:
    """It arrived; thank you. ``by=None``: the person it was for says so (the owner has checked who asks), or somebody
    of the office has heard it and writes it down (``noted_by``).

    Raises as ``send``; nobody confirms what they brought themselves, or what they reported as brought. That person
    alone may say so still after 没收到: it was found at the door.
    """
    text = _words(note)
    offer, claim = _hold(claim_id, by, Verb.CONFIRM, version)
    changes, who = {} if claim.delivered_at else {"delivered_at": offer.now}, by or noted_by
    move(offer, claim, Verb.CONFIRM, by=who, note=text, changes=changes)
    close_if_over(offer, by=who)
    tell(claim, messages.confirmed(claim, offer))
    return claim


@transaction.atomic
def not_there(*, claim_id: int, by: User | None, version: int | None = None, note: str = "") -> Claim:
    """It did not arrive: on its way again, until the agreed moment, or that of its kind (``OfferKind.once_more``; the
    end of the third day from now) if that is later.

    Raises as ``confirm``, ``Invalid`` without a word on it.
    """
    text = _words(note, empty=_("请写一句情况，比如：问过了，还没收到。"))
    offer, claim = _hold(claim_id, by, Verb.NOT_THERE, version)
    changes: dict[str, Any] = {"delivered_at": None, "back_at": offer.now}
    if claim.deliver_by is not None:
        changes["deliver_by"] = max(claim.deliver_by, _once_more(offer))
    move(offer, claim, Verb.NOT_THERE, by=by, note=text, changes=changes)
    tell(claim, messages.not_there(claim, offer))
    return claim


def _once_more(offer: Offer) -> datetime:
    of_kind = offer_kind(offer.kind).once_more
    return of_kind(offer.now) if of_kind else end_of_day(offer.now + ONCE_MORE)


@transaction.atomic
def return_claim(*, claim_id: int, by: User, version: int | None = None, note: str = "") -> Claim:
    """退回认领: the share is free again while the window is open. Raises as ``send``, ``Invalid`` without a reason."""
    text = _words(note, empty=_("请写一句为什么退回，好让别人接着办。"))
    return _step(claim_id, by, Verb.RETURN, version, text)[1]


@transaction.atomic
def release_claim(*, claim_id: int, by: User, version: int | None = None, note: str = "") -> Claim:
    """收回: the community takes it back, and the claimer is told. Raises as ``return_claim``."""
    text = _words(note, empty=_("请写一句为什么收回。"))
    offer, claim = _step(claim_id, by, Verb.RELEASE, version, text)
    tell(claim, messages.released(claim, offer))
    return claim


def photos_of(claim: Claim) -> list[Any]:
    """The photos of a delivery. Whoever may see the claim may see them."""
    return list(attachments("claim", str(claim.pk)))
