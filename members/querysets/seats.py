"""Which seats and offers of seats one sees."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps

from alliance.lib.locking import LockingQuerySet
from members.querysets.scope import in_force

if TYPE_CHECKING:
    from members.models import Liaison, SeatOffer  # noqa: F401 (named in strings below)


class LiaisonQuerySet(LockingQuerySet["Liaison"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the seats of the units they see, liaisons those of their own units."""
        units = apps.get_model("members", "MemberUnit")._default_manager.known_to(user)
        return self.filter(unit__in=units)

    def active(self, on: date | None = None) -> Self:
        """Seats held on ``on`` (today)."""
        return self.filter(in_force(on, start="starts_on", end="ends_on"))


class SeatOfferQuerySet(LockingQuerySet["SeatOffer"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see those of the units they see, liaisons those of their own units."""
        units = apps.get_model("members", "MemberUnit")._default_manager.known_to(user)
        return self.filter(unit__in=units)
