"""A need's history for staff: its own steps, what whoever runs an errand did, and how requests for time ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import ClaimEvent
from claims.states import Verb
from needs import wording
from needs.models import Need, NeedEvent
from needs.presenting import more_time
from needs.states import RESIDENT_ONLY
from needs.states import Verb as NeedVerb

DROPPED = "extension_dropped"


def staff_events(need: Need) -> QuerySet[NeedEvent]:
    """The need's own history as staff read it, newest first: without what residents read of a step in its place."""
    return need.events.exclude(verb__in=RESIDENT_ONLY).select_related("actor").order_by("-at", "-id")


def claim_events(need: Need) -> list[ClaimEvent]:
    """Everything that happened to whoever ran an errand for ``need``, newest first."""
    rows = ClaimEvent.objects.filter(claim__offer__in=need.errands.values("offer_id"))
    return list(rows.select_related("actor", "claim__offer").order_by("-at", "-id"))


@dataclass(frozen=True)
class Beside:
    """Something that happened beside the need's own steps; ``why`` is for colleagues."""

    at: datetime
    verb: str
    text: str
    who: str = ""
    why: str = ""


def beside(need: Need, verbs: Collection[str]) -> list[Beside]:
    """What belongs into the history of ``need`` and is no step of its own, which has seen ``verbs``."""
    found: list[Beside] = []
    if NeedVerb.ERRAND in verbs:
        found += [_ran(event) for event in claim_events(need)]
    if NeedVerb.EXTEND in verbs:
        found += [Beside(at, DROPPED, more_time.dropped_line(asked)) for at, asked in more_time.dropped(need)]
    return found


def _ran(event: ClaimEvent) -> Beside:
    who = event.actor.name if event.actor else ""
    return Beside(event.at, f"errand_{event.verb}", for_staff(event), who, event.words)


def for_staff(event: ClaimEvent) -> str:
    """One line; ``event.actor`` None: the resident, or the clock."""
    if wording.is_called_off(event):
        return _("跑腿：%(what)s") % {"what": wording.called_off(event)}
    by_resident, office = event.actor_id is None, {"office": wording.sender(event.claim.offer)}
    said = {
        Verb.CLAIM: _("接单"),
        Verb.SEND: _("开始送"),
        Verb.DELIVER: _("说送到了"),
        Verb.CONFIRM: _("居民说收到了") if by_resident else _("%(office)s代居民确认收到") % office,
        Verb.NOT_THERE: _("居民说没收到") if by_resident else _("还没收到，请志愿者再看看"),
        Verb.RETURN: _("退回，又等人接"),
        Verb.RELEASE: _("%(office)s收回，又等人接") % office,
        Verb.EXPIRE: _("没来得及送到"),
    }
    return _("跑腿：%(what)s") % {"what": said[Verb(event.verb)]}
