"""What everybody may read of the warehouse: stations near by, what an alliance shares, one resource.

Nothing here starts from a row that is not public. Who gives it is named only where the unit agreed to be shown, and a
search does not find a resource by the name of a unit that did not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from alliance.lib.errors import NotFound
from alliance.lib.search import words_of
from members.models import Alliance
from people.models import Area
from people.querysets import STREET_LENGTH, within
from resources.models import Closure, Resource, ResourceKind
from resources.services.free import days_of_each
from resources.services.hours import Day
from resources.states import Form

STATIONS = "stations"
"""The heading of the kinds that one finds on the map of a quarter of an hour."""
ORDER = ("area", "id")
SOME = 5
NEWEST = ("-offered_at", "-id")
AROUND = ("kind__parent", "unit", "area", "within", "serves")


@dataclass(frozen=True)
class Chosen:
    """What is looked for: words, an area by its code, a kind or the heading of kinds by its key."""

    q: str = ""
    area: str = ""
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Chosen()


def stations(chosen: Chosen) -> QuerySet[Resource]:
    """Stations that everybody may know of, by community; the words find the other names of a community too."""
    rows = _stations()
    if chosen.area:
        rows = rows.filter(within([chosen.area], area="area__code", street=""))
    if chosen.kind:
        rows = rows.filter(kind__key=chosen.kind)
    return said(rows, chosen.q).select_related(*AROUND, "area__parent").order_by(*ORDER)


def _stations() -> QuerySet[Resource]:
    return Resource.objects.public().filter(kind__parent__key=STATIONS, within__isnull=True)


def said(rows: QuerySet[Resource], q: str) -> QuerySet[Resource]:
    """Those in which every word stands, or that lie in a place called so."""
    if not words_of(q):
        return rows
    found = Resource.objects.said_to(None, q)
    return rows.filter(Q(pk__in=found.values("pk")) | Q(area__in=places_called(q)))


def places_called(q: str) -> list[str]:
    """Codes of areas that are called so, officially or by another name: 百尺溪 is 百尺溇社区."""
    word = "".join(words_of(q)).removesuffix("社区").removesuffix("街道")
    if len(word) < 2:
        return []
    rows = Area.objects.filter(Q(name__icontains=word) | Q(aliases__icontains=word))
    return list(rows.values_list("pk", flat=True)[:50])


def station_places() -> list[tuple[Area, list[Area]]]:
    """Streets in which there are stations, each with its communities that have some."""
    codes = set(_stations().order_by().values_list("area", flat=True).distinct())
    every = Area.objects.filter(pk__in=codes | {code[:STREET_LENGTH] for code in codes}).order_by("pinyin", "code")
    areas = list(every)
    streets = [area for area in areas if len(area.pk) == STREET_LENGTH]
    return [
        (street, [area for area in areas if area.pk.startswith(street.pk) and area.pk != street.pk])
        for street in sorted(streets, key=lambda area: area.pk)
    ]


def streets_without(alliances: Iterable[Alliance]) -> list[Area]:
    """Streets with stations where none of ``alliances`` is: their stations stand in no 资源清单."""
    there = _stations().order_by().values("street_code")
    rows = Area.objects.filter(pk__in=there).exclude(pk__in={one.street_code for one in alliances})
    return list(rows.order_by("pk"))


def station_kinds() -> list[ResourceKind]:
    """Kinds of stations of which there is one."""
    there = _stations().order_by().values("kind")
    return list(ResourceKind.objects.filter(pk__in=there).order_by("position", "pk"))


def shared_in(alliance: Alliance) -> QuerySet[Resource]:
    """资源清单: what is given in the alliance's street, or in its own community; rooms of stations too."""
    rows = Resource.objects.public().filter(street_code=alliance.street_code)
    return rows if len(alliance.area_id) == STREET_LENGTH else rows.filter(area__code__startswith=alliance.area_id)


def find_resource(user: Any, pk: int) -> Resource:
    """One that ``user`` may see. Raises ``NotFound`` for every other, alike."""
    row: Resource | None = Resource.objects.visible_to(user).select_related(*AROUND).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def alliance_of(row: Resource) -> Alliance | None:
    """The alliance in whose 资源清单 it stands; where there are several, that of the street."""
    return Alliance.objects.filter(street_code=row.street_code, area_id=row.street_code).order_by("pk").first()


def rooms_of(row: Resource) -> list[Resource]:
    """The rooms of a station that everybody may know of, floor by floor."""
    if row.kind.form != Form.WALK_IN:
        return []
    return list(Resource.objects.public().filter(within=row).select_related(*AROUND).order_by("floor", "name", "pk"))


def open_today(rows: Iterable[Resource]) -> dict[int, list[Day]]:
    """By resource: when it is open today and tomorrow."""
    return days_of_each(list(rows), timezone.localdate(), 2)


def closures_to_come(row: Resource) -> list[Closure]:
    """Days on which it, or its station, is closed from today on, the next ones first."""
    mine = Closure.objects.filter(resource__in=[key for key in (row.pk, row.within_id) if key])
    return list(mine.filter(ends_on__gte=timezone.localdate()).order_by("starts_on", "pk")[:SOME])
