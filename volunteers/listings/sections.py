"""Patrol sections as the workbench lists them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, register
from volunteers.models import Section, SectionNote
from volunteers.permissions.sections import section_abilities
from volunteers.presenting import sections as words
from volunteers.states.sections import SectionKind


def _by_word(found: Rows, term: str) -> Rows:
    word = term.strip()[:40]
    return found.filter(Q(name__icontains=word) | Q(number__icontains=word))


def section_state(row: Section) -> Cell:
    if row.closed_on:
        return Cell(text=_("已停"), tone="off")
    return Cell(text=_("有人巡"), tone="done") if row.claim_id else Cell(text=_("等人认领"), tone="work")


def _found(found: Rows, _user: Any) -> Rows:
    return found.filter(pk__in=SectionNote.objects.to_answer().values("section"))


def _silent(found: Any, _user: Any) -> Rows:
    rows: Rows = found.silent()
    return rows


def _rows(user: Any) -> Any:
    rows = Section.objects.kept_by(user).with_notes(timezone.localdate() - timedelta(days=30))
    return rows.select_related("area", "team", "claim__unit", "claim__person")


SECTIONS = register(
    Listing(
        key="volunteers.sections",
        title=pgettext_lazy("plural", "巡查责任段"),
        url_name="admin:volunteers_section_changelist",
        row_url=lambda row: reverse("admin:volunteers_section_change", args=[row.pk]),
        may_view=lambda user: "view" in section_abilities(user),
        rows=_rows,
        order=("-made_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=_by_word,
        search_hint=gettext_lazy("名称、编号"),
        facets=(
            Facet(
                key="kind",
                label=gettext_lazy("类别"),
                any_label=gettext_lazy("不限类别"),
                options=lambda _user: [(one.value, str(one.label)) for one in SectionKind],
                narrow=lambda found, value: found.filter(kind=value),
                main=True,
            ),
        ),
        tabs=(
            Tab(key="on", label=gettext_lazy("在册"), narrow=lambda found, _user: found.filter(closed_on__isnull=True)),
            Tab(
                key="free",
                label=gettext_lazy("等人认领"),
                narrow=lambda found, _user: found.filter(closed_on__isnull=True, claim__isnull=True),
            ),
            Tab(key="found", label=gettext_lazy("发现问题"), narrow=_found, counted=True, tone="warn"),
            Tab(key="silent", label=gettext_lazy("好久没记"), narrow=_silent),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("名称"),
                cell=lambda row: Cell(text=row.name, small=row.number),
                value=lambda row: row.name,
            ),
            Column(key="kind", label=gettext_lazy("类别"), cell=lambda row: str(row.get_kind_display())),
            Column(key="area", label=gettext_lazy("哪里的"), cell=lambda row: row.area.name),
            Column(key="holder", label=gettext_lazy("谁在巡"), cell=lambda row: words.holder_for_office(row) or "—"),
            Column(
                key="last",
                label=gettext_lazy("最近一次巡查"),
                cell=lambda row: day_of(row.noted_on) if row.noted_on else "—",
                value=lambda row: iso(row.noted_on) if row.noted_on else "",
            ),
            Column(
                key="lately",
                label=gettext_lazy("30天里几次"),
                cell=lambda row: str(row.notes_count),
                number=True,
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=section_state),
        ),
        empty_title=gettext_lazy("还没有责任段"),
        empty_text=gettext_lazy("登记一段，单位、队伍和居民就能在公众页面认领。"),
    )
)
