"""How often and by how many a resource was used: open houses are noted, bookings note themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from alliance.lib.text import clean
from people.models import User
from resources.models import Resource, Usage
from resources.permissions import gives, keeps

MOST_PEOPLE = 100_000


@dataclass(frozen=True)
class Used:
    """How often, and how many people."""

    times: int
    people: int


@transaction.atomic
def note_use(*, client_key: UUID, by: User, resource: int, day: date, people: int, words: str = "") -> Usage:
    """登记使用, by whoever gives or keeps it; a second tap with the same ``client_key`` finds the first.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid``, ``Conflict`` (the key was used for another note).
    """
    row = Resource.objects.visible_to(by).filter(pk=resource).first()
    if row is None:
        raise NotFound
    if not (gives(by, row) or keeps(by, row.area_id)):
        raise NotAllowed
    if day > timezone.localdate():
        raise Invalid({"day": [_("请选今天或以前的日子。")]})
    if not 1 <= people <= MOST_PEOPLE:
        raise Invalid({"people": [_("请写服务了几个人。")]})
    fresh = Usage(resource=row, day=day, people=people, words=clean(words)[:200], by=by, client_key=client_key)
    Usage.objects.bulk_create([fresh], ignore_conflicts=True)
    found = Usage.objects.get(client_key=client_key)
    if (found.resource_id, found.day, found.people, found.by_id) != (row.pk, day, people, by.pk):
        raise Conflict(_("这一条已经登记过了。要再登记，请重新打开页面。"))
    return found


def used(resource: Resource) -> Used:
    """All it was used so far."""
    sums = resource.usages.aggregate(times=Count("pk"), people=Sum("people"))
    return Used(sums["times"], sums["people"] or 0)
