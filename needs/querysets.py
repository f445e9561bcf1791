"""The only place that knows who sees which needs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.db.models import F, Max, Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from alliance.lib.search import matching
from needs.states import ONLOOKERS, OPEN_STATES, State, Verb
from people.querysets import within
from people.states import SignIn

if TYPE_CHECKING:
    from needs.models import (  # noqa: F401 (named in strings below)
        Answer,
        Category,
        Errand,
        Extension,
        Need,
        Wish,
        WishPolicy,
    )
    from people.models import User


def seen_areas(user: Any) -> frozenset[str]:
    """Who sees which needs: those of the areas in which ``user`` holds a working role; nobody else sees any."""
    return user.areas_of(*ONLOOKERS) if getattr(user, "is_authenticated", False) else frozenset()


class NeedQuerySet(LockingQuerySet["Need"]):
    """Needs as one person sees them, and the questions the workbench asks."""

    def visible_to(self, user: Any) -> Self:
        """Needs that ``user`` sees (``seen_areas``)."""
        return self.in_areas(seen_areas(user))

    def in_areas(self, codes: frozenset[str]) -> Self:
        """Needs of the areas ``codes`` and below; none without codes."""
        return self.filter(within(codes)) if codes else self.none()

    def said_by(self, user: User) -> Self:
        """Needs said with the phone that opens the account of ``user``: since it is theirs (``phone_since``), and older
        ones proven by number and code.

        For an account with a password none.
        """
        known = user.sign_in == SignIn.PHONE and user.phone_index
        theirs = Q(created_at__gte=user.phone_since) | Q(resident=user.pk)
        return self.filter(theirs, phone_index=user.phone_index) if known else self.none()

    def settled(self, quiet_since: datetime) -> Self:
        """Ended; or answered before ``quiet_since``, and the resident has neither added nor urged since."""
        said = Q(events__verb__in=[Verb.SUPPLEMENT, Verb.URGE])
        rows = self.annotate(
            answered_at=Max("events__at", filter=Q(events__verb=Verb.REPLY)), said_at=Max("events__at", filter=said)
        )
        heard = Q(said_at__isnull=True) | Q(said_at__lt=F("answered_at"))
        return rows.filter(Q(ended_at__isnull=False) | Q(heard, answered_at__lt=quiet_since))

    def open(self) -> Self:
        """Not yet ended."""
        return self.filter(state__in=OPEN_STATES)

    def pending(self) -> Self:
        """Waiting to be accepted."""
        return self.filter(state=State.PENDING)

    def unanswered(self) -> Self:
        """Accepted, and the resident has had no reply yet."""
        return self.filter(state=State.IN_PROGRESS, first_reply_at__isnull=True)

    def due_today(self) -> Self:
        """The promised reply is due today."""
        return self.unanswered().filter(reply_by=timezone.localdate())

    def overdue(self) -> Self:
        """The promised day has passed without a reply."""
        return self.unanswered().filter(reply_by__lt=timezone.localdate())

    def held_by(self, user: Any) -> Self:
        """In this very person's hands."""
        return self.filter(holder=user)

    def search(self, term: str) -> Self:
        """Needs whose number, words or place contain every word of ``term``."""
        return cast("Self", matching(self, term))


class CategoryQuerySet(LockingQuerySet["Category"]):
    def visible_to(self, user: Any) -> Self:
        return self

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class AnswerQuerySet(LockingQuerySet["Answer"]):
    """Answers have no ``visible_to``: nobody sees single ones beside a need (``needs.services.answers``)."""


class ExtensionQuerySet(LockingQuerySet["Extension"]):
    def visible_to(self, user: Any) -> Self:
        """Requests about needs one sees."""
        codes = seen_areas(user)
        return self.filter(within(codes, area="need__area_id", street="need__street_code")) if codes else self.none()


class ErrandQuerySet(LockingQuerySet["Errand"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the errands of the needs they see; everybody else meets them as offers."""
        codes = seen_areas(user)
        return self.filter(within(codes, area="need__area_id", street="need__street_code")) if codes else self.none()


class WishQuerySet(LockingQuerySet["Wish"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the wishes of their areas, whatever became of them."""
        codes = seen_areas(user)
        return self.filter(within(codes)) if codes else self.none()


class WishPolicyQuerySet(LockingQuerySet["WishPolicy"]):
    def visible_to(self, user: Any) -> Self:
        codes = seen_areas(user)
        return self.filter(within(codes, area="street_id", street="street_id")) if codes else self.none()
