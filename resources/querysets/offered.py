"""Kinds and resources as one person sees them."""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING, Any, Self, cast

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from alliance.lib.search import matching, words_of
from claims.querysets import seated_units, works_in
from people.querysets import STREET_LENGTH, within
from resources.states import ResourceState

OWN_WORDS = ("name", "aliases", "kind__name", "kind__parent__name", "words", "conditions", "address")
"""What is searched of a resource (``fields.searchable``), without whoever gives it."""

if TYPE_CHECKING:
    from resources.models import Resource, ResourceKind  # noqa: F401 (named in strings below)


class KindQuerySet(LockingQuerySet["ResourceKind"]):
    """Kinds are one list for all streets."""

    def visible_to(self, user: Any) -> Self:
        return self

    def headings(self) -> Self:
        return self.filter(parent__isnull=True)

    def sorts(self) -> Self:
        """What a resource can be: the second level, in use."""
        return self.filter(parent__isnull=False, is_active=True, parent__is_active=True)


class ResourceQuerySet(LockingQuerySet["Resource"]):
    """Resources as one person sees them."""

    def usable(self) -> Self:
        """Approved, not stopped, and still offered today."""
        still = Q(until__isnull=True) | Q(until__gte=timezone.localdate())
        return self.filter(still, state=ResourceState.USABLE)

    def public(self) -> Self:
        """What everybody may read, as long as it is given."""
        return self.usable().given().filter(is_public=True)

    def given(self) -> Self:
        """Those of offices, and of units that are in the street's alliances today and take no break."""
        joined = apps.get_model("members", "Membership")._default_manager.active()
        there = joined.filter(unit=OuterRef("unit"), alliance__street_code=OuterRef("street_code"))
        return self.filter(Q(unit__isnull=True) | (Q(unit__suspended_at__isnull=True) & Exists(there)))

    def serving(self, area_code: str) -> Self:
        """Those in whose area served the place ``area_code`` lies."""
        codes = [area_code[:length] for length in range(2, len(area_code) + 1)]
        return self.filter(serves__in=codes)

    def giver_known_to(self, user: Any) -> Self:
        """Those whose giver ``user`` may know: an office, a unit that agreed to be shown, one they work with."""
        return self.filter(_giver_known(user))

    def said_to(self, user: Any, term: str) -> Self:
        """Those in which every word of ``term`` stands; in its own words, where ``user`` may not know who gives it."""
        own = Q()
        for word in words_of(term):
            own &= reduce(operator.or_, (Q(**{f"{name}__icontains": word}) for name in OWN_WORDS))
        found = matching(self, term)
        return cast("Self", found.filter(_giver_known(user) | own) if own else found)

    def visible_to(self, user: Any) -> Self:
        """Staff see all of their street, liaisons their units' and the usable ones of their alliances' streets.

        Everybody who signed in sees what is public and for people.
        """
        if not getattr(user, "is_authenticated", False):
            return self.public()
        rows = self.model._default_manager
        streets = streets_of(user)
        own = Q(unit__in=seated_units(user))
        offered = rows.usable().filter(for_units=True, street_code__in=alliance_streets(user))
        found = own | Q(pk__in=offered.values("pk")) | Q(pk__in=rows.public().values("pk"))
        return self.filter(found | within(streets)) if streets else self.filter(found)

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(streets_of(user)))

    def of_units_of(self, user: Any) -> Self:
        """What the units offer for which ``user`` speaks today."""
        return self.filter(unit__in=seated_units(user))


def _giver_known(user: Any) -> Q:
    known = Q(unit__isnull=True) | Q(unit__is_public=True, unit__merged_into__isnull=True)
    if not getattr(user, "is_authenticated", False):
        return known
    joined = Q(street_code__in=alliance_streets(user)) | Q(unit__in=seated_units(user))
    streets = streets_of(user)
    return known | joined | within(streets) if streets else known | joined


def streets_of(user: Any) -> frozenset[str]:
    """Codes of the streets in which ``user`` works; shorter for whoever works above streets."""
    return frozenset(code[:STREET_LENGTH] for code in works_in(user))


def alliance_streets(user: Any) -> Any:
    """The streets in whose alliances the units of ``user`` are today."""
    joined = apps.get_model("members", "Membership")._default_manager.active().filter(unit__in=seated_units(user))
    return joined.values("alliance__street_code")
