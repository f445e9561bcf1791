"""部分解决 leaves something over: who looks at it, and the list of what was left.

The one exception to "nobody reads single answers", told to the resident on the button: the community's secretary, and
never somebody who handled the need. Where the secretary did, or there is none, the street's head of section or party
office looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import chain, islice
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from needs.models import Answer, Need, NeedEvent
from needs.states import Outcome, State, Verb
from people.models import Area, RoleGrant, User
from people.states import CODE_LENGTH, Role

KEPT = timedelta(days=90)
AT_MOST = 50
ROLES = (Role.COMMUNITY_SECRETARY, Role.SECTION_HEAD, Role.PARTY_OFFICE)
"""Who looks at it, in this order."""
NOT_HANDLING = (Verb.NOTE, Verb.DIAL)
"""Whoever took any other step has handled it."""
Posts = dict[tuple[str, str], set[int]]
Handlers = dict[int, set[int]]


@dataclass(frozen=True)
class Remainder:
    """What was left over of one need."""

    pk: int
    number: str
    area: str
    title: str
    at: datetime
    words: str


def readers(need: Need) -> list[User]:
    """Who is told that something is left over of ``need``: nobody who has handled it."""
    keys = _readers(need.area_id, _posts([need.area_id]), _handlers([need.pk])[need.pk])
    return list(User.objects.filter(pk__in=keys).order_by("pk"))


def remainders(user: User) -> list[Remainder]:
    """What was left over in the last 90 days and is for ``user`` to look at, newest first, at most fifty."""
    codes = user.areas_of(*ROLES)
    if not codes:
        return []
    inside = reduce(or_, (Q(code__startswith=code) for code in codes))
    areas = list(Area.objects.filter(inside).values_list("code", flat=True))
    partly = Answer.objects.filter(area_id__in=areas, at__gte=timezone.now() - KEPT, outcome=Outcome.PARTLY)
    answers = list(partly.select_related("need", "area").order_by("-at", "-id")[: 4 * AT_MOST])
    handled = _handlers(answer.need_id for answer in answers)
    posts = _posts({answer.area_id for answer in answers})
    mine = (answer for answer in answers if user.pk in _readers(answer.area_id, posts, handled[answer.need_id]))
    return [
        Remainder(row.need.pk, row.need.number, row.area.name, row.need.title, row.at, row.words)
        for row in islice(mine, AT_MOST)
    ]


def may_call(user: User, need: Need) -> bool:
    """Whether something was left over of ``need`` when it ended that is for ``user`` to follow: they may call then."""
    if need.state != State.CLOSED or not need.contact_phone or not user.has_role(*ROLES):
        return False
    since = timezone.now() - KEPT
    partly = Answer.objects.filter(need=need, round=need.rounds, outcome=Outcome.PARTLY, at__gte=since)
    return partly.exists() and user.pk in _readers(need.area_id, _posts([need.area_id]), _handlers([need.pk])[need.pk])


def _readers(area: str, posts: Posts, handled: set[int]) -> set[int]:
    for role in ROLES:
        if found := set().union(*(posts[code, role] for code in _around(area))) - handled:
            return found
    return set()


def _handlers(keys: Iterable[int]) -> Handlers:
    """By need: who has it, took a step with it, or was handed it."""
    needs = Need.objects.filter(pk__in=list(keys))
    found: Handlers = defaultdict(set)
    held = needs.filter(holder__isnull=False).values_list("pk", "holder_id")
    steps = NeedEvent.objects.filter(need__in=needs).exclude(verb__in=NOT_HANDLING)
    taken = steps.filter(actor__isnull=False).values_list("need_id", "actor_id")
    handed = steps.filter(verb=Verb.ASSIGN, params__has_key="to_id").values_list("need_id", "params__to_id")
    for need, person in chain(held, taken, handed, _named(steps)):
        found[need].add(person)
    return found


def _named(steps: QuerySet[NeedEvent]) -> Iterator[tuple[int, int]]:
    """Who was handed a need by a line that tells the name alone, as older ones do: everybody of that name."""
    old = steps.filter(verb=Verb.ASSIGN).exclude(params__has_any_keys=["to_id", "unit_id"])
    names = [(need, name) for need, name in old.values_list("need_id", "params__holder") if name]
    people = User.objects.filter(name__in={name for _need, name in names}) if names else User.objects.none()
    called: dict[str, set[int]] = defaultdict(set)
    for pk, name in people.values_list("pk", "name"):
        called[name].add(pk)
    return ((need, pk) for need, name in names for pk in called[name])


def _posts(areas: Iterable[str]) -> Posts:
    """Who holds which of the roles in question where, today: (area, role) to keys of accounts."""
    codes = {code for area in areas for code in _around(area)}
    grants = RoleGrant.objects.active().filter(area_id__in=codes, role__in=ROLES, user__is_active=True)
    found: Posts = defaultdict(set)
    for area, role, user in grants.values_list("area_id", "role", "user_id"):
        found[area, role].add(user)
    return found


def _around(area: str) -> list[str]:
    """The area's code and those of the areas it lies in."""
    return [area[:length] for length in sorted(CODE_LENGTH.values()) if length <= len(area)]
