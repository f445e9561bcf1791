"""What the one page of a meeting shows, part by part."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import ActionItem, Meeting
from meetings.permissions import meeting_abilities
from meetings.presenting import meeting as words
from meetings.presenting import rows
from meetings.presenting.words import host_of, meeting_state, when
from meetings.services.presence import BEFORE
from meetings.services.proposing import proposals
from meetings.services.venue import has_room
from meetings.states import AHEAD, OVER, MeetingState, MeetingVerb
from people.models import User
from resources.states import BookingState

Acts = dict[str, dict[str, Any]]


def page_of(row: Meeting, user: User, acts: Acts, refused: dict[str, Any]) -> dict[str, Any]:
    """``acts``: those that stand on the page, by name; ``refused``: forms just refused, by name."""
    invitees, verbs = rows.invitees(row), meeting_abilities(user, row)
    counts, points = rows.counts(invitees), _points(row, user, refused.get("result"))
    actions = list(row.actions.select_related("unit", "office").order_by("due_on", "pk"))
    turned = {one.item_id for one in actions}
    orders = MeetingVerb.AGENDA in verbs
    return {
        "meeting": row,
        "state": meeting_state(row),
        "when": when(row),
        "host": host_of(row),
        "room": _room(row),
        "phases": words.phases(row),
        "hand": words.hand(row, counts),
        "due": words.minutes_due(row),
        "points": points,
        "proposed": rows.proposed(proposals(row), user) if orders else [],
        "orders": orders,
        "invitees": invitees,
        "counts": counts,
        "ahead": row.state in AHEAD,
        "over": row.state in OVER or row.state == MeetingState.SENT,
        "resolved": [rows.resolution(one) for one in actions],
        "to_turn": [one["item"] for one in points if one["item"].result and one["item"].pk not in turned],
        "placed": acts,
        "minutes": row.minutes.select_related("by").order_by("-revision").first(),
        "may_minute": MeetingVerb.MINUTE in verbs,
        "may_edit": MeetingVerb.EDIT in verbs,
        "signs_in": MeetingVerb.PRESENT in verbs and row.starts - BEFORE <= timezone.now() <= row.ends,
        "notice": _notice(row, [one["item"].title for one in points], actions),
        "timeline": words.story(row),
    }


def _notice(row: Meeting, points: list[str], actions: list[ActionItem]) -> str:
    """What is pasted into the group: before, the invitation; afterwards what was resolved."""
    if row.state in AHEAD:
        return words.notice(row, points)
    return words.outcome(row, actions) if row.state != MeetingState.CALLED_OFF else ""


def _room(row: Meeting) -> dict[str, str]:
    """The room that was booked for it, as long as that stands."""
    if row.booking is None or not (has_room(row) or row.booking.state == BookingState.USED):
        return {}
    url = reverse("admin:resources_booking_change", args=[row.booking_id])
    waits = row.booking.state == BookingState.ASKED
    name = row.booking.resource.name
    return {"text": _("%(hall)s，等对方答应") % {"hall": name} if waits else name, "url": url}


def _points(row: Meeting, user: User, refused: Any) -> list[dict[str, Any]]:
    """The agenda; a result that was just refused stands at its point with its words."""
    found = rows.agenda(row, user)
    for place, one in enumerate(found, 1):
        key = one["item"].pk
        one |= {"first": place == 1, "last": place == len(found)}
        one["refused"] = refused if refused is not None and str(refused["item"].value()) == str(key) else None
    return found
