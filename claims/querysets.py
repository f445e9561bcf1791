"""Who sees which offers and claims. The only place that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from alliance.lib.locking import LockingQuerySet
from claims.states import HOLDING, LIVE, OfferState
from people.querysets import within
from people.states import WORK_ROLES

if TYPE_CHECKING:
    from claims.models import Claim, Offer  # noqa: F401 (named in strings below)


def seated_units(user: Any) -> QuerySet[Any, Any]:
    """Keys of the units for which ``user`` holds a seat today."""
    return apps.get_model("members", "Liaison")._default_manager.active().filter(user_id=user.pk).values("unit_id")


def _streets_of_units(user: Any, *, only_active: bool = False) -> QuerySet[Any, Any]:
    """Streets in whose alliances the units of ``user`` are today (``only_active``: those not suspended)."""
    joined = apps.get_model("members", "Membership")._default_manager.active().filter(unit__in=seated_units(user))
    if only_active:
        joined = joined.filter(unit__suspended_at__isnull=True)
    return joined.values("alliance__street_code")


def works_in(user: Any) -> frozenset[str]:
    """Areas in which ``user`` works: staff see everything there, and nothing elsewhere."""
    return frozenset(user.areas_of(*WORK_ROLES)) if getattr(user, "is_authenticated", False) else frozenset()


class OfferQuerySet(LockingQuerySet["Offer"]):
    """Offers as one person sees them."""

    def with_clock(self) -> Self:
        """With the database's time in ``now``: windows are judged by that clock alone."""
        return self.annotate(clock=Now())

    def open_now(self) -> Self:
        """What can be claimed at this moment, by the database's clock."""
        inside = Q(closes_at__isnull=True) | Q(closes_at__gt=Now())
        return self.filter(inside, state=OfferState.OPEN, opens_at__lte=Now(), taken__lt=F("shares"))

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their areas. Liaisons: those for units of their streets that are open, or their units'.

        Everybody signed in: those for people that are open, or their own. Staff take errands where they work: for
        them the open ones of their streets.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        rows, areas = self.model._default_manager, works_in(user)
        of_units = rows.filter(for_units=True, state=OfferState.OPEN, street_code__in=_streets_of_units(user))
        mine = apps.get_model("claims", "Claim")._default_manager.made_by(user).values("offer_id")
        found = Q(pk__in=of_units.values("pk")) | Q(pk__in=mine) | self._for_people(user)
        return self.filter(found | within(areas)) if areas else self.filter(found)

    def for_user(self, user: Any) -> Self:
        """What ``user`` may claim at this moment, in person or for a unit."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        of_units = Q(for_units=True, street_code__in=_streets_of_units(user, only_active=True))
        return self.open_now().filter(of_units | self._for_people(user))

    def _for_people(self, user: Any) -> Q:
        """For anybody; for staff only where they work."""
        anybodys = Q(for_people=True, state=OfferState.OPEN)
        if not user.roles:
            return anybodys
        return anybodys & within({code[:9] for code in works_in(user)})


class ClaimQuerySet(LockingQuerySet["Claim"]):
    """Claims as one person sees them."""

    def visible_to(self, user: Any) -> Self:
        """One's own, one's units', and for staff those of offers in their areas."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(
            self._made_by(user) | within(works_in(user), area="offer__area__code", street="offer__street_code")
        )

    def made_by(self, user: Any) -> Self:
        """One's own and those of the units one speaks for today."""
        return self.filter(self._made_by(user))

    def live(self) -> Self:
        """Somebody has it in hand."""
        return self.filter(state__in=LIVE)

    def holding(self) -> Self:
        """A share is taken: in hand, or done."""
        return self.filter(state__in=HOLDING)

    def _made_by(self, user: Any) -> Q:
        return Q(person_id=user.pk) | Q(unit_id__in=seated_units(user))
