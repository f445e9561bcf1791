"""推荐资源: what the alliance has that may help with a need, the best first with its reasons; one is proposed.

Nothing is assigned by it: whoever gives the resource is told and gets in touch, the need stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken, Text
from needs.messages.proposing import about_resource
from needs.models import Need, NeedEvent
from needs.services.hands import others
from needs.services.locked import locked_need
from needs.states import Verb
from notifications.services import queue
from people.models import User
from resources.models import Resource
from resources.services.people import givers
from resources.services.ranking import Criteria, rank

MOST = 3
LOADED = ("kind", "unit", "area")


@dataclass(frozen=True)
class Fitting:
    """A resource that may help, why, and whether it was proposed already."""

    resource: Resource
    reasons: list[Text]
    proposed: bool


def fitting(need: Need, *, most: int = MOST) -> list[Fitting]:
    """What may help with ``need``, the best first."""
    kinds = list(need.category.kinds.values_list("key", flat=True)) if need.category else []
    found = rank(Criteria(need.area_id, kinds=kinds, words=f"{need.title} {need.words}"), most=most)
    rows = Resource.objects.select_related(*LOADED).in_bulk([one.resource for one in found])
    done = _proposed(need) if found else set()
    return [Fitting(rows[one.resource], one.reasons, one.resource in done) for one in found if one.resource in rows]


def _proposed(need: Need) -> set[int]:
    lines = NeedEvent.objects.filter(need=need, verb=Verb.PROPOSE).values_list("params__resource_id", flat=True)
    return {int(pk) for pk in lines if pk is not None}


@transaction.atomic
def propose_resource(*, pk: int, by: User, resource: int, version: int | None = None) -> NeedEvent:
    """Propose ``resource`` for the need: whoever gives it is told, and a line stands in the need's history.

    Raises ``NotFound`` (either of them, or it does not serve the place), ``NotAllowed``, ``Conflict``, ``RuleBroken``
    (not as the need stands, proposed already, the unit takes a break).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.PROPOSE, version=version)
    offered = Resource.objects.kept_by(by).usable().serving(need.area_id)
    row = offered.select_related(*LOADED).filter(pk=resource).first()
    if row is None:
        raise NotFound(_("这一件现在不能推荐：停用了，或者不服务这里。"))
    if row.unit is not None and row.unit.is_suspended:
        raise RuleBroken(_("这家单位暂停参加了，请另选一件。"))
    if row.pk in _proposed(need):
        raise RuleBroken(_("这一件已经推荐过了，对方收到了。"))
    giver = str(row.unit or row.area.name)
    params = {"resource_id": row.pk, "resource": row.name, "giver": giver}
    event: NeedEvent = need.move_to(Verb.PROPOSE, actor=by, params=params)
    queue(
        about_resource(need, row),
        occurrence=f"{need.number}:{event.pk}",
        users=others(givers(row), by),
    )
    return event
