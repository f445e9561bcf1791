"""Milestones from a table: a line for each project, with all of its steps. They are planned as if typed in, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, Invalid, Text
from alliance.lib.importing import CHANGED, ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.text import clean
from members.importers.common import MOVED
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import Milestone, Project
from projects.services.project_drafting import plan_milestones
from projects.services.project_fields import milestones_from
from projects.states import LIVE_PROJECTS

STEPS = range(1, 9)
Steps = list[dict[str, Any]]


def _columns() -> tuple[Column, ...]:
    found = [
        Column("project", gettext_lazy("项目编号"), required=True, as_text=True, example="XM-CX-20261123-0001", most=40)
    ]
    for n in STEPS:
        example = n == 1
        found += [
            Column(
                f"name{n}",
                gettext_lazy("节点%(n)d") % {"n": n},
                example=gettext_lazy("开工") if example else "",
                most=40,
            ),
            Column(f"weight{n}", gettext_lazy("占比%(n)d") % {"n": n}, example="100" if example else "", most=4),
            Column(
                f"due_on{n}",
                gettext_lazy("日期%(n)d") % {"n": n},
                is_date=True,
                example="2026-12-01" if example else "",
            ),
        ]
    return tuple(found)


def _number(row: Row) -> str:
    return clean(row.get("project", "")).upper()


def _natural(row: Row) -> Sequence[str]:
    return [_number(row)]


def _steps(row: Row) -> Steps:
    """What the line says, empty places left out; what is no number or day stays a text and is refused as such."""
    found = []
    for n in STEPS:
        name, weight, due_on = (clean(row.get(f"{key}{n}", "")) for key in ("name", "weight", "due_on"))
        if name or weight or due_on:
            share = weight.rstrip("%")
            whole = int(share) if share.isascii() and share.isdigit() else share
            found.append({"name": name, "weight": whole, "due_on": day_in(due_on)})
    return found


def _now(steps: Sequence[Milestone]) -> Steps:
    return [{"name": one.name, "weight": one.weight, "due_on": one.due_on} for one in steps]


def _worded(steps: Steps) -> str:
    return "、".join(f"{one['name']} {one['weight']}% {one['due_on']}" for one in steps)


def _known(rows: Sequence[Row], place: Place) -> dict[str, Project]:
    there = Project.objects.filter(
        street_code=place.area.code[:STREET_LENGTH], number__in={_number(row) for row in rows}
    )
    return {one.number: one for one in there.prefetch_related("milestones")}


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _known(rows, place)
    return [_plan(row, known.get(_number(row))) for row in rows]


def _plan(row: Row, there: Project | None) -> Plan:
    title = there.name if there else _number(row)
    if wrong := _wrong(row, there):
        return Plan(ERROR, title, errors=[wrong])
    assert there is not None  # noqa: S101  # ``_wrong`` has looked
    now, said = _now(list(there.milestones.all())), _steps(row)
    if now == said:
        return Plan(SAME, title)
    return Plan(CHANGED, title, [("name1", _worded(now), _worded(said))]) if now else Plan(NEW, title)


def _wrong(row: Row, there: Project | None) -> tuple[str, Text] | None:
    if there is None:
        return "project", _("本街道没有“%(value)s”这个项目。") % {"value": _number(row)[:20]}
    if there.state not in LIVE_PROJECTS:
        return "project", _("“%(value)s”已经结束了，不能改节点。") % {"value": there.name}
    said = _steps(row)
    try:
        milestones_from(said, there.starts_on, there.ends_on)
    except Invalid as error:
        return "name1", str(error.fields["milestones"][0])
    names = {one["name"] for one in said}
    for one in there.milestones.all():
        if one.done_on is not None and one.name not in names:
            return "name1", _("“%(name)s”已经完成了，不能去掉。") % {"name": one.name}
    return None


def apply(row: Row, place: Place) -> Applied:
    there = _known([row], place).get(_number(row))
    if (wrong := _wrong(row, there)) or there is None:
        raise Invalid({wrong[0]: [wrong[1]]} if wrong else None)
    now, said = _now(list(there.milestones.all())), _steps(row)
    if now == said:
        return Applied(str(there.pk), {"version": there.version, "was": None})
    try:
        made = plan_milestones(pk=there.pk, by=place.by, version=there.version, milestones=said)  # type: ignore[arg-type]
    except Conflict as error:
        raise Conflict(MOVED) from error
    was = [{**one, "due_on": one["due_on"].isoformat()} for one in now]
    return Applied(str(made.pk), {"version": made.version, "was": was})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched the project since: its plan is as it was. A first plan stays, for there is none before it."""
    was = before["was"]
    if was is None:
        return None
    if not was:
        return _("原来没有节点，导入的留着，请在项目页面上改。")
    steps: Any = [{**one, "due_on": date.fromisoformat(one["due_on"])} for one in was]
    try:
        plan_milestones(pk=int(subject), by=place.by, version=before["version"], milestones=steps)
    except DomainError as error:
        raise Untouchable(_("导入之后有人改过，没有撤销。")) from error
    return None


MILESTONES = ImportKind(
    "project-milestones",
    label=gettext_lazy("项目节点"),
    columns=_columns(),
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_project_change", args=[subject]),
    order=47,
    help=[
        gettext_lazy("一行是一个项目的全部节点，占比加起来正好100%，日期在项目开始和结束之间。"),
        gettext_lazy("节点按名称认：没写的去掉，完成了的要留着。"),
    ],
)
