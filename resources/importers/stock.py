"""Resources from a list that an office kept so far: each row is offered like one that is typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.importing import ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.text import clean, fold
from members.importers.common import NO, YES, area_names, area_of, no_area, units_named
from members.models import MemberUnit
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from people.services.area_register import areas_in
from resources.models import Resource, ResourceKind
from resources.services.fields import Known, checked
from resources.services.offering import ResourceFields, offer_resource, stop_resource
from resources.states import ResourceState

NUMBERS = ("capacity", "quantity")
Wrong = tuple[str, str]


def _kinds(by: Any, area_code: str) -> Sequence[str]:
    return [kind.name for kind in ResourceKind.objects.sorts()]


COLUMNS = (
    Column("name", gettext_lazy("名称"), required=True, example=gettext_lazy("三楼多功能厅"), most=60),
    Column("kind", gettext_lazy("种类"), required=True, choices=_kinds),
    Column("area", gettext_lazy("所在地"), required=True, help=gettext_lazy("街道或社区"), choices=area_names),
    Column("unit", gettext_lazy("提供单位"), help=gettext_lazy("全称；街道社区自己的空着"), most=80),
    Column("words", gettext_lazy("说明"), most=500),
    Column("conditions", gettext_lazy("使用条件")),
    Column("address", gettext_lazy("地址"), most=120),
    Column("floor", gettext_lazy("楼层"), most=20),
    Column("phone", gettext_lazy("公开的咨询电话"), as_text=True, most=20),
    Column("capacity", gettext_lazy("可容纳人数"), help=gettext_lazy("场地要填"), example="60"),
    Column("quantity", gettext_lazy("数量"), help=gettext_lazy("场地填1或空着"), example="1"),
    Column("for_people", gettext_lazy("居民可用"), choices=(YES, NO), help=gettext_lazy("空着就是只给单位用")),
)


def _natural(row: Row) -> Sequence[str]:
    return ["/".join(fold(row.get(key, "")) for key in ("name", "area", "unit"))]


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
        names = {clean(row["name"]) for row in rows}
        there = Resource.objects.filter(street_code=self.street, name__in=names)
        there = there.exclude(state=ResourceState.STOPPED)
        self.there = set(there.values_list("name", "area_id", "unit_id"))

    def unit(self, row: Row) -> MemberUnit | None:
        """The one unit of the alliance that is called so."""
        same = [one for one in self.units.get(fold(row.get("unit", ""))[:80], []) if one.pk in self.members]
        return same[0] if len(same) == 1 else None


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    return [_plan(row, place, known) for row in rows]


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    area, unit = area_of(row["area"], place), known.unit(row)
    if wrong := _wrong(row, place, known, unit):
        return Plan(ERROR, row["name"], errors=[wrong])
    key = (clean(row["name"]), area.pk if area else "", unit.pk if unit else None)
    return Plan(SAME if key in known.there else NEW, row["name"])


def _wrong(row: Row, place: Place, known: _Known, unit: MemberUnit | None) -> Wrong | None:
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
    try:
        checked(_typed(row, kind.key), area, known.looked_up)
    except Invalid as error:
        name, texts = next(iter(error.fields.items()))
        return name, str(texts[0])
    return None


def _typed(row: Row, kind: str) -> ResourceFields:
    """What the row says, as it is typed into the form."""
    found: ResourceFields = {"kind": kind, "name": row["name"], "for_people": fold(row.get("for_people", "")) == YES}
    for name in ("words", "conditions", "address", "floor", "phone"):
        if row.get(name):
            found[name] = row[name]
    for name in NUMBERS:
        if row.get(name):
            found[name] = int(row[name])  # type: ignore[literal-required]
    return found


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    area, unit, kind = area_of(row["area"], place), known.unit(row), known.kinds.get(fold(row["kind"]))
    if wrong := _wrong(row, place, known, unit):
        raise Invalid({wrong[0]: [wrong[1]]})
    assert area is not None and kind is not None  # noqa: S101  # ``_wrong`` has looked
    made = offer_resource(
        client_key=uuid4(),
        by=place.by,
        area=area.pk,
        unit=unit.pk if unit else None,
        **_typed(row, kind.key),
    )
    return Applied(str(made.pk), {"version": made.version})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: it is offered no more. Its number and its history stay."""
    row = Resource.objects.filter(pk=int(subject)).first()
    if row is None or row.version != before["version"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    if row.bookings.exists() or row.usages.exists():
        raise Untouchable(_("已经有人用过或约过，没有撤销。"))
    try:
        stop_resource(pk=row.pk, by=place.by, version=row.version, words=_("导入撤销了"))
    except DomainError as error:
        raise Untouchable(str(error.message)) from error
    return _("停用了，编号和经过留着。")


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
        gettext_lazy("党建办和科室负责人导入的马上能用，别人导入的到“待我审批”。"),
        gettext_lazy("开放时间和预约的规矩，导入以后在资源页面上改。"),
    ],
)
