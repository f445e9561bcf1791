"""Deliver what is due: lease, commit, send with the row's key, confirm. Safe in any number of processes.

A process may die at every point. Before the lease nothing has happened; after it the lease runs out and the
message is sent again under the same key, or is ``uncertain`` where the provider knows no keys.
Channels are served one by one: what waits for a dead mail server is in nobody else's way.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from notifications.channels import SECONDS, Outgoing, Provider, Unavailable, provider_of
from notifications.models import Message
from notifications.services.ending import DONE
from notifications.services.holding import deliverable, hold_back
from notifications.states import OUTWARD, Channel, Reason, State

BATCH = 100
LEASE_SECONDS = 120
MAX_ATTEMPTS = 5
RUN_SECONDS = 45
"""Less than the minute between two ticks: however slow a server is, its runs do not take all the workers' time."""
IN_VAIN = 3
"""So many messages in a row without an answer, and a run leaves the rest of the channel for the next one."""
REST_SECONDS = 50.0
"""For so long this process then leaves the channel alone: hints that piled up must not wait for a dead server each."""
BACK_OFF = (60, 120, 300, 900)
"""Seconds before the second, third, fourth and last attempt."""
_NO_ANSWER = frozenset({Reason.UNAVAILABLE, Reason.TIMEOUT})
_log = structlog.get_logger("tongxin.notifications")
_resting: dict[str, float] = {}
"""Until when (``monotonic``) this process leaves a channel alone."""


def deliver_all(channels: Iterable[Channel] = OUTWARD) -> int:
    """Deliver until nothing is due or a task's time is used up; returns how many messages were handled."""
    ends, total = time.monotonic() + RUN_SECONDS, 0
    for channel in channels:
        hold_back(channel)
        while _resting.get(channel, 0.0) < time.monotonic() < ends:
            _give_up_late_ones()
            handled, in_vain = _deliver(channel, BATCH, ends)
            total += handled
            if in_vain >= IN_VAIN:
                _resting[channel] = time.monotonic() + REST_SECONDS
            if handled < BATCH:
                break
    return total


def deliver_due(limit: int = BATCH, *, channels: Sequence[Channel] = OUTWARD) -> int:
    """Send at most ``limit`` due messages of each channel; returns how many were handled. Not in a transaction."""
    for channel in channels:
        hold_back(channel)
    _give_up_late_ones()
    return sum(_deliver(channel, limit, math.inf)[0] for channel in channels)


def _deliver(channel: Channel, limit: int, ends: float) -> tuple[int, int]:
    """How many messages were handled, and how many of the last in a row had no answer."""
    provider, in_vain = provider_of(channel), 0
    # A lease that might run out while we send would let somebody else send the same message beside us.
    ends = min(ends, time.monotonic() + LEASE_SECONDS - 3 * SECONDS)
    rows = _take(channel, limit, provider)
    for index, row in enumerate(rows):
        if in_vain >= IN_VAIN or time.monotonic() > ends:
            _hand_back(rows[index:])
            return index, in_vain
        outcome = _send(row, provider)
        _settle(row, **outcome)
        in_vain = in_vain + 1 if outcome["last_error"] in _NO_ANSWER else 0
    return len(rows), in_vain


def _give_up_late_ones() -> None:
    """What nobody sent in time is missed; what was in somebody's hands when time ran out is uncertain."""
    late = Message.objects.too_late()
    late.filter(leased_until__isnull=False).update(state=State.UNCERTAIN, last_error=Reason.INTERRUPTED, **DONE)
    late.update(state=State.MISSED, last_error=Reason.TOO_LATE, **DONE)


def _take(channel: Channel, limit: int, provider: Provider) -> list[Message]:
    with transaction.atomic(durable=True):
        due = deliverable(Message.objects.due().filter(channel=channel)).order_by("not_before", "id")
        rows = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
        interrupted = [row for row in rows if row.leased_until is not None]
        if not provider.deduplicates and interrupted:
            rows = [row for row in rows if row.leased_until is None]
            Message.objects.filter(pk__in=[row.pk for row in interrupted]).update(
                state=State.UNCERTAIN, last_error=Reason.INTERRUPTED, **DONE
            )
        taken = Message.objects.filter(pk__in=[row.pk for row in rows])
        taken.update(leased_until=Now() + timedelta(seconds=LEASE_SECONDS), attempts=F("attempts") + 1)
    for row in rows:
        row.attempts += 1
    return rows


def _send(row: Message, provider: Provider) -> dict[str, Any]:
    """What becomes of ``row``, as values of its columns."""
    secrets = json.loads(row.secrets or "{}")
    message = Outgoing(
        address=row.address or "",
        template=row.rule,
        params={**row.params, **secrets},
        text=row.text or "",
        key=row.key,
        subject=row.mail_subject or "",
    )
    try:
        if closed := provider.closed():
            return {"state": State.MISSED, "last_error": closed, **DONE}
        receipt = provider.send(message)
    except Unavailable:
        return _again(row)
    except TimeoutError:
        return {"state": State.UNCERTAIN, "last_error": Reason.TIMEOUT, **DONE}
    except Exception as error:  # a fault of the provider must not stop the others' messages
        _log.error("channel_fault", message_id=row.pk, error=type(error).__name__)
        return {"state": State.UNCERTAIN, "last_error": Reason.INTERRUPTED, **DONE}
    if receipt.accepted:
        sent = {"state": State.SENT, "sent_at": Now(), "provider_id": receipt.provider_id[:80]}
        return {**sent, "last_error": "", **DONE}
    return {"state": State.FAILED, "last_error": _safe_code(receipt.code), **DONE}


def _again(row: Message) -> dict[str, Any]:
    if row.attempts >= MAX_ATTEMPTS:
        return {"state": State.FAILED, "last_error": Reason.UNAVAILABLE, **DONE}
    wait = timedelta(seconds=BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1])
    return {"last_error": Reason.UNAVAILABLE, "leased_until": None, "not_before": Now() + wait}


def _safe_code(code: str) -> str:
    """A provider's error code; anything that looks like prose or a number of a person is not kept."""
    is_code = re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", code) and not re.search(r"\d{7}", code)
    return code if is_code else Reason.REFUSED


def _settle(row: Message, **values: Any) -> None:
    # ``attempts`` fences us: whoever took the row over after our lease ran out has counted one more.
    mine = Message.objects.filter(pk=row.pk, state=State.WAITING, attempts=row.attempts)
    ours = bool(mine.update(**values))
    state = str(values.get("state", State.WAITING))
    _log.info("message_settled", message_id=row.pk, rule=row.rule, channel=row.channel, state=state, ours=ours)


def _hand_back(rows: Sequence[Message]) -> None:
    """Rows we took but did not touch are free again at once, and the attempt does not count."""
    for row in rows:
        _settle(row, leased_until=None, attempts=row.attempts - 1)
