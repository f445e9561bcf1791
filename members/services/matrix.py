"""The matrix of an alliance as it stands today: groups across, zones down, a count in every cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from members.models import Alliance, Body, BodySeat, Membership
from members.services.placing import Cell
from members.states import Axis


@dataclass(frozen=True)
class Head:
    """A group or a zone with those who call it together: pairs of a role and a name."""

    body: Body
    people: list[tuple[str, str]]


@dataclass(frozen=True)
class Matrix:
    """Everything the page draws, from a fixed number of queries."""

    alliance: Alliance
    groups: list[Head]
    zones: list[Head]
    counts: dict[Cell, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def in_group(self, group: int | None) -> int:
        return sum(count for cell, count in self.counts.items() if cell.group == group)

    def in_zone(self, zone: int | None) -> int:
        return sum(count for cell, count in self.counts.items() if cell.zone == zone)


def matrix_of(alliance: Alliance) -> Matrix:
    """The matrix of ``alliance``, whose readers have been checked."""
    rows = Body.objects.filter(alliance=alliance, ended_on__isnull=True).exclude(kind__axis="")
    bodies = list(rows.select_related("kind").order_by("position", "id"))
    people: dict[int, list[tuple[str, str]]] = {body.pk: [] for body in bodies}
    seats = BodySeat.objects.active().filter(body__in=bodies, is_single=True).select_related("unit", "user")
    order = {body.pk: body.kind.roles for body in bodies}
    for seat in sorted(seats, key=lambda seat: _place(order[seat.body_id], seat.role)):
        people[seat.body_id].append((seat.role, seat.holder))
    heads = {axis: [Head(body, people[body.pk]) for body in bodies if body.kind.axis == axis] for axis in Axis}
    members: Any = members_in_cells(alliance).order_by()
    placed = members.values("group", "zone").annotate(n=Count("pk"))
    counts = {Cell(row["group"], row["zone"]): row["n"] for row in placed}
    return Matrix(alliance, heads[Axis.GROUP], heads[Axis.ZONE], counts)


def members_in_cells(alliance: Alliance) -> QuerySet[Membership]:
    """Today's members of ``alliance``, each with ``group`` and ``zone`` (or None), in the order of their sound."""
    today = timezone.localdate()
    open_ = Q(placements__ends_on__isnull=True) | Q(placements__ends_on__gt=today)
    here = FilteredRelation("placements", condition=Q(placements__starts_on__lte=today) & open_)
    members = Membership.objects.active().filter(alliance=alliance, unit__merged_into__isnull=True)
    placed = members.annotate(here=here).annotate(group=F("here__group"), zone=F("here__zone"))
    return placed.select_related("unit").order_by("unit__sorted_as", "unit_id")


def members_of_cell(alliance: Alliance, **where: int | None) -> list[Membership]:
    """Today's members whose ``group`` or ``zone`` (or both) is the one given; None: that have none."""
    conditions: dict[str, Any] = {}
    for name, value in where.items():
        conditions |= {f"{name}__isnull": True} if value is None else {name: value}
    return list(members_in_cells(alliance).filter(**conditions))


def _place(roles: list[str], role: str) -> int:
    return roles.index(role) if role in roles else len(roles)
