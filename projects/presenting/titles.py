"""What dues and notices about agreements and projects are about, as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Iterable

from people.models import User
from projects.models import Agreement, Amendment, Project


def due_titles(user: User, subjects: list[str]) -> dict[str, str]:
    """By subject (``agreement:7``, ``amendment:3``): the theme."""
    parts = [subject.partition(":") for subject in subjects]
    keys = [int(key) for kind, _colon, key in parts if kind == "agreement" and key.isdigit()]
    added = [int(key) for kind, _colon, key in parts if kind == "amendment" and key.isdigit()]
    found: dict[str, str] = {}
    running = [int(key) for kind, _colon, key in parts if kind == "project" and key.isdigit()]
    if running:
        projects = Project.objects.visible_to(user).filter(pk__in=running)
        found |= {f"project:{pk}": name for pk, name in projects.values_list("pk", "name")}
    if keys:
        rows = Agreement.objects.visible_to(user).filter(pk__in=keys)
        found |= {f"agreement:{pk}": theme for pk, theme in rows.values_list("pk", "theme")}
    if added:
        changed = Amendment.objects.visible_to(user).filter(pk__in=added)
        found |= {f"amendment:{pk}": theme for pk, theme in changed.values_list("pk", "agreement__theme")}
    return found


def titles_by_number(user: User, numbers: Iterable[str]) -> dict[str, str]:
    """By number, of agreements and projects."""
    every = set(numbers)
    found: dict[str, str] = {}
    if asked := sorted(number for number in every if number.startswith("GJ-")):
        found |= Agreement.objects.visible_to(user).filter(number__in=asked).values_list("number", "theme")
    if named := sorted(number for number in every if number.startswith("XM-")):
        found |= Project.objects.visible_to(user).filter(number__in=named).values_list("number", "name")
    return found
