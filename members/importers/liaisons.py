"""Liaisons' seats: one row per seat, known by unit and phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid
from alliance.lib.importing import (
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
)
from alliance.lib.privacy import blind_index
from alliance.lib.text import clean, fold
from members.importers.common import NO, YES, Wrong
from members.models import Liaison, MemberUnit
from members.services.seats import end_seat, seat_listed
from members.states import REGISTER_ROLES
from members.uscc import normalise
from people.querysets import STREET_LENGTH
from people.services.phone_sign_in import mobile

COLUMNS = (
    Column(
        "unit",
        gettext_lazy("单位"),
        required=True,
        most=80,
        help=gettext_lazy("单位的全称、简称或统一社会信用代码"),
        also=("单位名称",),
        example=gettext_lazy("某某街道中心小学"),
    ),
    Column("name", gettext_lazy("姓名"), required=True, most=30, also=("联络员",), example=gettext_lazy("王某")),
    Column(
        "phone",
        gettext_lazy("手机"),
        required=True,
        as_text=True,
        masked=True,
        most=30,
        also=("手机号", "联系电话"),
        help=gettext_lazy("本人登录用；导入后发一条短信告诉本人"),
        example="",
    ),
    Column("title", gettext_lazy("职务"), most=40, example=gettext_lazy("办公室主任")),
    Column("is_second", gettext_lazy("第二联络员"), choices=[YES, NO], example=NO),
    Column("starts_on", gettext_lazy("起"), is_date=True, help=gettext_lazy("不填就是今天"), example=""),
)


CHANGES = gettext_lazy("这个人已经是联络员，登记的和这一行不一样。请在联络员页里先结束原来的，再重新登记。")


def _phone(row: Row) -> str:
    try:
        return mobile(row.get("phone", ""))
    except DomainError:
        return ""


def _natural(row: Row) -> Sequence[str]:
    phone, unit = _phone(row), fold(row.get("unit", ""))
    second = fold(row.get("is_second", "")) == YES
    return [f"seat:{unit}/{second}", f"person:{unit}/{phone}" if phone else ""]


class _Known:
    """Units by name and code, and who sits for them, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        street = place.area.code[:STREET_LENGTH]
        self.units: dict[str, list[MemberUnit]] = {}
        for unit in self._units(rows, place).filter(self._there(street)).order_by("pk"):
            for word in {fold(unit.name), fold(unit.short_name), fold(unit.uscc or "")} - {""}:
                self.units.setdefault(word, []).append(unit)
        units = [unit for same in self.units.values() for unit in same]
        held = Liaison.objects.filter(unit__in=units).exclude(ends_on__lte=timezone.localdate())
        self.seats = {(seat.unit_id, seat.user.phone_index): seat for seat in held.select_related("user")}
        self.taken = {(seat.unit_id, seat.is_second) for seat in self.seats.values()}

    @staticmethod
    def _there(street: str) -> Q:
        """Units that sit in the street or joined it."""
        return Q(street_code=street) | Q(pk__in=MemberUnit.objects.members_in(street).values("pk"))

    @staticmethod
    def _units(rows: Sequence[Row], place: Place) -> QuerySet[MemberUnit]:
        names = [clean(row["unit"]) for row in rows]
        meant = Q(name_key__in=[fold(name)[:80] for name in names]) | Q(short_name__in=names)
        return MemberUnit.objects.visible_to(place.by).filter(meant | Q(uscc__in=[normalise(name) for name in names]))

    def find(self, row: Row) -> list[MemberUnit]:
        return self.units.get(fold(row["unit"])) or self.units.get(fold(normalise(row["unit"])), [])


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    return [_plan(row, known) for row in rows]


def _plan(row: Row, known: _Known) -> Plan:
    found, phone = known.find(row), _phone(row)
    title = f"{clean(row['name'])} · {clean(row['unit'])}"
    if wrong := _wrong(row, found, phone):
        return Plan(ERROR, title, errors=[wrong])
    unit, second = found[0], fold(row.get("is_second", "")) == YES
    seat = known.seats.get((unit.pk, blind_index("phone", phone)))
    if seat is not None:
        return _same(row, seat, second, title)
    if (unit.pk, second) in known.taken:
        return Plan(ERROR, title, errors=[("unit", _("这个单位已有联络员。要换人请在联络员页里交接。"))])
    return Plan(NEW, title)


def _same(row: Row, seat: Liaison, second: bool, title: str) -> Plan:
    """Somebody who has a seat: what the file says otherwise is changed on the seat's page, not by a file."""
    told = (clean(row["name"]), clean(row.get("title", "")) or seat.title, second if row.get("is_second") else None)
    stands = (seat.name or clean(row["name"]), seat.title, seat.is_second if row.get("is_second") else None)
    if told == stands:
        return Plan(SAME, title)
    return Plan(ERROR, title, errors=[("name", CHANGES)])


def _wrong(row: Row, found: list[MemberUnit], phone: str) -> Wrong | None:
    if not phone:
        return "phone", _("手机号应为11位数字。")
    if not found:
        return "unit", _("没有找到“%(value)s”。请先导入单位，或核对名称。") % {"value": row["unit"][:20]}
    if len({unit.pk for unit in found}) > 1:
        return "unit", _("有几个单位叫“%(value)s”，请改填统一社会信用代码。") % {"value": row["unit"][:20]}
    return None


def apply(row: Row, place: Place) -> Applied:
    found = _Known([row], place).find(row)
    if not found:
        raise Invalid({"unit": [_("没有找到“%(value)s”。请先导入单位，或核对名称。") % {"value": row["unit"][:20]}]})
    seat = seat_listed(
        unit=found[0],
        name=row["name"],
        phone=row["phone"],
        by=place.by,
        title=row.get("title", ""),
        is_second=fold(row.get("is_second", "")) == YES,
        starts_on=date.fromisoformat(row["starts_on"]) if row.get("starts_on") else None,
    )
    return Applied(str(seat.pk), {"name": seat.name})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> None:
    seat = Liaison.objects.get(pk=subject)
    if seat.ends_on is not None or seat.name != before["name"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    end_seat(pk=seat.pk, by=place.by, on=max(timezone.localdate(), seat.starts_on))


LIAISONS = ImportKind(
    "liaisons",
    label=gettext_lazy("联络员"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:members_liaison_change", args=[subject]),
    order=20,
    help=[
        gettext_lazy("单位要先登记。一个单位一位联络员，可以再有一位第二联络员。"),
        gettext_lazy("撤销时，席位当天结束；已经发出的短信收不回来。"),
    ],
)
