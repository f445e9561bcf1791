"""All it takes to have a resource: the rooms it is made of, down to the last, and the stations in which these lie.

And the other way: what nobody can have without it. What is asked of a resource (may it be had, is it closed, until when
is it offered, is it marked for 战时) is asked of all of these: book, finder, calendar and pages ask alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from resources.models import Part, Resource


@dataclass(frozen=True)
class Reach:
    """``row``, the wholes and rooms it is made of (``parts``), and of these the rooms that are held (``leaves``)."""

    row: Resource
    parts: tuple[Resource, ...] = ()
    leaves: tuple[Resource, ...] = ()

    @property
    def rooms(self) -> tuple[Resource, ...]:
        """Itself and what it is made of."""
        return (self.row, *self.parts)

    @property
    def stations(self) -> tuple[Resource, ...]:
        """In which these lie."""
        return tuple({one.within_id: one.within for one in self.rooms if one.within is not None}.values())

    @property
    def every(self) -> tuple[Resource, ...]:
        return (*self.rooms, *self.stations)

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(one.pk for one in self.every)

    @property
    def held(self) -> frozenset[int]:
        """Keys of what is held when it is booked."""
        return frozenset(one.pk for one in self.leaves)

    @property
    def until(self) -> date | None:
        """The last day on which all of it is offered."""
        return min((one.until for one in self.every if one.until is not None), default=None)

    @property
    def is_reserved(self) -> bool:
        """Whether something of it is marked for 战时."""
        return any(one.emergency for one in self.every)


def reach_of(row: Resource) -> Reach:
    """Of one."""
    return reaches_of([row])[row.pk]


def reaches_of(rows: Sequence[Resource]) -> dict[int, Reach]:
    """By resource, in as many statements as rooms lie inside of each other; stations are read with ``rows``."""
    parts = _parts([row.pk for row in rows])
    found = {}
    for row in rows:
        inside = _down(row, parts)
        leaves = tuple(one for one in (row, *inside) if one.pk not in parts)
        found[row.pk] = Reach(row, inside, tuple(sorted(leaves, key=lambda one: one.pk)))
    return found


def _parts(keys: Collection[int]) -> dict[int, list[Resource]]:
    """By whole: what it is made of. Of all that are below ``keys``."""
    found: dict[int, list[Resource]] = {}
    asked, more = set[int](), set(keys)
    while more:
        asked |= more
        rows = Part.objects.filter(whole__in=more).select_related("part__within", "part__kind").order_by("part_id")
        for one in rows:
            found.setdefault(one.whole_id, []).append(one.part)
        more = {part.pk for parts in found.values() for part in parts} - asked
    return found


def _down(row: Resource, parts: dict[int, list[Resource]]) -> tuple[Resource, ...]:
    """What ``row`` is made of, each once."""
    found: dict[int, Resource] = {}
    more = list(parts.get(row.pk, ()))
    while more:
        one = more.pop()
        if one.pk not in found and one.pk != row.pk:
            found[one.pk] = one
            more += parts.get(one.pk, ())
    return tuple(found[key] for key in sorted(found))


def resting_on(row: Resource) -> set[int]:
    """Keys of what nobody can have without ``row``: itself, the rooms of a station, the wholes these are part of."""
    return with_wholes({row.pk, *Resource.objects.filter(within=row).values_list("pk", flat=True)})


def with_wholes(keys: Iterable[int]) -> set[int]:
    """``keys``, and those of everything that is made of these."""
    found = set(keys)
    more: Iterable[int] = found
    while more := set(Part.objects.filter(part__in=more).values_list("whole", flat=True)) - found:
        found |= more
    return found
