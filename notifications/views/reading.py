"""What both inboxes read from a request and show of a notice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from alliance.lib.errors import NotFound
from alliance.lib.registry import contributions
from notifications import services
from people.models import User

COMMAS = ("，", ", ")
SIGNS = "，。；：,.;:"


def when_text(notice: services.Notice) -> str:
    """The time of a notice: 今天 14:30, 11月21日 14:30."""
    return moment(notice.when)


def abouts(user: User, notices: Iterable[services.Notice]) -> dict[str, str]:
    """By the number that notices are about: what that is, in words, as far as ``user`` may read of it now."""
    numbers = sorted({notice.subject for notice in notices if notice.subject})
    found: dict[str, str] = {}
    for read in contributions("notice.about") if numbers else ():
        found |= read(user, numbers)
    return found


def title_of(notice: services.Notice, about: dict[str, str]) -> str:
    """“一床厚被子”：心愿有人认领了: what it is about first, so that notices are told apart."""
    words = about.get(notice.subject, "")
    return _("“%(about)s”：%(title)s") % {"about": words, "title": notice.title} if words else notice.title


def body_of(notice: services.Notice, about: dict[str, str]) -> str:
    """The line below the title: without what the title says, the number last."""
    words, body = about.get(notice.subject, ""), notice.body
    comma = next((sign for sign in COMMAS if body.startswith(notice.subject + sign)), "") if words else ""
    if not comma:
        return body
    rest = body.removeprefix(notice.subject + comma)
    # Whole, between signs or at an end: the words may have commas of their own, and be part of longer ones.
    rest = re.sub(rf"(^|[{SIGNS}]\s*){re.escape(words)}(?=$|[{SIGNS}])", "", rest, count=1).lstrip(f"{SIGNS} ")
    ended = rest.endswith(("。", "."))
    return rest + (comma if rest and not ended else " " if ended and comma != "，" else "") + notice.subject


def row_of(notice: services.Notice, about: dict[str, str] | None = None) -> dict[str, Any]:
    """A notice as the templates take it."""
    return {
        "pk": notice.pk,
        "title": title_of(notice, about or {}),
        "body": body_of(notice, about or {}),
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
