"""Who has which version of a document: delivered with its publishing or with joining, seen at a tap of its own.

Whoever publishes and whoever joins hold the alliance's row first. Otherwise a unit that joins while a version is
being published would be in neither's eyes, and never get it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from members import messages_documents as messages
from members.models import Document, DocumentVersion, Liaison, Membership, Receipt
from members.permissions import keeps_alliance
from notifications.services import queue, retire
from people.models import User

REMIND_AGAIN = timedelta(days=3)
DELIVER = """
    INSERT INTO members_receipt (version_id, unit_id, delivered_at)
    SELECT DISTINCT %s::bigint, unit.id, now()
    FROM members_membership membership JOIN members_memberunit unit ON unit.id = membership.unit_id
    WHERE membership.alliance_id = %s AND unit.merged_into_id IS NULL
        AND (membership.left_on IS NULL OR membership.left_on > %s)
    ORDER BY unit.id
    ON CONFLICT (version_id, unit_id) DO NOTHING RETURNING unit_id
"""
DELIVER_CURRENT = """
    INSERT INTO members_receipt (version_id, unit_id, delivered_at)
    SELECT newest.id, unit.id, now()
    FROM (
        SELECT DISTINCT ON (document.id) version.id
        FROM members_document document JOIN members_documentversion version ON version.document_id = document.id
        WHERE document.alliance_id = %s AND version.published_at IS NOT NULL
        ORDER BY document.id, version.number DESC
    ) newest CROSS JOIN unnest(%s::bigint[]) AS unit (id)
    ORDER BY newest.id, unit.id
    ON CONFLICT (version_id, unit_id) DO NOTHING RETURNING version_id
"""


@dataclass(frozen=True)
class Reading:
    """How many units have a version, how many of them have seen it, and how many have nobody to read it."""

    delivered: int
    seen: int
    alone: int = 0

    @property
    def unseen(self) -> int:
        return self.delivered - self.seen


def deliver(version: DocumentVersion) -> list[int]:
    """``version`` goes to every unit that belongs to its alliance, or will; gives the keys of those that had it not.

    In one statement, in the publisher's transaction, which holds the alliance. Their liaisons are told once each, and
    what they were told of the versions before it is settled.
    """
    for before in version.document.versions.published().exclude(pk=version.pk).values_list("pk", flat=True):
        for message in (messages.DocumentArrived, messages.DocumentWaits):
            retire(message, occurrence=f"version {before}", and_parts=True)
    with connection.cursor() as cursor:
        cursor.execute(DELIVER, [version.pk, version.document.alliance_id, timezone.localdate()])
        units = [row[0] for row in cursor.fetchall()]
    queue(messages.document_arrived(version), occurrence=f"version {version.pk}", users=_liaisons_of(units))
    return units


def deliver_current(membership: Membership) -> int:
    """Whoever joins gets of each document the newest version. Returns how many are new to the unit.

    In the transaction of joining, which holds the alliance.
    """
    return deliver_current_to([membership.unit_id], alliance_id=membership.alliance_id)


def deliver_current_to(units: Sequence[int], *, alliance_id: int) -> int:
    """As ``deliver_current``, for several units that join the same alliance."""
    with connection.cursor() as cursor:
        cursor.execute(DELIVER_CURRENT, [alliance_id, list(units)])
        return len(cursor.fetchall())


@transaction.atomic
def mark_seen(*, version_pk: int, unit_id: int, by: User) -> bool:
    """Somebody of the unit read it: the first one counts. Returns whether this was the first.

    Raises ``NotFound``: no seat in the unit today, or nothing was delivered to it.
    """
    own = Receipt.objects.filter(version_id=version_pk, unit_id=unit_id)
    if not Liaison.objects.active().filter(unit_id=unit_id, user_id=by.pk).exists():
        raise NotFound
    if own.unseen().update(seen_at=timezone.now(), seen_by=by):
        return True
    if not own.exists():
        raise NotFound
    return False


@transaction.atomic
def remind_unseen(*, document_pk: int, by: User) -> int:
    """A kind word to the liaisons of units that have not seen the newest version. Returns how many are told.

    At most once in three days, and not to suspended units. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``
    (nothing published, reminded lately, everybody has seen it, nobody to tell).
    """
    document = Document.objects.visible_to(by).locked(document_pk)
    if not keeps_alliance(by, document.alliance):
        raise NotAllowed
    version = document.versions.newest().first()
    if version is None:
        raise RuleBroken(_("还没有发布，没有要提醒的。"))
    now = timezone.now()
    if document.reminded_at is not None and now - document.reminded_at < REMIND_AGAIN:
        raise RuleBroken(_("这三天里提醒过了，过几天再提醒。"))
    waiting = version.receipts.unseen().filter(unit__suspended_at__isnull=True, unit__merged_into__isnull=True)
    joined = Membership.objects.active().filter(alliance_id=document.alliance_id)
    units = waiting.filter(unit__in=joined.values("unit")).values_list("unit_id", flat=True)
    people = _liaisons_of(list(units))
    if not people:
        raise RuleBroken(_("没有要提醒的：都看过了，或者还没有联络员。"))
    document.reminded_at = now
    document.save(update_fields=["reminded_at"])
    occurrence = f"version {version.pk} {timezone.localdate().isoformat()}"
    queue(messages.document_waits(version), occurrence=occurrence, users=people)
    return len(people)


def readings(versions: list[int]) -> dict[int, Reading]:
    """By version: how many present members of its alliance have it and how many have seen it, in one query.

    Whoever left is asked no more, but has seen what it has seen.
    """
    rows = Receipt.objects.present().filter(version_id__in=versions).order_by()
    alone = Count("pk", filter=Q(pk__in=Receipt.objects.unseen().unspoken_for().values("pk")))
    found = rows.values_list("version_id").annotate(delivered=Count("pk"), seen=Count("seen_at"), alone=alone)
    return {pk: Reading(delivered, seen, alone) for pk, delivered, seen, alone in found}


def unread_count(unit_id: int) -> int:
    """How many newest versions of its alliances' documents nobody in the unit has seen."""
    joined = Membership.objects.active().filter(unit_id=unit_id).values("alliance")
    newest = DocumentVersion.objects.newest().filter(document__alliance__in=joined)
    return Receipt.objects.unseen().filter(unit_id=unit_id, version__in=newest).count()


def _liaisons_of(units: list[int]) -> list[User]:
    """Whoever speaks for one of the units today, once each."""
    seats = Liaison.objects.active().filter(unit_id__in=units).select_related("user").order_by("user_id")
    return list({seat.user_id: seat.user for seat in seats}.values())
