"""An errand in words: what it has come to, and whose turn it is once it is said to be there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.states import ClaimState

ERRAND = "errand"
"""The kind of an errand's offer."""


def claim_word(claim: Claim) -> str:
    """The state of ``claim`` in a word: an errand is taken, a wish is claimed."""
    taken = claim.state == ClaimState.CLAIMED and claim.offer.kind == ERRAND
    return _("已接单") if taken else str(claim.get_state_display())


def to_confirm() -> str:
    """For staff and for whoever brought it."""
    return _("居民，等确认；社区可以代为确认")


def brought() -> str:
    """For whoever looks at an errand that somebody else ran."""
    return _("送到了，等居民确认")


def you_confirm() -> str:
    """For the resident."""
    return _("您，等您说收到没有；社区可以代为确认")
