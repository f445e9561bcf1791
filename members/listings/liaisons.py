"""联络员."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import (
    NO,
    YES,
    Cell,
    Column,
    Facet,
    Listing,
    Rows,
    Tab,
    choices,
    counted_as,
    equals,
    register,
)
from alliance.lib.privacy import mask_name, mask_phone, spaced
from alliance.lib.search import named
from members.listings.common import active, alliances, reads
from members.models import Liaison, Membership
from members.permissions import keeps_register
from members.states import REGISTER_ROLES, UnitKind


def rows(user: Any) -> Rows:
    """Seats of units one sees."""
    joined = Membership.objects.visible_to(user).active().select_related("alliance")
    seats = Liaison.objects.visible_to(user).filter(unit__merged_into__isnull=True)
    return seats.select_related("unit", "unit__area", "user").prefetch_related(
        Prefetch("unit__memberships", joined, "joined")
    )


def _state(seat: Liaison) -> Cell:
    today = timezone.localdate()
    if seat.ends_on is not None and seat.ends_on <= today:
        return Cell(text=_("已卸任"), tone="off")
    if seat.starts_on > today:
        return Cell(text=_("还没上任"), tone="work")
    return Cell(text=_("在任"), tone="done")


def keeps_unit(seat: Any, user: Any) -> bool:
    """Seats are given by the street of the unit and those whose alliances it joined: they may see whom they call."""
    streets = {membership.alliance.street_code for membership in seat.unit.joined} | {seat.unit.area_id}
    return any(keeps_register(user, code) for code in streets)


def _open_name(seat: Any, user: Any) -> str:
    return seat.shown_name if keeps_unit(seat, user) else mask_name(seat.shown_name)


def _open_phone(seat: Any, user: Any) -> str:
    return spaced(seat.user.phone) if keeps_unit(seat, user) else mask_phone(seat.user.phone)


def _past(found: Rows, _user: Any) -> Rows:
    return found.filter(ends_on__lte=timezone.localdate())


def _coming(found: Rows, _user: Any) -> Rows:
    today = timezone.localdate()
    return found.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), starts_on__gt=today)


def _in_alliance(found: Rows, value: str) -> Rows:
    return found.filter(unit__in=Membership.objects.active().filter(alliance_id=value).values("unit"))


def _by_alliance(found: Rows) -> dict[str, int]:
    members = Membership.objects.active().filter(unit__in=found.order_by().values("unit"))
    seats = Liaison.objects.filter(pk__in=found.order_by().values("pk"), unit__memberships__in=members)
    return counted_as(seats, "unit__memberships__alliance_id", "pk")


LIAISONS = register(
    Listing(
        key="members.liaisons",
        title=pgettext_lazy("plural", "联络员"),
        url_name="admin:members_liaison_changelist",
        row_url=lambda seat: reverse("admin:members_liaison_change", args=[seat.pk]),
        may_view=reads,
        may_unmask=lambda user: bool(user.has_role(*REGISTER_ROLES)),
        rows=rows,
        order=("unit__sorted_as", "unit_id", "is_second", "id"),
        tabs=(
            Tab(key="now", label=gettext_lazy("在任"), narrow=active),
            Tab(key="coming", label=gettext_lazy("还没上任"), narrow=_coming),
            Tab(key="past", label=gettext_lazy("已卸任"), narrow=_past),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="unit",
                label=gettext_lazy("单位"),
                cell=lambda seat: Cell(text=str(seat.unit), small=seat.unit.area.name),
                value=lambda seat: seat.unit.name,
                order=("unit__sorted_as", "unit_id", "is_second", "id"),
            ),
            Column(
                key="name",
                label=gettext_lazy("联络员"),
                cell=lambda seat: seat.shown_name,
                value=lambda seat: mask_name(seat.shown_name),
                open_value=_open_name,
            ),
            Column(key="title", label=gettext_lazy("职务"), cell=lambda seat: seat.title),
            Column(
                key="phone",
                label=gettext_lazy("手机"),
                cell=lambda seat: mask_phone(seat.user.phone),
                open_value=_open_phone,
                shown=False,
            ),
            Column(
                key="second",
                label=gettext_lazy("席位"),
                cell=lambda seat: _("第二联络员") if seat.is_second else _("联络员"),
            ),
            Column(
                key="since",
                label=gettext_lazy("从哪天起"),
                cell=lambda seat: day_of(seat.starts_on),
                value=lambda seat: iso(seat.starts_on),
                order=("starts_on", "id"),
            ),
            Column(
                key="until",
                label=gettext_lazy("到哪天止"),
                cell=lambda seat: day_of(seat.ends_on),
                value=lambda seat: iso(seat.ends_on),
                order=("ends_on", "id"),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=_state),
        ),
        facets=(
            Facet(
                key="kind",
                label=gettext_lazy("单位类型"),
                any_label=gettext_lazy("全部类型"),
                options=choices(UnitKind.choices),
                narrow=equals("unit__kind"),
                counts=lambda found: counted_as(
                    Liaison.objects.filter(pk__in=found.order_by().values("pk")), "unit__kind", "pk"
                ),
                main=True,
            ),
            Facet(
                key="alliance",
                label=gettext_lazy("联盟"),
                any_label=gettext_lazy("全部联盟"),
                options=alliances,
                narrow=_in_alliance,
                counts=_by_alliance,
                main=True,
            ),
            Facet(
                key="second",
                label=gettext_lazy("席位"),
                any_label=gettext_lazy("席位：不限"),
                options=lambda _user: [(NO, _("联络员")), (YES, _("第二联络员"))],
                narrow=lambda found, value: found.filter(is_second=value == YES),
                main=True,
            ),
        ),
        search=partial(named, through=("unit",)),
        search_hint=gettext_lazy("单位、拼音首字母、姓名"),
        empty_title=gettext_lazy("还没有联络员"),
        empty_text=gettext_lazy("给单位登记一位，或者发个链接请他来。"),
    )
)
