"""楼宇 and 社区品牌."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.listing import Column, Listing, Rows, register
from alliance.lib.search import words_of
from members.listings.common import PLACE, asks, reads
from members.models import Brand, Building


def _buildings(user: Any) -> Rows:
    """Buildings one sees, with how many units are in each."""
    inside = Count("units", filter=Q(units__merged_into__isnull=True))
    return Building.objects.visible_to(user).select_related("area").annotate(inside=inside)


def _brands(user: Any) -> Rows:
    return Brand.objects.visible_to(user).select_related("area")


def _having(*columns: str) -> Callable[[Rows, str], Rows]:
    """Every word stands in one of ``columns``: a street has a few dozen of these rows, and they need no index."""

    def search(found: Rows, term: str) -> Rows:
        for word in words_of(term):
            found = found.filter(_any(columns, word))
        return found

    return search


def _any(columns: tuple[str, ...], word: str) -> Q:
    ways = Q()
    for column in columns:
        ways |= Q(**{f"{column}__icontains": word})
    return ways


BUILDINGS = register(
    Listing(
        key="members.buildings",
        title=pgettext_lazy("plural", "楼宇"),
        url_name="admin:members_building_changelist",
        row_url=lambda one: reverse("admin:members_building_change", args=[one.pk]),
        may_view=reads,
        rows=_buildings,
        order=("area_id", "sorted_as", "id"),
        order_label=gettext_lazy("按所在地"),
        columns=(
            Column(key="name", label=gettext_lazy("楼宇"), cell=lambda one: one.name, order=("sorted_as", "id")),
            Column(
                key="place",
                label=gettext_lazy("所在地"),
                cell=lambda one: one.area.name,
                order=("area_id", "sorted_as", "id"),
            ),
            Column(
                key="floors",
                label=gettext_lazy("层数"),
                cell=lambda one: str(one.floors or ""),
                value=lambda one: one.floors,
                order=("floors", "id"),
                number=True,
            ),
            Column(
                key="units",
                label=gettext_lazy("楼里的单位"),
                cell=lambda one: str(one.inside),
                value=lambda one: one.inside,
                number=True,
            ),
        ),
        facets=(PLACE,),
        search=_having("name", "pinyin", "initials"),
        search_hint=gettext_lazy("名称、拼音或首字母"),
        empty_title=gettext_lazy("还没有楼宇"),
        empty_text=gettext_lazy("登记以后，单位的资料里就能选楼宇和楼层，这里一层层看楼里有谁。"),
    )
)

BRANDS = register(
    Listing(
        key="members.brands",
        title=pgettext_lazy("plural", "社区品牌"),
        url_name="admin:members_brand_changelist",
        row_url=lambda one: reverse("admin:members_brand_change", args=[one.pk]),
        may_view=reads,
        rows=_brands,
        order=("area_id",),
        columns=(
            Column(key="name", label=gettext_lazy("品牌"), cell=lambda one: one.name, order=("name", "area_id")),
            Column(key="place", label=gettext_lazy("社区"), cell=lambda one: one.area.name, order=("area_id",)),
            Column(key="feature", label=gettext_lazy("特色定位"), cell=lambda one: one.feature),
            Column(key="intro", label=gettext_lazy("简介"), cell=lambda one: one.intro, shown=False),
        ),
        facets=(
            PLACE,
            asks("said", gettext_lazy("简介"), ~Q(intro=""), gettext_lazy("写了"), gettext_lazy("还没有写")),
        ),
        search=_having("name", "feature", "area__name", "area__pinyin", "area__initials"),
        search_hint=gettext_lazy("品牌、特色、社区"),
        empty_title=gettext_lazy("还没有社区品牌"),
        empty_text=gettext_lazy("一社一品：给每个社区写上品牌和特色，联盟的公开页上就有。"),
    )
)
