"""How the outbox is doing, in numbers: nothing may be stuck unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from notifications.models import Message
from notifications.states import OUTWARD, STATES_OF, Channel, State

SINCE = timedelta(days=1)


def oldest_waiting_seconds() -> int:
    """For how long the oldest due message has been waiting; 0 when none is."""
    return _age(Message.objects.unfinished().aggregate(oldest=Min("not_before"))["oldest"])


def figures(since: timedelta = SINCE) -> dict[str, Any]:
    """``oldest_seconds``, ``waiting`` and ``oldest`` (seconds) by channel, and ``recent``: channel → state → how many.

    Everything that waits is counted, however old; what has ended is counted if it was queued within ``since``, so
    that the question costs the same after ten years.
    """
    undone = Message.objects.unfinished().values("channel").annotate(n=Count("pk"), oldest=Min("not_before"))
    by_channel: dict[str, Any] = {row["channel"]: row for row in undone.order_by()}
    recent: dict[str, dict[str, int]] = {
        channel: dict.fromkeys(sorted(STATES_OF[channel]), 0) for channel in Channel.values
    }
    new = Message.objects.filter(created_at__gt=timezone.now() - since).exclude(state=State.WAITING)
    for row in new.values("channel", "state").annotate(n=Count("pk")).order_by():
        recent[row["channel"]][row["state"]] = row["n"]
    waiting = {str(channel): by_channel.get(channel, {}).get("n", 0) for channel in OUTWARD}
    oldest = {str(channel): _age(by_channel.get(channel, {}).get("oldest")) for channel in OUTWARD}
    for channel, count in waiting.items():
        recent[channel][State.WAITING] = count
    return {"oldest_seconds": max(oldest.values()), "waiting": waiting, "oldest": oldest, "recent": recent}


def _age(moment: Any) -> int:
    return max(0, int((timezone.now() - moment).total_seconds())) if moment else 0
