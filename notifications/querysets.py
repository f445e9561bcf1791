"""Which messages one sees: one's own, and for system administrators those of their areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.db.models.functions import Now

from alliance.lib.locking import LockingQuerySet
from notifications.states import Channel, PostState, State
from people.querysets import within
from people.states import Role

if TYPE_CHECKING:
    from notifications.models import CardLink, Message, MessageText, Robot, RobotPost  # noqa: F401 (named in strings below)


def user_key(pk: int) -> str:
    """The recipient key of an account."""
    return f"u:{pk}"


def phone_key(index: str) -> str:
    """The recipient key of a phone without an account, from the phone's blind index."""
    return f"p:{index}"


class MessageQuerySet(LockingQuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        """One's own messages; for system administrators the deliveries of their areas as well."""
        mine = Q(recipient_key=user_key(user.pk))
        codes = user.areas_of(Role.SYSTEM_ADMIN)
        return self.filter(mine | within(codes, area="area_code", street="")) if codes else self.filter(mine)

    def inbox_of(self, user: Any) -> Self:
        """What the person finds in the inbox."""
        return self.filter(channel=Channel.INAPP, recipient_key=user_key(user.pk))

    def unread(self) -> Self:
        return self.filter(channel=Channel.INAPP, state=State.SENT)

    def unfinished(self) -> Self:
        return self.filter(state=State.WAITING)

    # The three below ask the database's clock: several machines share it, their own may differ.
    def free(self) -> Self:
        """Unfinished and in nobody's hands: never leased, or the lease has run out."""
        return self.unfinished().filter(Q(leased_until__isnull=True) | Q(leased_until__lt=Now()))

    def due(self) -> Self:
        """To be sent now."""
        return self.free().filter(not_before__lte=Now(), expires_at__gt=Now())

    def too_late(self) -> Self:
        """Never sent while sending still made sense."""
        return self.free().filter(expires_at__lte=Now())


class TextQuerySet(LockingQuerySet["MessageText"]):
    def visible_to(self, user: Any) -> Self:
        """One list for all streets, shown to system administrators."""
        return self.all() if user.has_role(Role.SYSTEM_ADMIN) else self.none()


class CardQuerySet(LockingQuerySet["CardLink"]):
    def open(self) -> Self:
        """Neither answered nor revoked; may have expired."""
        return self.filter(answered_at__isnull=True, revoked_at__isnull=True)


class RobotQuerySet(LockingQuerySet["Robot"]):
    def visible_to(self, user: Any) -> Self:
        """System administrators keep the robots of their areas."""
        return self.filter(within(user.areas_of(Role.SYSTEM_ADMIN), area="area__code", street=""))


class PostQuerySet(LockingQuerySet["RobotPost"]):
    def due(self) -> Self:
        """To be said now, by the database's clock."""
        return self.filter(state=PostState.WAITING, not_before__lte=Now(), expires_at__gt=Now())

    def too_late(self) -> Self:
        return self.filter(state=PostState.WAITING, expires_at__lte=Now())
