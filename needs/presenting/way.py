"""The errand or the wish under way for a need, as its resident reads it: who has it, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.states import ON_THE_WAY, ClaimState
from needs import wording
from needs.models import Errand, Need, Wish
from needs.presenting import wishes
from needs.presenting.under_way import running_errand
from needs.presenting.wish_around import WishAround, wish_around
from needs.presenting.wishes import last_day
from needs.services.errand_hands import ErrandHand, Turn, errand_hand
from needs.services.errands import not_there_yet, said_missing
from needs.services.wish_stages import stage_of
from needs.states import State
from needs.states.wish import WishStage, WishState


@dataclass(frozen=True)
class Way:
    """``headline`` stands above the page, ``hand`` says in whose hands, ``since`` when, ``until`` when (may be empty).

    ``arrived``: somebody says it was brought, and the resident may say whether it was; ``found``: it was said not to be
    there, and may have turned up. ``note``: below the headline.
    """

    headline: str
    hand: str
    until: str = ""
    since: str = ""
    arrived: bool = False
    note: str = ""
    found: bool = False


def way_of(need: Need) -> Way | None:
    """What is under way for ``need`` beside its own handling; None where nothing is."""
    if need.state != State.IN_PROGRESS:
        return None
    return errand_way(need) or _dated_wish(need)


def errand_way(need: Need) -> Way | None:
    """The errand that is out for ``need``."""
    errand, claim = running_errand(need)
    if errand is None:
        return None
    hand = errand_hand(errand.offer, claim)
    return replace(_errand(errand, claim, hand), since=wording.moment(hand.since))


def _errand(errand: Errand, claim: Claim | None, hand: ErrandHand) -> Way:
    until, office = wording.moment(hand.until) if hand.until else "", {"office": wording.sender(errand.offer)}
    if claim is None:
        return Way(_("正在请人跑腿，还没有人来帮"), _("等志愿者来帮"), until)
    if hand.turn == Turn.RESIDENT:
        note = _("志愿者%(moment)s说送到了。") % {"moment": wording.moment(hand.since)}
        asks = _("%(day)s，到时%(office)s来问您") % {"day": last_day(hand.until), **office} if hand.until else ""
        return Way(
            _("跑腿的志愿者说送到了，您收到了吗？"), wording.you_confirm(errand.offer), asks, arrived=True, note=note
        )
    facts = {"taken": wording.moment(claim.claimed_at), "until": _("%(when)s前") % {"when": until}}
    note = _("%(taken)s接下，%(until)s送到。") % facts if until else ""
    if said_missing(claim):
        asked = _("%(office)s问过还没收到，志愿者再给您看看") % office
        asked = _("您说没收到，志愿者再给您看看") if not_there_yet(claim) else asked
        note = _("说好%(until)s再送到。在家门口找到了，也请点“收到了”。") % facts
        return Way(asked, _("跑腿的志愿者"), until, note=note, found=True)
    if claim.state == ClaimState.DELIVERING:
        return Way(_("正在给您送来"), _("跑腿的志愿者"), until, note=note)
    return Way(_("有志愿者接下了，正在替您去办"), _("跑腿的志愿者"), until, note=note)


def _dated_wish(need: Need) -> Way | None:
    rows = need.wishes.exclude(state__in=[WishState.WITHDRAWN, WishState.REJECTED]).select_related("area", "offer")
    wish: Wish | None = rows.order_by("-created_at", "-pk").first()
    if wish is None:
        return None
    around = wish_around([wish])
    way, at = _wish(need, wish, around), wishes.hand(wish, around)["at"]
    return replace(way, since=wording.moment(at)) if way and at else way


def _wish(need: Need, wish: Wish, around: WishAround) -> Way | None:
    until = _by(wishes.until(wish, around))
    match stage_of(wish):
        case WishStage.TO_VERIFY if wish.verified_by_id:
            street = wish.pk in around.at_street
            return Way(_("登记成微心愿了，核实过了，正在审批"), _("街道") if street else _("社区书记"), until)
        case WishStage.TO_VERIFY:
            return Way(_("登记成微心愿了，社区正在核实"), wish.area.name, until)
        case WishStage.OPEN:
            return Way(_("登记成微心愿了，正在等人来圆"), _("等人认领"), until)
        case WishStage.UNDER_WAY if not _on_the_way(around.claims_of(wish)):
            return Way(_("认领心愿的人说送到了，社区正在确认"), wish.area.name, until)
        case WishStage.UNDER_WAY:
            return Way(_("有人认领了这个心愿，正在准备"), _("认领心愿的人，社区陪着"), until)
        case WishStage.FULFILLED:
            return Way(_("心愿圆了，社区会来问您"), wording.hand(need))
    return None


def _on_the_way(claims: Iterable[Claim]) -> bool:
    return any(claim.state in ON_THE_WAY for claim in claims)


def _by(moment: datetime | None) -> str:
    return wording.at_last(moment) if moment else ""
