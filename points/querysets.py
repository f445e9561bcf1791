"""Who sees which accounts and postings. The only place that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units, works_in
from people.querysets import STREET_LENGTH, within
from people.states import STREET_ROLES, Role
from points.states import CorrectionState, Kind, RedemptionState, RedemptionVerb, Shelf

if TYPE_CHECKING:
    from points.models import (  # noqa: F401 (named in strings below)
        Account,
        Correction,
        Entry,
        LedgerCheck,
        Redemption,
        RedemptionEvent,
        Reward,
        Rule,
        Transfer,
    )

BOOKKEEPERS = frozenset(STREET_ROLES) - {Role.LEADER}
"""Who reads residents' accounts: the street office, for its own street."""


def streets_kept(user: Any) -> frozenset[str]:
    """Codes of the streets whose accounts ``user`` reads."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    return frozenset(code[:STREET_LENGTH] for code in user.areas_of(*BOOKKEEPERS))


class AccountQuerySet(LockingQuerySet["Account"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; for the street office those of its street."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        kept = within(streets_kept(user), area="street__code", street="street_id")
        return self.filter(Q(person_id=user.pk) | kept, kind=Kind.PERSON)

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in whose office ``user`` works: what the workbench shows."""
        return self.filter(within(streets_kept(user), area="street__code", street="street_id"), kind=Kind.PERSON)

    def of(self, person: Any) -> Self:
        """What ``person`` has, in however many streets."""
        return self.filter(kind=Kind.PERSON, person_id=person.pk)

    def shared(self) -> Self:
        return self.exclude(kind=Kind.PERSON)


class TransferQuerySet(LockingQuerySet["Transfer"]):
    def visible_to(self, user: Any) -> Self:
        """As the accounts they are of."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        kept = within(streets_kept(user), area="street__code", street="street_id")
        return self.filter(Q(account__person_id=user.pk) | kept)


class EntryQuerySet(LockingQuerySet["Entry"]):
    def visible_to(self, user: Any) -> Self:
        """As the accounts they are of; lines of shared accounts are nobody's."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        kept = within(streets_kept(user), area="account__street__code", street="account__street_id")
        return self.filter(Q(account__person_id=user.pk) | kept, seq__isnull=False)


class RuleQuerySet(LockingQuerySet["Rule"]):
    def visible_to(self, user: Any) -> Self:
        """Rules are public."""
        return self

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def on(self, day: Any) -> Self:
        """The one in force on ``day``."""
        return self.standing().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class CheckQuerySet(LockingQuerySet["LedgerCheck"]):
    def visible_to(self, user: Any) -> Self:
        """For system administrators: figures, never a name."""
        return self if user.has_role(Role.SYSTEM_ADMIN) else self.none()


class CorrectionQuerySet(LockingQuerySet["Correction"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; for the street office those of its street."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        kept = within(streets_kept(user), area="street__code", street="street_code")
        return self.filter(Q(account__person_id=user.pk) | kept)

    def to_answer(self, user: Any) -> Self:
        """What waits for ``user``: nobody answers about the own account."""
        kept = within(streets_kept(user), area="street__code", street="street_code")
        return self.filter(kept, state=CorrectionState.ASKED).exclude(account__person_id=user.pk)


def _streets(user: Any) -> frozenset[str]:
    return frozenset(code[:STREET_LENGTH] for code in works_in(user))


class RewardQuerySet(LockingQuerySet["Reward"]):
    def on_shelf(self) -> Self:
        """What can be had today: put out, not over, of an office or of a unit that is in the street's alliances today
        and takes no break; it may be out of stock."""
        today = timezone.localdate()
        still = Q(until__isnull=True) | Q(until__gte=today)
        joined = apps.get_model("members", "Membership")._default_manager.active()
        there = joined.filter(unit=OuterRef("unit"), alliance__street_code=OuterRef("street_code"))
        fine = Q(unit__isnull=True) | (Q(unit__suspended_at__isnull=True) & Exists(there))
        return self.filter(still, fine, state=Shelf.ON)

    def handed_out_by(self, unit: Any) -> Self:
        """What ``unit`` gives at its counter: what is on the shelf, and what was had of the rest but not picked up."""
        held = apps.get_model("points", "Redemption")._default_manager.held().filter(reward=OuterRef("pk"))
        return self.filter(Q(state=Shelf.ON) | Exists(held), unit=unit)

    def with_place(self) -> Self:
        """With ``place_open``: whether everybody may read of the station in which it is picked up."""
        stations = apps.get_model("resources", "Resource")._default_manager.public()
        return self.annotate(place_open=Exists(stations.filter(pk=OuterRef("place"))))

    def visible_to(self, user: Any) -> Self:
        """What is on the shelf is everybody's to see; staff see all of their street, liaisons their units'."""
        if not getattr(user, "is_authenticated", False):
            return self.on_shelf()
        shown = Q(pk__in=self.model._default_manager.on_shelf().values("pk"))
        return self.filter(shown | Q(unit__in=seated_units(user)) | within(_streets(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(_streets(user)))


class RedemptionQuerySet(LockingQuerySet["Redemption"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; for staff those of their street; for liaisons those of what their units give."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        kept = within(_streets(user), area="reward__area__code", street="reward__street_code")
        return self.filter(Q(account__person_id=user.pk) | Q(reward__unit__in=seated_units(user)) | kept)

    def kept_by(self, user: Any) -> Self:
        return self.filter(within(_streets(user), area="reward__area__code", street="reward__street_code"))

    def held(self) -> Self:
        """Not picked up yet."""
        return self.filter(state=RedemptionState.HELD)


class RedemptionEventQuerySet(LockingQuerySet["RedemptionEvent"]):
    def handed_over_today(self, user: Any) -> Self:
        """What ``user`` handed over at a counter today, the newest first."""
        morning = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(actor_id=user.pk, verb=RedemptionVerb.WRITE_OFF, at__gte=morning).order_by("-at", "-pk")
