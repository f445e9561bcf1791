"""What claims add: what falls due, what a unit has in hand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from alliance.lib.registry import contribute
from claims.models import Claim
from claims.services.clock import KINDS
from deadlines.kinds import register_kind
from members.services.in_hand import InHand
from members.services.journal import Journal


def in_hand(unit_id: int) -> InHand:
    """Claims of the unit that are not done."""
    return InHand(_("认领了还没办完的"), Claim.objects.live().filter(unit_id=unit_id).count())


def merge_claims(journal: Journal) -> None:
    """What the unit has taken on, now and before; a step that is being taken holds its claim, and is waited for."""
    journal.move(_("认领"), journal.hold(Claim.objects.filter(unit=journal.gone)))


for _kind in KINDS:
    register_kind(_kind)
contribute("seat.in_hand", in_hand, order=20)
contribute("unit.merge", merge_claims, order=20)
