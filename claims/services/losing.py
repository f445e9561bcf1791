"""Why a claim was not to be had, in a sentence: looked at afterwards, so that the winner's way stays short."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from claims.models import Claim, Offer
from claims.states import Ending, OfferState
from people.models import User


def why_not(offer_id: int, *, unit_id: int | None, person: User) -> str:
    """The sentence for whoever came too late, or too early."""
    offer = Offer.objects.with_clock().filter(pk=offer_id).first()
    if offer is None:  # offers are not deleted
        return _("没有找到。请核对后再试。")
    if offer.ending == Ending.WITHDRAWN:
        return _("这一件已撤下，不用再认领。谢谢您。")
    if offer.taken >= offer.shares:
        return _by_whom(offer, unit_id, person)
    if offer.state != OfferState.OPEN or (offer.closes_at is not None and offer.closes_at <= offer.now):
        return _("这一件已过认领期。谢谢您，可以看看别的。")
    if offer.opens_at > offer.now:
        return _("这一件还没有到认领的时间。")
    return _("刚刚有变化，这一件又可以认领了。请再点一次。")


def _by_whom(offer: Offer, unit_id: int | None, person: User) -> str:
    holding = Claim.objects.holding().filter(offer=offer).select_related("unit").order_by("-claimed_at", "-pk")
    claims: Sequence[Claim] = list(holding[:20])
    if unit_id is not None and any(claim.unit_id == unit_id for claim in claims):
        return _("这一件您的单位已经认领了，不用再点。")
    if unit_id is None and any(claim.person_id == person.pk for claim in claims):
        return _("这一件您已经接下了，不用再点。")
    named = [str(claim.unit) for claim in claims if claim.unit is not None and claim.unit.is_public]
    if named:
        return _("已被%(unit)s认领。谢谢您，可以看看别的。") % {"unit": named[0]}
    if any(claim.unit_id for claim in claims):
        return _("已被别的单位认领。谢谢您，可以看看别的。")
    return _("已被别的热心人接下。谢谢您，可以看看别的。")
