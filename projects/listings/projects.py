"""共建项目 of one's streets: how far each is, in whose hands, until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from members.listings.common import PLACE, asks
from members.models import MemberUnit
from projects.models import Project, ProjectUnit
from projects.models.project import DAYS_SOON
from projects.permissions import project_abilities
from projects.presenting import progress
from projects.states import Field, ProjectKind, ProjectState, Standing

NEWEST = ("-drafted_at", "-id")
TONES = {ProjectState.DRAFT: "", ProjectState.RUNNING: "work", ProjectState.DONE: "done", ProjectState.STOPPED: "off"}
STANDS = {Standing.SOON: "warn", Standing.LATE: "late"}
LOADED = ("area", "commissioner", "branch", "agreement")


def with_parts(found: Rows) -> Rows:
    """With what a row shows of them."""
    units = ProjectUnit.objects.filter(left_on__isnull=True).select_related("unit")
    left = ProjectUnit.objects.filter(project=OuterRef("pk"), left_on__isnull=False)
    found = found.annotate(had_units=Exists(left))
    return found.select_related(*LOADED).prefetch_related("milestones", Prefetch("units", units))


def rows(user: Any) -> Rows:
    """Projects of the streets one works in."""
    return with_parts(Project.objects.kept_by(user))


def _units(user: Any) -> Options:
    there = ProjectUnit.objects.filter(project__in=Project.objects.kept_by(user).values("pk"), left_on__isnull=True)
    known = MemberUnit.objects.filter(pk__in=there.order_by().values("unit")).order_by("pinyin", "pk")
    return [(str(unit.pk), str(unit)) for unit in known]


def _with_unit(found: Rows, value: str) -> Rows:
    mine = ProjectUnit.objects.filter(left_on__isnull=True)
    mine = mine.filter(unit=int(value)) if value.isdigit() and len(value) < 18 else mine.none()
    return found.filter(pk__in=mine.values("project"))


def _by_unit(found: Rows) -> dict[str, int]:
    there = ProjectUnit.objects.filter(project__in=found.order_by().values("pk"), left_on__isnull=True).order_by()
    return {str(unit): n for unit, n in there.values_list("unit").annotate(n=Count("project", distinct=True))}


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def _late(found: Rows, _user: Any) -> Rows:
    return found.filter(pk__in=Project.objects.late().values("pk"))


def _soon(found: Rows, _user: Any) -> Rows:
    return found.filter(pk__in=Project.objects.soon(DAYS_SOON).values("pk"))


def state_of(one: Any) -> Cell:
    """The state, with 临期 or 超期 beside it; of what runs also that no unit is in it any more."""
    _share, due = progress.so_far(one)
    stands = progress.standing(one, due)
    flags = [(str(stands.label), STANDS[stands])] if stands in STANDS else []
    if is_alone(one):
        flags.append((_("没有单位在办了"), "late"))
    return Cell(text=one.get_state_display(), tone=TONES[ProjectState(one.state)], flags=tuple(flags))


def is_alone(one: Any) -> bool:
    """It runs, units were in it, and the last of them is gone."""
    if one.state != ProjectState.RUNNING:
        return False
    if hasattr(one, "had_units"):
        return bool(one.had_units) and not one.units.all()
    left = [part.left_on for part in one.units.all()]
    return bool(left) and None not in left


def standing_word(one: Any) -> str:
    """正常, 临期, 超期; of what does not run its state."""
    _share, due = progress.so_far(one)
    return progress.said(one, due)["label"]


def _until(one: Any) -> Cell:
    _share, due = progress.so_far(one)
    days = one.days_to(due)
    return Cell(text=day_of(due or one.ends_on), small="" if days is None else progress.days_note(days))


def hands(one: Any) -> str:
    """Who goes on with it: the 专员."""
    return one.commissioner.name if one.commissioner else _("还没定")


def who(one: Any) -> str:
    """The units that take part, the one that leads first."""
    return _("、").join(part.unit.name for part in one.units.all())


COLUMNS = (
    Column(
        key="name",
        label=gettext_lazy("项目"),
        cell=lambda one: Cell(text=one.name, code=one.number),
        value=lambda one: one.name,
        order=("name", "id"),
    ),
    Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
    Column(key="kind", label=gettext_lazy("类别"), cell=lambda one: one.get_kind_display()),
    Column(key="place", label=gettext_lazy("在哪里"), cell=lambda one: one.area.name, order=("area_id", "id")),
    Column(key="hands", label=gettext_lazy("谁负责"), cell=hands),
    Column(
        key="branch",
        label=gettext_lazy("支部"),
        cell=lambda one: one.branch.name if one.branch else "",
        shown=False,
    ),
    Column(key="units", label=gettext_lazy("参加单位"), cell=who),
    Column(
        key="share",
        label=gettext_lazy("进度"),
        cell=lambda one: f"{progress.so_far(one)[0]}%",
        value=lambda one: progress.so_far(one)[0],
        number=True,
    ),
    Column(
        key="starts",
        label=gettext_lazy("从哪天起"),
        cell=lambda one: day_of(one.starts_on),
        value=lambda one: iso(one.starts_on),
        order=("starts_on", "id"),
        shown=False,
    ),
    Column(
        key="next",
        label=gettext_lazy("下一个期限"),
        cell=_until,
        value=lambda one: iso(progress.so_far(one)[1] or one.ends_on),
    ),
    Column(
        key="until",
        label=gettext_lazy("到哪天完成"),
        cell=lambda one: day_of(one.ends_on),
        value=lambda one: iso(one.ends_on),
        order=("ends_on", "id"),
        shown=False,
    ),
    Column(key="field", label=gettext_lazy("领域"), cell=lambda one: one.get_field_display(), shown=False),
    Column(
        key="agreement",
        label=gettext_lazy("所属协议"),
        cell=lambda one: one.agreement.number if one.agreement else "",
        shown=False,
    ),
    Column(key="stands", label=gettext_lazy("正常、临期、超期"), cell=standing_word, page=False),
    Column(key="state", label=gettext_lazy("状态"), cell=state_of, value=lambda one: one.get_state_display()),
)


def _chosen(key: str, label: Any, known: Any, *, main: bool = False) -> Facet:
    return Facet(
        key=key,
        label=label,
        any_label=gettext_lazy("%(what)s：不限") % {"what": label},
        options=choices(known),
        narrow=equals(key),
        counts=by_column(key),
        main=main,
    )


PROJECTS = register(
    Listing(
        key="projects.projects",
        look="dated",
        title=pgettext_lazy("plural", "共建项目"),
        url_name="admin:projects_project_changelist",
        row_url=lambda one: reverse("admin:projects_project_change", args=[one.pk]),
        may_view=lambda user: "view" in project_abilities(user),
        rows=rows,
        order=NEWEST,
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in ProjectState),
            Tab(key="soon", label=Standing.SOON.label, narrow=_soon, tone="warn"),
            Tab(key="late", label=Standing.LATE.label, narrow=_late, tone="late"),
        ),
        columns=COLUMNS,
        facets=(
            PLACE,
            _chosen("kind", gettext_lazy("类别"), ProjectKind.choices, main=True),
            Facet(
                key="unit",
                label=gettext_lazy("参加单位"),
                any_label=gettext_lazy("参加单位：不限"),
                options=_units,
                narrow=_with_unit,
                counts=_by_unit,
                main=True,
            ),
            _chosen("field", gettext_lazy("领域"), Field.choices),
            asks("public", gettext_lazy("公开展示"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=named,
        search_hint=gettext_lazy("名称、编号"),
        empty_title=gettext_lazy("还没有项目"),
        empty_text=gettext_lazy("拟好项目，定下专员、支部和节点，就可以开始。"),
    )
)
