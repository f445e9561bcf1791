"""Words on a page."""

from __future__ import annotations

import re
from html import unescape

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeData

from alliance.lib.dates import day_of, moment

register = Library()
register.filter("moment", moment)
register.filter("day_of", day_of)


_CLOCK, _BEHIND = r"(?: \d\d:\d\d)?", r"[\u524d\u8d77\u5185]?"
DAYS = re.compile(rf"((?:(?:\d+\u5e74)?\d+\u6708\d+\u65e5|[\u4eca\u6628\u660e]\u5929(?= \d\d:)){_CLOCK}{_BEHIND})")
"""11月30日 (also with a year) and 今天 14:30, with its time, and 前, 起, 内 behind it."""


@register.filter
def days(text: str) -> str:
    """``text`` in which no day is cut by the end of a line."""
    # What a part of a template has made is escaped already, and is escaped again below.
    return _held(unescape(text) if isinstance(text, SafeData) else text, DAYS)


def _held(text: str, pattern: re.Pattern[str]) -> str:
    """``text`` in which nothing that ``pattern`` takes in its one group is cut by the end of a line."""
    parts = pattern.split(text)
    shown = (format_html('<span class="day">{}</span>', part) if n % 2 else part for n, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in shown))


@register.filter
def clauses(text: str) -> list[str]:
    """``text`` cut after each Chinese comma: a heading too long for one line breaks there and not inside a name."""
    return re.findall(r"[^，]+，?", text)


QUOTED = re.compile(r"(“[^”]{1,8}”)")
NUMBER = re.compile(r"([A-Z]{2}(?:-[A-Z0-9]+){2,3})")
"""PT-CX-20261123-0001."""
MEASURED = re.compile(r"([\d.,]+)([^\d]{1,4})")


@register.filter
def quoted(text: str) -> str:
    """``text`` in which no short name between quotation marks is cut by the end of a line."""
    return _held(text, QUOTED)


@register.filter
def measured(text: str) -> str:
    """47701次 with its unit small behind it; what is no number with a short unit stays as it is."""
    found = MEASURED.fullmatch(text)
    return format_html("{}<small>{}</small>", *found.groups()) if found else text


@register.filter
def numbers(text: str) -> str:
    """``text`` in which no number of a thing is cut by the end of a line."""
    return _held(str(text), NUMBER)


@register.filter
def whole(text: str, name: str) -> str:
    """``text`` in which the line ends rather before or behind ``name`` than inside it."""
    before, found, behind = str(text).partition(str(name)) if name else (text, "", "")
    return format_html('{}<span class="clause">{}</span>{}', before, found, behind) if found else str(text)
