"""Who sees what falls due, and which rows are undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.db.models.functions import Now

from alliance.lib.locking import LockingQuerySet
from deadlines.states import DueState, Outcome
from people.permissions import shared_abilities
from people.querysets import within
from people.states import COMMUNITY_ROLES, STREET_ROLES, Role

if TYPE_CHECKING:
    from deadlines.models import ChaseStep, Due, Stage, StageRule, WorkDay, WorkPeriod  # noqa: F401 (named below)

WATCHERS = frozenset(COMMUNITY_ROLES | STREET_ROLES | {Role.GRID_LEAD, Role.GRID_FULL, Role.SYSTEM_ADMIN})
"""Who sees what is due in their areas. System administrators see numbers and states, never a case."""

STUCK_AFTER = timedelta(minutes=10)
LISTED_FOR = timedelta(days=30)
"""What was missed is listed for so long, or until somebody has seen it; what failed until somebody deals with it."""


def _seen(user: Any) -> Q:
    return within(user.areas_of(*WATCHERS), area="area_code", street="")


class DueQuerySet(LockingQuerySet["Due"]):
    def visible_to(self, user: Any) -> Self:
        """Dues of the areas in which ``user`` works or administrates; those of no area for whoever keeps the limits."""
        seen = _seen(user)
        return self.filter(seen | Q(area_code="") if "change" in shared_abilities(user) else seen)

    def undone(self) -> Self:
        return self.filter(state=DueState.WAITING)

    # The database's clock decides: several machines share it, their own may differ.
    def due(self) -> Self:
        """To be done now and in nobody's hands: never leased, or the lease has run out."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
        return self.undone().filter(free, due_at__lte=Now())

    def stuck(self) -> Self:
        """Waiting for so long after its moment that something must be wrong."""
        return self.undone().filter(due_at__lt=Now() - STUCK_AFTER)

    def failed(self) -> Self:
        return self.filter(state=DueState.FAILED)

    def missed(self) -> Self:
        """Lately."""
        return self.filter(state=DueState.MISSED, ended_at__gt=Now() - LISTED_FOR)

    def gone_wrong(self) -> Self:
        """Failed, or missed lately."""
        wrong = self.filter(state__in=[DueState.FAILED, DueState.MISSED])
        return wrong.filter(Q(state=DueState.FAILED) | Q(ended_at__gt=Now() - LISTED_FOR))

    def of(self, subject: str) -> Self:
        return self.filter(subject=subject)


class StageQuerySet(LockingQuerySet["Stage"]):
    def visible_to(self, user: Any) -> Self:
        """Stages of the areas in which ``user`` works or administrates."""
        return self.filter(_seen(user))

    def running(self) -> Self:
        return self.filter(outcome=Outcome.RUNNING)

    def late(self) -> Self:
        """Running, not paused, and past the moment."""
        return self.running().filter(paused_at__isnull=True, due_at__lt=Now())


class ConfigQuerySet(LockingQuerySet[Any]):
    """Calendar, time limits and ladder: one set for all streets, shown to whoever works here."""

    def visible_to(self, user: Any) -> Self:
        return self
