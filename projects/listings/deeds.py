"""民生实事 of one's streets: in whose hands, since when, how far, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from members.listings.common import PLACE, said
from projects.models import Deed, DeedReport
from projects.permissions import deed_abilities
from projects.services.deed_standing import STAGES, stages_of
from projects.services.wording import number
from projects.states import DeedField, DeedSource, DeedState

NEWEST = ("-year", "-id")
TONES = {DeedState.CANDIDATE: "", DeedState.PUBLISHED: "work", DeedState.CLEARED: "done", DeedState.LEFT_OUT: "off"}


def rows(user: Any) -> Rows:
    """Of the streets one works in, with whether this month was reported."""
    month = timezone.localdate().replace(day=1)
    reported = DeedReport.objects.filter(deed=OuterRef("pk"), month__gte=month)
    found = Deed.objects.kept_by(user).select_related("area", "unit", "leader")
    return found.annotate(reported=Exists(reported))


def _stages(found: list[Any], _user: Any) -> None:
    """How far each candidate has come, for all rows of a page at once."""
    known = stages_of(found)
    for row in found:
        row.stages = known[row.pk]


def _years(user: Any) -> Options:
    there = Deed.objects.kept_by(user).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in there]


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def _unreported(found: Rows, _user: Any) -> Rows:
    return found.filter(state=DeedState.PUBLISHED, reported=False)


def who(one: Any) -> str:
    """Whoever is responsible: the unit, else the office."""
    return one.unit.name if one.unit else one.area.name


def state_of(one: Any) -> Cell:
    """The state; of a candidate also what was found out, of a published one whether this month is missing."""
    flags: list[tuple[str, str]] = []
    if one.state == DeedState.CANDIDATE:
        flags = [(str(STAGES[stage]), "info") for stage in getattr(one, "stages", ())]
    elif one.state == DeedState.PUBLISHED and not getattr(one, "reported", True):
        flags = [(_("本月还没报"), "warn")]
    return Cell(text=one.get_state_display(), tone=TONES[DeedState(one.state)], flags=tuple(flags))


def _satisfied(one: Any) -> str:
    return "" if one.satisfaction is None else f"{number(one.satisfaction)}%"


COLUMNS = (
    Column(
        key="name",
        label=pgettext_lazy("plural", "民生实事"),
        cell=lambda one: Cell(text=one.name, code=one.number, small=one.goal),
        value=lambda one: one.name,
        order=("name", "id"),
    ),
    Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
    Column(key="year", label=gettext_lazy("年度"), cell=lambda one: str(one.year), order=NEWEST),
    Column(
        key="position",
        label=gettext_lazy("第几件"),
        cell=lambda one: str(one.position or ""),
        value=lambda one: one.position,
        number=True,
    ),
    Column(key="goal", label=gettext_lazy("年度目标"), cell=lambda one: one.goal, page=False),
    Column(key="who", label=gettext_lazy("谁负责"), cell=who),
    Column(key="leader", label=gettext_lazy("牵头领导"), cell=lambda one: str(one.leader or ""), shown=False),
    Column(key="field", label=gettext_lazy("类别"), cell=lambda one: one.get_field_display()),
    Column(key="place", label=gettext_lazy("在哪里"), cell=lambda one: one.area.name, shown=False),
    Column(key="source", label=gettext_lazy("谁提出的"), cell=lambda one: one.get_source_display(), shown=False),
    Column(
        key="since",
        label=gettext_lazy("登记时间"),
        cell=lambda one: day_of(one.proposed_at),
        value=lambda one: iso(one.proposed_at),
    ),
    Column(
        key="percent",
        label=gettext_lazy("进度"),
        cell=lambda one: f"{one.percent}%" if one.position else "",
        value=lambda one: one.percent,
        order=("percent", "id"),
        number=True,
    ),
    Column(key="satisfaction", label=gettext_lazy("满意度"), cell=_satisfied, number=True),
    Column(key="reported", label=gettext_lazy("本月报了"), cell=lambda one: said(one.reported), page=False),
    Column(
        key="ended",
        label=gettext_lazy("结束日期"),
        cell=lambda one: day_of(one.ended_on),
        value=lambda one: iso(one.ended_on),
        shown=False,
    ),
    Column(key="state", label=gettext_lazy("状态"), cell=state_of, value=lambda one: one.get_state_display()),
)


def _chosen(key: str, label: Any, options: Any, *, main: bool = False) -> Facet:
    any_label = gettext_lazy("%(what)s：不限") % {"what": label}
    return Facet(
        key=key, label=label, any_label=any_label, options=options, narrow=equals(key), counts=by_column(key), main=main
    )


DEEDS = register(
    Listing(
        key="projects.deeds",
        look="dated",
        title=pgettext_lazy("plural", "民生实事"),
        url_name="admin:projects_deed_changelist",
        row_url=lambda one: reverse("admin:projects_deed_change", args=[one.pk]),
        may_view=lambda user: "view" in deed_abilities(user),
        rows=rows,
        prepare=_stages,
        order=NEWEST,
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in DeedState),
            Tab(key="unreported", label=gettext_lazy("本月还没报"), narrow=_unreported, tone="warn"),
        ),
        columns=COLUMNS,
        facets=(
            _chosen("year", gettext_lazy("年度"), _years, main=True),
            PLACE,
            _chosen("field", gettext_lazy("类别"), choices(DeedField.choices), main=True),
            _chosen("source", gettext_lazy("谁提出的"), choices(DeedSource.choices)),
        ),
        search=named,
        search_hint=gettext_lazy("名称、编号"),
        empty_title=gettext_lazy("还没有民生实事"),
        empty_text=gettext_lazy("先提出候选，初筛、论证以后公布。"),
    )
)
