"""Writing the log down, sealing it, checking the seals.

How a seal misses nothing: ids are drawn before transactions commit, so a lower id may appear after a
higher one. A trigger on the table makes every INSERT take a shared advisory lock before it draws an id
and hold it until its transaction ends. The sealer takes the same lock exclusively for an instant: at
that moment nobody is between an id and a commit, so the highest id it sees is a boundary below which
nothing can appear any more. It never waits for the lock: when somebody is writing, the next tick seals.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.privacy import blind_index
from alliance.lib.text import clean
from audit.models import AuditEntry, AuditSeal
from people.models import User
from people.states import SignIn

WRITERS_LOCK = 7_265_101
"""Advisory lock: shared by every INSERT (a trigger of the migration), exclusive for the sealer."""
SEALER_LOCK = 7_265_102
"""Advisory lock: one sealer at a time."""
CHUNK = 2000
SEAL_WITHIN = timedelta(days=1)
_log = structlog.get_logger("tongxin.audit")


def record(
    action: str,
    *,
    actor: User | None,
    subject: str = "",
    area_code: str = "",
    reason: str = "",
    params: Mapping[str, Any] | None = None,
    ip: str = "",
) -> AuditEntry:
    """Write one entry, inside the caller's transaction: what is not logged did not happen.

    ``subject`` is a number or a key (``XQ-CX-20261121-0007``, ``u:12``), ``params`` are plain values; neither
    holds personal data. ``ip`` is the full address: its last part is masked, a keyed digest tells equal ones.
    """
    entry = _row(Entry(action, subject, area_code, reason, params or {}), actor, ip)
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Entry:
    """What is to be written down, as ``record`` takes it."""

    action: str
    subject: str = ""
    area_code: str = ""
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def record_all(entries: Sequence[Entry], *, actor: User | None) -> None:
    """As ``record``, for what one person did to several things at once: one statement."""
    AuditEntry.objects.bulk_create([_row(entry, actor) for entry in entries])


def _row(entry: Entry, actor: User | None, ip: str = "") -> AuditEntry:
    return AuditEntry(
        action=entry.action,
        actor=actor,
        actor_label=label_of(actor),
        subject=clean(entry.subject)[:80],
        area_code=entry.area_code,
        reason=clean(entry.reason)[:200],
        params=dict(entry.params),
        ip=mask_ip(ip),
        ip_key=blind_index("audit-ip", ip),
    )


def label_of(actor: User | None) -> str:
    """The name of whoever did it. What a resident is called stays out of a log that nobody can edit."""
    return actor.name if actor and actor.sign_in == SignIn.PASSWORD else ""


def mask_ip(ip: str) -> str:
    """203.0.113.* or 2001:db8:1::*; nothing for what is not an address."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return f"{ipaddress.ip_network((address, 48), strict=False).network_address}*"
        address = address.ipv4_mapped
    return ".".join([*str(address).split(".")[:3], "*"])


def home_area(user: User | None) -> str:
    """Where the account of ``user`` is kept; else the widest area with a role today; else empty.

    Roles are asked afresh: ``user.roles`` is remembered by the object, and a role may just be on its way.
    """
    if user is not None and user.area_id:
        return user.area_id
    codes = user.grants.active().values_list("area_id", flat=True) if user else ()
    return min(codes, key=len, default="")


def seal() -> AuditSeal | None:
    """Seal every finished entry not sealed yet. None when there is none, or while somebody is writing.

    Safe to call from several workers at once: one seals, the others return None.
    """
    boundary = _boundary()
    if boundary is None:
        return None
    with transaction.atomic():
        if not _try_lock(SEALER_LOCK):
            return None
        last = AuditSeal.objects.order_by("-pk").first()
        first = last.up_to + 1 if last else 1
        if boundary < first:
            return None
        previous, now = last.hash if last else "", timezone.now()
        count, digest = _digest(previous, first, boundary, now)
        new = AuditSeal.objects.create(
            first=first, up_to=boundary, count=count, previous_hash=previous, hash=digest, sealed_at=now
        )
    # The log is kept apart from the database: a chain rewritten from its beginning no longer has this head.
    _log.info("audit_sealed", seal=new.pk, up_to=boundary, count=count, hash=digest)
    return new


def _boundary() -> int | None:
    """The highest id below which nothing can appear any more; None while an entry is being written."""
    with transaction.atomic(durable=True):
        if not _try_lock(WRITERS_LOCK):
            return None
        # A statement of its own: its snapshot is taken under the lock.
        highest: int | None = AuditEntry.objects.aggregate(highest=Max("pk"))["highest"]
        return highest


def _try_lock(key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _digest(previous: str, first: int, up_to: int, sealed_at: datetime) -> tuple[int, str]:
    """Number and SHA-256 of the entries ``first`` to ``up_to``, chained to ``previous``."""
    head = {"previous": previous, "first": first, "up_to": up_to, "sealed_at": _instant(sealed_at)}
    digest = hashlib.sha256(_canonical(head))
    count = 0
    for entry in _entries(first - 1, up_to):
        digest.update(b"\n" + _canonical(_plain(entry)))
        count += 1
    return count, digest.hexdigest()


def _entries(after: int, up_to: int) -> Iterator[AuditEntry]:
    """The entries in order, a chunk in memory at a time."""
    while chunk := list(AuditEntry.objects.between(after, up_to)[:CHUNK]):
        yield from chunk
        after = chunk[-1].pk


def _plain(entry: AuditEntry) -> dict[str, Any]:
    values = {field.attname: getattr(entry, field.attname) for field in AuditEntry._meta.concrete_fields}
    return {**values, "at": _instant(entry.at)}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Problem:
    """What does not fit. ``kind``: broken (between seals), missing, added, changed, uncovered, late, head."""

    kind: str
    seal_id: int | None
    text: str


def verify(*, head: str = "") -> list[Problem]:
    """Recompute every seal. Empty when the log is as it was sealed.

    ``head`` is the digest of any seal noted outside the database; a chain rewritten from the start lacks it.
    """
    problems: list[Problem] = []
    previous, up_to, seen, covered = "", 0, not head, 0
    for one in AuditSeal.objects.order_by("pk").iterator(CHUNK):
        if (one.previous_hash, one.first) != (previous, up_to + 1):
            problems.append(Problem("broken", one.pk, _("第%(seal)s次封存接不上前一次。") % {"seal": one.pk}))
        count, digest = _digest(one.previous_hash, one.first, one.up_to, one.sealed_at)
        problems += _check(one, count, digest)
        previous, up_to, covered = one.hash, one.up_to, covered + count
        seen = seen or one.hash == head
    if not seen:
        problems.append(Problem("head", None, _("链上没有您给的摘要：最后的封存可能被删，或整条链被重写。")))
    if outside := AuditEntry.objects.filter(pk__lte=up_to).count() - covered:
        words = _("最后一次封存之前有%(count)s条记录不在任何一次封存里。") % {"count": outside}
        problems.append(Problem("uncovered", None, words))
    if AuditEntry.objects.filter(pk__gt=up_to, at__lt=timezone.now() - SEAL_WITHIN).exists():
        problems.append(Problem("late", None, _("有记录超过一天没有封存，请检查后台任务是否在运行。")))
    return problems


def _check(one: AuditSeal, count: int, digest: str) -> list[Problem]:
    if (count, digest) == (one.count, one.hash):
        return []
    place = {"seal": one.pk, "first": one.first, "last": one.up_to, "count": abs(count - one.count)}
    if count == one.count:
        kind, text = "changed", _("第%(seal)s次封存（%(first)s–%(last)s）的内容与摘要不符。")
    elif count < one.count:
        kind, text = "missing", _("第%(seal)s次封存（%(first)s–%(last)s）少了%(count)s条记录。")
    else:
        kind, text = "added", _("第%(seal)s次封存（%(first)s–%(last)s）多了%(count)s条记录。")
    return [Problem(kind, one.pk, text % place)]
