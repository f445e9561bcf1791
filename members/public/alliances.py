"""Alliances, how they are organised, their sub-alliances, the brands of their communities, their public documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from alliance.lib.errors import NotFound
from members.models import Alliance, Body, BodySeat, Brand, Document, DocumentVersion, Membership, MemberUnit
from members.public.holders import shown_holder
from people.querysets import STREET_LENGTH


@dataclass(frozen=True)
class Role:
    """A role in a body and those in it who may be named."""

    name: str
    holders: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Structure:
    """A kind of body with the alliance's bodies of that kind."""

    kind: str
    bodies: list[tuple[Body, list[Role]]] = field(default_factory=list)


def _with_shown(rows: QuerySet[Alliance]) -> QuerySet[Alliance]:
    """``rows`` with ``shown``: how many of their units everybody may know of."""
    members = Membership.objects.active().filter(unit__in=MemberUnit.objects.shown())
    return rows.annotate(shown=Count("memberships", filter=Q(memberships__in=members)))


def top_alliances() -> QuerySet[Alliance]:
    """The alliances of streets, the one set up first before the others."""
    return _with_shown(Alliance.objects.filter(parent__isnull=True)).select_related("area").order_by("id")


def find_alliance(pk: int) -> Alliance:
    """One alliance with ``shown``. Raises ``NotFound``."""
    found = _with_shown(Alliance.objects.filter(pk=pk)).select_related("area", "parent").first()
    if found is None:
        raise NotFound
    return found


def sub_alliances_of(alliance: Alliance) -> QuerySet[Alliance]:
    """Those of its communities, by code of the community."""
    return _with_shown(alliance.sub_alliances.all()).select_related("area").order_by("area_id", "id")


def brands_of(alliance: Alliance) -> list[Brand]:
    """一社一品: the brands of the communities of its street, or of its own community."""
    rows = Brand.objects.select_related("area").order_by("area_id")
    if len(alliance.area_id) == STREET_LENGTH:
        return list(rows.filter(area__code__startswith=alliance.area_id))
    return list(rows.filter(area_id=alliance.area_id))


def structure_of(alliance: Alliance) -> list[Structure]:
    """Its public bodies by kind with those who may be named, in three queries. Groups and zones have their own page."""
    seats = BodySeat.objects.active().select_related("unit", "user").order_by("starts_on", "id")
    rows = (
        Body.objects.active()
        .filter(is_public=True, kind__axis="")
        .filter(Q(alliance=alliance) | Q(alliance__isnull=True, area_id=alliance.area_id))
    )
    rows = rows.select_related("kind").order_by("kind__position", "kind", "position", "id")
    found: dict[int, Structure] = {}
    for body in rows.prefetch_related(Prefetch("seats", queryset=seats, to_attr="present")):
        there = found.setdefault(body.kind_id, Structure(body.kind.name))
        there.bodies.append((body, roles_in(body, body.kind.roles)))
    return list(found.values())


def roles_in(body: Body, order: list[str]) -> list[Role]:
    """The roles of a body (with its seats as ``present``) in their order, with whoever may be named in each."""
    roles: dict[str, Role] = {}
    places = {role: place for place, role in enumerate(order)}
    for seat in sorted(getattr(body, "present", ()), key=lambda one: places.get(one.role, len(places))):
        if holder := shown_holder(seat):
            roles.setdefault(seat.role, Role(seat.role)).holders.append(holder)
    return list(roles.values())


def documents_of(alliance: Alliance) -> list[DocumentVersion]:
    """The newest version of each of its public documents; it says from when it holds."""
    rows = DocumentVersion.objects.newest().filter(document__alliance=alliance, document__is_public=True)
    return list(rows.select_related("document").order_by("document__kind", "document"))


def find_document(alliance_pk: int, pk: int) -> DocumentVersion:
    """The newest version of a public document. Raises ``NotFound``, also where it is not public."""
    published = DocumentVersion.objects.published().filter(document=OuterRef("pk"))
    rows = Document.objects.filter(Exists(published), alliance=alliance_pk, is_public=True, pk=pk)
    version = DocumentVersion.objects.newest().filter(document__in=rows).select_related("document__alliance").first()
    if version is None:
        raise NotFound
    return version
