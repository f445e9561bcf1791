"""The only place that knows who sees which rounds, lists and lines of the two lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from members.states import REGISTER_ROLES
from needs.querysets import seen_areas
from needs.states.lists import LineState, ListSide, RoundState
from people.querysets import STREET_LENGTH, within
from people.states import COMMUNITY_ROLES

if TYPE_CHECKING:
    from needs.models import ListLine, ListRound, UnitLists  # noqa: F401 (named in strings below)


def _of_streets(user: Any, path: str) -> Q:
    """Rounds of alliances in whose street ``user`` works: communities look on at what the street collects."""
    codes = frozenset(code[:STREET_LENGTH] for code in seen_areas(user))
    return within(codes, area=f"{path}alliance__area__code", street=f"{path}alliance__street_code")


class ListRoundQuerySet(LockingQuerySet["ListRound"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(_of_streets(user, ""))

    def readable_by(self, user: Any) -> Self:
        """Staff as ``visible_to``; liaisons those in which their units are asked."""
        rows = self.model._default_manager
        return self.filter(Q(pk__in=rows.visible_to(user).values("pk")) | Q(pk__in=_asking(rows, seated_units(user))))

    def open(self) -> Self:
        return self.filter(state=RoundState.OPEN)

    def asking(self, unit: Any) -> Self:
        """Rounds in which ``unit`` is asked: those of its alliances today, and those in which it has written."""
        return self.filter(pk__in=_asking(self.model._default_manager, [unit.pk]))


def _asking(rounds: Any, units: Any) -> Any:
    joined = apps.get_model("members", "Membership")._default_manager.active().filter(unit__in=units)
    now = Q(alliance__in=joined.values("alliance"), state=RoundState.OPEN)
    written = apps.get_model("needs", "UnitLists")._default_manager.filter(unit__in=units)
    return rounds.filter(now | Q(pk__in=written.values("round"))).values("pk")


class UnitListsQuerySet(LockingQuerySet["UnitLists"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(_of_streets(user, "round__"))


class ListLineQuerySet(LockingQuerySet["ListLine"]):
    def visible_to(self, user: Any) -> Self:
        """What was sent: a draft is its unit's own."""
        return self.filter(_of_streets(user, "lists__round__")).exclude(state=LineState.DRAFT)

    def to_take_up(self, user: Any) -> Self:
        """What units need and nobody has taken up, in the alliances that ``user`` keeps (``keeps_alliance``)."""
        place = "lists__round__alliance__area__code"
        streets = within(user.areas_of(*REGISTER_ROLES), area=place, street="")
        communities = within(user.areas_of(*COMMUNITY_ROLES), area=place, street="")
        return self.filter(streets | communities, side=ListSide.NEED, state=LineState.SENT)
