"""Which bodies and party organisations one sees."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from members.querysets.scope import InStreets, in_force, streets_around
from people.querysets import within

if TYPE_CHECKING:
    from members.models import BodyKind, BodySeat, Listed  # noqa: F401 (named in strings below)


class BodyKindQuerySet(LockingQuerySet["BodyKind"]):
    def visible_to(self, user: Any) -> Self:
        """Names of kinds are everybody's."""
        return self

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class BodyQuerySet(InStreets):
    def active(self, on: date | None = None) -> Self:
        """Bodies that exist on ``on`` (today); those without a date have always been there."""
        day = on or timezone.localdate()
        begun = Q(set_up_on__isnull=True) | Q(set_up_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class BodySeatQuerySet(LockingQuerySet["BodySeat"]):
    def visible_to(self, user: Any) -> Self:
        """As the bodies."""
        return self.filter(within(streets_around(user), area="body__area__code", street="body__street_code"))

    def active(self, on: date | None = None) -> Self:
        """Seats held on ``on`` (today)."""
        return self.filter(in_force(on, start="starts_on", end="ends_on"))

    def unended(self, on: date | None = None) -> Self:
        """Seats held on ``on`` (today) or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on or timezone.localdate()))


class OrganisationQuerySet(InStreets):
    def active(self, on: date | None = None) -> Self:
        """Organisations that exist on ``on`` (today)."""
        day = on or timezone.localdate()
        begun = Q(set_up_on__isnull=True) | Q(set_up_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class CultivationQuerySet(InStreets):
    pass


class ListedQuerySet(LockingQuerySet["Listed"]):
    def visible_to(self, user: Any) -> Self:
        """As the lists."""
        codes = streets_around(user)
        return self.filter(within(codes, area="cultivation__area__code", street="cultivation__street_code"))
