"""Member units, at once as members of an alliance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, Invalid, NotFound, Text
from alliance.lib.importing import (
    CHANGED,
    ERROR,
    NEW,
    SAME,
    Applied,
    ImportKind,
    Place,
    Plan,
    Row,
    Untouchable,
    chosen,
    label_in_table,
)
from alliance.lib.text import clean, fold
from members.importers.common import (
    MOVED,
    YES,
    Wrong,
    area_of,
    differences,
    no_area,
    units_named,
    yes_no,
)
from members.importers.unit_columns import COLUMNS
from members.models import Alliance, Membership, MemberUnit
from members.services import update_unit
from members.services.alliances import join_within, leave_alliance
from members.services.checked import require_sensible
from members.services.profile import overruled
from members.services.registering import NewUnit, register_units
from members.services.taking_back import Looked, last_logged, look_at, take_back_unit
from members.services.units import DECLINED, create_within
from members.states import REGISTER_ROLES, UnitKind
from members.uscc import normalise, validate_uscc
from people.querysets import STREET_LENGTH


def _natural(row: Row) -> Sequence[str]:
    code = normalise(row.get("uscc", ""))
    return [f"name:{fold(row.get('name', ''))}/{fold(row.get('area', ''))}", f"uscc:{code}" if code else ""]


def _now(unit: MemberUnit) -> dict[str, str]:
    """The entry as a table would have it."""
    return {
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": label_in_table(UnitKind(unit.kind).label),
        "uscc": unit.uscc or "",
        "area": unit.area.name,
        "is_public": yes_no(unit.is_public),
        "note": unit.note,
    }


def _said(row: Row, place: Place) -> dict[str, str]:
    """The row as it would be kept."""
    area = area_of(row.get("area", ""), place)
    said = {key: clean(row.get(key, "")) for key in ("name", "short_name", "kind", "is_public", "note")}
    return {**said, "uscc": normalise(row.get("uscc", "")), "area": area.name if area else ""}


class _Known:
    """What is registered already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        self.street = place.area.code[:STREET_LENGTH]
        codes = {code for row in rows if (code := normalise(row.get("uscc", "")))}
        coded = MemberUnit.objects.present().filter(uscc__in=codes).select_related("area")
        self.coded = {unit.uscc: unit for unit in coded}
        self.named = units_named([row["name"] for row in rows], self.street)
        own = Alliance.objects.filter(street_code=self.street)
        self.alliances = {fold(alliance.name): alliance for alliance in own}
        units = [*self.coded.values(), *(unit for same in self.named.values() for unit in same)]
        still = Q(left_on__isnull=True) | Q(left_on__gt=timezone.localdate())
        joined = Membership.objects.filter(still, unit__in=units, alliance__in=self.alliances.values())
        self.joined = set(joined.values_list("unit_id", "alliance_id"))

    def unit(self, row: Row, place: Place) -> MemberUnit | None:
        """The unit of the row: by its code, else by name and place."""
        code, area = normalise(row.get("uscc", "")), area_of(row["area"], place)
        if code and code in self.coded:
            return self.coded[code]
        same = self.named.get(fold(row["name"])[:80], [])
        here = [unit for unit in same if area is not None and unit.area_id == area.pk]
        return next((unit for unit in here if not code or not unit.uscc), None)

    def alliance(self, row: Row) -> Alliance | None:
        return self.alliances.get(fold(row.get("alliance", "")))


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = place.memo["known"] = _Known(rows, place)
    return [_plan(row, place, known) for row in rows]


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    unit, alliance = known.unit(row, place), known.alliance(row)
    if wrong := _wrong(row, place, known, unit, alliance):
        return Plan(ERROR, row["name"], errors=[wrong])
    if unit is None:
        return Plan(NEW, row["name"])
    changes = differences(_now(unit), _said(row, place)) if unit.street_code == known.street else []
    if alliance and (unit.pk, alliance.pk) not in known.joined:
        changes.append(("alliance", "", alliance.name))
    return Plan(CHANGED if changes else SAME, unit.name, changes)


def _wrong(row: Row, place: Place, known: _Known, unit: MemberUnit | None, alliance: Alliance | None) -> Wrong | None:
    if area_of(row["area"], place) is None:
        return no_area(row["area"])
    if not chosen(UnitKind, row["kind"]):
        return "kind", _("没有这个单位类型。")
    try:
        if row.get("uscc"):
            validate_uscc(row["uscc"])
        require_sensible(joined_on=_day(row))
    except ValidationError as error:
        return "uscc", " ".join(error.messages)
    except Invalid as error:
        return "joined_on", str(error.fields["joined_on"][0])
    if row.get("alliance") and alliance is None:
        return "alliance", _("没有“%(value)s”这个联盟。") % {"value": row["alliance"][:20]}
    return _wrong_about(row, known, unit, alliance) if unit is not None else None


def _wrong_about(row: Row, known: _Known, unit: MemberUnit, alliance: Alliance | None) -> Wrong | None:
    """Of a unit that is registered already."""
    if fold(row.get("is_public", "")) == YES and overruled(unit, is_public=True, shows=unit.shows):
        return "is_public", str(DECLINED)
    if unit.street_code != known.street:
        if fold(unit.name) != fold(row["name"]):
            return "uscc", _("这个代码登记的是另一个单位名称，请对照证照核对代码和全称。")
        if alliance is None:
            return "uscc", _("这个代码的单位由所在街道登记。要加入您的联盟，请填“加入联盟”。")
    return None


def _fields(values: Mapping[str, str], place: Place) -> dict[str, Any]:
    area = area_of(values["area"], place)
    if area is None:
        wrong = no_area(values["area"])
        raise Invalid({wrong[0]: [wrong[1]]})
    kept = {key: values.get(key, "") for key in ("name", "short_name", "uscc", "note")}
    kind = chosen(UnitKind, values["kind"])
    return {**kept, "kind": kind, "area": area, "is_public": fold(values.get("is_public", "")) == YES}


def _day(row: Row) -> date | None:
    return date.fromisoformat(row["joined_on"]) if row.get("joined_on") else None


def _held(seen: MemberUnit | None) -> MemberUnit | None:
    """The unit locked, as it was when it was looked at. Raises ``Conflict``."""
    if seen is None:
        return None
    try:
        unit: MemberUnit = MemberUnit.objects.present().locked(seen.pk)
    except NotFound as error:
        raise Conflict(MOVED) from error
    if _now(unit) != _now(seen):
        raise Conflict(MOVED)
    return unit


def apply(row: Row, place: Place) -> Applied:
    # What the look just before found of the whole portion: rows of one file are never about the same unit.
    known = place.memo.get("known") or _Known([row], place)
    unit, alliance = _held(known.unit(row, place)), known.alliance(row)
    was = _now(unit) if unit else None
    joins = alliance is not None and (unit is None or (unit.pk, alliance.pk) not in known.joined)
    # Each row has a savepoint of its own already.
    if unit is None:
        unit = create_within(by=place.by, **_fields(row, place))
    elif unit.street_code == known.street and differences(_now(unit), said := _said(row, place)):
        merged = {key: said.get(key) or now for key, now in _now(unit).items()}
        unit = update_unit(pk=unit.pk, by=place.by, **_fields(merged, place))
    membership: Membership | None = None
    if joins and alliance is not None:
        membership = join_within(alliance=alliance, unit=unit, by=place.by, joined_on=_day(row))
    return _applied(unit, membership, was, last_logged([unit.pk]).get(unit.pk, 0) if was else 0)


def apply_new(rows: Sequence[Row], place: Place) -> list[Applied]:
    known: _Known = place.memo["known"]
    said = [NewUnit(**_fields(row, place), alliance=known.alliance(row), joined_on=_day(row)) for row in rows]
    return [_applied(made.unit, made.membership) for made in register_units(said, by=place.by)]


def _applied(
    unit: MemberUnit, membership: Membership | None, was: dict[str, str] | None = None, logged: int = 0
) -> Applied:
    before = {
        "was": was,
        "now": _now(unit),
        "membership": membership.pk if membership else None,
        "suspended": unit.is_suspended,
        "logged": logged,
    }
    return Applied(str(unit.pk), before)


def survey(rows: Sequence[tuple[str, Mapping[str, Any]]], place: Place) -> None:
    """The units of a portion that is taken back: held, and what hangs on them."""
    joined = [before["membership"] for _subject, before in rows if before["membership"]]
    place.memo["looked"] = look_at([int(subject) for subject, _before in rows], joined)


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched the unit since: it goes as it came. What was used, or described, stays as it is."""
    looked: Looked = place.memo["looked"]
    unit, joined = looked.units.get(int(subject)), looked.joined.get(before["membership"] or 0)
    if unit is None:
        raise Untouchable(_("导入之后并入了别的单位，没有撤销。"))
    if _is_touched(unit, joined, before, looked):
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    if before["was"] is None and unit.pk not in looked.delivered:
        take_back_unit(pk=unit.pk, by=place.by, looked=looked, membership=joined.pk if joined else None)
        return None
    if before["was"] is not None and before["was"] != before["now"]:
        update_unit(pk=unit.pk, by=place.by, **_fields(before["was"], place))
    if joined is None:
        if before["was"] is None:
            raise Untouchable(_("已经收到过文件，没有撤销。"))
        return None
    leave_alliance(pk=joined.pk, by=place.by, on=max(timezone.localdate(), joined.joined_on))
    if before["was"] is None:
        return _("已经退出联盟；单位收到过文件，登记留着。")
    return _("已经退出联盟，加入的记录留着。")


def _is_touched(unit: MemberUnit, joined: Membership | None, before: Mapping[str, Any], looked: Looked) -> bool:
    """Whether anybody wrote something about the unit, or used it, since it was imported."""
    if _now(unit) != before["now"] or unit.is_suspended != before.get("suspended", False):
        return True
    if looked.logged.get(unit.pk, 0) > before.get("logged", 0):
        return True
    if before["membership"] and (joined is None or joined.left_on is not None):
        return True
    # A unit that was there before has things of its own; what came by the file is its membership alone.
    return unit.pk in (looked.lived if before["was"] is None else looked.used)


UNITS = ImportKind(
    "units",
    label=gettext_lazy("共建单位"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    apply_new=apply_new,
    revert=revert,
    survey=survey,
    page=lambda subject: reverse("admin:members_memberunit_change", args=[subject]),
    order=10,
    help=[
        gettext_lazy("先按统一社会信用代码认单位，没有代码的按名称和所在地认。"),
        gettext_lazy("已登记的单位，空着的格子不改；联络员请用“联络员”模板另外导入。"),
    ],
)
