"""Activities, their days and those who come, as one person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from people.querysets import within
from resources.querysets import streets_of
from volunteers.states.activity import SHOWN, ActivityState
from volunteers.states.signup import LIVE, Appeal, SignUpState

if TYPE_CHECKING:
    from volunteers.models import Activity, Hours, SignUp, Slot  # noqa: F401 (named in strings below)


class ActivityQuerySet(LockingQuerySet["Activity"]):
    def public(self) -> Self:
        """What was published, whatever became of it."""
        return self.filter(state__in=SHOWN)

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Liaisons: those of their units. Everybody: what was published."""
        if not getattr(user, "is_authenticated", False):
            return self.public()
        shown = Q(state__in=SHOWN)
        return self.filter(shown | Q(unit__in=seated_units(user)) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works."""
        return self.filter(within(streets_of(user)))

    def waiting(self) -> Self:
        return self.filter(state=ActivityState.PENDING)


class SlotQuerySet(LockingQuerySet["Slot"]):
    def visible_to(self, user: Any) -> Self:
        """As their activities."""
        seen: QuerySet[Any] = apps.get_model("volunteers", "Activity")._default_manager.visible_to(user)
        return self.filter(activity__in=seen.values("pk"))

    def ahead(self) -> Self:
        """Not over, not called off, of what is published."""
        return self.filter(ends__gt=timezone.now(), called_off_at=None, activity__state=ActivityState.PUBLISHED)

    def soonest_first(self) -> Self:
        """What is ahead from the next one on, then what is over, the latest first."""
        over = Case(When(ends__gt=timezone.now(), then=Value(0)), default=Value(1))
        ahead_first = Case(When(ends__gt=timezone.now(), then=F("starts")))
        return self.order_by(over, ahead_first, "-starts", "pk")


class ComingQuerySet(LockingQuerySet["SignUp"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; liaisons: those of what their units organise; staff: those of their streets."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        unit = Q(post__slot__activity__unit__in=seated_units(user))
        return self.filter(Q(person_id=user.pk) | unit | within(streets_of(user), area="street_code"))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works."""
        return self.filter(within(streets_of(user), area="street_code"))

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def in_line(self) -> Self:
        """Who waits, first come first."""
        return self.filter(state=SignUpState.WAITING).order_by("queued_at", "pk")

    def appealed(self) -> Self:
        return self.filter(appeal=Appeal.ASKED)


class HoursQuerySet(LockingQuerySet["Hours"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; staff: those of their streets."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(person_id=user.pk) | within(streets_of(user), area="street_id", street="street_id"))

    def kept_by(self, user: Any) -> Self:
        """Those noted in the streets in which ``user`` works."""
        return self.filter(within(streets_of(user), area="street_id", street="street_id"))

    def first_words(self) -> Self:
        """Each thing done on a day once, as it stands today: ``stands`` are its minutes with all corrections, where
        any are left."""
        rows = apps.get_model("volunteers", "Hours")._default_manager.filter(corrects=OuterRef("pk")).order_by()
        later = Subquery(rows.values("corrects").annotate(n=Sum("minutes")).values("n"))
        return self.filter(corrects=None).annotate(stands=F("minutes") + Coalesce(later, 0)).filter(stands__gt=0)
