"""What both inboxes read from a request and show of a notice."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from alliance.lib.dates import moment
from alliance.lib.errors import NotFound
from notifications import services


def when_text(notice: services.Notice) -> str:
    """The time of a notice: 今天 14:30, 11月21日 14:30."""
    return moment(notice.when)


def row_of(notice: services.Notice) -> dict[str, Any]:
    """A notice as the templates take it."""
    return {
        "pk": notice.pk,
        "title": notice.title,
        "body": notice.body,
        "url": notice.url,
        "when": when_text(notice),
        "at": notice.when,
        "unread": notice.unread,
    }


def chosen(value: str) -> int | None:
    """The number in ``read=<pk>``; None for ``all``. Raises ``NotFound`` for anything else."""
    if value == "all":
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise NotFound
    return int(value)


def page_url(name: str, cursor: str) -> str:
    """The page of the inbox ``name`` that begins behind ``cursor``."""
    address = reverse(name)
    return f"{address}?{urlencode({'cursor': cursor})}" if cursor else address
