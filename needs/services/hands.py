"""In whose hands a need is, and who could take it."""

from __future__ import annotations

from collections.abc import Iterable

from needs.models import Errand, Need
from needs.permissions import parties_of
from needs.states import HANDLERS, STAND_INS, STREET_HANDLERS, Office, Party
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.accounts import holders
from people.states import COMMUNITY_ROLES, Level, Role, SignIn

AT_STREET = (Role.STREET_STAFF, Role.PARTY_OFFICE)


def first_handlers(area: Area, office: str = Office.COMMUNITY) -> list[User]:
    """Who is told of a need from ``area`` that nobody at ``office`` has taken.

    The community's people, or the street's where the community has none; the street's; the leaders, or
    those who stand in for them.
    """
    if office == Office.LEADER:
        return holders([Role.LEADER], area.street_code) or holders(STAND_INS, area.street_code)
    own = area.level != Level.STREET and office == Office.COMMUNITY
    return (holders(COMMUNITY_ROLES, area.code) if own else []) or holders(AT_STREET, area.street_code)


def senders(errand: Errand) -> list[User]:
    """Who looks after ``errand``: the people of the office that sent it out."""
    return first_handlers(errand.need.area, Office.STREET if errand.offer.by_street else Office.COMMUNITY)


def hands(need: Need) -> list[User]:
    """Whoever has the need, or those who could take it, or their superiors; empty where nobody is left.

    Who has left, or may not handle it where it lies now, is told nothing any more.
    """
    holder = need.holder
    if holder and holder.is_active and Party.HANDLER in parties_of(holder, need):
        return [holder]
    return _first(need.area, need.office)


def hands_of(holder: User | None, area_code: str) -> list[User]:
    """As ``hands``, of a running limit: ``area_code`` is that of the office that has it, a community or the street."""
    may = STREET_HANDLERS if len(area_code) == STREET_LENGTH else HANDLERS
    if holder and holder.is_active and holder.roles_at(area_code) & may:
        return [holder]
    return _first(Area.objects.get(pk=area_code), Office.COMMUNITY)


def _first(area: Area, office: str) -> list[User]:
    return first_handlers(area, office) or holders([Role.SECTION_HEAD], area.street_code)


def others(people: Iterable[User], by: User | None) -> list[User]:
    """``people`` without whoever did it: nobody is told what they have just done."""
    return [user for user in people if by is None or user.pk != by.pk]


def account_of(need: Need) -> list[User]:
    """The account in which the resident finds this need, if there is one: who has it reads the news there too."""
    rows = User.objects.filter(sign_in=SignIn.PHONE, phone_index=need.phone_index, is_active=True)
    return [user for user in rows if need.resident_id == user.pk or need.created_at >= user.phone_since]
