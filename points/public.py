"""What everybody reads about points: what can be exchanged, and how much was given, held, spent and has ended."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from alliance.lib.dates import day_of
from people.models import Area
from people.states import Level
from points.figures import said
from points.models import Account, Reward
from points.services.posting import shared_balances
from points.states import Kind
from points.worth import expires_on


def streets() -> list[Area]:
    """Streets in which there is something to exchange, or somebody has points."""
    known = set(Account.objects.shared().values_list("street_id", flat=True).distinct())
    known |= set(Reward.objects.on_shelf().order_by().values_list("street_code", flat=True).distinct())
    return list(Area.objects.served().filter(level=Level.STREET, pk__in=known).order_by("code"))


def shelf(street: str) -> list[Reward]:
    """What can be had in the street, the cheapest first; what is gone stands last."""
    rows = Reward.objects.on_shelf().filter(street_code=street).select_related("area", "unit", "place").with_place()
    found = list(rows.order_by("price", "pk")[:200])
    return sorted(found, key=lambda row: row.left == 0)


def affordable(street: str, own: int) -> bool:
    """Whether there is anything in the street for ``own`` tenths."""
    rows = Reward.objects.on_shelf().filter(street_code=street, price__lte=own)
    return own > 0 and rows.exclude(left=0).exists()


def totals(street: str) -> dict[str, int]:
    """Tenths, each as what it is: given is what came into being, less what was taken back."""
    found = shared_balances(street)
    issued = -found.get(Kind.ISSUED, 0)
    gone = {kind: found.get(kind, 0) for kind in (Kind.HELD, Kind.SPENT, Kind.EXPIRED)}
    return {
        "issued": issued,
        "held": gone[Kind.HELD],
        "spent": gone[Kind.SPENT],
        "expired": gone[Kind.EXPIRED],
        "usable": issued - sum(gone.values()),
    }


def rules_in_words(rule: Any) -> dict[str, Any]:
    """The figures of the rule that people ask for, in points, and until when what is given today counts."""
    points = {"wish": rule.wish, "errand": rule.errand, "hour": rule.hour, "most": rule.day_most}
    last = day_of(expires_on(rule, timezone.localdate()))
    return {name: said(value) for name, value in points.items()} | {"last_day": last, "notice_days": rule.notice_days}
