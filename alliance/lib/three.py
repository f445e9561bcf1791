"""三张清单 (需求清单, 项目清单, 资源清单) in one design: what an app adds of its own (``lists.three``).

A function of that point takes nothing and gives one ``ThreeList``. The pages are the portal's; the lists are those of
``alliance.lib.listing``, so that page, counts and file are one declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alliance.lib.errors import Text
from alliance.lib.listing import Listing
from alliance.lib.registry import contributions

POINT = "lists.three"
KEYS = ("needs", "projects", "resources")
KIND, STATE = "kind", "state"
"""Columns that stand above the name, and, if there is one, as a badge; all others below it, as they come."""


@dataclass(frozen=True, kw_only=True)
class ThreeList:
    """One of the three. ``staff``: registered, its ``url_name`` is ``admin:lists_<key>``. ``public``: the list of an
    alliance as everybody may read it, with nothing in it that is not public, not even in a search.
    """

    key: str
    staff: Listing
    public: Callable[[Any], Listing]


def three_lists() -> dict[str, ThreeList]:
    """Those that there are, by key."""
    found = [add() for add in contributions(POINT)]
    return {one.key: one for one in found}


@dataclass(frozen=True)
class Named:
    """What one of the three is called, and what is said on the public page."""

    key: str
    label: Text
    lead: Text
    none: Text
    later: Text
