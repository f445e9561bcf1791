"""In whose hands a need is, and who could take it."""

from __future__ import annotations

from needs.models import Need
from people.models import Area, User
from people.services.accounts import holders
from people.states import COMMUNITY_ROLES, Level, Role


def first_handlers(area: Area) -> list[User]:
    """Who is told of a need nobody has taken: the community's people; the street's where the community has none."""
    own = holders(COMMUNITY_ROLES, area.code) if area.level != Level.STREET else []
    return own or holders([Role.STREET_STAFF, Role.PARTY_OFFICE], area.street_code)


def hands(need: Need) -> list[User]:
    """Whoever has the need, or those who could take it."""
    return [need.holder] if need.holder else first_handlers(need.area)
