"""Which alliances, units, memberships and seats one sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from members.states import READ_ROLES
from people.querysets import STREET_LENGTH, within

if TYPE_CHECKING:
    from members.models import (  # noqa: F401 (named in strings below)
        Alliance,
        Liaison,
        Membership,
        MemberUnit,
    )

_MEMBER_OF = "memberships__alliance__area"


def streets_around(user: Any) -> frozenset[str]:
    """Codes whose alliances the person sees: a community worker's street, a district officer's district."""
    return frozenset(code[:STREET_LENGTH] for code in user.areas_of(*READ_ROLES))


def in_force(day: date | None, *, start: str, end: str) -> Q:
    """The condition that ``day`` (today) lies between two dates; the second is the first day after."""
    today = day or timezone.localdate()
    return Q(**{f"{start}__lte": today}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": today}))


class AllianceQuerySet(LockingQuerySet["Alliance"]):
    def visible_to(self, user: Any) -> Self:
        """Those of one's streets. Outside the staff pages an alliance is public knowledge."""
        return self.in_streets(streets_around(user))

    def in_streets(self, codes: Iterable[str]) -> Self:
        return self.filter(within(codes, area="area__code", street="area_id"))


class UnitQuerySet(LockingQuerySet["MemberUnit"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the units of their street's alliances and those seated there; liaisons see their own."""
        streets, units = streets_around(user), self.model._default_manager
        joined = units.filter(within(streets, area=f"{_MEMBER_OF}__code", street=_MEMBER_OF))
        held = units.filter(in_force(None, start="seats__starts_on", end="seats__ends_on"), seats__user_id=user.pk)
        return self.filter(
            within(streets, area="area__code") | Q(pk__in=joined.values("pk")) | Q(pk__in=held.values("pk"))
        )

    def members_in(self, street_code: str, on: date | None = None) -> Self:
        """Members of the street's alliances on ``on`` (today)."""
        open_ = in_force(on, start="memberships__joined_on", end="memberships__left_on")
        joined = self.model._default_manager.filter(open_, **{_MEMBER_OF: street_code})
        return self.filter(pk__in=joined.values("pk"))


class MembershipQuerySet(LockingQuerySet["Membership"]):
    def visible_to(self, user: Any) -> Self:
        """Memberships in the alliances of one's streets."""
        return self.in_streets(streets_around(user))

    def in_streets(self, codes: Iterable[str]) -> Self:
        return self.filter(within(codes, area="alliance__area__code", street="alliance__area_id"))

    def active(self, on: date | None = None) -> Self:
        """Memberships in force on ``on`` (today)."""
        return self.filter(in_force(on, start="joined_on", end="left_on"))


class LiaisonQuerySet(LockingQuerySet["Liaison"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the seats of the units they see, liaisons those of their own units."""
        units = apps.get_model("members", "MemberUnit")._default_manager.visible_to(user)
        return self.filter(unit__in=units)

    def active(self, on: date | None = None) -> Self:
        """Seats held on ``on`` (today)."""
        return self.filter(in_force(on, start="starts_on", end="ends_on"))
