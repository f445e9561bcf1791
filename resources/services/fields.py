"""What is typed of a resource, checked: every field by itself, and those that only make sense together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from alliance.lib.text import clean, fold
from people.models import Area
from people.querysets import STREET_LENGTH
from resources.models import Resource, ResourceKind
from resources.models.resource import MOST_MINUTES
from resources.states import Form, ResourceState

_WHAT = ("kind", "name", "aliases", "words", "conditions", "address", "floor", "phone", "capacity")
LOOKED_AT = frozenset({*_WHAT, "serves", "for_units", "for_people", "until", "is_public"})
"""What an approval was about, because everybody reads it: changed, it is looked at again."""
LENGTHS = {"name": 60, "words": 500, "conditions": 200, "address": 120, "floor": 20, "phone": 20}
NUMBERS = {
    "capacity": (1, 100_000, True),
    "quantity": (1, 100_000, False),
    "buffer_minutes": (0, 240, False),
    "longest_minutes": (1, 366 * MOST_MINUTES, False),
    "ahead_days": (0, 730, False),
    "cancel_hours": (0, 720, False),
    "most_a_month": (1, 100, True),
}
MOST_ALIASES = 10


@dataclass(frozen=True)
class Known:
    """Kinds in use by key, areas by code: looked up once where many are checked."""

    kinds: Mapping[str, ResourceKind]
    areas: Mapping[str, Area]


def checked(
    typed: Mapping[str, Any], place: Area, known: Known | None = None, *, row: Resource | None = None
) -> dict[str, Any]:
    """``typed`` as it is kept. Raises ``Invalid`` with every field that is wrong.

    What of ``row`` stays as it is needs no second permission: its kind was switched off since, its station stopped,
    its day has passed.
    """
    errors: dict[str, list[Text]] = {}
    found: dict[str, Any] = {}
    for name, most in LENGTHS.items():
        if name in typed:
            found[name] = text = clean(typed[name])
            if len(text) > most:
                errors[name] = [_("请写在%(n)d字以内。") % {"n": most}]
    if found.get("floor", "").isdecimal():
        found["floor"] = str(_("%(n)s楼") % {"n": found["floor"]})
    if not found.get("name"):
        errors["name"] = [_("请写名称，如“三楼多功能厅”。")]
    _numbers(typed, found, errors)
    for name in ("for_units", "for_people", "asks_first", "emergency", "is_public", "until"):
        if name in typed:
            found[name] = typed[name]
    _aliases(typed, found, errors)
    _references(typed, place, found, errors, known, row)
    _together(found, errors, row)
    if errors:
        raise Invalid(errors)
    return found


def _numbers(typed: Mapping[str, Any], found: dict[str, Any], errors: dict[str, list[Text]]) -> None:
    for name, (least, most, may_be_empty) in NUMBERS.items():
        if name not in typed:
            continue
        found[name] = number = typed[name]
        if not (number is None and may_be_empty) and not (isinstance(number, int) and least <= number <= most):
            errors[name] = [_("请填%(least)d到%(most)d之间的数。") % {"least": least, "most": most}]


def _aliases(typed: Mapping[str, Any], found: dict[str, Any], errors: dict[str, list[Text]]) -> None:
    if "aliases" not in typed:
        return
    found["aliases"] = list(dict.fromkeys(name for one in typed["aliases"] if (name := clean(one))))
    if len(found["aliases"]) > MOST_ALIASES or any(len(name) > LENGTHS["name"] for name in found["aliases"]):
        errors["aliases"] = [_("别名最多10个，每个60字以内。")]


def _references(
    typed: Mapping[str, Any],
    place: Area,
    found: dict[str, Any],
    errors: dict[str, list[Text]],
    known: Known | None,
    row: Resource | None,
) -> None:
    key, code = clean(typed.get("kind", "")), clean(typed.get("serves", "") or place.pk[:STREET_LENGTH])
    if row is not None and key == row.kind.key:
        found["kind"] = row.kind
    elif kind := known.kinds.get(key) if known else ResourceKind.objects.sorts().filter(key=key).first():
        found["kind"] = kind
    else:
        errors["kind"] = [_("请选一个种类。")]
    served = known.areas.get(code) if known else Area.objects.filter(pk=code).first()
    if served is None or served.pk[:STREET_LENGTH] != place.pk[:STREET_LENGTH]:
        errors["serves"] = [_("服务范围要在本街道里。")]
    else:
        found["serves"] = served
    if "within" in typed:
        stays = row is not None and typed["within"] == row.within_id
        found["within"] = row.within if row is not None and stays else _station(typed["within"], place)
        if typed["within"] and found["within"] is None:
            errors["within"] = [_("请选本街道的一个阵地。")]


def _station(pk: int | None, place: Area) -> Resource | None:
    """The station ``pk`` of the same street, if rooms may still be put in it."""
    if not pk:
        return None
    there = Resource.objects.exclude(state=ResourceState.STOPPED)
    return there.filter(pk=pk, kind__form=Form.WALK_IN, street_code=place.pk[:STREET_LENGTH]).first()


def _together(found: dict[str, Any], errors: dict[str, list[Text]], row: Resource | None) -> None:
    if not found.get("for_units", True) and not found.get("for_people", False):
        errors["for_units"] = [_("单位和居民，至少选一样。")]
    until = found.get("until")
    if until and until < timezone.localdate() and (row is None or until != row.until):
        errors["until"] = [_("这一天已经过了。")]
    kind = found.get("kind")
    if kind is not None and kind.form == Form.SPACE:
        if found.get("quantity", 1) != 1:
            errors["quantity"] = [_("场地一处登记一条，数量填1。")]
        if found.get("longest_minutes", 1) > MOST_MINUTES:
            errors["longest_minutes"] = [_("场地一次最长一天，不能过夜。")]
        if found.get("capacity") is None:
            errors.setdefault("capacity", [_("请写可容纳人数。")])


PLAIN = (bool, int, str, list, type(None))


def differing(row: Resource, found: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By field in which ``found`` differs from ``row``: before and after, in words for who looks at it again."""
    changed = {name: value for name, value in found.items() if getattr(row, name) != value}
    return {name: [_said(getattr(row, name)), _said(value)] for name, value in changed.items()}


def _said(value: Any) -> Any:
    return value if isinstance(value, PLAIN) else str(getattr(value, "name", value))


def searchable(row: Resource) -> str:
    """What a search finds it by: name, other names, what it is, who gives it, where."""
    giver = row.unit.name if row.unit else row.area.name
    kind = f"{row.kind.name} {row.kind.parent.name}" if row.kind.parent else row.kind.name
    return fold(" ".join([row.name, *row.aliases, kind, giver, row.words, row.conditions, row.address]))
