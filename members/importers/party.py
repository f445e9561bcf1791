"""Party organisations: large ones first, since small ones stand under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, Invalid, RuleBroken
from alliance.lib.importing import (
    CHANGED,
    ERROR,
    NEW,
    SAME,
    Applied,
    Column,
    ImportKind,
    Place,
    Plan,
    Row,
    Untouchable,
    chosen,
    label_in_table,
)
from alliance.lib.text import clean, fold
from members.importers.common import MOVED, Wrong, area_names, area_of, differences, no_area, units_named
from members.models import MemberUnit, PartyOrganisation
from members.services import create_organisation, update_organisation
from members.services.party import TOO_SMALL, Entry, hold_chain
from members.services.taking_back import take_back_organisation
from members.states import REGISTER_ROLES, UNDER, PartyKind
from people.querysets import STREET_LENGTH

COLUMNS = (
    Column(
        "name", gettext_lazy("党组织名称"), required=True, most=60, also=("名称",), example=gettext_lazy("某某社区党委")
    ),
    Column(
        "kind",
        gettext_lazy("类型"),
        required=True,
        choices=[kind.label for kind in PartyKind],
        example=PartyKind.COMMITTEE.label,
    ),
    Column(
        "area",
        gettext_lazy("所在地"),
        required=True,
        choices=area_names,
        help=gettext_lazy("街道或社区的名称"),
        also=("所在社区", "社区"),
        example=gettext_lazy("某某社区"),
    ),
    Column("unit", gettext_lazy("所属单位"), most=80, help=gettext_lazy("社区自己的党组织不填"), example=""),
    Column("parent", gettext_lazy("上级党组织"), most=60, help=gettext_lazy("写名称；可以在同一个文件里"), example=""),
    Column("secretary", gettext_lazy("书记"), most=30, example=gettext_lazy("王某")),
    Column("member_count", gettext_lazy("党员人数"), as_text=True, most=6, example="36"),
    Column("set_up_on", gettext_lazy("成立日期"), is_date=True, example="2019-07-01"),
    Column("note", gettext_lazy("备注"), most=200, example=""),
)
_RANKS = {PartyKind.COMMITTEE: 0, PartyKind.GENERAL: 1, PartyKind.BRANCH: 2}


def _natural(row: Row) -> Sequence[str]:
    return [f"{fold(row.get('area', ''))}/{fold(row.get('name', ''))}"]


def _rank(row: Row) -> int:
    kind = chosen(PartyKind, row.get("kind", ""))
    return _RANKS[PartyKind(kind)] if kind else 9


class _Known:
    """What is entered already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        street = place.area.code[:STREET_LENGTH]
        names = {clean(row[key]) for row in rows for key in ("name", "parent") if row.get(key)}
        there = PartyOrganisation.objects.active().filter(street_code=street, name__in=names)
        self.named: dict[str, list[PartyOrganisation]] = {}
        for organisation in there.select_related("area", "unit", "parent").order_by("pk"):
            self.named.setdefault(fold(organisation.name), []).append(organisation)
        self.units = units_named([row["unit"] for row in rows if row.get("unit")], street)

    def here(self, name: str, area_code: str) -> PartyOrganisation | None:
        return next((one for one in self.named.get(fold(name), []) if one.area_id == area_code), None)

    def parents(self, row: Row, area_code: str) -> list[PartyOrganisation]:
        """Those that may be meant: of the same place, else of the street."""
        near = self.here(row["parent"], area_code)
        return [near] if near else self.named.get(fold(row["parent"]), [])

    def unit(self, row: Row) -> list[MemberUnit]:
        return self.units.get(fold(row["unit"])[:80], [])


def _now(one: PartyOrganisation) -> dict[str, str]:
    return {
        "kind": label_in_table(PartyKind(one.kind).label),
        "unit": one.unit.name if one.unit else "",
        "parent": one.parent.name if one.parent else "",
        "secretary": one.secretary,
        "member_count": "" if one.member_count is None else str(one.member_count),
        "set_up_on": one.set_up_on.isoformat() if one.set_up_on else "",
        "note": one.note,
    }


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = place.memo["known"] = _Known(rows, place)
    return [_plan(row, place, known) for row in rows]


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    name, area = clean(row["name"]), area_of(row["area"], place)
    if area is None:
        return Plan(ERROR, name, errors=[no_area(row["area"])])
    if wrong := _wrong(row, place, known, area.pk):
        return Plan(ERROR, name, errors=[wrong])
    one = known.here(name, area.pk)
    if one is None:
        return Plan(NEW, f"{name} · {area.name}")
    changes = differences(_now(one), {key: clean(row.get(key, "")) for key in _now(one)})
    return Plan(CHANGED if changes else SAME, f"{name} · {area.name}", changes)


def _wrong(row: Row, place: Place, known: _Known, area_code: str) -> Wrong | None:
    kind = chosen(PartyKind, row["kind"])
    if not kind:
        return "kind", _("没有这个党组织类型。")
    count = row.get("member_count", "")
    if count and not (count.isascii() and count.isdigit()):
        return "member_count", _("党员人数请写数字。")
    if row.get("unit") and len(found := known.unit(row)) != 1:
        said = _("有几个单位叫“%(value)s”。") if found else _("没有找到“%(value)s”。请先导入单位，或核对名称。")
        return "unit", said % {"value": row["unit"][:20]}
    return _wrong_parent(row, place, known, area_code, PartyKind(kind)) if row.get("parent") else None


def _wrong_parent(row: Row, place: Place, known: _Known, area_code: str, kind: PartyKind) -> Wrong | None:
    parents = known.parents(row, area_code)
    if len(parents) > 1:
        return "parent", _("有几个党组织叫“%(value)s”。") % {"value": row["parent"][:20]}
    if not parents and not place.in_file(fold(row["parent"])):
        return "parent", _("没有找到“%(value)s”，请先导入，或放在同一个文件里。") % {"value": row["parent"][:20]}
    if parents and PartyKind(parents[0].kind) not in UNDER[kind]:
        return "parent", str(TOO_SMALL)
    return None


def _entry(values: Mapping[str, str], name: str, place: Place) -> Entry:
    area = area_of(values["area"], place)
    if area is None:
        wrong = no_area(values["area"])
        raise Invalid({wrong[0]: [wrong[1]]})
    known = _Known([{**values, "name": name}], place)
    if problem := _wrong({**values, "name": name}, Place(place.area, place.by), known, area.pk):
        raise Invalid({problem[0]: [problem[1]]})
    there = known.here(name, area.pk)
    return Entry(
        name=name,
        kind=chosen(PartyKind, values["kind"]),
        area=area,
        unit=known.unit(values)[0] if values.get("unit") else None,
        parent=known.parents(values, area.pk)[0] if values.get("parent") else None,
        secretary=values.get("secretary", ""),
        member_count=int(values["member_count"]) if values.get("member_count") else None,
        set_up_on=date.fromisoformat(values["set_up_on"]) if values.get("set_up_on") else None,
        is_public=there.is_public if there else False,
        note=values.get("note", ""),
    )


def _unmoved(one: PartyOrganisation | None, name: str, place: Place) -> None:
    """``one``, read under the street's lock, is as it was when it was looked at. Raises ``Conflict``."""
    known, area = place.memo.get("known"), one.area_id if one else ""
    seen = known.here(name, area) if known and one else None
    if known and one and (seen is None or _now(seen) != _now(one)):
        raise Conflict(MOVED)


def apply(row: Row, place: Place) -> Applied:
    name, area = clean(row["name"]), area_of(row["area"], place)
    hold_chain(place.area.code)
    one = _Known([row], place).here(name, area.pk) if area else None
    _unmoved(one, name, place)
    if one is None:
        made = create_organisation(entry=_entry(row, name, place), by=place.by)
        return Applied(str(made.pk), {"was": None, "now": _now(made)})
    was = _now(one)
    merged = {key: clean(row.get(key, "")) or now for key, now in was.items()}
    changed = update_organisation(pk=one.pk, entry=_entry({**merged, "area": row["area"]}, name, place), by=place.by)
    return Applied(str(one.pk), {"was": was, "now": _now(changed)})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> None:
    one = PartyOrganisation.objects.active().select_related("area", "unit", "parent").filter(pk=subject).first()
    if one is None or _now(one) != before["now"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    if before["was"] is not None:
        entry = _entry({**before["was"], "area": one.area.code}, one.name, place)
        update_organisation(pk=one.pk, entry=entry, by=place.by)
        return
    try:
        take_back_organisation(pk=one.pk, by=place.by)
    except RuleBroken as error:
        raise Untouchable(str(error.message)) from error


PARTY = ImportKind(
    "party",
    label=gettext_lazy("党组织"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    called=lambda row: fold(row.get("name", "")),
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:members_partyorganisation_change", args=[subject]),
    rank=_rank,
    order=30,
    help=[gettext_lazy("按所在地和名称认；已登记的，空着的格子不改。")],
)
