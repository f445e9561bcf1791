"""Which units one sees, and what is known of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from alliance.lib.locking import LockingQuerySet
from members.querysets.scope import InStreets, in_force, streets_around
from people.querysets import within

if TYPE_CHECKING:
    from members.models import Brand, MemberUnit, Strength, Tag  # noqa: F401 (named in strings below)

_MEMBER_OF = "memberships__alliance"


class UnitQuerySet(LockingQuerySet["MemberUnit"]):
    def present(self) -> Self:
        """Units that stand for themselves: not those merged into another."""
        return self.filter(merged_into__isnull=True)

    def shown(self) -> Self:
        """Units that agreed to be shown to everybody."""
        return self.present().filter(is_public=True)

    def visible_to(self, user: Any) -> Self:
        """Staff see the units of their street's alliances and those seated there; liaisons see their own.

        Without those merged into another: they are in no list and no picker (``known_to`` finds them).
        """
        return self.present().known_to(user)

    def known_to(self, user: Any) -> Self:
        """As ``visible_to``, with units that were merged into another: their old addresses lead to it."""
        streets, units = streets_around(user), self.model._default_manager
        joined = units.filter(within(streets, area=f"{_MEMBER_OF}__area__code", street=f"{_MEMBER_OF}__street_code"))
        held = units.filter(in_force(None, start="seats__starts_on", end="seats__ends_on"), seats__user_id=user.pk)
        return self.filter(
            within(streets, area="area__code") | Q(pk__in=joined.values("pk")) | Q(pk__in=held.values("pk"))
        )

    def members_in(self, street_code: str, on: date | None = None) -> Self:
        """Members of the street's alliances and their sub-alliances (empty: of anybody's) on ``on`` (today)."""
        open_ = in_force(on, start="memberships__joined_on", end="memberships__left_on")
        where = {f"{_MEMBER_OF}__street_code": street_code} if street_code else {}
        joined = self.model._default_manager.filter(open_, **where)
        return self.present().filter(pk__in=joined.values("pk"))


class TagQuerySet(LockingQuerySet["Tag"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(within(streets_around(user), street="area_id"))


class StrengthQuerySet(LockingQuerySet["Strength"]):
    def visible_to(self, user: Any) -> Self:
        """As the units."""
        units = apps.get_model("members", "MemberUnit")._default_manager.visible_to(user)
        return self.filter(unit__in=units)


class BuildingQuerySet(InStreets):
    pass


class BrandQuerySet(LockingQuerySet["Brand"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(within(streets_around(user), street=""))
