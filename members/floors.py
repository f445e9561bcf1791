"""Numbers in what people write, in order: floors (地下一层, B1, 1层, 3-5层, 12楼, 顶层), names (第二支部, 第十支部)."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

from alliance.lib.text import fold

_NUMBER = r"[零一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_IN_NAMES = re.compile(rf"(\d+|{_NUMBER})")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
UNKNOWN, TOP = 10_000, 9_999


def floor_key(text: str) -> int:
    """Where a floor stands from below; without a number in it, after all others."""
    words = fold(text, 40)
    if "顶" in words:
        return TOP
    found = re.search(r"\d+", words)
    number = int(found[0]) if found else _spoken(words)
    if number is None:
        return UNKNOWN
    below = words.startswith(("b", "-")) or "地下" in words or "负" in words
    return -number if below else number


def _spoken(words: str) -> int | None:
    """三 → 3, 十二 → 12, 二十 → 20, 二十一 → 21; None for anything else."""
    found = re.search(_NUMBER, words)
    if found is None:
        return None
    tens, ten, ones = found[0].rpartition("十")
    if not ten:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def name_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A name's place among others: numbers in it count as numbers, 第二支部 before 第三支部 before 第十支部."""
    parts = [part for part in _IN_NAMES.split(fold(name, 80)) if part]
    return tuple(_part_key(part) for part in parts)


def _part_key(part: str) -> tuple[int, int, str]:
    if not _IN_NAMES.fullmatch(part):
        return (1, 0, " ".join(lazy_pinyin(part)))
    return (0, int(part) if part.isdecimal() else _spoken(part) or 0, "")
