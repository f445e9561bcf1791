"""Areas kept one by one by system administrators: entered or renamed, and taken away again while nothing needs them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean, fold
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.areas import import_areas
from people.signals import area_changed
from people.states import CODE_LENGTH, Level, Role

_LEVELS = {length: level for level, length in CODE_LENGTH.items()}
GROUP = 4
"""A dash and three characters: one level below a community."""


def parent_code(code: str) -> str:
    """The code of the area around ``code``: cut by one level."""
    if "-" in code:
        return code[:-GROUP]
    shorter = [length for length in _LEVELS if length < len(code)]
    return code[: max(shorter)] if shorter else ""


def level_of(code: str) -> str:
    """The level that the length of an official code says; of a group below a community the kind must be named."""
    return _LEVELS.get(len(code), "") if "-" not in code else ""


@transaction.atomic
def register_area(*, code: str, name: str, by: User, level: str = "") -> Area:
    """Enter the area ``code``, or rename it. It is not opened by that.

    Raises ``NotAllowed`` (no system administrator there) and ``Invalid`` (code, level or name wrong; no such parent).
    """
    if Role.SYSTEM_ADMIN not in by.roles_at(code):
        raise NotAllowed(_("这个代码不在您管的区域里。"))
    stage = level_of(code) or level
    if stage not in Level.values or (("-" in code) != (stage in (Level.GRID, Level.COMPOUND))):
        raise Invalid({"code": [_("代码的长度和层级对不上。")]})
    if not clean(name):
        raise Invalid({"name": [_("请填写名称。")]})
    before = Area.objects.filter(pk=code).values_list("name", flat=True).first()
    import_areas([{"code": code, "name": clean(name), "level": stage, "parent_code": parent_code(code)}])
    area = Area.objects.get(pk=code)
    if before != area.name:
        area_changed.send(Area, area=area, by=by, changes={"name": [before or "", area.name]})
    return area


@transaction.atomic
def remove_area(*, code: str, by: User) -> None:
    """Take an area away that was entered by mistake. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (in use)."""
    area = Area.objects.locked(code)
    if Role.SYSTEM_ADMIN not in by.roles_at(code):
        raise NotAllowed
    if area.is_served:
        raise RuleBroken(_("已经开通，没有撤销。"))
    changes = {"name": [area.name, ""]}
    try:
        with transaction.atomic():
            Area.objects.filter(pk=code).delete()
    except ProtectedError as error:
        raise RuleBroken(_("已经用到了，没有撤销。")) from error
    area_changed.send(Area, area=area, by=by, changes=changes)


def areas_in(area_code: str) -> list[Area]:
    """A street and its communities, to name a place in a table."""
    levels = [Level.STREET, Level.COMMUNITY]
    return list(Area.objects.filter(pk__startswith=area_code[:STREET_LENGTH], level__in=levels).order_by("code"))


def named_area(text: str, areas: list[Area]) -> Area | None:
    """Which of ``areas`` is meant by an official name, an alias or a code."""
    said = fold(text)
    for area in areas:
        if said in (area.code, fold(area.name), *map(fold, area.aliases)):
            return area
    return None
