"""推荐资源: what the alliance has that may help with a need, the best first with its reasons; one is proposed.

Nothing is assigned by it: whoever gives the resource is told and gets in touch, the need stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken, Text
from members.models import Liaison
from needs.messages.proposing import about_resource, for_whoever_asked
from needs.models import Need, NeedEvent
from needs.services.hands import account_of, others
from needs.services.locked import locked_need
from needs.states import OPEN_STATES, Verb
from notifications.services import queue
from people.models import User
from resources.models import Booking, Resource
from resources.services.people import givers
from resources.services.ranking import Criteria, rank

MOST, FEW = 3, 20
LOADED = ("kind", "unit", "area")
UNREAD = (
    "title",
    "words",
    "contact_name",
    "contact_phone",
    "helped_name",
    "helped_phone",
    "tracking_code",
    "link_token",
)
"""What whoever gives a resource does not read of the need: not even fetched."""


@dataclass(frozen=True)
class Fitting:
    """A resource that may help, why, and whether it was proposed already."""

    resource: Resource
    reasons: list[Text]
    proposed: bool
    silent: bool = False
    """The unit that gives it has no liaison: nobody would read a message."""


@dataclass(frozen=True)
class When:
    """What is known besides: for when, and for how many people."""

    starts: datetime | None = None
    ends: datetime | None = None
    people: int | None = None


ANY_TIME = When()


def fitting(need: Need, *, most: int = MOST, when: When = ANY_TIME) -> list[Fitting]:
    """What may help with ``need``, the best first; with a unit's own need what units may use."""
    kinds = list(need.category.kinds.values_list("key", flat=True)) if need.category else []
    whom = True if need.asker_id else None
    words = f"{need.title} {need.words}"
    criteria = Criteria(need.area_id, kinds=kinds, words=words, for_units=whom, **asdict(when))
    return best_for(criteria, lambda: proposed(need), most=most)


def best_for(criteria: Criteria, done: Callable[[], Collection[int]], *, most: int) -> list[Fitting]:
    """The best for ``criteria``; ``done`` says which were proposed already."""
    found = rank(criteria, most=most)
    seats = Liaison.objects.active().filter(unit=OuterRef("unit"))
    rows = Resource.objects.select_related(*LOADED).annotate(seated=Exists(seats))
    known = rows.in_bulk([one.resource for one in found])
    before = done() if found else ()
    return [_fitting(known[one.resource], one.reasons, before) for one in found if one.resource in known]


def _fitting(row: Any, reasons: list[Text], before: Collection[int]) -> Fitting:
    return Fitting(row, reasons, row.pk in before, silent=row.unit_id is not None and not row.seated)


def proposed(need: Need) -> set[int]:
    """Keys of what was proposed for it."""
    return {int(event.params["resource_id"]) for event in proposals(need)}


def proposals(need: Need) -> list[NeedEvent]:
    """What was proposed for it, the newest first: who proposed it when; what and whose stand in ``params``."""
    rows = NeedEvent.objects.filter(need=need, verb=Verb.PROPOSE).select_related("actor")
    return [event for event in rows.order_by("-at", "-id") if "resource_id" in event.params]


def waiting_proposals(resources: Collection[int]) -> list[NeedEvent]:
    """For whoever gives ``resources``: where one of them was proposed for a need that is still open and nothing was
    booked since, the newest first. ``need`` comes with its areas and nothing of whom it is about.
    """
    if not resources:
        return []
    rows = NeedEvent.objects.filter(verb=Verb.PROPOSE, need__state__in=OPEN_STATES, params__resource_id__in=resources)
    rows = rows.select_related("need__area__parent").defer(*(f"need__{name}" for name in UNREAD))
    found = list(rows.order_by("-at", "-id")[:FEW])
    booked = _booked(found)
    return [event for event in found if (event.params["resource_id"], f"need:{event.need_id}") not in booked]


def _booked(events: list[NeedEvent]) -> set[tuple[int, str]]:
    if not events:
        return set()
    subjects = [f"need:{event.need_id}" for event in events]
    return set(Booking.objects.filter(subject__in=subjects).values_list("resource_id", "subject"))


def offered_to(by: User, area_code: str, pk: int, before: Collection[int]) -> Resource:
    """The resource ``pk``, if ``by`` may propose it there. Raises ``NotFound``, ``RuleBroken`` (proposed ``before``,
    the unit takes a break).
    """
    row = Resource.objects.kept_by(by).usable().serving(area_code).select_related(*LOADED).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("这一件现在不能推荐：停用了，或者不服务这里。"))
    if row.unit is not None and row.unit.is_suspended:
        raise RuleBroken(_("这家单位暂停参加了，请另选一件。"))
    if row.pk in before:
        raise RuleBroken(_("这一件已经推荐过了，对方收到了。"))
    return row


def named(row: Resource, told: Collection[User]) -> dict[str, Any]:
    """What an event keeps of it; ``silent`` where there was nobody who could be told."""
    found = {"resource_id": row.pk, "resource": row.name, "giver": str(row.unit or row.area.name)}
    return found if told else {**found, "silent": True}


@transaction.atomic
def propose_resource(*, pk: int, by: User, resource: int, version: int | None = None) -> NeedEvent:
    """Propose ``resource`` for the need: whoever gives it is told, and whoever asked; a line stands in the need's
    history, and says so where the unit has nobody to be told.

    Raises ``NotFound`` (either of them, or it does not serve the place), ``NotAllowed``, ``Conflict``, ``RuleBroken``
    (not as the need stands, proposed already, the unit takes a break).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.PROPOSE, version=version)
    row = offered_to(by, need.area_id, resource, proposed(need))
    told = givers(row)
    event: NeedEvent = need.move_to(Verb.PROPOSE, actor=by, params=named(row, told))
    occurrence = f"{need.number}:{event.pk}"
    queue(about_resource(need, row), occurrence=occurrence, users=others(told, by))
    # Whoever asked hears it once a round, however many are asked to help.
    queue(for_whoever_asked(need), occurrence=f"{need.number}:help:{need.rounds}", users=others(_asked(need), by))
    return event


def _asked(need: Need) -> list[User]:
    """The other side: the unit's liaisons where a unit asked, else the resident's account."""
    if need.asker_id is None:
        return account_of(need)
    seats = Liaison.objects.active().filter(unit_id=need.asker_id).select_related("user")
    return [seat.user for seat in seats.order_by("is_second", "pk")]
