"""Which documents, versions and receipts one sees."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from members.querysets.scope import OfAlliances, in_force, streets_around
from members.states import REGISTER_ROLES
from people.querysets import within
from people.states import COMMUNITY_ROLES

if TYPE_CHECKING:
    from members.models import Receipt  # noqa: F401 (named in strings below)


class DocumentQuerySet(OfAlliances):
    def readable_by(self, user: Any) -> Self:
        """Those of one's streets' alliances, and those that were delivered to a unit one speaks for."""
        receipts = apps.get_model("members", "Receipt")._default_manager.visible_to(user)
        seen = self.model._default_manager.visible_to(user)
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=receipts.values("version__document")))

    def public(self) -> Self:
        """Documents everybody may read; of these only what has been published."""
        return self.filter(is_public=True, versions__published_at__isnull=False).distinct()


class VersionQuerySet(OfAlliances):
    _alliance = "document__alliance"

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def newest(self) -> Self:
        """Of each document the version published last; it may begin later."""
        return self._last(Q())

    def in_force(self, on: date | None = None) -> Self:
        """Of each document the newest published version that has begun ``on`` that day (today)."""
        return self._last(Q(effective_on__isnull=True) | Q(effective_on__lte=on or timezone.localdate()))

    def _last(self, among: Q) -> Self:
        every = self.model._default_manager.filter(among, published_at__isnull=False)
        last = every.order_by("document_id", "-number").distinct("document_id")
        return self.filter(pk__in=last.values("pk"))

    def to_members_of(self, unit: Any) -> Self:
        """Published versions of the alliances ``unit`` belongs to today."""
        return self.published().filter(document__alliance__in=unit.memberships.active().values("alliance"))


class ReceiptQuerySet(LockingQuerySet["Receipt"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see those of their streets' alliances, liaisons those of their own units."""
        codes, held = streets_around(user), in_force(None, start="unit__seats__starts_on", end="unit__seats__ends_on")
        own = self.model._default_manager.filter(held, unit__seats__user_id=user.pk)
        by_staff = within(
            codes, area="version__document__alliance__area__code", street="version__document__alliance__street_code"
        )
        return self.filter(by_staff | Q(pk__in=own.values("pk")))

    def kept_by(self, user: Any) -> Self:
        """Those of alliances the person keeps: who has seen what is asked by whoever reminds the others."""
        alliance = "version__document__alliance"
        street, area = f"{alliance}__street_code", f"{alliance}__area__code"
        own = within(user.areas_of(*COMMUNITY_ROLES), area=area, street="") & ~Q(**{area: F(street)})
        return self.filter(within(user.areas_of(*REGISTER_ROLES), area=area, street=street) | own)

    def unseen(self) -> Self:
        return self.filter(seen_at__isnull=True)

    def present(self) -> Self:
        """Those that count: of units that belong to the alliance today or will, and those that were read.

        Not of units merged into another: what is theirs alone moved with the merge, the rest the other one has too.
        """
        memberships = apps.get_model("members", "Membership")._default_manager
        still = memberships.filter(
            Q(left_on__isnull=True) | Q(left_on__gt=timezone.localdate()),
            unit=OuterRef("unit"),
            alliance=OuterRef("version__document__alliance"),
        )
        return self.filter(Q(seen_at__isnull=False) | Exists(still), unit__merged_into__isnull=True)

    def unspoken_for(self) -> Self:
        """Those of units that nobody speaks for today."""
        seats = apps.get_model("members", "Liaison")._default_manager.active().filter(unit=OuterRef("unit"))
        return self.filter(~Exists(seats))
