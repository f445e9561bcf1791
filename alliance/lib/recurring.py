"""Rules by which something comes again: RRULEs that end, worked out in China's time. No database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from dateutil.rrule import rrulestr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import iso as written
from alliance.lib.errors import Invalid
from alliance.lib.text import clean

MOST_APART = 52
"""At most every so many days, weeks, months or years."""


def tidy_rule(rule: str) -> str:
    """As it is kept: ``FREQ=WEEKLY;BYDAY=TU;COUNT=8``."""
    return clean(rule).upper().removeprefix("RRULE:").replace(" ", "")


def occurrences(
    rule: str, starts: datetime, *, frequencies: Collection[str], parts: Collection[str], most: int, until: datetime
) -> list[datetime]:
    """The moments of ``rule`` from ``starts`` on, in China's time: at most ``most``, none after ``until``.

    ``frequencies``: those allowed (``WEEKLY``); ``parts``: names of the parts allowed besides ``FREQ``. Raises
    ``Invalid`` on ``rule`` (unknown, without an end, too many, too far).
    """
    text = tidy_rule(rule)
    given: Mapping[str, str] = dict(one.partition("=")[::2] for one in text.split(";") if one)
    bad = Invalid({"rule": [_("请选怎么重复、到哪天为止，例如：每周二，共8次。")]})
    if not set(given) <= {"FREQ", *parts} or given.get("FREQ") not in frequencies:
        raise bad
    if not {"COUNT", "UNTIL"} & set(given):
        raise Invalid({"rule": [_("请写到哪天为止，或者一共几次。")]})
    every = given.get("INTERVAL", "1")
    if not (every.isascii() and every.isdecimal() and len(every) <= 2 and 1 <= int(every) <= MOST_APART):
        raise bad
    found = _found(text, starts, most, bad)
    if not found:
        raise bad
    if found[-1] > until:
        raise Invalid({"rule": [_("最多排到%(day)s，请缩短一点。") % {"day": written(until)}]})
    return found


def _found(text: str, starts: datetime, most: int, bad: Invalid) -> list[datetime]:
    local = timezone.localtime(starts).replace(tzinfo=None)
    found: list[datetime] = []
    try:
        for moment in rrulestr(text, dtstart=local):
            found.append(timezone.make_aware(moment))
            if len(found) > most:
                raise Invalid({"rule": [_("一次最多排%(n)d场，请缩短一点。") % {"n": most}]})
    except (ValueError, TypeError, OverflowError):
        raise bad from None
    return found
