"""By which streets rows are limited, and whether two dates are in force."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from members.states import READ_ROLES
from people.querysets import STREET_LENGTH, within


def streets_around(user: Any) -> frozenset[str]:
    """Codes whose alliances the person sees: a community worker's street, a district officer's district."""
    return frozenset(code[:STREET_LENGTH] for code in user.areas_of(*READ_ROLES))


def in_force(day: date | None, *, start: str, end: str) -> Q:
    """The condition that ``day`` (today) lies between two dates; the second is the first day after."""
    today = day or timezone.localdate()
    return Q(**{f"{start}__lte": today}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": today}))


class InStreets(LockingQuerySet[Any]):
    """Rows with ``area`` and ``street_code``, read by everybody who works in the street."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(within(streets_around(user)))


class OfAlliances(LockingQuerySet[Any]):
    """Rows of an alliance, read by everybody who works in its street."""

    _alliance = "alliance"

    def visible_to(self, user: Any) -> Self:
        codes = streets_around(user)
        return self.filter(within(codes, area=f"{self._alliance}__area__code", street=f"{self._alliance}__street_code"))
