"""推荐资源 for a wish on the wall: whoever gives it is asked to take it, whoever registered the wish knows.

Nothing is assigned: the wish stays on the wall until somebody claims it.
"""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from needs.messages.proposing import about_resource_for_wish, for_keepers
from needs.models import Wish, WishEvent
from needs.permissions import wish_abilities
from needs.services.hands import others
from needs.services.meanwhile import require_version
from needs.services.proposing import ANY_TIME, MOST, Fitting, When, best_for, named, offered_to
from needs.services.wish_people import wish_keepers
from needs.services.wish_stages import stage_of
from needs.states.wish import WishStage, WishVerb
from notifications.services import queue
from people.models import User
from resources.services.people import givers
from resources.services.ranking import Criteria
from resources.states import Form


def fitting_wish(wish: Wish, *, most: int = MOST, when: When = ANY_TIME) -> list[Fitting]:
    """What may fulfil ``wish``, the best first: by what stands on the wall alone."""
    return best_for(criteria_of(wish, when), lambda: proposed(wish), most=most)


def criteria_of(wish: Wish, when: When = ANY_TIME) -> Criteria:
    """Somebody who comes, or a thing: a room fulfils no wish."""
    words = f"{wish.item} {wish.story}"
    return Criteria(wish.area_id, words=words, forms=(Form.VISIT, Form.PIECES), **asdict(when))


def proposals(wish: Wish) -> list[WishEvent]:
    """What was proposed for it, the newest first."""
    rows = WishEvent.objects.filter(wish=wish, verb=WishVerb.PROPOSE).select_related("actor")
    return list(rows.order_by("-at", "-id"))


def proposed(wish: Wish) -> set[int]:
    """Keys of what was proposed for it."""
    return {int(event.params["resource_id"]) for event in proposals(wish)}


@transaction.atomic
def propose_for_wish(*, pk: int, by: User, resource: int, version: int | None = None) -> WishEvent:
    """Propose ``resource`` for the wish; both sides are told.

    Raises ``NotFound`` (either of them, or it does not serve the place), ``NotAllowed``, ``Conflict``, ``RuleBroken``
    (nobody can take the wish now, proposed already, the unit takes a break).
    """
    wish: Wish = Wish.objects.visible_to(by).select_related("area", "offer", "raised_by", "verified_by").locked(pk)
    require_version(wish, version)
    if stage_of(wish) != WishStage.OPEN:
        raise RuleBroken(_("这个心愿现在没有在等人认领，不用推荐。"))
    if WishVerb.PROPOSE not in wish_abilities(by, wish):
        raise NotAllowed
    row = offered_to(by, wish.area_id, resource, proposed(wish))
    told = givers(row)
    event: WishEvent = wish.move_to(WishVerb.PROPOSE, actor=by, params=named(row, told))
    occurrence = f"{wish.number}:{event.pk}"
    queue(about_resource_for_wish(wish, row), occurrence=occurrence, users=others(told, by))
    queue(for_keepers(wish, row), occurrence=f"{occurrence}:a", users=others(wish_keepers(wish, office=False), by))
    return event
