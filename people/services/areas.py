"""Areas: import of the official codes, short codes, which streets are open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from people.models import Area, NumberSequence, User
from people.signals import area_changed
from people.states import CODE_LENGTH, Level, Role

COLUMNS = ("code", "name", "level", "parent_code")
KEPT = ("short_code", "aliases", "phone", "is_served")
"""What a street keeps about its area; the rest comes with the import."""
_DIRECTION = ("街道", "镇", "乡", "社区", "居委会", "村")


@dataclass(frozen=True)
class ImportResult:
    """How many areas were new, how many changed."""

    created: int
    updated: int


def pinyin_of(name: str) -> tuple[str, str]:
    """Sort key and initials: 城厢街道 → ("chengxiangjiedao", "cxjd")."""
    return "".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV of official codes (columns code, name, level, parent_code; UTF-8 with or without BOM).

    Raises ``Invalid`` naming the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(message=_("文件不是UTF-8编码。请在表格软件里另存为“CSV UTF-8”再导入。")) from error
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        if not reader.fieldnames or not set(COLUMNS) <= set(reader.fieldnames):
            raise Invalid(message=_("表头应有 code, name, level, parent_code 四列。"))
        rows = []
        for row in reader:
            _check_row(row, reader.line_num)
            rows.append(row)
    return rows


def _check_row(row: Mapping[str, str], line: int) -> None:
    level, code = row["level"], row["code"]
    if (
        level not in CODE_LENGTH
        or not (code.isascii() and code.isdigit())
        or len(code) != CODE_LENGTH[Level(level)]
        or not clean(row["name"])
    ):
        raise Invalid(message=_("第%(line)s行的代码、名称或层级不对。") % {"line": line})
    if row["parent_code"] and not code.startswith(row["parent_code"]):
        raise Invalid(message=_("第%(line)s行的上级代码应是本代码的前几位。") % {"line": line})


@transaction.atomic
def import_areas(rows: Iterable[Mapping[str, str]], *, served: bool | None = None) -> ImportResult:
    """Create or rename areas by code, parents first; nothing is deleted. ``served`` opens or closes them if given.

    Streets get a short code from their pinyin initials, made unique by further letters.
    """
    ordered = sorted(rows, key=lambda row: len(row["code"]))
    known = {area.code: area for area in Area.objects.filter(code__in=[row["code"] for row in ordered])}
    _require_parents(ordered, known)
    taken = set(Area.objects.exclude(short_code="").values_list("short_code", flat=True))
    created = updated = 0
    for row in ordered:
        area = known.get(row["code"])
        full, initials = pinyin_of(row["name"])
        if area is None:
            area = Area(code=row["code"])
            created += 1
        elif (area.name, area.parent_id) == (row["name"], row["parent_code"] or None) and served in (
            None,
            area.is_served,
        ):
            continue
        else:
            updated += 1
        area.name, area.level, area.parent_id = row["name"], row["level"], row["parent_code"] or None
        area.pinyin, area.initials = full[:200], initials[:60]
        area.is_served = area.is_served if served is None else served
        if area.level == Level.STREET and not area.short_code:
            area.short_code = free_short_code(area.name, taken)
            taken.add(area.short_code)
        area.save()
    return ImportResult(created, updated)


def _require_parents(rows: Iterable[Mapping[str, str]], known: Mapping[str, Area]) -> None:
    """Raises ``Invalid`` naming the areas that are neither in the file nor there already."""
    rows = list(rows)
    wanted = {row["parent_code"] for row in rows} - {"", None} - {row["code"] for row in rows} - set(known)
    missing = wanted - set(Area.objects.filter(code__in=wanted).values_list("code", flat=True))
    if missing:
        raise Invalid(message=_("请先导入上级：%(codes)s。") % {"codes": "、".join(sorted(missing))})


def free_short_code(name: str, taken: set[str]) -> str:
    """A short code of 2–4 letters for ``name`` that is not in ``taken``: 城厢 CX, then 崇贤 CXN (its last sound).

    Raises ``Invalid`` when none is left.
    """
    stem = name
    for suffix in _DIRECTION:
        stem = stem.removesuffix(suffix)
    sounds: list[str] = [sound for sound in lazy_pinyin(stem) if sound.isalpha() and sound.isascii()] or ["jd"]
    base = "".join(sound[0] for sound in sounds)[:3].upper()
    base = base if len(base) > 1 else (sounds[0] + "JD")[:2].upper()
    extras: list[str] = [sounds[-1][-1].upper(), *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    candidates: list[str] = [base, *(base + extra for extra in extras)]
    if len(base) == 2:
        candidates += [base + a + b for a in extras for b in extras]
    for candidate in candidates:
        if len(candidate) <= 4 and candidate not in taken:
            return candidate
    raise Invalid(message=_("没有空着的简码了，请手工指定。"))


@transaction.atomic
def change_area(*, code: str, by: User, short_code: str, aliases: list[str], phone: str, is_served: bool) -> Area:
    """Keep an area's phone, aliases, opening and short code.

    Raises ``NotAllowed`` (no system administrator here), ``RuleBroken`` (a short code that numbers already carry)
    and ``Invalid`` (taken or malformed).
    """
    area = Area.objects.locked(code)
    if Role.SYSTEM_ADMIN not in by.roles_at(code):
        raise NotAllowed
    if short_code != area.short_code and _used(area.short_code):
        raise RuleBroken(_("这个简码已经写进编号，不能再改。"))
    before = {name: getattr(area, name) for name in KEPT}
    area.short_code, area.phone, area.is_served = short_code, clean(phone), is_served
    area.aliases = [clean(alias) for alias in aliases if clean(alias)]
    try:
        area.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    changes = {name: [before[name], getattr(area, name)] for name in KEPT if before[name] != getattr(area, name)}
    if changes:
        area.save(update_fields=changes)
        area_changed.send(Area, area=area, by=by, changes=changes)
    return area


def _used(short_code: str) -> bool:
    return bool(short_code) and NumberSequence.objects.filter(scope__contains=f"-{short_code}-").exists()
