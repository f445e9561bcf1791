"""Agreements from a table: a line for each, with its units and targets. New ones come in as drafts, as if typed in; of
a draft that is known is changed what the line says otherwise; what units have been asked about stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, Invalid, Text
from alliance.lib.importing import CHANGED, ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.text import clean, fold
from members.importers.common import MOVED, Wrong, area_names, area_of, differences, no_area, units_named
from members.models import MemberUnit
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import Agreement
from projects.services import fields
from projects.services.drafting import draft_agreement, edit_agreement
from projects.services.sending import drop_paper
from projects.services.wording import number
from projects.states import OPEN_STATES, AgreementState

TEXTS, DAYS = ("theme", "aim", "office_duties"), ("starts_on", "ends_on")
UNITS, GOALS = range(1, 7), range(1, 5)
AND = " / "
Lines = list[dict[str, Any]]


def _columns() -> tuple[Column, ...]:
    found = [
        Column("theme", gettext_lazy("主题"), required=True, example=gettext_lazy("清厢之旅"), most=40),
        Column(
            "area", gettext_lazy("甲方"), required=True, help=gettext_lazy("签协议的街道或社区"), choices=area_names
        ),
        Column("aim", gettext_lazy("共建内容"), required=True, help=gettext_lazy("不写个人的姓名和电话"), most=1000),
        Column("office_duties", gettext_lazy("街道社区做什么"), required=True, most=1000),
        Column("starts_on", gettext_lazy("从哪天起"), required=True, is_date=True, example="2026-01-01"),
        Column("ends_on", gettext_lazy("到哪天止"), required=True, is_date=True, example="2026-12-31"),
        Column("commissioner", gettext_lazy("专员"), help=gettext_lazy("本街道同事的姓名；只看新的"), most=40),
    ]
    whole = gettext_lazy("联盟单位的全称；还有的写在单位2、单位3里")
    for n in UNITS:
        at = {"n": n}
        found += [
            Column(f"unit{n}", gettext_lazy("单位%(n)d") % at, required=n == 1, help=whole if n == 1 else "", most=80),
            Column(f"duties{n}", gettext_lazy("单位%(n)d做什么") % at, required=n == 1, most=1000),
        ]
    plain = gettext_lazy("只写数，计量单位写在后一格")
    for n in GOALS:
        at = {"n": n}
        name, amount, measure = (gettext_lazy("参加党员"), "600", gettext_lazy("人次")) if n == 1 else ("", "", "")
        found += [
            Column(f"goal{n}", gettext_lazy("指标%(n)d") % at, example=name, most=40),
            Column(
                f"amount{n}",
                gettext_lazy("目标%(n)d") % at,
                help=plain if n == 1 else "",
                as_text=True,
                example=amount,
                most=20,
            ),
            Column(f"measure{n}", gettext_lazy("计量单位%(n)d") % at, example=measure, most=10),
        ]
    help_ = gettext_lazy("登记过的写上，就改那一份；没有的空着")
    return (*found, Column("number", gettext_lazy("编号"), help=help_, as_text=True, most=40))


def _number(row: Row) -> str:
    return clean(row.get("number", "")).upper()


def _natural(row: Row) -> Sequence[str]:
    said = "/".join(fold(row.get(key, "")) for key in ("theme", "area", "unit1"))
    return [said, f"number:{_number(row)}" if _number(row) else ""]


class _Known:
    """What there is already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        street = place.area.code[:STREET_LENGTH]
        there = Agreement.objects.filter(street_code=street).prefetch_related("parties", "targets").order_by("-pk")
        numbers = {_number(row) for row in rows} - {""}
        self.numbered = {one.number: one for one in there.filter(number__in=numbers)} if numbers else {}
        themes = {clean(row.get("theme", "")) for row in rows}
        self.called = list(there.filter(theme__in=themes, state__in=OPEN_STATES))
        self.units = units_named([row.get(f"unit{n}", "") for row in rows for n in UNITS], street)
        self.members = {one.pk: one for one in MemberUnit.objects.members_in(street)}
        self.colleagues: dict[str, list[int]] = {}
        for one in fields.colleagues(street):
            self.colleagues.setdefault(one.name, []).append(one.pk)

    def unit(self, said: str) -> int | None:
        found = [one for one in self.units.get(fold(said)[:80], []) if one.pk in self.members]
        return found[0].pk if len(found) == 1 else None

    def agreement(self, row: Row, place: Place) -> Agreement | None:
        """The one that the row is about: by its number, else by theme, place and first unit."""
        if _number(row):
            return self.numbered.get(_number(row))
        area, first = area_of(row["area"], place), self.unit(row.get("unit1", ""))
        for one in self.called:
            mine = {party.unit_id for party in one.parties.all() if party.left_on is None}
            if (one.theme, one.area_id) == (clean(row["theme"]), area.pk if area else "") and first in mine:
                return one
        return None


def _parties(row: Row, known: _Known) -> Lines:
    """The units that the line names; one that is not known has no key."""
    said = [(clean(row.get(f"unit{n}", "")), clean(row.get(f"duties{n}", ""))) for n in UNITS]
    return [{"unit": known.unit(name), "duties": duties, "name": name} for name, duties in said if name or duties]


def _targets(row: Row) -> Lines:
    keys = {"name": "goal", "amount": "amount", "measure": "measure"}
    said = [{name: clean(row.get(f"{key}{n}", "")) for name, key in keys.items()} for n in GOALS]
    return [one for one in said if any(one.values())]


def _now(one: Agreement) -> dict[str, Any]:
    """As it stands, as it would be typed."""
    parties = [party for party in one.parties.all() if party.left_on is None]
    goals = [(goal.name, number(goal.amount), goal.measure) for goal in one.targets.all()]
    return {
        **{name: getattr(one, name) for name in (*TEXTS, *DAYS)},
        "parties": [{"unit": party.unit_id, "duties": party.duties, "name": party.name} for party in parties],
        "targets": [dict(zip(("name", "amount", "measure"), goal, strict=True)) for goal in goals],
    }


def _typed(row: Row, known: _Known, there: Agreement | None) -> dict[str, Any]:
    """What the line says, in place of what stands; where it says nothing of units or of targets, these stay."""
    said: dict[str, Any] = {name: clean(row.get(name, "")) for name in TEXTS}
    said |= {name: day_in(row.get(name, "")) for name in DAYS}
    said |= {"parties": _parties(row, known), "targets": _targets(row)}
    now = _now(there) if there else {}
    return {name: value or now.get(name, value) for name, value in said.items()}


def _told(typed: Mapping[str, Any]) -> dict[str, str]:
    """The same in texts, by the columns under which a difference is shown."""
    days = {name: typed[name].isoformat() if typed[name] else "" for name in DAYS}
    units = AND.join(f"{one['name']} {one['duties']}" for one in typed["parties"])
    goals = AND.join(f"{one['name']} {_plain(one['amount'])}{one['measure']}" for one in typed["targets"])
    return {**{name: typed[name] for name in TEXTS}, **days, "unit1": units, "goal1": goals}


def _plain(amount: Any) -> str:
    found = fields.amount_of(amount)
    return str(amount) if found is None else number(found)


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    return [_plan(row, place, known) for row in rows]


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    there = known.agreement(row, place)
    if wrong := _wrong(row, place, known, there):
        return Plan(ERROR, row["theme"], errors=[wrong])
    if there is None:
        return Plan(NEW, row["theme"])
    changes = differences(_told(_now(there)), _told(_typed(row, known, there)))
    return Plan(CHANGED if changes else SAME, there.theme, changes)


def _wrong(row: Row, place: Place, known: _Known, there: Agreement | None) -> Wrong | None:
    area = area_of(row["area"], place)
    if area is None:
        return no_area(row["area"])
    if _number(row) and there is None:
        return "number", _("没有“%(value)s”这个编号。") % {"value": _number(row)[:20]}
    if there is not None and there.area_id != area.pk:
        return "area", _("“%(value)s”的甲方不是这里。") % {"value": there.theme}
    for n in UNITS:
        if (said := clean(row.get(f"unit{n}", ""))) and known.unit(said) is None:
            return f"unit{n}", _("本街道的联盟里没有“%(value)s”，或者不止一个。") % {"value": said[:20]}
    if (said := clean(row.get("commissioner", ""))) and len(known.colleagues.get(said, [])) != 1:
        return "commissioner", _("本街道没有“%(value)s”，或者不止一个。") % {"value": said[:20]}
    typed = _typed(row, known, there)
    if there is not None and there.state != AgreementState.DRAFT and differences(_told(_now(there)), _told(typed)):
        return "theme", _("“%(value)s”已经请单位看过或者签了，不能从表格改。") % {"value": there.theme}
    return _unchecked(typed, place, known) if there is None or there.state == AgreementState.DRAFT else None


def _unchecked(typed: Mapping[str, Any], place: Place, known: _Known) -> Wrong | None:
    """What the services would refuse, said under the column that it is about."""
    at = {"parties": "unit1", "targets": "goal1"}
    try:
        fields.checked(typed)
        fields.parties_from(typed["parties"], place.area.code[:STREET_LENGTH], known.members)
        fields.targets_from(typed["targets"])
    except Invalid as error:
        name, texts = next(iter(error.fields.items()))
        return at.get(name, name), str(texts[0])
    return None


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    there = known.agreement(row, place)
    if wrong := _wrong(row, place, known, there):
        raise Invalid({wrong[0]: [wrong[1]]})
    typed: Any = _typed(row, known, there)
    if there is None:
        area: Any = area_of(row["area"], place)
        (found,) = known.colleagues.get(clean(row.get("commissioner", "")), [None])
        made = draft_agreement(client_key=uuid4(), by=place.by, area=area.pk, commissioner=found, **typed)
        return Applied(str(made.pk), {"version": made.version, "was": None})
    was = _now(there)
    if not differences(_told(was), _told(typed)):
        return Applied(str(there.pk), {"version": 0, "was": None})
    try:
        made = edit_agreement(pk=there.pk, by=place.by, version=there.version, **typed)
    except Conflict as error:
        raise Conflict(MOVED) from error
    return Applied(str(made.pk), {"version": made.version, "was": {**was, **{k: was[k].isoformat() for k in DAYS}}})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: what was changed is as it was; what was new is dropped, its number stays."""
    version, was = before["version"], before["was"]
    if not version:
        return None
    try:
        if was is None:
            drop_paper(of=Agreement, pk=int(subject), by=place.by, version=version, words=_("导入撤销了"))
            return _("记为不签了，编号和经过留着。")
        typed: Any = {**was, **{name: date.fromisoformat(was[name]) for name in DAYS}}
        edit_agreement(pk=int(subject), by=place.by, version=version, **typed)
    except DomainError as error:
        raise Untouchable(_("导入之后有人改过，没有撤销。")) from error
    return None


AGREEMENTS = ImportKind(
    "agreements",
    label=gettext_lazy("共建协议"),
    columns=_columns(),
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_agreement_change", args=[subject]),
    order=43,
    help=[
        gettext_lazy("一行是一份协议，导入的是“拟定”，再请单位确认、审批、签约。"),
        gettext_lazy(
            "没写编号的，同样主题、甲方、第一个单位的认作同一份。请单位看过的不能从表格改；续签在协议页上办。"
        ),
    ],
)
