"""What a notice about an errand says is true no more, or was seen to: it is news for nobody, and marked read."""

from __future__ import annotations

from claims.models import Claim
from deadlines.models import Stage
from deadlines.services.ladder import reminders_of
from needs.messages import errands as messages
from needs.models import Errand
from notifications.services import retire_all

OF_CLAIM = (messages.ErrandTaken, messages.ErrandDelivered, messages.ErrandNotThere)
"""What steps of a claim told the keepers, each until the next one."""


def settle_waiting(errand: Errand, kind: str) -> None:
    """Somebody has it, or it is wanted no more: nobody is to ask around. ``kind``: the limit that reminded of it."""
    for stage in Stage.objects.filter(kind=kind, subject=f"errand:{errand.pk}"):
        retire_all(messages.ErrandWaiting, occurrences=reminders_of(stage))


def settle_claim(claim: Claim) -> None:
    """``claim`` goes a step on."""
    before = [f"{claim.offer.label}:{claim.pk}:{version}" for version in range(claim.version)]
    for said in OF_CLAIM:
        retire_all(said, occurrences=before)
