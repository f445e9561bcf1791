"""党组织."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Listing, Rows, Tab, register
from alliance.lib.privacy import mask_name
from alliance.lib.search import named
from members.listings.common import PLACE, active, asks, of_kind, reads, said
from members.models import PartyOrganisation
from members.permissions import keeps_place
from members.states import REGISTER_ROLES, PartyKind
from people.states import COMMUNITY_ROLES


def rows(user: Any) -> Rows:
    """Organisations one sees, with how many stand below each."""
    below = Count("children", filter=Q(children__ended_on__isnull=True))
    return PartyOrganisation.objects.visible_to(user).select_related("area", "unit", "parent").annotate(below=below)


def _name(one: PartyOrganisation) -> Cell:
    return Cell(text=one.name, flags=((_("已撤销"), ""),) if one.ended_on else ())


def _members(one: PartyOrganisation) -> str:
    return "" if one.member_count is None else str(one.member_count)


def _open_secretary(one: PartyOrganisation, user: Any) -> str:
    return one.secretary if keeps_place(user, one.area_id) else mask_name(one.secretary)


PARTY = register(
    Listing(
        key="members.party",
        title=pgettext_lazy("plural", "党组织"),
        url_name="admin:members_partyorganisation_changelist",
        row_url=lambda one: reverse("admin:members_partyorganisation_change", args=[one.pk]),
        may_view=reads,
        may_unmask=lambda user: bool(user.has_role(*REGISTER_ROLES, *COMMUNITY_ROLES)),
        rows=rows,
        order=("sorted_as", "id"),
        tabs=(
            Tab(key="now", label=gettext_lazy("现有的"), narrow=active),
            Tab(
                key="past",
                label=gettext_lazy("已撤销"),
                narrow=lambda found, _user: found.exclude(pk__in=found.model.objects.active().values("pk")),
            ),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("党组织"),
                cell=_name,
                value=lambda one: one.name,
                order=("sorted_as", "id"),
            ),
            Column(
                key="kind",
                label=gettext_lazy("类型"),
                cell=lambda one: one.get_kind_display(),
                order=("kind", "sorted_as", "id"),
            ),
            Column(
                key="place",
                label=gettext_lazy("所在地"),
                cell=lambda one: one.area.name,
                order=("area_id", "sorted_as", "id"),
            ),
            Column(key="unit", label=gettext_lazy("所属单位"), cell=lambda one: str(one.unit or "")),
            Column(key="parent", label=gettext_lazy("上级党组织"), cell=lambda one: str(one.parent or "")),
            Column(
                key="secretary",
                label=gettext_lazy("书记"),
                cell=lambda one: mask_name(one.secretary),
                open_value=_open_secretary,
            ),
            Column(
                key="count",
                label=gettext_lazy("党员人数"),
                cell=_members,
                value=lambda one: one.member_count,
                order=("member_count", "id"),
                number=True,
            ),
            Column(
                key="below",
                label=gettext_lazy("下级"),
                cell=lambda one: str(one.below or ""),
                value=lambda one: one.below,
                shown=False,
                number=True,
            ),
            Column(
                key="public",
                label=gettext_lazy("公开展示"),
                cell=lambda one: said(one.is_public),
                shown=False,
            ),
            Column(
                key="since",
                label=gettext_lazy("成立日期"),
                cell=lambda one: day_of(one.set_up_on),
                value=lambda one: iso(one.set_up_on),
                order=("set_up_on", "id"),
                shown=False,
            ),
        ),
        facets=(
            of_kind(PartyKind.choices),
            PLACE,
            asks(
                "unit",
                gettext_lazy("归谁"),
                Q(unit__isnull=False),
                gettext_lazy("单位的"),
                gettext_lazy("社区的"),
            ),
            asks("public", gettext_lazy("公开展示"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=partial(named, through=("unit",)),
        search_hint=gettext_lazy("名称、拼音首字母、所属单位"),
        empty_title=gettext_lazy("还没有党组织"),
    )
)
