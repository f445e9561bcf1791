"""Which patrol sections and which of their diaries one sees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units, works_in
from people.querysets import within
from resources.querysets import streets_of
from volunteers.states.sections import Outcome, Rhythm

if TYPE_CHECKING:
    from volunteers.models import Section, SectionNote  # noqa: F401 (named in strings below)


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


def _own_teams(user: Any) -> Any:
    live = apps.get_model("volunteers", "TeamMember")._default_manager.live()
    return live.filter(volunteer__user_id=user.pk).values("team")


class SectionQuerySet(LockingQuerySet["Section"]):
    def public(self) -> Self:
        """Those that are walked today, or wait for somebody: everybody may read of them."""
        return self.filter(closed_on__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Those that are there; for staff all of their streets, for others also those of whose diary they wrote."""
        if not _signed_in(user):
            return self.public()
        notes = apps.get_model("volunteers", "SectionNote")._default_manager
        mine = Q(pk__in=notes.filter(by_id=user.pk).values("section"))
        return self.filter(Q(closed_on__isnull=True) | mine | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(streets_of(user)))

    def held_by(self, user: Any) -> Self:
        """Those one walks: claimed oneself, by one's unit, or by a team one is in."""
        if not _signed_in(user):
            return self.none()
        units = Q(claim__unit_id__in=seated_units(user))
        return self.public().filter(Q(claim__person_id=user.pk) | units | Q(team__in=_own_teams(user)))

    def silent(self, today: date | None = None) -> Self:
        """Claimed, and not walked for twice as long as was wished; counted from the claim where nothing was written."""
        day, rows = today or timezone.localdate(), self.public().filter(claim__isnull=False)
        late = Q()
        for rhythm in Rhythm.values:
            late |= Q(every=rhythm, last__lt=day - timedelta(days=2 * rhythm))
        return rows.annotate(last=Coalesce(F("noted_on"), TruncDate("claim__claimed_at"))).filter(late)

    def with_notes(self, since: date) -> Self:
        """With ``notes_count``: how many walks stand in the diary from ``since`` on."""
        there = Q(notes__day__gte=since, notes__taken_back_at__isnull=True)
        return self.annotate(notes_count=Count("notes", filter=there))


class SectionNoteQuerySet(LockingQuerySet["SectionNote"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; of the turn one has in hand, as unit or team; for staff those of where they work."""
        if not _signed_in(user):
            return self.none()
        sections = apps.get_model("volunteers", "Section")._default_manager.held_by(user)
        turn = Q(claim__in=sections.values("claim"))
        kept = within(works_in(user), area="section__area__code", street="section__street_code")
        return self.filter(Q(by_id=user.pk) | turn | kept)

    def there(self) -> Self:
        """Not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def to_answer(self) -> Self:
        """Something was found, and nobody has answered."""
        return self.there().filter(outcome=Outcome.FOUND, answered_at__isnull=True)
