"""Words on a page."""

from __future__ import annotations

import re

from django.template import Library

from alliance.lib.dates import moment

register = Library()
register.filter("moment", moment)


@register.filter
def clauses(text: str) -> list[str]:
    """``text`` cut after each Chinese comma: a heading too long for one line breaks there and not inside a name."""
    return re.findall(r"[^，]+，?", text)
