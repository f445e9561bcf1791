"""The units of an alliance that agreed to be shown, and the parts of each that it agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from alliance.lib.errors import NotFound
from alliance.lib.search import named
from members.models import Alliance, Membership, MemberUnit, PartyOrganisation, Placement, Tag
from members.querysets import in_force
from members.states import Near, Shown, StrengthKind, UnitKind


@dataclass(frozen=True)
class Filter:
    """What is looked for: words of a name or its initials, a kind, a tag, a group and a zone of the matrix."""

    q: str = ""
    kind: str = ""
    tag: int | None = None
    group: int | None = None
    zone: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Filter()


def _members(alliance: Alliance) -> QuerySet[MemberUnit]:
    joined = Membership.objects.active().filter(alliance=alliance)
    return MemberUnit.objects.shown().filter(pk__in=joined.values("unit"))


def units_of(alliance: Alliance, chosen: Filter | None = None) -> QuerySet[MemberUnit]:
    """The alliance's shown units, in the order of their sound, with what ``card_of`` and ``parts_of`` read."""
    wanted = chosen or Filter()
    rows = named(_members(alliance), wanted.q, tails=False)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.tag is not None:
        rows = rows.filter(tags=wanted.tag, shows__contains=[Shown.TAGS])
    if wanted.group is not None or wanted.zone is not None:
        rows = rows.filter(pk__in=_placed(alliance, wanted.group, wanted.zone))
    return rows.prefetch_related("tags", "strengths").order_by("sorted_as", "id")


def _placed(alliance: Alliance, group: int | None, zone: int | None) -> Any:
    rows = Placement.objects.active().filter(membership__alliance=alliance)
    if group is not None:
        rows = rows.filter(group=group, group__is_public=True)
    if zone is not None:
        rows = rows.filter(zone=zone, zone__is_public=True)
    return rows.values("membership__unit")


def names_of(alliance: Alliance, most: int) -> list[MemberUnit]:
    """The first few, for a glance."""
    return list(_members(alliance).order_by("sorted_as", "id")[:most])


def choices_of(alliance: Alliance) -> dict[str, list[tuple[Any, str, int]]]:
    """Kinds and tags there are among the shown units, each with how many."""
    labels = dict(UnitKind.choices)
    kinds = _members(alliance).order_by().values_list("kind").annotate(n=Count("pk"))
    counts = dict(kinds)
    telling = _members(alliance).filter(shows__contains=[Shown.TAGS])
    tags = Tag.objects.filter(units__in=telling).annotate(n=Count("pk")).order_by("near", "name")
    return {
        "kinds": [(kind, str(labels[kind]), counts[kind]) for kind in UnitKind.values if kind in counts],
        "tags": [(pk, name, n) for pk, name, n in tags.values_list("pk", "name", "n")],
    }


def find_unit(pk: int) -> MemberUnit:
    """A shown unit that belongs to an alliance today. Raises ``NotFound`` for every other, alike."""
    joined = Membership.objects.active().filter(unit=pk)
    rows = MemberUnit.objects.shown().filter(pk=pk, pk__in=joined.values("unit"))
    unit: MemberUnit | None = rows.select_related("building", "area").prefetch_related("tags", "strengths").first()
    if unit is None:
        raise NotFound
    return unit


def moved_to(pk: int) -> int | None:
    """Where the page of a unit is that was found to be another's double; None if there is no such page."""
    gone = MemberUnit.objects.filter(pk=pk, is_public=True, merged_into__in=MemberUnit.objects.shown())
    return gone.values_list("merged_into", flat=True).first()


def parts_of(unit: MemberUnit) -> dict[str, Any]:
    """Of what is known of the unit, what it agreed to show; the other parts are not even there."""
    shows: set[str] = set(unit.shows)
    parts: dict[str, Any] = {}
    if Shown.INTRO in shows and unit.intro:
        parts["intro"] = unit.intro
    if Shown.STRENGTHS in shows and (rows := list(unit.strengths.all())):
        parts["strengths"] = [
            (str(kind.label), [row for row in rows if row.kind == kind])
            for kind in StrengthKind
            if any(row.kind == kind for row in rows)
        ]
    if Shown.TAGS in shows and (tags := list(unit.tags.all())):
        parts["tags"] = [
            (str(near.label), [tag for tag in tags if tag.near == near])
            for near in Near
            if any(tag.near == near for tag in tags)
        ]
    return parts


def more_parts_of(unit: MemberUnit) -> dict[str, Any]:
    """As ``parts_of``, with what only the unit's own page tells: where it sits, its party organisations."""
    parts, shows = parts_of(unit), set(unit.shows)
    if Shown.PLACE in shows:
        building = str(unit.building) if unit.building else ""
        parts["place"] = " ".join(word for word in (unit.area.name, building, unit.floor) if word)
    if Shown.PARTY in shows:
        rows = PartyOrganisation.objects.active().filter(unit=unit, is_public=True).order_by("kind", "id")
        if found := [row.name for row in rows]:
            parts["party"] = found
    return parts


def memberships_of(unit: MemberUnit) -> list[dict[str, Any]]:
    """The alliances it belongs to today, with its group and zone where these are public."""
    today = in_force(None, start="starts_on", end="ends_on")
    placed = Placement.objects.filter(today).select_related("group", "zone")
    rows = Membership.objects.active().filter(unit=unit).select_related("alliance")
    rows = rows.prefetch_related(Prefetch("placements", queryset=placed, to_attr="now")).order_by("alliance")
    return [
        {
            "alliance": row.alliance,
            "since": row.joined_on,
            "cell": [
                str(body)
                for place in getattr(row, "now", ())
                for body in (place.group, place.zone)
                if body is not None and body.is_public and body.ended_on is None
            ],
        }
        for row in rows
    ]
