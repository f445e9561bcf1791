"""Pictures of a day, as one person sees them. Whether everybody agrees is asked each time: a no counts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from people.querysets import within
from resources.querysets import streets_of
from volunteers.states.activity import SHOWN

if TYPE_CHECKING:
    from volunteers.models import DayPhoto  # noqa: F401 (named in a string below)

AGREES = Q(signup__photo_consent__isnull=False, signup__photo_consent__withdrawn_at__isnull=True) & (
    Q(children=False) | Q(signup__photo_consent__guardian=True)
)
"""Of somebody on a picture: they agree now, as a guardian where their children are on it."""


def _people() -> QuerySet[Any]:
    return apps.get_model("volunteers", "PhotoShown")._default_manager.all()


class PhotoQuerySet(LockingQuerySet["DayPhoto"]):
    def public(self) -> Self:
        """A second person looked, and nobody can be recognised or everybody named agrees."""
        on_it = _people().filter(photo=OuterRef("pk"))
        named = Exists(on_it) & ~Exists(on_it.exclude(pk__in=_people().filter(AGREES).values("pk")))
        shown = self.filter(looked_at__isnull=False, slot__activity__state__in=SHOWN)
        return shown.filter(Q(nobody=True) | Q(named))

    def visible_to(self, user: Any) -> Self:
        """Everybody: what is public. Whoever is on it, and whoever keeps or organises the activity: also before."""
        public = self.public()
        if not getattr(user, "is_authenticated", False):
            return public
        mine = _people().filter(signup__person_id=user.pk).values("photo")
        unit = Q(slot__activity__unit__in=seated_units(user))
        place = within(streets_of(user), area="slot__activity__area__code", street="slot__activity__street_code")
        return self.filter(Q(pk__in=public.values("pk")) | Q(pk__in=mine) | unit | place)
