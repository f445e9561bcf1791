"""Bookings, pauses and notes of use as one person sees them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units, works_in
from people.querysets import STREET_LENGTH, within
from resources.states import LIVE, Appeal, BookingVerb

if TYPE_CHECKING:
    from resources.models import Booking, Pause, Usage  # noqa: F401 (named in strings below)


def _streets(user: Any) -> frozenset[str]:
    return frozenset(code[:STREET_LENGTH] for code in works_in(user))


class BookingQuerySet(LockingQuerySet["Booking"]):
    """Bookings as one person sees them."""

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their street. Liaisons: those their units made, and those of what their units give.

        Everybody: their own.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        units = seated_units(user)
        return self.filter(
            Q(person_id=user.pk)
            | Q(unit__in=units)
            | Q(resource__unit__in=units)
            | within(_streets(user), area="street_code")
        )

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(_streets(user), area="street_code"))

    def made_by(self, user: Any) -> Self:
        """One's own and those of the units one speaks for today."""
        return self.filter(Q(person_id=user.pk) | Q(unit__in=seated_units(user)))

    def to_decide_by(self, user: Any) -> Self:
        """With a word against 爽约 that waits, which ``user`` did not say, about what they neither noted nor booked."""
        events = apps.get_model("resources", "BookingEvent")._default_manager
        own = events.filter(actor=user.pk, verb__in=[BookingVerb.NO_SHOW, BookingVerb.APPEAL])
        return self.filter(appeal=Appeal.ASKED).exclude(by=user.pk).exclude(pk__in=own.values("booking"))

    def live(self) -> Self:
        """Time is held for them."""
        return self.filter(state__in=LIVE)


class PauseQuerySet(LockingQuerySet["Pause"]):
    def visible_to(self, user: Any) -> Self:
        """Staff of the street, and whoever is meant."""
        meant = Q(person_id=user.pk) | Q(unit__in=seated_units(user))
        return self.filter(meant | within(_streets(user), area="street__code"))

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(starts_on__lte=day, until__gt=day, lifted_at__isnull=True)


class UsageQuerySet(LockingQuerySet["Usage"]):
    def visible_to(self, user: Any) -> Self:
        """As the resources, for those who keep or give them."""
        resources = apps.get_model("resources", "Resource")._default_manager
        kept = resources.filter(within(_streets(user)) | Q(unit__in=seated_units(user)))
        return self.filter(resource__in=kept.values("pk"))
