"""One need as staff read it over the API."""

from __future__ import annotations

from typing import Any

from alliance.lib.errors import NotAllowed, NotFound
from alliance.lib.privacy import mask_name, mask_phone
from needs import wording
from needs.api.hand import hand_of
from needs.models import Extension, Need, NeedEvent
from needs.permissions import abilities
from needs.presenting import more_time
from needs.presenting.ran import Beside, beside, staff_events
from needs.services import extension_clock
from needs.services.extensions import waiting_extension
from needs.states import Audience

JOINED = ("area__parent", "holder", "unit", "category", "asker")


def visible(user: Any, pk: int) -> Need:
    """One need of the caller's areas. Raises ``NotFound``, for another street's too."""
    if "view" not in abilities(user):
        raise NotAllowed
    need = Need.objects.visible_to(user).select_related(*JOINED).filter(pk=pk).first()
    if need is None:
        raise NotFound
    return need


def detail(need: Need, user: Any) -> dict[str, Any]:
    """``need`` in the shape of ``NeedDetail``."""
    return {
        "id": need.pk,
        "number": need.number,
        "title": need.title,
        "area": need.area_id,
        "area_name": need.area.name,
        "place": need.place,
        "spot": need.spot,
        "state": need.state,
        "urgent": need.urgent,
        "nature": need.nature,
        "category": need.category.name if need.category else None,
        "holder": need.holder.name if need.holder else None,
        "created_at": need.created_at,
        "reply_by": need.reply_by,
        "first_reply_at": need.first_reply_at,
        "done_by": need.done_by,
        "words": need.words,
        "origin": need.origin,
        "asker": need.asker.name if need.asker else None,
        "listed_words": need.listed_words,
        "contact_name": mask_name(need.contact_name),
        "contact_phone": mask_phone(need.contact_phone),
        "version": need.version,
        "abilities": sorted(abilities(user, need)),
        "events": _history(need),
        **_place(need),
    }


def _place(need: Need) -> dict[str, Any]:
    """At whose desk, in whose hands, why there, and whether the clock stands."""
    return {
        "office": need.office,
        "unit": str(need.unit) if need.unit else None,
        "hand": hand_of(need),
        "unit_said": need.unit_said,
        "unit_comes_on": need.unit_comes_on,
        "why_here": need.why_here,
        "waiting": need.waiting_since,
        "rounds": need.rounds,
        "declined": need.declined,
        "extension": _extension(waiting_extension(need)),
    }


def _extension(asked: Extension | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {
        "id": asked.pk,
        "before": asked.before,
        "until": asked.until,
        "reason": asked.reason,
        "asked_by": asked.asked_by.name,
        "decider": more_time.decider(asked),
        "decide_by": extension_clock.last_day(asked),
    }


def _history(need: Need) -> list[dict[str, Any]]:
    """As on the page: the need's own steps, those of whoever ran an errand for it, and requests that fell."""
    events = list(staff_events(need))
    rows = [_event(event) for event in events]
    if more := beside(need, {event.verb for event in events}):
        rows = sorted([*rows, *map(_beside, more)], key=lambda row: row["at"], reverse=True)
    return rows


def _beside(one: Beside) -> dict[str, Any]:
    said = {"at": one.at, "verb": one.verb, "text": one.text, "words": "", "why": one.why}
    return {**said, "audience": Audience.STAFF, "actor": one.who or None}


def _event(event: NeedEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "verb": wording.shown_verb(event),
        "text": wording.event_for_staff(event),
        "words": event.words,
        "why": event.why,
        "audience": event.audience,
        "actor": wording.actor(event) or None,
    }
