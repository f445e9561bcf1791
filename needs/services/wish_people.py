"""Who is told about a wish: those who verify, those who approve, those who keep it."""

from __future__ import annotations

from claims.models import ClaimEvent
from claims.states import Verb
from needs.models import Wish
from needs.permissions import approving_roles
from needs.states.wish import KEEPERS
from people.models import User
from people.services.accounts import holders
from people.states import COMMUNITY_ROLES


def wish_verifiers(wish: Wish) -> list[User]:
    """The people of the community, who know the door."""
    return holders(COMMUNITY_ROLES, wish.area_id)


def wish_approvers(wish: Wish) -> list[User]:
    """Those who may say yes or no, as things stand now; never whoever verified."""
    return [user for user in holders(approving_roles(wish), wish.area_id) if user.pk != wish.verified_by_id]


def wish_keepers(wish: Wish, *, office: bool = True) -> list[User]:
    """Whoever registered and verified it, while they still work there; with ``office`` the community's people too."""
    own = [user for user in (wish.raised_by, wish.verified_by) if user and _still_there(user, wish)]
    return list(dict.fromkeys([*own, *(wish_verifiers(wish) if office else [])]))


def _still_there(user: User, wish: Wish) -> bool:
    return user.is_active and bool(user.roles_at(wish.area_id) & KEEPERS)


def wish_confirmers(wish: Wish, claim: int) -> list[User]:
    """Its keepers who may confirm what was brought with ``claim``: never whoever reported that it was."""
    reports = ClaimEvent.objects.filter(claim_id=claim, verb=Verb.DELIVER).order_by("-pk")
    reporter = reports.values_list("actor_id", flat=True).first()
    return [user for user in wish_keepers(wish) if user.pk != reporter]
