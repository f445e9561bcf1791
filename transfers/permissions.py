"""Who may import what, and what may be done with an import as it stands."""

from __future__ import annotations

from typing import Any

from alliance.lib.importing import ImportKind, importer, importers
from people.models import Area
from transfers.models import ImportBatch
from transfers.states import BatchState, Result

NONE: frozenset[str] = frozenset()


def may_import(user: Any, kind: ImportKind, area_code: str) -> bool:
    """Whether ``user`` holds a role there that keeps what ``kind`` brings in."""
    return bool(user.roles_at(area_code) & kind.roles) and len(area_code) in kind.levels


def kinds_for(user: Any) -> list[ImportKind]:
    """What the person may import somewhere."""
    return [kind for kind in importers() if user.has_role(*kind.roles)]


def places_for(user: Any, kind: ImportKind) -> list[Area]:
    """The areas into which the person may import ``kind``: those of the grant, or the open streets below it."""
    found: dict[str, Area] = {}
    for code in sorted(user.areas_of(*kind.roles)):
        if len(code) in kind.levels:
            areas = Area.objects.filter(pk=code)
        else:
            areas = Area.objects.served().filter(pk__startswith=code)
        found |= {area.pk: area for area in areas if len(area.pk) in kind.levels and area.pk.startswith(code)}
    return [found[code] for code in sorted(found)]


def batch_abilities(user: Any, batch: ImportBatch) -> frozenset[str]:
    """What may be done with an import now."""
    kind = importer(batch.kind)
    if kind is None or not may_import(user, kind, batch.area_id):
        return NONE
    able = {"view"}
    if batch.state == BatchState.READY:
        able |= {"apply", "drop"}
    if batch.state == BatchState.PLANNING:
        able.add("drop")
    # One that was given up half-way has written rows too.
    wrote = batch.state == BatchState.FAILED and batch.counts.get(f"result_{Result.DONE}", 0)
    if (batch.state == BatchState.DONE or wrote) and batch.purged_at is None:
        able.add("undo")
    return frozenset(able)
