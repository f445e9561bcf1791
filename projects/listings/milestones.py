"""Milestones and assessments of the projects of one's streets, across all of them."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from members.listings.common import places
from projects.listings.projects import hands
from projects.models import Assessment, Milestone, Project
from projects.permissions import project_abilities
from projects.presenting import progress
from projects.presenting.figures import assessment_tone
from projects.services.wording import number
from projects.states import Consequence, ProjectState

OPEN = Q(done_on__isnull=True, project__state=ProjectState.RUNNING)


def _page(one: Any) -> str:
    return reverse("admin:projects_project_change", args=[one.project_id])


def _named(found: Rows, term: str) -> Rows:
    """By the name or number of the project, or by the words of the row itself."""
    return found.filter(project__in=named(Project.objects.all(), term).values("pk"))


PLACE = Facet(
    key="place",
    label=gettext_lazy("所在地"),
    any_label=gettext_lazy("全部社区"),
    options=places,
    narrow=lambda found, code: found.filter(project__area_id__startswith=code),
    main=True,
)
PROJECT = Column(
    key="project",
    label=gettext_lazy("项目"),
    cell=lambda one: Cell(text=one.project.name, small=one.project.area.name),
    value=lambda one: one.project.name,
)
NUMBER = Column(key="number", label=gettext_lazy("项目编号"), cell=lambda one: one.project.number, page=False)


def _stands(one: Any) -> Cell:
    said = progress.step(one.project, one, timezone.localdate())
    tone = {"ok": "done" if one.done_on else "work"}.get(said["tone"], "")
    flags = ((said["label"], said["tone"]),) if said["tone"] in ("warn", "late") else ()
    return Cell(text=_("没有完成") if flags else said["label"], tone=tone, flags=flags)


def _due(one: Any) -> Cell:
    said = progress.step(one.project, one, timezone.localdate())
    return Cell(text=day_of(one.due_on), small=said["note"])


def _late(found: Rows, _user: Any) -> Rows:
    return found.filter(OPEN, due_on__lt=timezone.localdate())


MILESTONES = register(
    Listing(
        key="projects.milestones",
        look="dated",
        title=pgettext_lazy("plural", "项目节点"),
        url_name="admin:projects_milestone_changelist",
        row_url=_page,
        may_view=lambda user: "view" in project_abilities(user),
        rows=lambda user: Milestone.objects.kept_by(user).select_related(
            "project__area", "project__commissioner", "done_by"
        ),
        order=("due_on", "id"),
        order_label=gettext_lazy("先到期的在前"),
        tabs=(
            Tab(key="open", label=gettext_lazy("正在办"), narrow=lambda found, _user: found.filter(OPEN)),
            Tab(key="late", label=gettext_lazy("超期"), narrow=_late, tone="late"),
            Tab(
                key="done",
                label=gettext_lazy("已完成"),
                narrow=lambda found, _user: found.filter(done_on__isnull=False),
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(key="name", label=gettext_lazy("节点"), cell=lambda one: one.name),
            PROJECT,
            NUMBER,
            Column(
                key="hands",
                label=gettext_lazy("谁负责"),
                cell=lambda one: hands(one.project),
            ),
            Column(
                key="weight",
                label=gettext_lazy("占比"),
                cell=lambda one: f"{one.weight}%",
                value=lambda one: one.weight,
                number=True,
            ),
            Column(
                key="due",
                label=gettext_lazy("哪天前"),
                cell=_due,
                value=lambda one: iso(one.due_on),
                order=("due_on", "id"),
            ),
            Column(
                key="done",
                label=gettext_lazy("完成日期"),
                cell=lambda one: Cell(text=day_of(one.done_on), small=one.done_by.name if one.done_by else ""),
                value=lambda one: iso(one.done_on),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=_stands, value=lambda one: _stands(one).text),
        ),
        facets=(PLACE,),
        search=_named,
        search_hint=gettext_lazy("项目的名称、编号"),
        empty_title=gettext_lazy("没有节点"),
        empty_text=gettext_lazy("在项目页面上排节点。"),
    )
)


def _result(one: Any) -> Cell:
    gone = one.replaced_by_pk is not None
    said = _("已更正") if gone else str(Consequence(one.consequence).label)
    return Cell(text=said, tone="off" if gone else {"ok": "done"}.get(assessment_tone(one), "work"))


ASSESSMENTS = register(
    Listing(
        key="projects.assessments",
        title=pgettext_lazy("plural", "项目考核"),
        url_name="admin:projects_assessment_changelist",
        row_url=_page,
        may_view=lambda user: "view" in project_abilities(user),
        rows=lambda user: (
            Assessment.objects.kept_by(user)
            .select_related("project__area", "by")
            .annotate(replaced_by_pk=F("replaced_by__pk"))
        ),
        order=("-last_day", "-id"),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(
                key="standing",
                label=gettext_lazy("现行的"),
                narrow=lambda found, _user: found.filter(replaced_by__isnull=True),
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="period",
                label=gettext_lazy("哪段日子"),
                cell=lambda one: f"{day_of(one.first_day)} — {day_of(one.last_day)}",
                value=lambda one: f"{iso(one.first_day)} — {iso(one.last_day)}",
            ),
            PROJECT,
            NUMBER,
            Column(
                key="total",
                label=gettext_lazy("得分"),
                cell=lambda one: number(one.total),
                value=lambda one: number(one.total),
                order=("total", "id"),
                number=True,
            ),
            Column(key="words", label=gettext_lazy("说明"), cell=lambda one: one.words),
            Column(key="by", label=gettext_lazy("经手人"), cell=lambda one: one.by.name, shown=False),
            Column(
                key="at",
                label=gettext_lazy("考核时间"),
                cell=lambda one: day_of(one.at),
                value=lambda one: iso(one.at),
                shown=False,
            ),
            Column(key="state", label=gettext_lazy("怎么处理"), cell=_result, value=lambda one: _result(one).text),
        ),
        facets=(
            PLACE,
            Facet(
                key="consequence",
                label=gettext_lazy("怎么处理"),
                any_label=gettext_lazy("怎么处理：不限"),
                options=choices(Consequence.choices),
                narrow=equals("consequence"),
                counts=by_column("consequence"),
                main=True,
            ),
        ),
        search=_named,
        search_hint=gettext_lazy("项目的名称、编号"),
        empty_title=gettext_lazy("还没有考核"),
        empty_text=gettext_lazy("在项目页面上定考核办法、考核。"),
    )
)
