"""Groups and zones of an alliance, with who calls them together and how many shown units stand in each cell."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch

from members.models import Alliance, Body, BodySeat, MemberUnit, Placement
from members.public.alliances import Role, roles_in
from members.states import Axis


@dataclass(frozen=True)
class Side:
    """A group or a zone."""

    body: Body
    roles: list[Role]


@dataclass(frozen=True)
class Grid:
    """The matrix as everybody may see it."""

    groups: list[Side]
    zones: list[Side]
    counts: dict[tuple[int | None, int | None], int]

    def count(self, group: int | None = None, zone: int | None = None) -> int:
        """Shown units in a group, a zone or a cell."""
        return sum(n for (g, z), n in self.counts.items() if group in (None, g) and zone in (None, z))


def grid_of(alliance: Alliance) -> Grid:
    """Three queries, whatever the number of units."""
    seats = BodySeat.objects.active().filter(is_single=True).select_related("unit", "user").order_by("id")
    rows = Body.objects.active().filter(alliance=alliance, is_public=True).exclude(kind__axis="")
    rows = rows.select_related("kind").order_by("position", "id")
    sides: dict[str, list[Side]] = {Axis.GROUP: [], Axis.ZONE: []}
    for body in rows.prefetch_related(Prefetch("seats", queryset=seats, to_attr="present")):
        sides[body.kind.axis].append(Side(body, roles_in(body, body.kind.roles)))
    known = {side.body.pk for rows in sides.values() for side in rows}
    placed = Placement.objects.active().filter(
        membership__alliance=alliance,
        membership__unit__in=MemberUnit.objects.shown(),
        membership__in=alliance.memberships.active(),
    )
    counts: dict[tuple[int | None, int | None], int] = {}
    for group, zone, n in placed.order_by().values_list("group", "zone").annotate(n=Count("pk")):
        cell = (group if group in known else None, zone if zone in known else None)
        counts[cell] = counts.get(cell, 0) + n
    return Grid(sides[Axis.GROUP], sides[Axis.ZONE], counts)
