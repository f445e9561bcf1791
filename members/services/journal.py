"""What a merge changes, row by row, so that it can be shown before and taken back after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from alliance.lib.errors import Text
from members.models import MemberUnit

Entry = dict[str, Any]
"""``model``, ``pk``, and under ``set`` column → [before, after]; or ``tags``: keys that were added."""


@dataclass
class Journal:
    """Changes rows of ``gone`` for ``kept``, or with ``dry`` only says what it would change."""

    kept: MemberUnit
    gone: MemberUnit
    today: date
    dry: bool = False
    entries: list[Entry] = field(default_factory=list)
    lines: list[tuple[Text, int]] = field(default_factory=list)
    clashes: list[Text] = field(default_factory=list)

    def change(self, row: models.Model, **values: Any) -> None:
        """Write ``values`` (by column) to ``row``, which is locked."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return
        noted = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in changed.items()}
        self.entries.append({"model": row._meta.label, "pk": row.pk, "set": noted})
        for name, value in changed.items():
            setattr(row, name, value)
        if not self.dry:
            type(row)._base_manager.filter(pk=row.pk).update(**changed)

    def move(self, label: Text, rows: Iterable[models.Model]) -> int:
        """``rows`` are the kept unit's from now on."""
        every = list(rows)
        for row in every:
            self.change(row, unit_id=self.kept.pk)
        self.count(label, len(every))
        return len(every)

    def count(self, label: Text, count: int) -> None:
        """A line of the preview; nothing where there is none."""
        if count:
            self.lines.append((label, count))

    def hold(self, rows: models.QuerySet[Any, Any]) -> list[Any]:
        """``rows`` in the order of keys, locked unless nothing is to be written."""
        ordered = rows.order_by("pk")
        return list(ordered if self.dry else ordered.select_for_update(of=("self",), no_key=True))

    def add_tags(self, tags: Sequence[int]) -> None:
        """Tags of the gone unit that the kept one does not have."""
        if tags:
            self.entries.append({"model": MemberUnit._meta.label, "pk": self.kept.pk, "tags": list(tags)})
            if not self.dry:
                self.kept.tags.add(*tags)

    def digest(self) -> str:
        """Of what is changed: a merge does what its preview said, or says that something has changed."""
        said = json.dumps(self.entries, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:20]


def take_back(entries: Sequence[Entry]) -> list[Entry]:
    """Undo ``entries``, the last first, where nobody has changed the row since. Returns those that stay."""
    held = _hold(entries)
    return [entry for entry in reversed(entries) if not _back(entry, held.get((entry["model"], entry["pk"])))]


def _hold(entries: Sequence[Entry]) -> dict[tuple[str, int], models.Model]:
    """The rows locked in the order in which the merge locked them."""
    found: dict[tuple[str, int], models.Model] = {}
    for label in dict.fromkeys(entry["model"] for entry in entries):
        keys = {entry["pk"] for entry in entries if entry["model"] == label}
        rows = apps.get_model(label)._base_manager.filter(pk__in=keys).order_by("pk")
        for row in rows.select_for_update(of=("self",), no_key=True):
            found[label, row.pk] = row
    return found


def _back(entry: Entry, row: models.Model | None) -> bool:
    if row is None:
        return False
    if "tags" in entry:
        row.tags.remove(*entry["tags"])  # type: ignore[attr-defined]
        return True
    noted = entry["set"]
    if any(_plain(getattr(row, name)) != after for name, (_before, after) in noted.items()):
        return False
    values = {name: _typed(row, name, before) for name, (before, _after) in noted.items()}
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**values)
    except IntegrityError:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.astimezone(UTC)  # as it comes back from the database
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(row: models.Model, name: str, value: Any) -> Any:
    found = next(one for one in row._meta.concrete_fields if name in (one.attname, one.name))
    return found.to_python(value) if value is not None else None
