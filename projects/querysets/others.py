"""Livelihood items and the service menu, as one person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from people.querysets import within
from projects.states import DeedState
from resources.querysets import streets_of

if TYPE_CHECKING:
    from projects.models import Deed, MenuItem, SignUp  # noqa: F401 (named in strings below)


class DeedQuerySet(LockingQuerySet["Deed"]):
    def public(self) -> Self:
        """What was published."""
        return self.filter(state__in=[DeedState.PUBLISHED, DeedState.CLEARED])

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Liaisons: those their units are responsible for. Everybody: the published."""
        if not getattr(user, "is_authenticated", False):
            return self.public()
        shown = self.model._default_manager.public().values("pk")
        own = Q(unit__in=seated_units(user))
        return self.filter(Q(pk__in=shown) | own | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        return self.filter(within(streets_of(user)))


class MenuQuerySet(LockingQuerySet["MenuItem"]):
    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets' alliances. Liaisons: those of the alliances their units belong to today."""
        joined = apps.get_model("members", "Membership")._default_manager.active().filter(unit__in=seated_units(user))
        kept = within(streets_of(user), area="alliance__area__code", street="alliance__street_code")
        return self.filter(Q(alliance__in=joined.values("alliance")) | kept)

    def kept_by(self, user: Any) -> Self:
        """Those of the alliances of the streets in which ``user`` works."""
        return self.filter(within(streets_of(user), area="alliance__area__code", street="alliance__street_code"))

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class SignUpQuerySet(LockingQuerySet["SignUp"]):
    def visible_to(self, user: Any) -> Self:
        """As the menu."""
        items = apps.get_model("projects", "MenuItem")._default_manager.visible_to(user)
        return self.filter(item__in=items.values("pk"))

    def live(self) -> Self:
        return self.filter(left_at__isnull=True)
