"""Series, meetings, topics and action items, as one person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from meetings.states import AHEAD, OVER, ActionState, MeetingState, SeriesState, TopicState
from people.querysets import within
from resources.querysets import streets_of

if TYPE_CHECKING:
    from meetings.models import ActionItem, Extract, Meeting, Series, Topic  # noqa: F401 (named in strings below)


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


class SeriesQuerySet(LockingQuerySet["Series"]):
    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets."""
        return self.filter(within(streets_of(user))) if _signed_in(user) else self.none()

    kept_by = visible_to

    def running(self) -> Self:
        return self.filter(state=SeriesState.RUNNING)


class MeetingQuerySet(LockingQuerySet["Meeting"]):
    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Whoever was invited, or speaks for a unit that was: once it is called."""
        if not _signed_in(user):
            return self.none()
        asked = apps.get_model("meetings", "Invitee")._default_manager.asked()
        mine = asked.filter(Q(unit__in=seated_units(user)) | Q(user_id=user.pk))
        called = Q(called_at__isnull=False, pk__in=mine.values("meeting"))
        return self.filter(called | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works."""
        return self.filter(within(streets_of(user)))

    def ahead(self) -> Self:
        """Yet to come."""
        return self.filter(state__in=AHEAD, ends__gt=timezone.now())

    def to_minute(self) -> Self:
        """待纪要."""
        return self.filter(state__in=OVER)


class MeetingPartQuerySet(LockingQuerySet[Any]):
    """Rows that belong to a meeting: seen by whoever sees it."""

    def visible_to(self, user: Any) -> Self:
        seen = apps.get_model("meetings", "Meeting")._default_manager.visible_to(user)
        return self.filter(meeting__in=seen.values("pk"))


class InviteeQuerySet(MeetingPartQuerySet):
    def asked(self) -> Self:
        """Those on the list, without whoever was taken off it again."""
        return self.filter(dropped_at__isnull=True)


class MinutesQuerySet(MeetingPartQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Staff as the meeting; others once they were sent."""
        if not _signed_in(user):
            return self.none()
        sent = apps.get_model("meetings", "Meeting")._default_manager.visible_to(user)
        shown = Q(meeting__in=sent.filter(state=MeetingState.SENT).values("pk"))
        kept = within(streets_of(user), area="meeting__area__code", street="meeting__street_code")
        return self.filter(shown | kept)


class ExtractQuerySet(LockingQuerySet["Extract"]):
    def shown(self) -> Self:
        """What everybody reads."""
        return self.filter(hidden_at__isnull=True)


class TopicQuerySet(LockingQuerySet["Topic"]):
    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Others: what they or their units raised."""
        if not _signed_in(user):
            return self.none()
        return self.filter(Q(raised_by_id=user.pk) | Q(unit__in=seated_units(user)) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        return self.filter(within(streets_of(user)))

    def waiting(self) -> Self:
        return self.filter(state=TopicState.WAITING)


class ActionQuerySet(LockingQuerySet["ActionItem"]):
    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Liaisons: those of their units."""
        if not _signed_in(user):
            return self.none()
        return self.filter(Q(unit__in=seated_units(user)) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        return self.filter(within(streets_of(user)))

    def open(self) -> Self:
        return self.filter(state=ActionState.OPEN)

    def late(self) -> Self:
        """The day has passed."""
        return self.open().filter(due_on__lt=timezone.localdate())
