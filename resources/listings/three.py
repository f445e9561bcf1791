"""资源清单, one of the three: what is shared, for the street's staff and for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.listing import Column, Facet, Listing, Options, Rows, Tab, by_column, equals, register
from alliance.lib.three import KIND, ThreeList
from people.models import Area
from resources import public as shown
from resources.listings.resources import RESOURCES
from resources.models import Resource, ResourceKind
from resources.presenting import facts
from resources.states import ResourceState


def _prepare(rows: list[Any], user: Any) -> None:
    for row in rows:
        row.giver = facts.giver_of(row, user)


def _place(row: Any) -> str:
    place = facts.place_of(row, None)
    return "" if place == row.giver else place


def _whom(row: Any) -> str:
    """On a card it stands without a label."""
    return _("给%(whom)s用") % {"whom": facts.for_whom(row)}


def _use(row: Any) -> str:
    """How one comes to it."""
    return str(row.kind.get_form_display())


def _headings(_user: Any) -> Options:
    return [(kind.key, kind.label) for kind in ResourceKind.objects.headings()]


def _of_kind(found: Rows, key: str) -> Rows:
    return found.filter(Q(kind__key=key) | Q(kind__parent__key=key))


def _by_heading(found: Rows) -> dict[str, int]:
    plain = Resource.objects.filter(pk__in=found.order_by().values("pk")).order_by()
    return dict(plain.values_list("kind__parent__key").annotate(n=Count("pk")))


_COLUMNS = (
    Column(key="what", label=gettext_lazy("资源"), cell=lambda row: row.name),
    Column(key=KIND, label=gettext_lazy("种类"), cell=lambda row: row.kind.label),
    Column(key="who", label=gettext_lazy("谁提供"), cell=lambda row: row.giver),
    Column(key="place", label=gettext_lazy("在哪里"), cell=_place),
    Column(key="size", label=gettext_lazy("能容多少"), cell=facts.size_of),
    Column(key="whom", label=gettext_lazy("给谁用"), cell=_whom, value=facts.for_whom),
    Column(key="use", label=gettext_lazy("怎么用"), cell=_use),
)


_OPEN_TO = (
    Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
    Tab(key="people", label=gettext_lazy("居民可用"), narrow=lambda found, _user: found.filter(for_people=True)),
    Tab(key="units", label=gettext_lazy("单位可用"), narrow=lambda found, _user: found.filter(for_units=True)),
)


def public(alliance: Any) -> Listing:
    """资源清单 of one alliance, for everybody. A unit that has not agreed is neither named nor found by its name."""
    return Listing(
        key="public.resources",
        title=gettext_lazy("资源清单"),
        url_name="portal:list",
        row_url=lambda row: f"/resources/{row.pk}/",
        may_view=lambda user: True,
        rows=lambda user: shown.shared_in(alliance).select_related(*shown.AROUND),
        prepare=_prepare,
        order=shown.NEWEST,
        tabs=_OPEN_TO,
        columns=_COLUMNS,
        facets=(
            Facet(
                key="community",
                label=gettext_lazy("社区"),
                any_label=gettext_lazy("全部社区"),
                options=lambda _user: _places(alliance),
                narrow=equals("area_id"),
                counts=by_column("area_id"),
                main=True,
            ),
            Facet(
                key="kind",
                label=gettext_lazy("种类"),
                any_label=gettext_lazy("全部种类"),
                options=_headings,
                narrow=_of_kind,
                counts=_by_heading,
                main=True,
            ),
        ),
        search=shown.said,
        size=30,
    )


def _places(alliance: Any) -> Options:
    rows = Area.objects.filter(pk__startswith=alliance.area_id, level__in=["street", "community"])
    return list(rows.order_by("code").values_list("code", "name"))


_TABS = sorted(RESOURCES.tabs, key=lambda tab: tab.key != ResourceState.USABLE)
STAFF = register(
    replace(
        RESOURCES,
        key="lists.resources",
        title=gettext_lazy("资源清单"),
        url_name="admin:lists_resources",
        tabs=tuple(_TABS),
    )
)
"""The list of the warehouse, with what can be used first."""


def three() -> ThreeList:
    return ThreeList(key="resources", staff=STAFF, public=public)
