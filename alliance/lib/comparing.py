"""What changed between two texts, line by line, as one reads it: what went, what came, and a little around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW, LEFT_OUT = "same", "gone", "new", "left_out"
AROUND = 1
LONGEST = 400
"""Longer lines are not compared sign by sign: that takes time in the square of their length."""
MOST_LINES, MOST_SIGNS = 1000, 60_000
"""Of both texts. Comparing takes time in the square of them and worse; beyond, one stands whole below the other."""
ALIKE = 0.4
Part = tuple[str, bool]
"""Some signs of a line, and whether they are what changed in it."""


@dataclass(frozen=True)
class Line:
    """One line of either text, or that some lines are left out, which are the same in both."""

    kind: str
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        return "".join(text for text, _changed in self.parts)


def compare(before: str, after: str, *, around: int = AROUND) -> list[Line]:
    """The lines that differ, with ``around`` lines about them; nothing if the texts are the same.

    Where there is too much to compare: all lines of the one, then all of the other.
    """
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    if len(old) + len(new) > MOST_LINES or len(before) + len(after) > MOST_SIGNS:
        return [Line(GONE, ((line, False),)) for line in old] + [Line(NEW, ((line, False),)) for line in new]
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[Line] = []
    for place, (tag, i, j, k, m) in enumerate(codes):
        if tag == "equal":
            found += _quiet(old[i:j], around, first=place == 0, last=place == len(codes) - 1)
        else:
            found += _changed(old[i:j], new[k:m])
    return found


def _quiet(lines: Sequence[str], around: int, *, first: bool, last: bool) -> Iterator[Line]:
    head, tail = (0 if first else around), (0 if last else around)
    if len(lines) <= head + tail:
        yield from (Line(SAME, ((line, False),)) for line in lines)
        return
    yield from (Line(SAME, ((line, False),)) for line in lines[:head])
    yield Line(LEFT_OUT)
    yield from (Line(SAME, ((line, False),)) for line in lines[len(lines) - tail :])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines that took each other's place stand in pairs, with what differs in them."""
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else None
        now = new[number] if number < len(new) else None
        gone, come = _pair(was, now)
        if gone:
            yield Line(GONE, gone)
        if come:
            yield Line(NEW, come)


def _pair(was: str | None, now: str | None) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if was is None or now is None or max(len(was), len(now)) > LONGEST:
        return ((was, False),) if was else (), ((now, False),) if now else ()
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    if matcher.ratio() < ALIKE:
        return ((was, False),) if was else (), ((now, False),) if now else ()
    codes = matcher.get_opcodes()
    gone = tuple((was[i:j], tag != "equal") for tag, i, j, _k, _m in codes if j > i)
    come = tuple((now[k:m], tag != "equal") for tag, _i, _j, k, m in codes if m > k)
    return gone, come
