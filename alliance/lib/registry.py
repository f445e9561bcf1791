"""Contributions: an upper app adds to a lower page without the lower one knowing it.

An app's ``contributions.py`` calls ``contribute`` from ``AppConfig.ready``; the page asks ``contributions``.
Points in use are listed in docs/architecture.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_points: dict[str, dict[str, tuple[int, Callable[..., Any]]]] = defaultdict(dict)


def contribute(point: str, function: Callable[..., Any], *, order: int = 100) -> None:
    """Add ``function`` to ``point``. Lower ``order`` comes first; registering the same function twice counts once."""
    _points[point][f"{function.__module__}.{function.__qualname__}"] = (order, function)


def contributions(point: str) -> list[Callable[..., Any]]:
    """What has been added to ``point``, in order."""
    return [function for _order, function in sorted(_points[point].values(), key=lambda pair: pair[0])]
