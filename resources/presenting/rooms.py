"""Which rooms are when taken, by whom: a day or a week of the rooms of a place, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from resources.models import Booking, Hold, Resource
from resources.presenting import facts, times
from resources.reach import Reach, reaches_of
from resources.services.free import days_of_many
from resources.services.hours import MOST_BUFFER, Day, start_of, with_taken
from resources.states import BookingState, Form

MOST_ROOMS = 60
WEEK = 7


@dataclass(frozen=True)
class Room:
    """One room with the days that are shown."""

    name: str
    where: str
    url: str
    days: list[dict[str, Any]]


def rooms_of(user: User, place: str = "") -> list[Resource]:
    """Spaces in use in the streets ``user`` works in, in ``place`` if one is named; one more than are shown."""
    rows = Resource.objects.kept_by(user).usable().filter(kind__form=Form.SPACE)
    if place:
        rows = rows.filter(area__code__startswith=place)
    return list(rows.select_related("area", "kind", "within").order_by("area_id", "name", "pk")[: MOST_ROOMS + 1])


def calendar(user: User, rooms: Sequence[Resource], first: date, number: int) -> list[Room]:
    """``number`` days from ``first`` on of every room."""
    days = [first + timedelta(days=n) for n in range(number)]
    reaches = reaches_of(rooms)
    held = _holds(rooms, reaches, first, number)
    open_ = {day: days_of_many(rooms, day, reaches) for day in days}
    return [
        Room(
            room.name,
            facts.place_of(room, user),
            reverse("admin:resources_resource_change", args=[room.pk]),
            _folded([_day(room, open_[day][room.pk], held[room.pk]) for day in days]),
        )
        for room in rooms
    ]


def _holds(rooms: Sequence[Resource], reaches: Mapping[int, Reach], first: date, number: int) -> dict[int, list[Hold]]:
    """By room: the live holds of it, or of the rooms it is made of."""
    span = (start_of(first) - MOST_BUFFER, start_of(first + timedelta(days=number)) + MOST_BUFFER)
    rows = Hold.objects.filter(resource__in={key for reach in reaches.values() for key in reach.held}, live=True)
    rows = rows.filter(during__overlap=span).select_related("booking__unit", "booking__office", "booking__resource")
    by_leaf: dict[int, list[Hold]] = defaultdict(list)
    for hold in rows:
        by_leaf[hold.resource_id].append(hold)
    return {room.pk: [hold for leaf in sorted(reaches[room.pk].held) for hold in by_leaf[leaf]] for room in rooms}


def _day(room: Resource, found: Day, holds: Sequence[Hold]) -> dict[str, Any]:
    begin = start_of(found.day)
    end = start_of(found.day + timedelta(days=1))
    bookings = {hold.booking_id: hold.booking for hold in holds}
    today = [row for row in bookings.values() if row.starts < end and row.ends > begin]
    free = with_taken(found, holds, room).free if holds else found.open
    spans = [_taken(row, room, begin, end) for row in today]
    spans += [{"from": opens, "when": times.span((opens, closes)), "free": True} for opens, closes in free]
    return {
        "day": found.day,
        "label": times.day(found.day),
        "closed": found.closed_why is not None or not found.open,
        "why": found.closed_why or (_("那天关门") if found.closed_why is not None else _("不开放")),
        "spans": sorted(spans, key=lambda span: span["from"]),
        "taken": sorted((span for span in spans if not span["free"]), key=lambda span: span["from"]),
        "today": found.day == timezone.localdate(),
    }


def _folded(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Days that follow each other and say the same are one line where there is little room, except today's."""
    runs: list[list[dict[str, Any]]] = []
    for day in days:
        same = runs and _alike(runs[-1][-1], day)
        runs[-1].append(day) if same else runs.append([day])
    for run in runs:
        first, last = (one["day"].isoweekday() for one in (run[0], run[-1]))
        run[0]["run"] = times.days(first, last) if len(run) > 1 else ""
        for one in run[1:]:
            one["folded"] = True
    return days


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["taken"] or other["taken"] or one["today"] or other["today"]:
        return False
    return (one["closed"], one["closed"] and one["why"]) == (other["closed"], other["closed"] and other["why"])


def _taken(row: Booking, room: Resource, begin: datetime, end: datetime) -> dict[str, Any]:
    first, last = (
        int((moment - begin).total_seconds() // 60) for moment in (max(row.starts, begin), min(row.ends, end))
    )
    return {
        "from": first,
        "when": times.span((first, last)),
        "free": False,
        "who": facts.booker_of(row),
        "purpose": row.purpose,
        "whole": row.resource.name if row.resource_id != room.pk else "",
        "asked": row.state == BookingState.ASKED,
        "url": reverse("admin:resources_booking_change", args=[row.pk]),
    }
