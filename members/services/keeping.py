"""What waits for whoever keeps the register of a street: counts, each with the page on which one goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from members.models import Alliance, Body, Document, DocumentVersion, Membership, Placement, Receipt, SeatOffer
from members.states import REGISTER_ROLES, OfferState
from people.models import User
from people.querysets import within


@dataclass(frozen=True)
class ToKeep:
    """``unplaced``: by alliance, members that are in no group and no zone of it. ``unread``: by document, units."""

    unplaced: list[tuple[Alliance, int]]
    offers: int
    drafts: list[Document]
    unread: list[tuple[Document, int]]


def to_keep(user: User) -> ToKeep:
    """What waits in the streets whose register ``user`` keeps."""
    streets = user.areas_of(*REGISTER_ROLES)
    alliances: Any = Alliance.objects.filter(within(streets))
    documents: Any = Document.objects.filter(alliance__in=alliances)
    open_ = SeatOffer.objects.visible_to(user).filter(state=OfferState.OPEN, expires_at__gt=timezone.now())
    return ToKeep(
        unplaced=_counted(alliances, _unplaced(alliances), "alliance"),
        offers=open_.count(),
        drafts=list(documents.filter(versions__published_at__isnull=True, versions__isnull=False).order_by("pk")),
        unread=_counted(documents, _unread(documents), "version__document"),
    )


def _unplaced(alliances: Any) -> QuerySet[Membership]:
    """Members of alliances that have groups or zones, placed in none of them."""
    divided = Body.objects.filter(alliance__in=alliances, ended_on__isnull=True).exclude(kind__axis="")
    placed = Placement.objects.active().values("membership")
    members = Membership.objects.active().filter(alliance__in=divided.values("alliance"))
    found: QuerySet[Membership] = members.filter(unit__merged_into__isnull=True).exclude(pk__in=placed)
    return found


def _unread(documents: Any) -> QuerySet[Receipt]:
    """Units that have not said that they read the newest version."""
    newest = DocumentVersion.objects.newest().filter(document__in=documents)
    found: QuerySet[Receipt] = Receipt.objects.present().unseen().filter(version__in=newest)
    return found


def _counted(things: Any, rows: QuerySet[Any], name: str) -> list[tuple[Any, int]]:
    """How many of ``rows`` belong to each of ``things``, most first."""
    counts = dict(rows.order_by().values_list(name).annotate(n=Count("pk", distinct=True)))
    found = things.in_bulk(list(counts)) if counts else {}
    return sorted(((found[pk], n) for pk, n in counts.items()), key=lambda pair: (-pair[1], pair[0].pk))
