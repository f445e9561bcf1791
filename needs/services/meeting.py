"""The other way round: for a resource, what of residents, units and wishes it could meet, the best first, with why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Value

from alliance.lib.errors import Text
from alliance.lib.search import Matches, Query, either
from needs.models import Need, NeedEvent, Wish
from needs.services.wish_proposing import criteria_of
from needs.states import Nature, State, Verb
from needs.states.wish import WishVerb
from people.models import User
from resources.models import Resource
from resources.services.candidates import Row, row_of
from resources.services.ranking import Criteria, judge, pairs
from resources.states import Form, ResourceState

LOOKED_AT = 60
MOST = 5


@dataclass(frozen=True)
class Met:
    """Something the resource could meet: a need or a wish, why, and whether it was proposed for it already."""

    thing: Need | Wish
    score: float
    reasons: list[Text]
    proposed: bool


def could_meet(resource: Resource, by: User, *, most: int = MOST) -> list[Met]:
    """Open needs and wishes of its area that ``by`` sees. Whoever gives it sees none of them: that is what proposing
    is for. Nothing for what is not usable, nor for what one walks into.
    """
    if resource.state != ResourceState.USABLE or resource.is_over or resource.kind.form == Form.WALK_IN:
        return []
    row = row_of(resource)
    found = [*_judged(row, _needs(resource, by), _need_criteria), *_judged(row, _wishes(resource, by), criteria_of)]
    best = sorted(found, key=lambda one: (-one[0], -one[1].created_at.timestamp()))[:most]
    done = _proposed(resource, [thing for _score, thing, _reasons in best])
    return [Met(thing, score, reasons, (type(thing), thing.pk) in done) for score, thing, reasons in best]


def _judged(row: Row, rows: Iterable[Any], criteria: Callable[[Any], Criteria]) -> list[tuple[float, Any, list[Text]]]:
    judged = ((thing, judge(row, criteria(thing))) for thing in rows)
    return [(one.score, thing, one.reasons) for thing, one in judged if one is not None]


def _need_criteria(need: Need) -> Criteria:
    kinds = [kind.key for kind in need.category.kinds.all()] if need.category else []
    return Criteria(need.area_id, kinds=kinds, words=f"{need.title} {need.words}")


def _needs(resource: Resource, by: User) -> list[Need]:
    """The newest of its kind, and the newest in whose words it is called by its name."""
    rows = Need.objects.visible_to(by).filter(
        state__in=[State.PENDING, State.IN_PROGRESS], area__code__startswith=resource.serves_id
    )
    rows = rows.filter(street_code=resource.street_code).exclude(nature=Nature.PRAISE)
    rows = rows.select_related("area", "category", "asker")
    rows = rows.prefetch_related("category__kinds").order_by("-created_at", "-id")
    if not resource.for_units:
        rows = rows.filter(asker__isnull=True)
    found = list(rows.filter(category__kinds=resource.kind_id)[:LOOKED_AT])
    if said := pairs(f"{resource.name} {' '.join(resource.aliases)} {resource.kind.name}"):
        found += rows.filter(Matches("search", Query(Value(either(said)))))[:LOOKED_AT]
    return list({need.pk: need for need in found}.values())


def _wishes(resource: Resource, by: User) -> list[Wish]:
    rows = Wish.objects.visible_to(by).claimable().filter(area__code__startswith=resource.serves_id)
    return list(rows.filter(street_code=resource.street_code).select_related("area").order_by("-pk")[:LOOKED_AT])


def _proposed(resource: Resource, things: Iterable[Need | Wish]) -> set[tuple[type, int]]:
    needs = [thing.pk for thing in things if isinstance(thing, Need)]
    lines = NeedEvent.objects.filter(need__in=needs, verb=Verb.PROPOSE, params__resource_id=resource.pk)
    found: set[tuple[type, int]] = {(Need, pk) for pk in lines.values_list("need", flat=True)} if needs else set()
    for wish in (thing for thing in things if isinstance(thing, Wish)):
        if wish.events.filter(verb=WishVerb.PROPOSE, params__resource_id=resource.pk).exists():
            found.add((Wish, wish.pk))
    return found
