"""What may come in as a file: declared by the app that owns it, run by ``transfers``.

register_importer(ImportKind("units", label=_("共建单位"), columns=COLUMNS, roles=REGISTER_ROLES, plan=…, apply=…, …))

The owning app says what a row means and calls its own services; reading the file, the dry run, the worker, the
preview and undoing are the same for all. A row is a mapping of column keys to texts, trimmed, NFKC; absent columns
are absent, empty cells are empty texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from alliance.lib.errors import Text
from alliance.lib.text import fold

LANGUAGE = "zh-hans"
"""Tables are written in Chinese, whatever language the page is in: they go from hand to hand."""
NEW, CHANGED, SAME, ERROR = "new", "changed", "same", "error"
Row = Mapping[str, str]
Values = dict[str, str]


@dataclass(frozen=True)
class Column:
    """One column of a template, found by its label. ``choices`` are drop-downs (a function is asked when needed).

    ``as_text`` presets the column to text (codes, phones). ``secret``: shown nowhere again, forgotten once applied.
    ``masked``: a phone, shown with its middle hidden.
    """

    key: str
    label: Text
    required: bool = False
    help: Text = ""
    example: Text = ""
    choices: Sequence[Text] | Callable[[Any, str], Sequence[Text]] = ()
    also: Sequence[str] = ()
    as_text: bool = False
    secret: bool = False
    masked: bool = False
    is_date: bool = False
    most: int = 200


@dataclass(frozen=True)
class Plan:
    """What importing a row would do. Pairs of ``changes`` are (column key, what stands now, what the file says)."""

    outcome: str
    title: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    errors: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True)
class Applied:
    """What importing a row did: which thing it was, and what must be known to take it back."""

    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)


class Untouchable(Exception):
    """The row is not taken back; ``args[0]`` says why, in a sentence."""


@dataclass(frozen=True)
class Place:
    """Where and by whom something is imported. ``in_file`` tells whether a row called so stands in the file.

    ``memo``: what an importer may remember from one row to the next.
    """

    area: Any
    by: Any
    in_file: Callable[[str], bool] = lambda key: False
    memo: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportKind:
    """``natural(row)`` gives the texts by which a row is known: two lines of one file may share none of them.
    ``called(row)`` is the text by which other rows of the file refer to it (``Place.in_file``).

    ``plan(rows, place)`` gives one ``Plan`` per row, without writing, in a fixed number of statements.
    ``apply(row, place)`` calls one service and gives ``Applied``; it raises ``DomainError``.
    ``apply_new(rows, place)`` does so for rows that are all new, at once: all or none. What it refuses goes row by row.
    ``survey(pairs of subject and before, place)`` looks at a portion before it is taken back, at once.
    ``revert(subject, before, place)`` takes back what ``apply`` did or raises ``Untouchable``; what it gives is said
    beside the row (something was left).
    ``page(subject)`` is the address of what a row made, for the list of what became of each.
    ``rank(row)`` orders rows that need one another, lowest first. ``levels``: lengths of codes of areas one imports to.
    """

    key: str
    label: Text
    columns: Sequence[Column]
    roles: frozenset[str]
    natural: Callable[[Row], Sequence[str]]
    plan: Callable[[Sequence[Row], Place], Sequence[Plan]]
    apply: Callable[[Row, Place], Applied]
    revert: Callable[[str, Mapping[str, Any], Place], Text | None]
    apply_new: Callable[[Sequence[Row], Place], Sequence[Applied]] | None = None
    survey: Callable[[Sequence[tuple[str, Mapping[str, Any]]], Place], None] = lambda rows, place: None
    called: Callable[[Row], str] = lambda row: ""
    page: Callable[[str], str] = lambda subject: ""
    help: Sequence[Text] = ()
    rank: Callable[[Row], int] = lambda row: 0
    levels: frozenset[int] = frozenset({9})
    order: int = 100


_kinds: dict[str, ImportKind] = {}


def register_importer(kind: ImportKind) -> None:
    """Declare what may be imported; a second one of the same key replaces the first."""
    _kinds[kind.key] = kind


def importer(key: str) -> ImportKind | None:
    return _kinds.get(key)


def importers() -> list[ImportKind]:
    """Every declared kind, in the order of the page."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.key))


def chosen(members: Iterable[Any], word: str) -> str:
    """The value of the one of ``members`` (of a ``TextChoices``) whose label is ``word``; empty if none is."""
    said = fold(word)
    with translation.override(LANGUAGE):
        return next((member.value for member in members if fold(str(member.label)) == said), "")


def label_in_table(text: Text) -> str:
    """``text`` as tables have it."""
    with translation.override(LANGUAGE):
        return str(text)
