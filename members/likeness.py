"""Whether two names may be one unit: the same, said alike, short for one another, or nearly the same. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pypinyin import lazy_pinyin

from alliance.lib.text import fold

ENOUGH = 0.72
"""Dice of pairs of characters from which two names are shown; measured in tests/members/test_likeness.py."""
CONTAINED, SHORTEST = 0.6, 4
"""One name inside another: how much of it, and from how many characters."""
COMMON = 120
"""Pairs of characters that more units share than this say nothing about which two to compare."""

_LEGAL = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|公司|集团|普通合伙|特殊普通合伙|个体工商户|民办非企业单位)"
)
_PLACE = re.compile(r"^(中国)?(浙江省?)?(杭州市?)?")
_BRACKETS = re.compile(r"[()\[\]【】「」“”\"'《》<>]")
_LEFT_OUT = re.compile(r"[\s·・.,，。、\-—_/&]|人民政府|街道办事处|办事处|委员会|党支部|党总支部?|党委")
_LEVELS = re.compile(r"(?<=[\u4e00-\u9fff]{2})(省|市|区|县|街道|镇|乡)")
_DIGITS_OF = {ord(sign): str(number) for number, sign in enumerate("一二三四五六七八九十", start=1)}
_ORDINAL = re.compile("第([一二三四五六七八九十]|[0-9]+)")
_TELLING = re.compile(r"[0-9a-z]+|[东南西北]")
_KINDS = ("幼儿园", "小学", "初中", "中学", "高中", "医院", "银行", "学校", "药店", "超市", "物业", "支行", "派出所")


class Why(StrEnum):
    """Why two units are shown side by side."""

    NAME = "name"
    PINYIN = "pinyin"
    SHORT = "short"
    ALIKE = "alike"


@dataclass(frozen=True)
class Named:
    """A unit as far as it is compared."""

    pk: int
    name: str
    short: str = ""
    code: str = ""


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """``name`` without what says nothing: legal form, city, levels of places, marks. Never empty for a name."""
    text = _BRACKETS.sub("", fold(name, 200))
    text = _ORDINAL.sub(lambda found: found.group(1).translate(_DIGITS_OF), text).replace("社会工作", "社工")
    bare = _LEVELS.sub("", _LEFT_OUT.sub("", _LEGAL.sub("", _PLACE.sub("", text))))
    return bare or text


@lru_cache(maxsize=20_000)
def sound(name: str) -> str:
    """How the core is said, without tones."""
    return " ".join(lazy_pinyin(core(name)))


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(max(1, len(text) - 1)))


@lru_cache(maxsize=20_000)
def _telling(text: str) -> tuple[str, ...]:
    """Numbers, letters and directions: two schools that differ in these alone are two schools."""
    return tuple(sorted(_TELLING.findall(text.translate(_DIGITS_OF))))


def dice(first: str, second: str) -> float:
    """How many pairs of neighbouring characters two texts share, 0 to 1."""
    one, two = _pairs(first), _pairs(second)
    return 2 * (one & two).total() / (one.total() + two.total())


def why_alike(first: Named, second: Named) -> Why | None:
    """Why the two may be one unit; None if nothing says so. Two different codes are two legal bodies."""
    if first.code and second.code and first.code != second.code:
        return None
    one, two = core(first.name), core(second.name)
    if fold(first.name) == fold(second.name) or one == two:
        return Why.NAME
    if {*_shorts(first)} & {*_shorts(second)}:
        return Why.SHORT
    if _telling(one) != _telling(two) or _kinds(one) != _kinds(two):
        return None
    if len(one) == len(two) and sound(first.name) == sound(second.name):
        return Why.PINYIN
    return Why.ALIKE if dice(one, two) >= ENOUGH or _inside(one, two) else None


def _shorts(unit: Named) -> Iterator[str]:
    """What the unit is called for short, and its whole name: one may be the other's."""
    if unit.short:
        yield core(unit.short)
    yield core(unit.name)


def _kinds(text: str) -> frozenset[str]:
    return frozenset(kind for kind in _KINDS if kind in text)


def _inside(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return len(short) >= SHORTEST and short in long and len(short) / len(long) >= CONTAINED


def alike_pairs(units: Iterable[Named]) -> list[tuple[Named, Named, Why]]:
    """All pairs that may be one unit, in the order in which the units came. Only those with something rare in common
    are compared, so that five thousand names take a moment and not an hour."""
    every = list(units)
    found = []
    for place, other in sorted(_candidates(every)):
        why = why_alike(every[place], every[other])
        if why is not None:
            found.append((every[place], every[other], why))
    return found


def _candidates(units: list[Named]) -> set[tuple[int, int]]:
    shared: dict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        text = core(unit.name)
        keys = {f"s:{sound(unit.name)}", *(f"n:{short}" for short in _shorts(unit)), *_pairs(text)}
        for key in keys:
            shared[key].append(place)
    pairs: set[tuple[int, int]] = set()
    for places in shared.values():
        if 1 < len(places) <= COMMON:
            pairs |= {(one, two) for at, one in enumerate(places) for two in places[at + 1 :]}
    return pairs
