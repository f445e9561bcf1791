"""What claims add: what falls due, what a unit has in hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import moment
from alliance.lib.registry import contribute
from claims.digests import weekly
from claims.models import Claim
from claims.querysets import works_in
from claims.service_card import given
from claims.services.clock import KINDS
from deadlines.kinds import register_kind
from members.models import MemberUnit
from members.services.in_hand import InHand
from members.services.journal import Journal

FEW = 6


def in_hand(unit_id: int) -> InHand:
    """Claims of the unit that are not done."""
    return InHand(_("认领了还没办完的"), Claim.objects.live().filter(unit_id=unit_id).count())


def merge_claims(journal: Journal) -> None:
    """What the unit has taken on, now and before; a step that is being taken holds its claim, and is waited for."""
    journal.move(_("认领"), journal.hold(Claim.objects.filter(unit=journal.gone)))


def unit_panel(request: HttpRequest, unit: MemberUnit) -> dict[str, Any] | None:
    """On a unit's page: what it took on last, for whoever works where that was on offer."""
    if not works_in(request.user):
        return None
    mine = Claim.objects.visible_to(request.user).filter(unit=unit).select_related("offer")
    lines = [
        {"text": claim.offer.title, "small": claim.get_state_display(), "when": moment(claim.claimed_at)}
        for claim in mine.order_by("-claimed_at", "-pk")[:FEW]
    ]
    return {"title": _("最近认领"), "lines": lines, "empty": _("还没有认领过。")}


for _kind in KINDS:
    register_kind(_kind)
contribute("service.card", given, order=50)
contribute("digest.weekly", weekly, order=30)
contribute("seat.in_hand", in_hand, order=20)
contribute("unit.merge", merge_claims, order=20)
contribute("workbench.unit", unit_panel, order=40)
