"""Agreements, their amendments and what units were asked, as one person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from people.querysets import within
from projects.states import AgreementState, Answer
from resources.querysets import streets_of

if TYPE_CHECKING:
    from projects.models import Agreement, Ask  # noqa: F401 (named in strings below)


class AgreementQuerySet(LockingQuerySet["Agreement"]):
    """Agreements as one person sees them."""

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Liaisons: those their units are parties of, once they were sent."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(pk__in=self._of_units(user)) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(streets_of(user)))

    def of_units_of(self, user: Any) -> Self:
        """Those of which the units ``user`` speaks for today are parties, once they were sent."""
        return self.filter(pk__in=self._of_units(user))

    def _of_units(self, user: Any) -> Any:
        parties = apps.get_model("projects", "Party")._default_manager
        sent = parties.filter(unit__in=seated_units(user), agreement__sent_at__isnull=False)
        return sent.bound().values("agreement_id")

    def signed(self) -> Self:
        return self.filter(signed_at__isnull=False)

    def running(self) -> Self:
        return self.filter(state=AgreementState.RUNNING)

    def over(self) -> Self:
        """Still running, though the term has passed: somebody has to say how it went."""
        return self.running().filter(runs_until__lt=timezone.localdate())


class PaperPartQuerySet(LockingQuerySet[Any]):
    """Rows that belong to an agreement: seen by whoever sees it."""

    def visible_to(self, user: Any) -> Self:
        seen = apps.get_model("projects", "Agreement")._default_manager.visible_to(user)
        return self.filter(agreement__in=seen.values("pk"))


class PartyQuerySet(PaperPartQuerySet):
    """Units of agreements."""

    def bound(self) -> Self:
        """Those the text is about: there today, or there when it was signed. Not those that were out before."""
        asks = apps.get_model("projects", "Ask")._default_manager
        yes = asks.filter(
            party=OuterRef("pk"), amendment__isnull=True, turn=OuterRef("agreement__turn"), answer=Answer.YES
        )
        return self.filter(Q(left_on__isnull=True) | Q(Exists(yes), agreement__signed_at__isnull=False))


class AskQuerySet(LockingQuerySet["Ask"]):
    """What units were asked to confirm."""

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets' agreements. Liaisons: their own units'."""
        kept = within(streets_of(user), area="party__agreement__area__code", street="party__agreement__street_code")
        return self.filter(Q(party__unit__in=seated_units(user)) | kept)

    def to_units_of(self, user: Any) -> Self:
        return self.filter(party__unit__in=seated_units(user))

    def open(self) -> Self:
        return self.filter(answer=Answer.OPEN, void_at__isnull=True)
