"""Which volunteers, teams and reports one sees: one's own; for staff those of the areas in which they work."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import works_in
from people.querysets import within
from resources.querysets import streets_of
from volunteers.states.people import VolunteerState

if TYPE_CHECKING:
    from volunteers.models import (  # noqa: F401 (named in strings below)
        Certificate,
        Insurance,
        PartyReport,
        Qualification,
        Team,
        TeamMember,
        Training,
        Volunteer,
        VolunteerPolicy,
    )


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


class VolunteerQuerySet(LockingQuerySet["Volunteer"]):
    def visible_to(self, user: Any) -> Self:
        """One's own row; for staff those who live where they work."""
        if not _signed_in(user):
            return self.none()
        return self.filter(Q(user_id=user.pk) | within(works_in(user)))

    def kept_by(self, user: Any) -> Self:
        """What the workbench shows."""
        return self.filter(within(works_in(user)))

    def active(self) -> Self:
        return self.filter(state=VolunteerState.ACTIVE)

    def waiting(self) -> Self:
        return self.filter(state=VolunteerState.PENDING)


class TeamQuerySet(LockingQuerySet["Team"]):
    def public(self) -> Self:
        """Teams that are there today: everybody may read of them."""
        return self.filter(closed_on__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Those that are there, and one's own; for staff all of their streets."""
        if not _signed_in(user):
            return self.public()
        own = apps.get_model("volunteers", "TeamMember")._default_manager.live().filter(volunteer__user_id=user.pk)
        return self.filter(Q(closed_on__isnull=True) | Q(pk__in=own.values("team")) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(streets_of(user)))

    def with_members(self) -> Self:
        """With ``members_count``: how many are in it today."""
        live = Q(members__left_at__isnull=True, members__asked=False, members__volunteer__state=VolunteerState.ACTIVE)
        return self.annotate(members_count=models.Count("members", filter=live))


class TeamMemberQuerySet(LockingQuerySet["TeamMember"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; of the teams one leads; for staff those of their streets."""
        if not _signed_in(user):
            return self.none()
        kept = within(streets_of(user), area="team__area__code", street="team__street_code")
        return self.filter(Q(volunteer__user_id=user.pk) | Q(team__leader__user_id=user.pk) | kept)

    def live(self) -> Self:
        """Who is in it."""
        return self.here().filter(asked=False)

    def here(self) -> Self:
        """Who is in it, or was asked to come."""
        return self.filter(left_at__isnull=True)


def _theirs(user: Any) -> Any:
    """Rows that hang on a volunteer are seen by whoever sees the volunteer."""
    return apps.get_model("volunteers", "Volunteer")._default_manager.visible_to(user).values("pk")


class CertificateQuerySet(LockingQuerySet["Certificate"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(volunteer__in=_theirs(user))


class TrainingQuerySet(LockingQuerySet["Training"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(volunteer__in=_theirs(user))


class QualificationQuerySet(LockingQuerySet["Qualification"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(volunteer__in=_theirs(user))


class InsuranceQuerySet(LockingQuerySet["Insurance"]):
    def visible_to(self, user: Any) -> Self:
        """For whoever is insured by it; for staff those of their streets."""
        if not _signed_in(user):
            return self.none()
        return self.filter(Q(volunteer__user_id=user.pk) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        return self.filter(within(streets_of(user)))

    def good(self, on: date | None = None) -> Self:
        """In force on ``on`` (today)."""
        day = on or timezone.localdate()
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_on__isnull=True)


class PartyReportQuerySet(LockingQuerySet["PartyReport"]):
    def kept_by(self, user: Any) -> Self:
        return self.filter(within(works_in(user)))

    def visible_to(self, user: Any) -> Self:
        """One's own; for staff those who live where they work."""
        if not _signed_in(user):
            return self.none()
        return self.filter(Q(volunteer__user_id=user.pk) | within(works_in(user)))

    def live(self) -> Self:
        return self.filter(ended_at__isnull=True)


class PolicyQuerySet(LockingQuerySet["VolunteerPolicy"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the streets in which one works."""
        return self.filter(within(streets_of(user), area="street_id", street="street_id"))

    def asking(self) -> Any:
        """Codes of the streets in which somebody new is looked at first."""
        return self.filter(asks_approval=True).values("street_id")
