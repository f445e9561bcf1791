"""An errand in words: what it has come to, and whose turn it is once it is said to be there."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from claims.models import Claim, ClaimEvent, Offer
from claims.states import ClaimState, Verb
from notifications.messages import source_text
from people.querysets import STREET_LENGTH

ERRAND = "errand"
"""The kind of an errand's offer."""
NOT_WANTED = gettext_lazy("这件事不用跑了，谢谢您。")
"""What the history of an errand says where it is called off with its need: not because of whoever ran it."""


def is_called_off(event: ClaimEvent) -> bool:
    """Whether ``event`` took the errand back because its need went another way, or ended."""
    return event.verb == Verb.RELEASE and event.words == source_text(NOT_WANTED)


def called_off(event: ClaimEvent) -> str:
    """``is_called_off`` in words: somebody goes on with the need another way, or it ended."""
    return _("这件事另外办，跑腿撤下了") if event.actor_id else _("这件事不用跑了，跑腿撤下了")


def claim_word(claim: Claim) -> str:
    """The state of ``claim`` in a word: an errand is taken, a wish is claimed."""
    taken = claim.state == ClaimState.CLAIMED and claim.offer.kind == ERRAND
    return _("已接单") if taken else str(claim.get_state_display())


def sender(offer: Offer) -> str:
    """Which office sent it out, in a sentence: 社区 or 街道."""
    if len(offer.keeper_code) == STREET_LENGTH:
        return pgettext("the office that sent an errand, in a sentence", "街道")
    return pgettext("the office that sent an errand, in a sentence", "社区")


def to_confirm(offer: Offer) -> str:
    """For staff and for whoever brought it."""
    return _("居民，等确认；%(office)s可以代为确认") % {"office": sender(offer)}


def confirmed_by(offer: Offer, day: str) -> str:
    """Until when that office says for the resident whether it is there."""
    return _("%(office)s%(day)s前代为确认") % {"office": sender(offer), "day": day}


def brought() -> str:
    """For whoever looks at an errand that somebody else ran."""
    return _("送到了，等居民确认")


def you_confirm(offer: Offer) -> str:
    """For the resident."""
    return _("您，等您说收到没有；%(office)s可以代为确认") % {"office": sender(offer)}
