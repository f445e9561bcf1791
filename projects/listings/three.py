"""项目清单, one of the three: what is done together, for the street's staff and for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from alliance.lib.three import KIND, STATE, ThreeList
from people.models import Area
from people.querysets import STREET_LENGTH
from projects.listings.projects import NEWEST, PROJECTS
from projects.models import Project, ProjectUnit
from projects.presenting import progress
from projects.states import ProjectKind, ProjectState


def _rows(alliance: Any) -> Rows:
    """What everybody may read; of its units only those that agreed to be named, and have said yes."""
    shown = ProjectUnit.objects.filter(left_on__isnull=True, confirmed_at__isnull=False, unit__is_public=True)
    found = Project.objects.public().filter(street_code=alliance.street_code)
    if len(alliance.area_id) > STREET_LENGTH:
        found = found.filter(area__code__startswith=alliance.area_id)
    units = Prefetch("units", shown.filter(unit__merged_into__isnull=True).select_related("unit"))
    return found.select_related("area").prefetch_related("milestones", units)


def _who(one: Any) -> str:
    return _("、").join(part.unit.name for part in one.units.all()) or one.area.name


def _state(one: Any) -> Cell:
    _share, due = progress.so_far(one)
    said = progress.said(one, due)
    return Cell(text=said["label"], tone=said["tone"])


def _share(one: Any) -> str:
    """On a card it stands without a label."""
    return _("进度%(n)d%%") % {"n": progress.so_far(one)[0]}


def _until(one: Any) -> str:
    """The same."""
    return _("到%(day)s") % {"day": day_of(one.ends_on)}


_COLUMNS = (
    Column(key="what", label=gettext_lazy("项目"), cell=lambda one: one.name),
    Column(key=KIND, label=gettext_lazy("类别"), cell=lambda one: one.get_kind_display()),
    Column(key="who", label=gettext_lazy("谁在办"), cell=_who),
    Column(key="place", label=gettext_lazy("社区"), cell=lambda one: one.area.name),
    Column(key="share", label=gettext_lazy("进度"), cell=_share, value=lambda one: f"{progress.so_far(one)[0]}%"),
    Column(key="until", label=gettext_lazy("到哪天完成"), cell=_until, value=lambda one: iso(one.ends_on)),
    Column(key=STATE, label=gettext_lazy("状态"), cell=_state, value=lambda one: _state(one).text),
)

_TABS = (
    Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
    Tab(
        key="running",
        label=ProjectState.RUNNING.label,
        narrow=lambda found, _user: found.filter(state=ProjectState.RUNNING),
    ),
    Tab(key="done", label=ProjectState.DONE.label, narrow=lambda found, _user: found.filter(state=ProjectState.DONE)),
)


def _places(alliance: Any) -> Options:
    rows = Area.objects.filter(pk__startswith=alliance.area_id, level__in=["street", "community"])
    return list(rows.order_by("code").values_list("code", "name"))


def public(alliance: Any) -> Listing:
    """项目清单 of one alliance, for everybody."""
    return Listing(
        key="public.projects",
        title=gettext_lazy("项目清单"),
        url_name="portal:list",
        row_url=lambda one: reverse("projects:project", args=[one.pk]),
        may_view=lambda user: True,
        rows=lambda user: _rows(alliance),
        order=NEWEST,
        tabs=_TABS,
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
                label=gettext_lazy("类别"),
                any_label=gettext_lazy("全部类别"),
                options=choices(ProjectKind.choices),
                narrow=equals("kind"),
                counts=by_column("kind"),
                main=True,
            ),
        ),
        search=named,
        size=30,
    )


STAFF = register(
    replace(PROJECTS, key="lists.projects", title=gettext_lazy("项目清单"), url_name="admin:lists_projects")
)


def three() -> ThreeList:
    return ThreeList(key="projects", staff=STAFF, public=public)
