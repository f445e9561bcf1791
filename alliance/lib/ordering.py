"""In what order names stand: by sound, and where a name counts, by the number: 第二 before 第三, 9号 before 10号."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from pypinyin import lazy_pinyin

from alliance.lib.text import fold

MAX_KEY = 300
DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
_SIGNS = "".join([*DIGITS, *TENS])
_COUNTED = "党支部|支部|党总支|总支|网格|小组|单元|号|楼|幢|栋|座|期|区|组|队|层"
_NUMBER = re.compile(rf"[0-9]+|(?<=第)[{_SIGNS}]+|[{_SIGNS}]+(?={_COUNTED})")
WIDTH = 6


def number_of(signs: str) -> int:
    """What Chinese numerals say: 十二 is 12, 二十 is 20, 一百零三 is 103, and 二〇二六, read sign by sign, 2026."""
    if not set(signs) & set(TENS):
        return int("".join(str(DIGITS[sign]) for sign in signs))
    whole = held = 0
    for sign in signs:
        if sign in TENS:
            whole += (held or 1) * TENS[sign]
            held = 0
        else:
            held = DIGITS[sign]
    return whole + held


def sort_key(name: str) -> str:
    """What ``name`` is sorted by: its pinyin, with every number that counts something written out to one length.

    Numerals count behind 第 and before what is numbered (二支部, 三号楼); elsewhere they are words (四季青).
    """
    return "".join(lazy_pinyin(_NUMBER.sub(_written, fold(name, MAX_KEY))))[:MAX_KEY]


def _written(found: re.Match[str]) -> str:
    signs = found[0]
    return f"{int(signs) if signs.isascii() else number_of(signs):0{WIDTH}d}"


class SortKeyField(models.CharField):  # type: ignore[type-arg]
    """The sort key of the first of the columns ``sources`` that says something, computed whenever the row is saved."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = ("name",), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        for name, value in {"max_length": MAX_KEY, "blank": True, "db_default": "", "editable": False}.items():
            kwargs.setdefault(name, value)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = sort_key(next((text for name in self.sources if (text := getattr(model_instance, name))), ""))
        setattr(model_instance, self.attname, key)
        return key
