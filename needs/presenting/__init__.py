"""Needs as staff see them: time left, hands, flags, rows, the parts of a need's page. Rules live in services."""

from needs.presenting.around import LIST_FIELDS, Around, around
from needs.presenting.due import due, first, reply, span
from needs.presenting.hand import hand, paused_unit
from needs.presenting.page import decision, facts, overtaken, strip, timeline
from needs.presenting.rows import flags, rows, state
from needs.presenting.titles import round_titles, titles, titles_by_number

__all__ = [
    "LIST_FIELDS",
    "Around",
    "around",
    "decision",
    "due",
    "facts",
    "first",
    "flags",
    "hand",
    "overtaken",
    "paused_unit",
    "reply",
    "round_titles",
    "rows",
    "span",
    "state",
    "strip",
    "timeline",
    "titles",
    "titles_by_number",
]
