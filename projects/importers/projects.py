"""Projects from a list that an office kept so far: a new row is drafted like one that is typed in; of one that is known
by its number, or by name and place, is changed what the list says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, Invalid, Text
from alliance.lib.importing import (
    CHANGED,
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
    label_in_table,
)
from alliance.lib.text import clean, fold
from members.importers.common import MOVED, NO, YES, Wrong, area_names, area_of, differences, no_area, yes_no
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import Agreement, Project
from projects.services.fields import colleagues
from projects.services.project_drafting import draft_project, edit_project
from projects.services.project_ending import stop_project
from projects.services.project_fields import branches, checked, leaders
from projects.states import LIVE_PROJECTS, Field, ProjectKind, ProjectState, Six

TEXTS = ("name", "aim", "place", "beneficiaries", "money_from", "source")
NUMBERS = ("people_count", "household_count")
PEOPLE = ("commissioner", "leader", "branch")


def _labels(known: Any) -> list[str]:
    return [label_in_table(one.label) for one in known]


COLUMNS = (
    Column("name", gettext_lazy("名称"), required=True, example=gettext_lazy("美厢生活"), most=40),
    Column("kind", gettext_lazy("类别"), required=True, choices=lambda by, code: _labels(ProjectKind)),
    Column("area", gettext_lazy("所在地"), required=True, help=gettext_lazy("街道或社区"), choices=area_names),
    Column("aim", gettext_lazy("做什么"), required=True, most=1000),
    Column("starts_on", gettext_lazy("从哪天起"), required=True, is_date=True, example="2026-01-01"),
    Column("ends_on", gettext_lazy("到哪天完成"), required=True, is_date=True, example="2026-12-31"),
    Column("field", gettext_lazy("领域"), choices=lambda by, code: _labels(Field)),
    Column("six", gettext_lazy("六共"), help=gettext_lazy("用顿号分开，如 组织共建、资源共享")),
    Column("campaigns", gettext_lazy("中心工作"), help=gettext_lazy("用顿号分开")),
    Column("commissioner", gettext_lazy("专员"), help=gettext_lazy("本街道同事的姓名"), most=40),
    Column("branch", gettext_lazy("支部"), help=gettext_lazy("本街道党组织的全称"), most=80),
    Column("leader", gettext_lazy("领办领导"), most=40),
    Column("agreement", gettext_lazy("所属协议"), help=gettext_lazy("协议的编号"), as_text=True, most=40),
    Column("place", gettext_lazy("在哪里"), most=60),
    Column("beneficiaries", gettext_lazy("为了谁"), most=60),
    Column("people_count", gettext_lazy("受益人数"), example="800"),
    Column("household_count", gettext_lazy("受益户数"), example="810"),
    Column("money", gettext_lazy("资金（万元）"), as_text=True),
    Column("money_from", gettext_lazy("资金来源"), most=60),
    Column("source", gettext_lazy("资料来源"), most=120),
    Column("is_public", gettext_lazy("公开"), choices=(YES, NO), help=gettext_lazy("空着就是公开")),
    Column("number", gettext_lazy("编号"), help=gettext_lazy("登记过的写上，就改那一个；没有的空着"), most=40),
)


def _natural(row: Row) -> Sequence[str]:
    number = _number(row)
    return ["/".join(fold(row.get(key, "")) for key in ("name", "area")), f"number:{number}" if number else ""]


def _number(row: Row) -> str:
    return clean(row.get("number", "")).upper()


def _parts(text: str) -> list[str]:
    return [one for part in re.split(r"[、，,;；]+", text) if (one := clean(part))]


class _Known:
    """What there is already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        self.street = place.area.code[:STREET_LENGTH]
        there = Project.objects.filter(street_code=self.street).order_by("-pk")
        there = there.select_related("area", "commissioner", "leader", "branch", "agreement")
        names = {clean(row["name"]) for row in rows}
        live = there.filter(state__in=LIVE_PROJECTS, name__in=names)
        self.called = {(one.name, one.area_id): one for one in live}
        numbers = {number for row in rows if (number := _number(row))}
        self.numbered = {one.number: one for one in there.filter(number__in=numbers)} if numbers else {}
        wanted = {clean(row.get("agreement", "")).upper() for row in rows} - {""}
        agreements = Agreement.objects.filter(street_code=self.street, number__in=wanted)
        self.agreements = {one.number: [one.pk] for one in agreements}
        self.people: dict[str, dict[str, list[int]]] = {
            "commissioner": _by_name(colleagues(self.street)),
            "leader": _by_name(leaders(self.street)),
            "branch": _by_name(branches(self.street).filter(name__in={clean(row.get("branch", "")) for row in rows})),
        }

    def project(self, row: Row, place: Place) -> Project | None:
        """The one that the row is about: by its number, else by name and place."""
        if number := _number(row):
            return self.numbered.get(number)
        area = area_of(row["area"], place)
        return self.called.get((clean(row["name"]), area.pk if area else ""))

    def key(self, kind: str, said: str) -> int | None:
        """The one that is called so; None where there is none, or several."""
        found = self.agreements.get(said.upper(), []) if kind == "agreement" else self.people[kind].get(said, [])
        return found[0] if len(found) == 1 else None


def _by_name(rows: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row.pk)
    return found


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = place.memo["known"] = _Known(rows, place)
    return [_plan(row, place, known) for row in rows]


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    there = known.project(row, place)
    if wrong := _wrong(row, place, known, there):
        return Plan(ERROR, row["name"], errors=[wrong])
    if there is None:
        return Plan(NEW, row["name"])
    changes = differences(_now(there), _said(row))
    return Plan(CHANGED if changes else SAME, there.name, changes)


def _now(one: Project) -> dict[str, str]:
    """As it stands, as a table would have it."""
    return {
        **{name: str(getattr(one, name)) for name in TEXTS},
        **{name: "" if getattr(one, name) is None else str(getattr(one, name)) for name in NUMBERS},
        **{name: getattr(one, name).name if getattr(one, name) else "" for name in PEOPLE},
        "kind": label_in_table(ProjectKind(one.kind).label),
        "field": label_in_table(Field(one.field).label),
        "six": "、".join(label_in_table(Six(key).label) for key in one.six),
        "campaigns": "、".join(one.campaigns),
        "agreement": one.agreement.number if one.agreement else "",
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "money": "" if one.money is None else f"{one.money.normalize():f}",
        "is_public": yes_no(one.is_public),
    }


def _said(row: Row) -> dict[str, str]:
    """The row as it would be kept; what it does not say is empty."""
    said = {name: clean(row.get(name, "")) for name in (*TEXTS, *NUMBERS, *PEOPLE, "kind", "field", "money")}
    for name in ("starts_on", "ends_on"):
        day = day_in(row.get(name, ""))
        said[name] = day.isoformat() if day else ""
    for name in ("six", "campaigns"):
        said[name] = "、".join(_parts(row.get(name, "")))
    said["agreement"] = clean(row.get("agreement", "")).upper()
    flag = fold(row.get("is_public", ""))
    return {**said, "is_public": flag and yes_no(flag == YES)}


def _wrong(row: Row, place: Place, known: _Known, there: Project | None) -> Wrong | None:
    area = area_of(row["area"], place)
    if area is None:
        return no_area(row["area"])
    if _number(row) and there is None:
        return "number", _("没有“%(value)s”这个编号。") % {"value": _number(row)[:20]}
    if there is not None and (there.area_id != area.pk or there.state not in LIVE_PROJECTS):
        return "number", _("“%(value)s”不在这里，或者已经结束了，不能改。") % {"value": there.name}
    said = _said(row)
    return _unknown(said, known) or _unchecked(said, row, known, there, area.pk)


def _unknown(said: Mapping[str, str], known: _Known) -> Wrong | None:
    """A word that names nothing here."""
    lists = (("kind", ProjectKind), ("field", Field))
    for name, choices in lists:
        if said[name] and said[name] not in _labels(choices):
            return name, _("没有“%(value)s”这一项，请从下拉里选。") % {"value": said[name][:20]}
    if wrong := set(_parts(said["six"])) - set(_labels(Six)):
        return "six", _("六共里没有“%(value)s”。") % {"value": min(wrong)[:20]}
    for name in (*PEOPLE, "agreement"):
        if said[name] and known.key(name, said[name]) is None:
            return name, _("本街道没有“%(value)s”，或者不止一个。") % {"value": said[name][:20]}
    for name in NUMBERS:
        if said[name] and not (said[name].isascii() and said[name].isdigit() and len(said[name]) < 9):
            return name, _("请写数字。")
    return None


def _unchecked(said: Mapping[str, str], row: Row, known: _Known, there: Project | None, area: str) -> Wrong | None:
    for name in ("starts_on", "ends_on"):
        if row.get(name) and not said[name]:
            return name, _("日期请写成 2026-11-28 这样。")
    try:
        checked(_typed(_merged(said, there), known), area)
    except Invalid as error:
        name, texts = next(iter(error.fields.items()))
        return name, str(texts[0])
    return None


def _merged(said: Mapping[str, str], there: Project | None) -> dict[str, str]:
    """What stands, with what the row says otherwise. Empty cells change nothing."""
    now = _now(there) if there else {}
    return {name: text or now.get(name, "") for name, text in said.items()}


def _typed(said: Mapping[str, str], known: _Known) -> dict[str, Any]:
    """What is said, as it is typed into the form."""
    kinds, fields_, six = ({label_in_table(one.label): one.value for one in kind} for kind in (ProjectKind, Field, Six))
    return {
        **{name: said[name] for name in TEXTS},
        **{name: int(said[name]) if said[name] else None for name in NUMBERS},
        **{name: known.key(name, said[name]) if said[name] else None for name in (*PEOPLE, "agreement")},
        **{name: date.fromisoformat(said[name]) if said[name] else None for name in ("starts_on", "ends_on")},
        "kind": kinds.get(said["kind"], ""),
        "field": fields_.get(said["field"]) or Field.OTHER,
        "six": [six[word] for word in _parts(said["six"])],
        "campaigns": _parts(said["campaigns"]),
        "money": said["money"] or None,
        "is_public": said["is_public"] != NO,
    }


def apply(row: Row, place: Place) -> Applied:
    known: _Known = place.memo.get("known") or _Known([row], place)
    area, there = area_of(row["area"], place), known.project(row, place)
    if wrong := _wrong(row, place, known, there):
        raise Invalid({wrong[0]: [wrong[1]]})
    said = _said(row)
    typed: Any = _typed(_merged(said, there), known)
    if there is None:
        assert area is not None  # noqa: S101  # ``_wrong`` has looked
        made = draft_project(client_key=uuid4(), by=place.by, area=area.pk, **typed)
        return Applied(str(made.pk), {"version": made.version})
    was = _now(there)
    if not differences(was, said):
        return Applied(str(there.pk), {"version": there.version, "was": was})
    try:
        made = edit_project(pk=there.pk, by=place.by, version=there.version, **typed)
    except Conflict as error:
        raise Conflict(MOVED) from error
    return Applied(str(made.pk), {"version": made.version, "was": was})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: what was changed is as it was; what was new is stopped, its number stays."""
    rows = Project.objects.select_related("commissioner", "leader", "branch", "agreement")
    row = rows.filter(pk=int(subject)).first()
    if row is None or row.version != before["version"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    was = before.get("was")
    try:
        if was is None:
            stop_project(pk=row.pk, by=place.by, version=row.version, words=_("导入撤销了"))
            return _("终止了，编号和经过留着。")
        if was != _now(row) and row.state in (ProjectState.DRAFT, ProjectState.RUNNING):
            named = {"name": was["name"], "branch": was["branch"], "agreement": was["agreement"]}
            typed: Any = _typed(was, _Known([named], place))
            edit_project(pk=row.pk, by=place.by, version=row.version, **typed)
    except DomainError as error:
        raise Untouchable(str(error.message)) from error
    return None


PROJECTS = ImportKind(
    "projects",
    label=gettext_lazy("共建项目"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_project_change", args=[subject]),
    order=45,
    help=[
        gettext_lazy("登记过的按编号认，没写编号的按名称和所在地认；空着的格子不改。"),
        gettext_lazy("导入的是“拟定”，节点、参加单位在项目页面上排好再开始。"),
    ],
)
