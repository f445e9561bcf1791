"""Words on a page."""

from __future__ import annotations

import re

from django.template import Library
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from alliance.lib.dates import moment

register = Library()
register.filter("moment", moment)


DAYS = re.compile(r"\d+月\d+日[前起内]?|\d+年\d+月\d+日[前起内]?")


@register.filter
def days(text: str) -> SafeString:
    """``text`` in which no day is cut by the end of a line."""
    return mark_safe(DAYS.sub(r'<span class="day">\g<0></span>', escape(text)))  # noqa: S308 - escaped


@register.filter
def clauses(text: str) -> list[str]:
    """``text`` cut after each Chinese comma: a heading too long for one line breaks there and not inside a name."""
    return re.findall(r"[^，]+，?", text)
