"""Assessments from a table: a line for each project and period, by the measures that are set. What stands stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.importing import (
    ERROR,
    NEW,
    SAME,
    Applied,
    Column,
    ImportKind,
    Place,
    Plan,
    Row,
    Untouchable,
    chosen,
    label_in_table,
)
from alliance.lib.public_text import Warned, require_seen
from alliance.lib.text import clean
from members.importers.common import Wrong
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import Assessment, Project
from projects.services.assessing import ASSESSED, MOST_YARDSTICKS, assess_project, require_days, scores_from
from projects.services.fields import amount_of, said
from projects.states import Consequence, ProjectVerb

MEASURES = range(1, MOST_YARDSTICKS + 1)


def _columns() -> tuple[Column, ...]:
    found = [
        Column(
            "project", gettext_lazy("项目编号"), required=True, as_text=True, example="XM-CX-20261123-0001", most=40
        ),
        Column("first_day", gettext_lazy("从哪天"), required=True, is_date=True, example="2026-07-01"),
        Column("last_day", gettext_lazy("到哪天"), required=True, is_date=True, example="2026-09-30"),
    ]
    for n in MEASURES:
        at, first = {"n": n}, n == 1
        name, points = (gettext_lazy("满意度"), "95") if first else ("", "")
        found += [
            Column(f"name{n}", gettext_lazy("考核什么%(n)d") % at, example=name, most=20),
            Column(f"points{n}", gettext_lazy("分数%(n)d") % at, as_text=True, example=points, most=10),
            Column(
                f"evidence{n}",
                gettext_lazy("依据%(n)d") % at,
                example=gettext_lazy("问卷60份") if first else "",
                most=200,
            ),
        ]
    consequences = Column(
        "consequence", gettext_lazy("怎么处理"), required=True, choices=lambda by, code: _labels(), most=20
    )
    return (*found, consequences, Column("words", gettext_lazy("说明"), required=True, most=500))


def _labels() -> list[str]:
    return [label_in_table(one.label) for one in Consequence]


def _number(row: Row) -> str:
    return clean(row.get("project", "")).upper()


def _days(row: Row) -> tuple[date | None, date | None]:
    return day_in(row.get("first_day", "")), day_in(row.get("last_day", ""))


def _natural(row: Row) -> Sequence[str]:
    return ["/".join(str(one) for one in (_number(row), *_days(row)))]


def _scores(row: Row) -> list[Any]:
    """What the line says of each measure, empty places left out."""
    found = [{name: clean(row.get(f"{name}{n}", "")) for name in ("name", "points", "evidence")} for n in MEASURES]
    return [one for one in found if any(one.values())]


def _title(row: Row) -> str:
    return f"{_number(row)} {clean(row.get('first_day', ''))}—{clean(row.get('last_day', ''))}"


def _known(rows: Sequence[Row], place: Place) -> dict[str, Project]:
    """The projects by number, with their measures and the assessments that stand."""
    numbers = {_number(row) for row in rows}
    there = Project.objects.filter(street_code=place.area.code[:STREET_LENGTH], number__in=numbers)
    standing = Assessment.objects.filter(replaced_by__isnull=True).prefetch_related("scores")
    with_them = Prefetch("assessments", queryset=standing, to_attr="standing_ones")
    return {one.number: one for one in there.prefetch_related("yardsticks", with_them)}


def _there(row: Row, project: Project | None) -> Assessment | None:
    """The one that stands for the very days of the line."""
    standing: list[Assessment] = getattr(project, "standing_ones", [])
    return next((one for one in standing if (one.first_day, one.last_day) == _days(row)), None)


def _is_same(row: Row, one: Assessment) -> bool:
    scores: dict[str, tuple[Decimal | None, str]] = {
        score.name: (score.points, score.evidence) for score in one.scores.all()
    }
    told = {score["name"]: (amount_of(score["points"]), score["evidence"]) for score in _scores(row)}
    words = " ".join(clean(row.get("words", "")).split())
    consequence = chosen(Consequence, row.get("consequence", ""))
    return (scores, one.words, one.consequence) == (told, words, consequence)


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _known(rows, place)
    return [_plan(row, known.get(_number(row))) for row in rows]


def _plan(row: Row, project: Project | None) -> Plan:
    if wrong := _wrong(row, project):
        return Plan(ERROR, _title(row), errors=[wrong])
    return Plan(SAME if _there(row, project) else NEW, _title(row))


def _wrong(row: Row, project: Project | None) -> Wrong | None:
    if project is None:
        return "project", _("本街道没有“%(value)s”这个项目。") % {"value": _number(row)[:20]}
    if project.workflow.find(project.state, ProjectVerb.ASSESS) is None:
        return "project", _("项目还没有实施，或者终止了，不能考核。")
    first, last = _days(row)
    if first is None or last is None:
        return "first_day" if first is None else "last_day", _("请写成 2026-10-15。")
    there = _there(row, project)
    if there is not None and _is_same(row, there):
        return None
    standing: list[Assessment] = getattr(project, "standing_ones", [])
    if any(one.first_day <= last and first <= one.last_day for one in standing):
        return "first_day", str(ASSESSED)
    return _refused(row, project, first, last)


def _refused(row: Row, project: Project, first: date, last: date) -> Wrong | None:
    """What the service would refuse, said under the column that it is about."""
    if not chosen(Consequence, row.get("consequence", "")):
        return "consequence", _("请选怎么处理。")
    try:
        require_days(project, first, last)
        scores = scores_from(project, _scores(row))
        words = said(row.get("words", ""), "words", _("请写几句为什么这样处理。"), 500)
        if project.assessments_public:
            require_seen([words, *(one.evidence for one in scores)], seen="")
    except Warned as error:
        return "words", str(error.fields["seen_warnings"][0])
    except Invalid as error:
        key, texts = next(iter(error.fields.items()))
        return "name1" if key == "scores" else key, str(texts[0])
    except DomainError as error:
        return "project", str(error.message)
    return None


def apply(row: Row, place: Place) -> Applied:
    project = _known([row], place).get(_number(row))
    first, last = _days(row)
    if (wrong := _wrong(row, project)) or project is None or first is None or last is None:
        raise Invalid({wrong[0]: [wrong[1]]} if wrong else None)
    if there := _there(row, project):
        return Applied(str(there.pk), {"made": False})
    made = assess_project(
        pk=project.pk,
        client_key=uuid4(),
        by=place.by,
        version=None,
        first_day=first,
        last_day=last,
        scores=_scores(row),
        consequence=chosen(Consequence, row.get("consequence", "")),
        words=row.get("words", ""),
    )
    return Applied(str(made.pk), {"made": True})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """An assessment stands, whoever sent it: a mistake is put right by a further one."""
    if not before["made"]:
        return None
    raise Untouchable(_("考核过的留着，要改请更正那一次。"))


def _page(subject: str) -> str:
    found = Assessment.objects.filter(pk=int(subject)).values_list("project_id", flat=True).first()
    return reverse("admin:projects_project_change", args=[found]) if found else ""


ASSESSMENTS = ImportKind(
    "project-assessments",
    label=gettext_lazy("项目考核"),
    columns=_columns(),
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=_page,
    order=51,
    help=[
        gettext_lazy("一行是一个项目的一次考核，考核办法里的每一项都要有分数和依据。考核办法先在项目页面上定好。"),
        gettext_lazy("这段日子考核过的，导入不改；导入的不能撤销，写错了到项目页面上更正。"),
    ],
)
