"""A need leaves the hands it is in: for another office, or back to the whole of this one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from needs.messages.triage import NeedTakenOver, for_staff
from needs.models import Need, NeedEvent
from needs.models.need import NO_UNIT
from needs.services import limits
from needs.services.extensions import drop_extensions
from needs.services.hands import first_handlers, others
from needs.services.news import MOVES, no_news
from needs.services.seats import thank
from needs.services.waiting_ends import stop_waiting
from needs.states import Verb
from notifications.services import queue
from people.models import User


def leave_hands(need: Need, *, by: User, verb: Verb, why: str, **changes: Any) -> NeedEvent:
    """Take the step ``verb`` that puts the locked ``need`` before a whole office, and tell everybody concerned.

    The promise stays and its clock runs on; the first response is awaited anew.
    """
    before, unit, holder, since = need.desk.name, need.unit, need.holder, need.waiting_since
    changes |= {**NO_UNIT, "holder": None, "held_since": timezone.now(), "why_here": why}
    if since:
        changes |= {"waiting_since": None, limits.promise_field(need): limits.go_on(need)}
    event: NeedEvent = need.move_to(verb, actor=by, changes=changes, why=why, params={"area": before})
    drop_extensions(need)
    no_news(need, before=event)
    limits.moved(need)
    stop_waiting(need, since)
    occurrence = f"{need.number}:{event.pk}"
    told = for_staff(MOVES[verb], need, who=by.name)
    queue(told, occurrence=occurrence, users=others(first_handlers(need.area, need.office), by))
    if holder is not None:
        over = for_staff(NeedTakenOver, need, who=by.name, holder=need.desk.name)
        queue(over, occurrence=occurrence, users=others([holder], by))
    thank(unit, need, occurrence=occurrence, office=before)
    return event
