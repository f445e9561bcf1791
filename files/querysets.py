"""Which attachments belong to a draft, which to an owner. Who may see them is the owner's question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from alliance.lib.locking import LockingQuerySet

if TYPE_CHECKING:
    from files.models import Attachment  # noqa: F401 - named in the string below


class AttachmentQuerySet(LockingQuerySet["Attachment"]):
    def of_draft(self, hold_key: str) -> Self:
        """What the draft holds, oldest first; a draft without a key holds nothing."""
        return self.filter(~Q(hold_key=""), hold_key=hold_key).order_by("created_at", "pk")

    def of_owner(self, owner_kind: str, owner_id: str) -> Self:
        """What is attached to the owner, oldest first."""
        return self.filter(~Q(owner_kind=""), owner_kind=owner_kind, owner_id=owner_id).order_by("created_at", "pk")

    def of_owners(self, owner_kind: str, owner_ids: Iterable[str]) -> Self:
        """What is attached to one of several owners, oldest first."""
        owned = self.filter(~Q(owner_kind=""), owner_kind=owner_kind, owner_id__in=list(owner_ids))
        return owned.order_by("created_at", "pk")

    def abandoned(self, before: datetime) -> Self:
        """Held since before ``before`` and never attached."""
        return self.filter(~Q(hold_key=""), created_at__lt=before)
