"""Which documents, versions and receipts one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from alliance.lib.locking import LockingQuerySet
from members.querysets.scope import OfAlliances, in_force, streets_around
from people.querysets import within

if TYPE_CHECKING:
    from members.models import Receipt  # noqa: F401 (named in strings below)


class DocumentQuerySet(OfAlliances):
    pass


class VersionQuerySet(OfAlliances):
    _alliance = "document__alliance"

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class ReceiptQuerySet(LockingQuerySet["Receipt"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see those of their streets' alliances, liaisons those of their own units."""
        codes, held = streets_around(user), in_force(None, start="unit__seats__starts_on", end="unit__seats__ends_on")
        own = self.model._default_manager.filter(held, unit__seats__user_id=user.pk)
        by_staff = within(
            codes, area="version__document__alliance__area__code", street="version__document__alliance__street_code"
        )
        return self.filter(by_staff | Q(pk__in=own.values("pk")))
