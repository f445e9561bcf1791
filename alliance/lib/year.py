"""What a year holds, month by month: apps count (``year.tallies``), the calendar of the year adds it up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alliance.lib.errors import Text
from alliance.lib.registry import contributions

HERE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of one ``area`` in one ``month`` (1 to 12): how often it was ``held``, and how often it is ``planned``.

    ``key`` names the app's share (``activities``), ``label`` says it in words, ``sort`` is what sort of it, empty where
    there is one only. ``fills``: whether a month with it is no gap.
    """

    key: str
    label: Text
    area: str
    month: int
    held: int
    planned: int
    sort: str = ""
    fills: bool = True


Counter = Callable[[Collection[str], int], Iterable[Tally]]
"""Codes of areas, exactly those, and the year → what was held and is planned there, by one statement."""


def tallies(codes: Collection[str], year: int) -> list[Tally]:
    """Everything the apps count."""
    counters: list[Counter] = contributions("year.tallies")
    return [tally for count in counters for tally in count(codes, year)]


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of the year in Hangzhou, and that of the next."""
    return datetime(year, 1, 1, tzinfo=HERE), datetime(year + 1, 1, 1, tzinfo=HERE)
