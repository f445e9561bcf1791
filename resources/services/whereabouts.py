"""Where whoever books belongs, whom a resource serves, and whether somebody has to come there."""

from __future__ import annotations

from collections.abc import Collection

from alliance.lib.registry import contributions
from people.models import User
from people.querysets import STREET_LENGTH
from resources.models import Resource
from resources.querysets.offered import alliance_streets
from resources.states import Form


def is_served(row: Resource, places: Collection[str], *, exact: bool) -> bool:
    """Whether it is for somebody of ``places``; ``exact`` (a unit, which is in an alliance of the street): the area
    served is not just somewhere in them.

    Of a person it may not be known where they belong (none): then nobody is turned away.
    """
    narrow = row.serves_id
    if exact:
        return len(narrow) <= STREET_LENGTH or any(place.startswith(narrow) for place in places)
    return not places or any(place.startswith(narrow) or narrow.startswith(place) for place in places)


def known_places(user: User) -> frozenset[str]:
    """Codes of where a person is known to belong: their own area, where they work, where their units are in alliances,
    what upper apps know of them (``person.places``). Looked up once.
    """
    known: frozenset[str] | None = getattr(user, "_known_places", None)
    if known is None:
        streets = alliance_streets(user).values_list("alliance__street_code", flat=True)
        own = {user.area_id or "", *(area for _role, area in user.roles), *streets}
        found = own.union(*(places(user) for places in contributions("person.places")))
        known = frozenset(code for code in found if code)
        user._known_places = known  # type: ignore[attr-defined]
    return known


def comes_out(row: Resource) -> bool:
    """Whether somebody comes to whoever books: they have to know where."""
    said = (row.name, *row.aliases, row.words, row.conditions)
    return row.kind.form == Form.VISIT and any("上门" in one for one in said)
