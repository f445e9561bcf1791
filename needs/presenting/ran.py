"""A need's history for staff: its own steps, and what whoever runs an errand did."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import ClaimEvent
from claims.states import Verb
from needs import wording
from needs.models import Need, NeedEvent
from needs.states import RESIDENT_ONLY


def staff_events(need: Need) -> QuerySet[NeedEvent]:
    """The need's own history as staff read it, newest first: without what residents read of a step in its place."""
    return need.events.exclude(verb__in=RESIDENT_ONLY).select_related("actor").order_by("-at", "-id")


def claim_events(need: Need) -> list[ClaimEvent]:
    """Everything that happened to whoever ran an errand for ``need``, newest first."""
    rows = ClaimEvent.objects.filter(claim__offer__in=need.errands.values("offer_id"))
    return list(rows.select_related("actor").order_by("-at", "-id"))


def staff_lines(need: Need) -> list[tuple[Any, dict[str, Any]]]:
    """``(moment, line)`` of each, the line in the shape of ``timeline``; what the runner wrote is for colleagues."""
    return [
        (
            event.at,
            {
                "at": wording.moment(event.at),
                "who": event.actor.name if event.actor else "",
                "text": for_staff(event),
                "said": "",
                "why": event.words,
                "kind": "event",
                "reported": False,
            },
        )
        for event in claim_events(need)
    ]


def for_staff(event: ClaimEvent) -> str:
    """One line; ``event.actor`` None: the resident, or the clock."""
    if wording.is_called_off(event):
        return _("跑腿：%(what)s") % {"what": wording.called_off(event)}
    by_resident = event.actor_id is None
    said = {
        Verb.CLAIM: _("接单"),
        Verb.SEND: _("开始送"),
        Verb.DELIVER: _("说送到了"),
        Verb.CONFIRM: _("居民说收到了") if by_resident else _("社区代居民确认收到"),
        Verb.NOT_THERE: _("居民说没收到") if by_resident else _("还没收到，请志愿者再看看"),
        Verb.RETURN: _("退回，又等人接"),
        Verb.RELEASE: _("社区收回，又等人接"),
        Verb.EXPIRE: _("没来得及送到"),
    }
    return _("跑腿：%(what)s") % {"what": said[Verb(event.verb)]}
