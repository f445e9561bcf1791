"""Lines of digests: declared by the apps that contribute them, stored as key and numbers, worded when read.

    ARRIVED = register_line("needs.arrived", _("新来的诉求%(n)s件"))
    contribute("digest.weekly", lambda period: {person.pk: [line(ARRIVED, n=3)]})

A function at ``digest.daily`` gives lines for the leaders of a street, one at ``digest.weekly`` lines by person: units
and staff. Both get a ``Period``, ask in a fixed number of statements, and leave out what is nought.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alliance.lib.errors import Text

Line = Mapping[str, Any]
_lines: dict[str, Text] = {}


@dataclass(frozen=True)
class Period:
    """Of which street, and from when until when something counts as new."""

    area_code: str
    since: datetime
    until: datetime


def register_line(key: str, text: Text) -> str:
    """Declare the line ``key``; ``text`` may use the numbers it comes with. Gives the key."""
    _lines[key] = text
    return key


def line(key: str, **numbers: int) -> Line:
    """One line with its numbers. Never personal data: it is stored as it is."""
    return {"line": key, **numbers}


def in_words(lines: Iterable[Line]) -> str:
    """``lines`` in the language in use; those whose app is gone are left out."""
    said = [str(_lines[one["line"]]) % one for one in lines if one.get("line") in _lines]
    return _("；").join(said)


def by_places(counts: Mapping[str, int], places: Iterable[tuple[int, str]]) -> dict[int, int]:
    """``counts`` by area code, added up for each person over the areas they work in (``places``: person and code)."""
    found: dict[int, set[str]] = {}
    for person, place in places:
        found.setdefault(person, set()).update(code for code in counts if code.startswith(place))
    return {person: total for person, codes in found.items() if (total := sum(counts[code] for code in codes))}


def merged(parts: Iterable[Mapping[int, Sequence[Line]]]) -> dict[int, list[Line]]:
    """What all parts say to each person, in their order."""
    found: dict[int, list[Line]] = {}
    for part in parts:
        for person, lines in part.items():
            found.setdefault(person, []).extend(lines)
    return found
