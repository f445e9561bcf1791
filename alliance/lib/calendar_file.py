"""Calendar files (.ics): what happens when and where, in Hangzhou's time, as any calendar reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

HERE = ZoneInfo("Asia/Shanghai")
TYPE = "text/calendar; charset=utf-8"
EVERY = timedelta(hours=6)
"""How often a calendar that follows a feed may ask again."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """``key``: the same each time (``meeting:12``), so that a calendar changes what it has. ``revision`` grows with
    every change. ``starts`` and ``ends`` know their time zone."""

    key: str
    starts: datetime
    ends: datetime
    title: str
    place: str = ""
    words: str = ""
    url: str = ""
    revision: int = 0
    cancelled: bool = False


def calendar_file(happenings: Iterable[Happening], *, made_at: datetime, name: str = "") -> bytes:
    """The file, escaped and folded, lines ended as the standard wants. ``name``: of a feed that is followed."""
    found = Calendar()
    found.add("prodid", "-//Tongxin//Tongxin//ZH")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    if name:
        found.add("x-wr-calname", name)
        found.add("x-wr-timezone", str(HERE))
        found.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    for one in happenings:
        found.add_component(_event(one, made_at))
    found.add_missing_timezones()
    return bytes(found.to_ical())


def _event(one: Happening, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.key}@{settings.SITE_URL.rpartition('/')[2] or 'tongxin'}")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", one.starts.astimezone(HERE))
    event.add("dtend", one.ends.astimezone(HERE))
    event.add("summary", one.title)
    event.add("sequence", one.revision)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    for label, value in (("location", one.place), ("description", one.words), ("url", one.url)):
        if value:
            event.add(label, value)
    return event
