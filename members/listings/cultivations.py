"""培育名单."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.listing import Column, Facet, Listing, Options, Rows, by_column, equals, register
from alliance.lib.search import words_of
from members.listings.common import PLACE, reads
from members.models import Cultivation


def _rows(user: Any) -> Rows:
    """Lists one sees, with how many organisations stand on each."""
    return Cultivation.objects.visible_to(user).select_related("area").annotate(listed_now=Count("listed"))


def _years(user: Any) -> Options:
    years = Cultivation.objects.visible_to(user).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


def _search(found: Rows, term: str) -> Rows:
    for word in words_of(term):
        found = found.filter(name__icontains=word)
    return found


CULTIVATIONS = register(
    Listing(
        key="members.cultivations",
        title=pgettext_lazy("plural", "培育名单"),
        url_name="admin:members_cultivation_changelist",
        row_url=lambda one: reverse("admin:members_cultivation_change", args=[one.pk]),
        may_view=reads,
        rows=_rows,
        order=("-year", "-id"),
        order_label=gettext_lazy("新的年度在前"),
        columns=(
            Column(key="name", label=gettext_lazy("名单"), cell=lambda one: one.name, order=("name", "id")),
            Column(
                key="year",
                label=gettext_lazy("年度"),
                cell=lambda one: str(one.year),
                value=lambda one: one.year,
            ),
            Column(key="place", label=gettext_lazy("所在地"), cell=lambda one: one.area.name, order=("area_id", "id")),
            Column(
                key="listed",
                label=gettext_lazy("党组织数"),
                cell=lambda one: str(one.listed_now),
                value=lambda one: one.listed_now,
                number=True,
            ),
        ),
        facets=(
            Facet(
                key="year",
                label=gettext_lazy("年度"),
                any_label=gettext_lazy("全部年度"),
                options=_years,
                narrow=equals("year"),
                counts=by_column("year"),
                main=True,
            ),
            PLACE,
        ),
        search=_search,
        search_hint=gettext_lazy("名单的名称"),
        empty_title=gettext_lazy("还没有培育名单"),
        empty_text=gettext_lazy("写上标准，把要培育的党组织列进来，到时候看结果。"),
    )
)
