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
        Body,
        BodyKind,
        BodySeat,
        Brand,
        Building,
        Cultivation,
        Document,
        DocumentVersion,
        Figure,
        Liaison,
        Listed,
        Membership,
        MemberUnit,
        PartyOrganisation,
        Placement,
        Receipt,
        SeatOffer,
        Strength,
        Tag,
    )

_MEMBER_OF = "memberships__alliance"


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
        return self.filter(within(codes))


class UnitQuerySet(LockingQuerySet["MemberUnit"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the units of their street's alliances and those seated there; liaisons see their own."""
        streets, units = streets_around(user), self.model._default_manager
        joined = units.filter(within(streets, area=f"{_MEMBER_OF}__area__code", street=f"{_MEMBER_OF}__street_code"))
        held = units.filter(in_force(None, start="seats__starts_on", end="seats__ends_on"), seats__user_id=user.pk)
        return self.filter(
            within(streets, area="area__code") | Q(pk__in=joined.values("pk")) | Q(pk__in=held.values("pk"))
        )

    def members_in(self, street_code: str, on: date | None = None) -> Self:
        """Members of the street's alliances and their sub-alliances on ``on`` (today)."""
        open_ = in_force(on, start="memberships__joined_on", end="memberships__left_on")
        joined = self.model._default_manager.filter(open_, **{f"{_MEMBER_OF}__street_code": street_code})
        return self.filter(pk__in=joined.values("pk"))


class MembershipQuerySet(LockingQuerySet["Membership"]):
    def visible_to(self, user: Any) -> Self:
        """Memberships in the alliances of one's streets."""
        return self.in_streets(streets_around(user))

    def in_streets(self, codes: Iterable[str]) -> Self:
        return self.filter(within(codes, area="alliance__area__code", street="alliance__street_code"))

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


class SeatOfferQuerySet(LockingQuerySet["SeatOffer"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see those of the units they see, liaisons those of their own units."""
        units = apps.get_model("members", "MemberUnit")._default_manager.visible_to(user)
        return self.filter(unit__in=units)


class _InStreets(LockingQuerySet[Any]):
    """Rows with ``area`` and ``street_code``, read by everybody who works in the street."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(within(streets_around(user)))


class _OfAlliances(LockingQuerySet[Any]):
    """Rows of an alliance, read by everybody who works in its street."""

    _alliance = "alliance"

    def visible_to(self, user: Any) -> Self:
        codes = streets_around(user)
        return self.filter(within(codes, area=f"{self._alliance}__area__code", street=f"{self._alliance}__street_code"))


class FigureQuerySet(_OfAlliances):
    pass


class PlacementQuerySet(_OfAlliances):
    _alliance = "membership__alliance"

    def active(self, on: date | None = None) -> Self:
        """Placements in force on ``on`` (today)."""
        return self.filter(in_force(on, start="starts_on", end="ends_on"))


class TagQuerySet(LockingQuerySet["Tag"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(within(streets_around(user), street="area_id"))


class StrengthQuerySet(LockingQuerySet["Strength"]):
    def visible_to(self, user: Any) -> Self:
        """As the units."""
        units = apps.get_model("members", "MemberUnit")._default_manager.visible_to(user)
        return self.filter(unit__in=units)


class BuildingQuerySet(_InStreets):
    pass


class BrandQuerySet(LockingQuerySet["Brand"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(within(streets_around(user), street=""))


class BodyKindQuerySet(LockingQuerySet["BodyKind"]):
    def visible_to(self, user: Any) -> Self:
        """Names of kinds are everybody's."""
        return self

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class BodyQuerySet(_InStreets):
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


class OrganisationQuerySet(_InStreets):
    def active(self, on: date | None = None) -> Self:
        """Organisations that exist on ``on`` (today)."""
        day = on or timezone.localdate()
        begun = Q(set_up_on__isnull=True) | Q(set_up_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class CultivationQuerySet(_InStreets):
    pass


class ListedQuerySet(LockingQuerySet["Listed"]):
    def visible_to(self, user: Any) -> Self:
        """As the lists."""
        codes = streets_around(user)
        return self.filter(within(codes, area="cultivation__area__code", street="cultivation__street_code"))


class DocumentQuerySet(_OfAlliances):
    pass


class VersionQuerySet(_OfAlliances):
    _alliance = "document__alliance"

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class ReceiptQuerySet(LockingQuerySet["Receipt"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see those of their streets' alliances, liaisons those of their own units."""
        codes, held = streets_around(user), in_force(None, start="unit__seats__starts_on", end="unit__seats__ends_on")
        own = self.model._default_manager.filter(held, unit__seats__user_id=user.pk)
        by_staff = within(
            codes, area="version__document__alliance__area__code", street="version__document__alliance__street_code"
        )
        return self.filter(by_staff | Q(pk__in=own.values("pk")))
