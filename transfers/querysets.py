"""Which imports one sees: those one began, and those of colleagues who may import the same there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from alliance.lib.importing import importers
from alliance.lib.locking import LockingQuerySet
from people.querysets import within
from transfers.states import WORKED, ExportState

if TYPE_CHECKING:
    from transfers.models import Export, ImportBatch, ImportRow  # noqa: F401 (named in strings below)


class BatchQuerySet(LockingQuerySet["ImportBatch"]):
    def visible_to(self, user: Any) -> Self:
        """Whoever may import a kind in an area sees what was imported there; nobody else does."""
        seen = Q(pk__in=[])
        for kind in importers():
            there = within(user.areas_of(*kind.roles))
            seen |= Q(there, kind=kind.key)
        return self.filter(seen)

    def unfinished(self) -> Self:
        """Those on which a worker should go on."""
        return self.filter(state__in=WORKED)


class RowQuerySet(LockingQuerySet["ImportRow"]):
    def visible_to(self, user: Any) -> Self:
        batches = apps.get_model("transfers", "ImportBatch")._default_manager.visible_to(user)
        return self.filter(batch__in=batches)


class ExportQuerySet(LockingQuerySet["Export"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, whoever else may see the list."""
        return self.filter(by_id=user.pk)

    def unfinished(self) -> Self:
        """Those whose file is still to be written."""
        return self.filter(state=ExportState.OPEN)
