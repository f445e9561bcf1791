"""A booking as a file for somebody's own calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from resources.models import Booking
from resources.presenting.facts import place_of
from resources.states import LIVE, BookingState

MOST_BYTES = 75


def calendar_file(row: Booking, user: Any) -> str:
    """One event: when, what, where. Nothing of any person."""
    host = urlsplit(settings.SITE_URL).hostname or "tongxin"
    state = "CANCELLED"
    if row.state in LIVE or row.state == BookingState.USED:
        state = "TENTATIVE" if row.state == BookingState.ASKED else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tongxin//bookings//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{row.number}@{host}",
        f"SEQUENCE:{row.version}",
        f"DTSTAMP:{_moment(timezone.now())}",
        f"DTSTART:{_moment(row.starts)}",
        f"DTEND:{_moment(row.ends)}",
        f"SUMMARY:{_text(row.resource.name)}",
        f"LOCATION:{_text(place_of(row.resource, user))}",
        f"DESCRIPTION:{_text(f'{row.purpose} {row.number}')}",
        f"STATUS:{state}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    """Signs that mean something to the format are escaped; no line break can begin a property of its own."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        said = said.replace(sign, written)
    return "\\n".join(said.splitlines())


def _folded(line: str) -> Iterator[str]:
    """``line`` in pieces of at most 75 octets, the further ones behind a space; no sign is cut in two."""
    piece, size = "", 0
    for sign in line:
        more = len(sign.encode())
        if size + more > MOST_BYTES:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + more
    yield piece
