"""In whose hands a need is, and who could take it."""

from __future__ import annotations

from needs.models import Need
from needs.states import HANDLERS
from people.models import Area, User
from people.services.accounts import holders
from people.states import COMMUNITY_ROLES, Level, Role, SignIn


def first_handlers(area: Area) -> list[User]:
    """Who is told of a need nobody has taken: the community's people; the street's where the community has none."""
    own = holders(COMMUNITY_ROLES, area.code) if area.level != Level.STREET else []
    return own or holders([Role.STREET_STAFF, Role.PARTY_OFFICE], area.street_code)


def hands(need: Need) -> list[User]:
    """Whoever has the need, or those who could take it, or their superiors; empty where nobody is left."""
    return hands_of(need.holder, need.area_id)


def hands_of(holder: User | None, area_code: str) -> list[User]:
    """``holder`` while they may still handle what comes from ``area_code``: who has left is told nothing any more."""
    if holder and holder.is_active and holder.roles_at(area_code) & HANDLERS:
        return [holder]
    return first_handlers(Area.objects.get(pk=area_code)) or holders([Role.SECTION_HEAD], area_code)


def account_of(need: Need) -> list[User]:
    """The account in which the resident finds this need, if there is one: who has it reads the news there too."""
    rows = User.objects.filter(sign_in=SignIn.PHONE, phone_index=need.phone_index, is_active=True)
    return [user for user in rows if need.resident_id == user.pk or need.created_at >= user.phone_since]
