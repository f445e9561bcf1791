"""Who is told about a wish: those who verify, those who approve, those who keep it."""

from __future__ import annotations

from needs.models import Wish, WishPolicy
from needs.states.wish import APPROVERS, KEEPERS, Approver
from people.models import User
from people.services.accounts import holders
from people.states import COMMUNITY_ROLES


def wish_verifiers(wish: Wish) -> list[User]:
    """The people of the community, who know the door."""
    return holders(COMMUNITY_ROLES, wish.area_id)


def wish_approvers(wish: Wish) -> list[User]:
    """Those whom the street's setting names."""
    return holders(APPROVERS[Approver(WishPolicy.objects.approver_of(wish.street_code))], wish.area_id)


def wish_keepers(wish: Wish, *, office: bool = True) -> list[User]:
    """Whoever registered and verified it, while they still work there; with ``office`` the community's people too."""
    own = [user for user in (wish.raised_by, wish.verified_by) if user and _still_there(user, wish)]
    return list(dict.fromkeys([*own, *(wish_verifiers(wish) if office else [])]))


def _still_there(user: User, wish: Wish) -> bool:
    return user.is_active and bool(user.roles_at(wish.area_id) & KEEPERS)
