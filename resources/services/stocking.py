"""Many resources at once, entered by whoever approves in the street: checked like one, written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import NotAllowed, NotFound
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from resources.models import Opening, Resource, ResourceEvent, ResourceKind
from resources.permissions import approves
from resources.services.fields import Known, checked, searchable
from resources.services.offering import NUMBER_KIND, ResourceFields
from resources.states import ResourceState, ResourceVerb

Week = Sequence[tuple[int, int, int]]


@dataclass(frozen=True)
class Stock:
    """One of them: where, given by whom, what is typed, its hours of the week."""

    client_key: UUID
    area: str
    typed: ResourceFields
    unit: int | None = None
    hours: Week = field(default=())


@transaction.atomic
def stock_resources(*, by: User, street: str, stocks: Iterable[Stock]) -> list[Resource]:
    """All of ``stocks``, usable at once, in their order; nobody is told.

    Raises ``NotAllowed`` (who does not approve there), ``NotFound`` (an area or a unit that is not the street's) and
    ``Invalid`` as ``offer_resource``.
    """
    if not approves(by, street):
        raise NotAllowed
    wanted = list(stocks)
    place = Area.objects.get(pk=street[:STREET_LENGTH])
    areas = {area.pk: area for area in Area.objects.filter(code__startswith=place.pk)}
    units = {unit.pk: unit for unit in MemberUnit.objects.members_in(place.pk)}
    if any(one.area not in areas or (one.unit is not None and one.unit not in units) for one in wanted):
        raise NotFound
    known = Known({kind.key: kind for kind in ResourceKind.objects.sorts().select_related("parent")}, areas)
    rows = [_row(one, by, known, areas[one.area], units.get(one.unit) if one.unit else None) for one in wanted]
    found = Resource.objects.bulk_create(rows)
    ResourceEvent.objects.bulk_create(
        ResourceEvent(resource=row, verb=ResourceVerb.OFFER, actor=by, target=row.state) for row in found
    )
    Opening.objects.bulk_create(
        Opening(resource=row, weekday=day, opens=opens, closes=closes)
        for row, one in zip(found, wanted, strict=True)
        for day, opens, closes in one.hours
    )
    return found


def _row(one: Stock, by: User, known: Known, place: Area, unit: MemberUnit | None) -> Resource:
    now = timezone.now()
    row = Resource(client_key=one.client_key, area=place, unit=unit, offered_by=by, offered_at=now)
    for name, value in checked(one.typed, place, known).items():
        setattr(row, name, value)
    row.number = next_number(NUMBER_KIND, known.areas[place.pk[:STREET_LENGTH]], timezone.localdate())
    row.state, row.decided_by, row.decided_at = ResourceState.USABLE, by, now
    row.search_text = searchable(row)
    return row
