"""Which alliances, memberships, places in the matrix and figures one sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from members.querysets.scope import OfAlliances, in_force, streets_around
from people.querysets import within

if TYPE_CHECKING:
    from members.models import Alliance, Membership  # noqa: F401 (named in strings below)


class AllianceQuerySet(LockingQuerySet["Alliance"]):
    def visible_to(self, user: Any) -> Self:
        """Those of one's streets. Outside the staff pages an alliance is public knowledge."""
        return self.in_streets(streets_around(user))

    def in_streets(self, codes: Iterable[str]) -> Self:
        return self.filter(within(codes))


class MembershipQuerySet(LockingQuerySet["Membership"]):
    def visible_to(self, user: Any) -> Self:
        """Memberships in the alliances of one's streets."""
        return self.in_streets(streets_around(user))

    def in_streets(self, codes: Iterable[str]) -> Self:
        return self.filter(within(codes, area="alliance__area__code", street="alliance__street_code"))

    def active(self, on: date | None = None) -> Self:
        """Memberships in force on ``on`` (today)."""
        return self.filter(in_force(on, start="joined_on", end="left_on"))


class PlacementQuerySet(OfAlliances):
    _alliance = "membership__alliance"

    def active(self, on: date | None = None) -> Self:
        """Placements in force on ``on`` (today)."""
        return self.filter(in_force(on, start="starts_on", end="ends_on"))

    def unended(self, on: date | None = None) -> Self:
        """Placements in force on ``on`` (today) or later, of members who are still in then."""
        day = on or timezone.localdate()
        staying = Q(membership__left_on__isnull=True) | Q(membership__left_on__gt=day)
        return self.filter(staying, Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class FigureQuerySet(OfAlliances):
    pass
