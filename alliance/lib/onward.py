"""What has been made of a thing, and what else may be made of it: said on its page by the apps above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from alliance.lib.errors import Text
from alliance.lib.registry import contributions


@dataclass(frozen=True)
class Made:
    """Something that came of it: ``what`` kind, its ``title``, its page, how it stands."""

    what: Text
    title: str
    url: str
    state: Text = ""


@dataclass(frozen=True)
class Way:
    """A form that begins with it."""

    label: Text
    url: str


@dataclass(frozen=True)
class Onward:
    """Both, for one person."""

    made: tuple[Made, ...] = ()
    ways: tuple[Way, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.made or self.ways)


def onward(user: Any, key: str, label: str) -> Onward:
    """What ``user`` may see and begin of the thing with this ``key`` (``need:12``), numbered ``label``.

    Asks ``thing.onward``: person, key, label → ``Onward``.
    """
    found: Iterable[Onward] = [ask(user, key, label) for ask in contributions("thing.onward")]
    return Onward(
        made=tuple(made for one in found for made in one.made), ways=tuple(way for one in found for way in one.ways)
    )
