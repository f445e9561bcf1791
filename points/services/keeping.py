"""Nothing that ends is forgotten: what should have ended and is on no list any more is put back on it."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues
from points.models import Lot, Redemption
from points.services.clock import EXPIRE, plan_again
from points.services.redeeming import LAPSE, subject_of

FEW = 500
"""At a time; the next hour finds the rest."""


def plan_lost_ends() -> int:
    """Lots and exchanges whose day has passed, and whose due was cancelled or has failed; returns how many."""
    today = timezone.localdate()
    held = Redemption.objects.held().filter(_on_no_list("redemption:", LAPSE), until__lt=today)
    rows = list(held.select_related("reward").order_by("pk")[:FEW])
    add_dues(
        NewDue(
            LAPSE, subject_of(row), None, f"{LAPSE}:{row.pk}:{today}", label=row.number, area_code=row.reward.area_id
        )
        for row in rows
    )
    lots = Lot.objects.filter(_on_no_list("lot:", EXPIRE), rest__gt=0, expires_on__lt=today)
    found = list(lots.select_related("account").order_by("pk")[:FEW])
    for lot in found:
        plan_again(lot, lot.account, 0, f"k{today}")
    return len(rows) + len(found)


def _on_no_list(prefix: str, kind: str) -> Any:
    subject = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))
    return ~Exists(Due.objects.undone().filter(kind=kind, subject=subject))
