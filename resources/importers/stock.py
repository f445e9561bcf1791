"""Resources from a list that an office kept so far: a new row is offered like one that is typed in, of one that is
known by its number, or by name, place and unit, is changed what the list says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, Invalid, Text
from alliance.lib.importing import CHANGED, ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.text import clean, fold
from members.importers.common import (
    MOVED,
    NO,
    YES,
    Wrong,
    area_names,
    area_of,
    differences,
    no_area,
    units_named,
    yes_no,
)
from members.models import MemberUnit
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from people.services.area_register import areas_in
from resources.models import Resource, ResourceKind
from resources.services.fields import Known, checked
from resources.services.offering import ResourceFields, edit_resource, offer_resource, stop_resource
from resources.states import ResourceState

NUMBERS = ("capacity", "quantity")
TEXTS = ("words", "conditions", "address", "floor", "phone")
FIXED = gettext_lazy("这个编号登记的是“%(value)s”，在哪里、谁提供不能改；另是一件的，请不填编号。")


def _kinds(by: Any, area_code: str) -> Sequence[str]:
    return [kind.name for kind in ResourceKind.objects.sorts()]


COLUMNS = (
    Column("name", gettext_lazy("名称"), required=True, example=gettext_lazy("三楼多功能厅"), most=60),
    Column("kind", gettext_lazy("种类"), required=True, choices=_kinds),
    Column("area", gettext_lazy("所在地"), required=True, help=gettext_lazy("街道或社区"), choices=area_names),
    Column("unit", gettext_lazy("提供单位"), help=gettext_lazy("全称；街道社区自己的空着"), most=80),
    Column("aliases", gettext_lazy("别名"), help=gettext_lazy("大家平时的叫法，用顿号分开"), most=600),
    Column("words", gettext_lazy("说明"), most=500),
    Column("conditions", gettext_lazy("使用条件")),
    Column("address", gettext_lazy("地址"), most=120),
    Column("floor", gettext_lazy("楼层"), most=20),
    Column("phone", gettext_lazy("公开的咨询电话"), as_text=True, most=20),
    Column("capacity", gettext_lazy("可容纳人数"), help=gettext_lazy("场地要填"), example="60"),
    Column("quantity", gettext_lazy("数量"), help=gettext_lazy("场地填1或空着"), example="1"),
    Column("for_people", gettext_lazy("居民可用"), choices=(YES, NO), help=gettext_lazy("空着就是只给单位用")),
    Column("number", gettext_lazy("编号"), help=gettext_lazy("登记过的写上，就改那一件；没有的空着"), most=40),
)


def _natural(row: Row) -> Sequence[str]:
    number = clean(row.get("number", "")).upper()
    called = "/".join(fold(row.get(key, "")) for key in ("name", "area", "unit"))
    return [called, f"number:{number}" if number else ""]


class _Known:
    """What there is already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        self.street = place.area.code[:STREET_LENGTH]
        self.kinds = {fold(kind.name): kind for kind in ResourceKind.objects.sorts()}
        by_key = {kind.key: kind for kind in self.kinds.values()}
        self.looked_up = Known(by_key, {area.pk: area for area in areas_in(place.area.code)})
        self.units = units_named([row.get("unit", "") for row in rows], self.street)
        members = MemberUnit.objects.members_in(self.street).filter(suspended_at__isnull=True)
        wanted = [unit.pk for same in self.units.values() for unit in same]
        self.members = set(members.filter(pk__in=wanted).values_list("pk", flat=True))
        there = Resource.objects.filter(street_code=self.street).exclude(state=ResourceState.STOPPED)
        there = there.select_related("kind", "unit", "area", "serves").order_by("-pk")
        names = {clean(row["name"]) for row in rows}
        self.called = {(one.name, one.area_id, one.unit_id): one for one in there.filter(name__in=names)}
        numbers = {number for row in rows if (number := _number(row))}
        self.numbered = {one.number: one for one in there.filter(number__in=numbers)} if numbers else {}

    def resource(self, row: Row, place: Place) -> Resource | None:
        """The one that the row is about: by its number, else by what it is called, where, and whose it is."""
        if number := _number(row):
            return self.numbered.get(number)
        area, unit = area_of(row["area"], place), self.unit(row)
        return self.called.get((clean(row["name"]), area.pk if area else "", unit.pk if unit else None))

    def unit(self, row: Row) -> MemberUnit | None:
        """The one unit of the alliance that is called so."""
        same = [one for one in self.units.get(fold(row.get("unit", ""))[:80], []) if one.pk in self.members]
        return same[0] if len(same) == 1 else None


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = place.memo["known"] = _Known(rows, place)
    return [_plan(row, place, known) for row in rows]


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    unit, there = known.unit(row), known.resource(row, place)
    if wrong := _wrong(row, place, known, unit, there):
        return Plan(ERROR, row["name"], errors=[wrong])
    if there is None:
        return Plan(NEW, row["name"])
    changes = differences(_now(there), _said(row, known))
    return Plan(CHANGED if changes else SAME, there.name, changes)


def _number(row: Row) -> str:
    return clean(row.get("number", "")).upper()


def _now(one: Resource) -> dict[str, str]:
    """As it stands, as a table would have it."""
    return {
        "name": one.name,
        "kind": one.kind.name,
        "aliases": "、".join(one.aliases),
        **{name: str(getattr(one, name)) for name in TEXTS},
        "capacity": str(one.capacity or ""),
        "quantity": str(one.quantity),
        "for_people": yes_no(one.for_people),
    }


def _said(row: Row, known: _Known) -> dict[str, str]:
    """The row as it would be kept; what it does not say is empty."""
    said = {name: clean(row.get(name, "")) for name in ("name", *TEXTS)}
    kind = known.kinds.get(fold(row.get("kind", "")))
    flag = fold(row.get("for_people", ""))
    numbers = {name: str(int(row[name])) if row.get(name) else "" for name in NUMBERS}
    aliases = "、".join(_names(row.get("aliases", "")))
    return {
        **said,
        **numbers,
        "kind": kind.name if kind else "",
        "aliases": aliases,
        "for_people": flag and yes_no(flag == YES),
    }


def _names(text: str) -> list[str]:
    return [name for part in re.split(r"[、，,;；]+", text) if (name := clean(part))]


def _wrong(row: Row, place: Place, known: _Known, unit: MemberUnit | None, there: Resource | None) -> Wrong | None:
    area = area_of(row["area"], place)
    if area is None:
        return no_area(row["area"])
    kind = known.kinds.get(fold(row["kind"]))
    if kind is None:
        return "kind", _("没有“%(value)s”这个种类。") % {"value": row["kind"][:20]}
    if row.get("unit") and unit is None:
        return "unit", _("联盟里没有“%(value)s”，或者暂停了。请写全称。") % {"value": row["unit"][:20]}
    for name in NUMBERS:
        if row.get(name) and not (row[name].isascii() and row[name].isdigit() and len(row[name]) < 7):
            return name, _("请写数字。")
    if number := _number(row):
        if there is None:
            return "number", _("没有“%(value)s”这个编号，或者停用了。") % {"value": number[:20]}
        if (there.area_id, there.unit_id) != (area.pk, unit.pk if unit else None):
            return "number", FIXED % {"value": " · ".join((there.name, there.area.name, str(there.unit or "")))}
    try:
        typed = _merged(row, known, there) if there else _typed(_said(row, known), known)
        checked(typed, area, known.looked_up, row=there)
    except Invalid as error:
        name, texts = next(iter(error.fields.items()))
        return name, str(texts[0])
    return None


def _merged(row: Row, known: _Known, there: Resource) -> ResourceFields:
    """What stands, with what the row says otherwise. Empty cells change nothing."""
    said = _said(row, known)
    merged = {name: said[name] or now for name, now in _now(there).items()}
    return {**_typed(merged, known), "serves": there.serves_id}


def _typed(said: Mapping[str, str], known: _Known) -> ResourceFields:
    """What is said, as it is typed into the form."""
    found: ResourceFields = {
        "kind": known.kinds[fold(said["kind"])].key,
        "name": said["name"],
        "aliases": _names(said["aliases"]),
        "for_people": said["for_people"] == YES,
        "words": said["words"],
        "conditions": said["conditions"],
        "address": said["address"],
        "floor": said["floor"],
        "phone": said["phone"],
        "capacity": int(said["capacity"]) if said["capacity"] else None,
    }
    if said["quantity"]:
        found["quantity"] = int(said["quantity"])
    return found


def apply(row: Row, place: Place) -> Applied:
    known: _Known = place.memo.get("known") or _Known([row], place)
    area, unit, there = area_of(row["area"], place), known.unit(row), known.resource(row, place)
    if wrong := _wrong(row, place, known, unit, there):
        raise Invalid({wrong[0]: [wrong[1]]})
    if there is not None:
        return _change(row, place, known, there)
    assert area is not None  # noqa: S101  # ``_wrong`` has looked
    typed = _typed(_said(row, known), known)
    made = offer_resource(client_key=uuid4(), by=place.by, area=area.pk, unit=unit.pk if unit else None, **typed)
    return Applied(str(made.pk), {"version": made.version})


def _change(row: Row, place: Place, known: _Known, there: Resource) -> Applied:
    was = _now(there)
    if not differences(was, _said(row, known)):
        return Applied(str(there.pk), {"version": there.version, "was": was})
    try:
        made = edit_resource(pk=there.pk, by=place.by, version=there.version, **_merged(row, known, there))
    except Conflict as error:
        raise Conflict(MOVED) from error
    return Applied(str(made.pk), {"version": made.version, "was": was})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: what was changed is as it was; what was new is offered no more, its number and its
    history stay.
    """
    row = Resource.objects.select_related("kind").filter(pk=int(subject)).first()
    if row is None or row.version != before["version"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    was = before.get("was")
    if was is None and (row.bookings.exists() or row.usages.exists()):
        raise Untouchable(_("已经有人用过或约过，没有撤销。"))
    try:
        if was is None:
            stop_resource(pk=row.pk, by=place.by, version=row.version, words=_("导入撤销了"), call_off=True)
            return _("停用了，编号和经过留着。")
        known = place.memo["known"] = place.memo.get("known") or _Known([], place)
        if was == _now(row):
            return None
        done = edit_resource(pk=row.pk, by=place.by, version=row.version, **_typed(was, known))
    except DomainError as error:
        raise Untouchable(str(error.message)) from error
    return _("改回来了，要街道再看一次。") if done.state == ResourceState.TO_APPROVE else None


RESOURCES = ImportKind(
    "resources",
    label=gettext_lazy("资源"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:resources_resource_change", args=[subject]),
    order=40,
    help=[
        gettext_lazy("登记过的按编号认，没写编号的按名称、所在地和提供单位认；空着的格子不改。"),
        gettext_lazy("党建办和科室负责人导入的马上能用，别人导入的到“待我审批”。"),
        gettext_lazy("开放时间和预约的规矩，导入以后在资源页面上改。"),
    ],
)
