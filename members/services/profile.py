"""What is known of a unit: words about it, what it is good at, tags, building and grid, what it agreed to show.

Kept in sections. Whoever saves one says what stood there when they began to type (``seen``, from ``stamp``); what
somebody else changed meanwhile is not written over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean, fold
from audit.services import record
from audit.states import Action
from members.messages import shown_again
from members.models import Building, MemberUnit, Strength, Tag
from members.permissions import profile_abilities
from members.services.checked import save_checked
from members.services.stamps import CHANGED, digest
from members.states import NAME, Near, Part, Shown, StrengthKind, shown_parts
from notifications.services import queue
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level

MAX_INTRO, MAX_TAGS, MAX_STRENGTHS, MAX_AGREED = 500, 12, 12, 120


@dataclass(frozen=True)
class Strong:
    """One line of what a unit is good at (``expertise``) or does for others (``service``)."""

    kind: str
    name: str
    detail: str = ""


def stamp(unit: MemberUnit, part: str) -> str:
    """A short digest of what stands in ``part`` of the profile now: forms carry it."""
    return digest(_state(unit, part))


@transaction.atomic
def describe_unit(*, pk: int, by: User | None, intro: str, seen: str | None = None) -> MemberUnit:
    """A few sentences about the unit; its liaisons may write them too.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (merged into another), ``Conflict``, ``Invalid`` (too long).
    """
    unit, before = _held(pk, by, Part.INTRO, seen)
    unit.intro = clean(intro)
    if len(unit.intro) > MAX_INTRO:
        raise Invalid({"intro": [_("简介最多%(n)d字。") % {"n": MAX_INTRO}]})
    unit.save(update_fields=["intro"])
    return _kept(unit, by, Part.INTRO, before)


@transaction.atomic
def save_strengths(*, pk: int, by: User | None, strengths: Sequence[Strong], seen: str | None = None) -> MemberUnit:
    """What the unit is good at and does for others: these, and no others. Liaisons may write them too.

    Raises as ``describe_unit``; ``Invalid`` names the kind whose line is wrong.
    """
    unit, before = _held(pk, by, Part.STRENGTHS, seen)
    wanted = _strengths(strengths)
    standing = {(row.kind, row.name): row for row in unit.strengths.all()}
    for key, row in standing.items():
        if key not in wanted:
            row.delete()
    for (kind, name), detail in wanted.items():
        row = standing.get((kind, name)) or Strength(unit=unit, kind=kind, name=name)
        row.detail = detail
        save_checked(row, raced=CHANGED)
    return _kept(unit, by, Part.STRENGTHS, before)


@transaction.atomic
def set_tags(*, pk: int, by: User | None, tags: Mapping[str, Sequence[str]], seen: str | None = None) -> MemberUnit:
    """By what the unit is near to others: names by kind (``Near``). A name the street has not used yet is made.

    The street's alone. Raises as ``describe_unit``.
    """
    unit, before = _held(pk, by, Part.TAGS, seen, verb="sort")
    unit.tags.set([tag for near, names in tags.items() for tag in _tags(unit.street_code, near, names)])
    return _kept(unit, by, Part.TAGS, before)


@transaction.atomic
def place_unit(
    *,
    pk: int,
    by: User | None,
    building: Building | None,
    floor: str = "",
    grid: Area | None = None,
    seen: str | None = None,
) -> MemberUnit:
    """Where it sits: building, floor, grid (an area of that level in the unit's street).

    The street's alone. Raises as ``describe_unit``; ``Invalid`` for a building or grid of another street or
    community, and for a floor without a building.
    """
    unit, before = _held(pk, by, Part.PLACE, seen, verb="sort")
    unit.building, unit.floor, unit.grid = building, clean(floor), grid
    wrong: dict[str, list[Any]] = {}
    if building is not None and building.street_code != unit.street_code:
        wrong["building"] = [_("请选本街道的楼宇。")]
    if unit.floor and building is None:
        wrong["floor"] = [_("写楼层要先选楼宇。")]
    if grid is not None and not _is_grid_of(grid, unit):
        wrong["grid"] = [_("请选这个单位所在社区的网格。")]
    if wrong:
        raise Invalid(wrong)
    save_checked(unit, raced=CHANGED)
    return _kept(unit, by, Part.PLACE, before)


@transaction.atomic
def set_shown(
    *,
    pk: int,
    by: User | None,
    is_public: bool,
    shows: Sequence[str],
    agreed: str = "",
    seen: str | None = None,
) -> MemberUnit:
    """What the unit agreed to show: its name, and which of ``Shown`` besides. Its liaisons say so, or the street.

    What the unit itself took back, the street shows again only by saying how the unit ``agreed`` since: that is
    logged, and its liaisons are told. Raises as ``describe_unit``.
    """
    unit, before = _held(pk, by, Part.SHOWN, seen)
    if set(shows) - set(Shown.values):
        raise Invalid({"shows": [_("没有这项公开内容。")]})
    wanted, declined = shown_parts(is_public, shows), set(unit.declined)
    own_word = by is not None and unit.seats.active().filter(user_id=by.pk).exists()
    overrules = not own_word and overruled(unit, is_public=is_public, shows=shows)
    if overrules:
        _require_agreed(agreed)
    if own_word:
        declined |= (unit.shown | {NAME}) - wanted
    unit.declined = sorted(declined - wanted)
    unit.is_public, unit.shows = is_public, [name for name in Shown.values if name in shows]
    unit.save(update_fields=["is_public", "shows", "declined"])
    if overrules:
        people = [seat.user for seat in unit.seats.active().select_related("user").order_by("pk")]
        queue(shown_again(unit, clean(agreed)), occurrence=f"unit {unit.pk} {timezone.now().isoformat()}", users=people)
    return _kept(unit, by, Part.SHOWN, before, reason=clean(agreed) if overrules else "")


def overruled(unit: MemberUnit, *, is_public: bool, shows: Sequence[str]) -> bool:
    """Whether something would be shown again that the unit itself took back."""
    return bool((shown_parts(is_public, shows) - unit.shown) & set(unit.declined))


def _require_agreed(words: str) -> None:
    if not clean(words):
        raise Invalid({"agreed": [_("单位自己撤回过公开。请写一句单位后来是怎么同意的，单位会收到通知。")]})
    if len(clean(words)) > MAX_AGREED:
        raise Invalid({"agreed": [_("最多%(n)d字，请写短一点。") % {"n": MAX_AGREED}]})


@transaction.atomic
def change_profile(*, pk: int, by: User, parts: Mapping[str, Mapping[str, Any]]) -> MemberUnit:
    """Several parts at once, all or none: by part the arguments of its service. Raises as these do."""
    unit = MemberUnit.objects.visible_to(by).locked(pk)
    for part, given in parts.items():
        unit = SERVICES[part](pk=pk, by=by, **given)
    return unit


SERVICES: dict[str, Any] = {
    Part.INTRO: describe_unit,
    Part.STRENGTHS: save_strengths,
    Part.TAGS: set_tags,
    Part.PLACE: place_unit,
    Part.SHOWN: set_shown,
}


def note_change(unit: MemberUnit, by: User | None, part: str, reason: str = "") -> None:
    """Into the audit log: who changed which part of a unit's profile, never what it said; a reason if one is due."""
    params = {"unit": unit.pk, "name": str(unit)[:40], "part": part}
    area = unit.area_id
    record(Action.REGISTER_CHANGED, actor=by, subject=f"unit:{unit.pk}", area_code=area, reason=reason, params=params)


def _held(pk: int, by: User | None, part: str, seen: str | None, verb: str = "describe") -> tuple[MemberUnit, Any]:
    """The unit, locked, and what stands in ``part``."""
    rows = MemberUnit.objects.all() if by is None else MemberUnit.objects.visible_to(by)
    unit = rows.locked(pk)
    if by is not None and verb not in profile_abilities(by, unit):
        raise NotAllowed(_("这一节由单位所在街道来改。"))
    if unit.merged_into_id:
        raise RuleBroken(_("这个单位已经并入另一个，请到那里去改。"))
    if seen is not None and seen != stamp(unit, part):
        raise Conflict(CHANGED)
    return unit, _state(unit, part)


def _kept(unit: MemberUnit, by: User | None, part: str, before: Any, reason: str = "") -> MemberUnit:
    if _state(unit, part) != before:
        note_change(unit, by, part, reason)
    return unit


def _state(unit: MemberUnit, part: str) -> Any:
    if part == Part.STRENGTHS:
        return sorted(unit.strengths.values_list("kind", "name", "detail"))
    if part == Part.TAGS:
        return sorted(unit.tags.values_list("pk", flat=True))
    if part == Part.ENTRY:
        return [unit.name, unit.short_name, unit.kind, unit.uscc, unit.area_id, unit.note]
    if part == Part.PLACE:
        return [unit.building_id, unit.floor, unit.grid_id]
    return [unit.is_public, sorted(unit.shows)] if part == Part.SHOWN else unit.intro


def _strengths(strengths: Sequence[Strong]) -> dict[tuple[str, str], str]:
    """Details by kind and name, as they are stored."""
    wanted: dict[tuple[str, str], str] = {}
    wrong: dict[str, list[Any]] = {}
    for line in strengths:
        name, detail = clean(line.name), clean(line.detail)
        if line.kind not in StrengthKind.values:
            raise Invalid(message=_("没有这个类别。"))
        if not name or len(name) > 40 or len(detail) > 200:
            text = _("“%(name)s…”：名称最多40字，说明最多200字，各占一行。") % {"name": (name or detail)[:12]}
            wrong.setdefault(line.kind, []).append(text)
        elif (line.kind, name) in wanted:
            wrong.setdefault(line.kind, []).append(_("“%(name)s”写了两次，请合成一行。") % {"name": name})
        wanted[line.kind, name] = detail
    for kind in StrengthKind.values:
        if sum(key[0] == kind for key in wanted) > MAX_STRENGTHS:
            wrong.setdefault(kind, []).append(_("最多%(n)d项，请挑主要的写。") % {"n": MAX_STRENGTHS})
    if wrong:
        raise Invalid(wrong)
    return wanted


def _tags(street: str, near: str, names: Sequence[str]) -> list[Tag]:
    """The street's tags of these names, made where missing. Names that differ in form alone are one."""
    if near not in Near.values:
        raise Invalid(message=_("标签分地缘、业缘、趣缘三类。"))
    wanted = {fold(name): clean(name) for name in names if clean(name)}
    if any(len(name) > 20 for name in wanted.values()) or len(wanted) > MAX_TAGS:
        raise Invalid({near: [_("每个标签最多20字，每类最多%(n)d个。") % {"n": MAX_TAGS}]})
    known = {fold(tag.name): tag for tag in Tag.objects.filter(area_id=street, near=near)}
    new = [name for key, name in wanted.items() if key not in known]
    if new:
        # Two units may need a new name at once: the second finds the first one's.
        Tag.objects.bulk_create([Tag(area_id=street, near=near, name=name) for name in new], ignore_conflicts=True)
        known = {fold(tag.name): tag for tag in Tag.objects.filter(area_id=street, near=near)}
    return [known[key] for key in wanted]


def _is_grid_of(grid: Area, unit: MemberUnit) -> bool:
    """In the unit's community; for one seated at the street itself anywhere in the street."""
    within = unit.area_id[: STREET_LENGTH + 3]
    return grid.level == Level.GRID and grid.code.startswith(within)
