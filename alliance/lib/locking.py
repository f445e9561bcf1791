"""The one way to lock a row: wait, lock only this table, leave foreign keys free. See docs/locking.md."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from alliance.lib.errors import NotFound

M = TypeVar("M", bound=models.Model)


class LockingQuerySet(models.QuerySet[M]):
    """Adds ``locked``."""

    def locked(self, pk: Any) -> M:
        """The row ``pk`` of this queryset, locked until the transaction ends.

        Raises ``NotFound`` if it is not in the queryset. Waits at most ``lock_timeout`` (3 s), then ``Busy``.
        """
        row = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row
