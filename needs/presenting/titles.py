"""What the subjects of limits and dues are about, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from needs.models import Errand, Need
from people.models import User


def titles(user: User, subjects: Iterable[str]) -> dict[str, str]:
    """By subject (``need:7``, ``errand:7``), as far as ``user`` sees the need: at most two statements."""
    keys: dict[str, list[int]] = {"need": [], "errand": []}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if kind in keys and key.isdigit():
            keys[kind].append(int(key))
    mine = Need.objects.visible_to(user)
    found: dict[str, str] = {}
    if keys["need"]:
        rows = mine.filter(pk__in=keys["need"]).values_list("pk", "title")
        found |= {f"need:{pk}": title for pk, title in rows}
    if keys["errand"]:
        errands = Errand.objects.filter(pk__in=keys["errand"], need__in=mine).values_list("pk", "what")
        found |= {f"errand:{pk}": what for pk, what in errands}
    return found
