"""What is typed of a project, checked: every field by itself, and those that only make sense together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from alliance.lib.text import clean
from members.models import PartyOrganisation
from people.models import RoleGrant, User
from people.querysets import STREET_LENGTH
from people.states import Role
from projects.models import Agreement, Milestone
from projects.services.fields import Errors, colleague, day, too_long
from projects.states import Field, ProjectKind, Six

WORDS = {"name": 40, "aim": 1000, "place": 60, "beneficiaries": 60, "money_from": 60, "source": 120}
COUNTS = ("people_count", "household_count")
MOST_COUNT, MOST_MONEY, MOST_CAMPAIGNS, MOST_MILESTONES = 100_000_000, Decimal("9999999999"), 5, 20
WHOLE = 100


class ProjectFields(TypedDict):
    """What is typed of a project. People, the branch and the agreement are keys; ``six`` and ``campaigns`` lists."""

    name: str
    kind: str
    aim: str
    starts_on: date
    ends_on: date
    field: NotRequired[str]
    six: NotRequired[Sequence[str]]
    campaigns: NotRequired[Sequence[str]]
    agreement: NotRequired[int | None]
    commissioner: NotRequired[int | None]
    branch: NotRequired[int | None]
    leader: NotRequired[int | None]
    place: NotRequired[str]
    beneficiaries: NotRequired[str]
    people_count: NotRequired[int | None]
    household_count: NotRequired[int | None]
    money: NotRequired[Decimal | None]
    money_from: NotRequired[str]
    source: NotRequired[str]
    is_public: NotRequired[bool]


class MilestoneGiven(TypedDict):
    """A step, its weight in hundredths of the whole, and its last day."""

    name: str
    weight: int
    due_on: date


def checked(typed: Mapping[str, Any], area_code: str) -> dict[str, Any]:
    """``typed`` as it is kept. Raises ``Invalid`` with every field that is wrong."""
    return {**checked_alone(typed), **_references(typed, area_code)}


def checked_alone(typed: Mapping[str, Any]) -> dict[str, Any]:
    """As ``checked``, of everything but who and what of the street it names."""
    errors: Errors = {}
    found: dict[str, Any] = {}
    for name, most in WORDS.items():
        found[name] = text = clean(typed.get(name) or "")
        if len(text) > most:
            errors[name] = [too_long(most)]
    if not found["name"]:
        errors["name"] = [_("请写名称，例如“美厢生活”。")]
    if not found["aim"]:
        errors["aim"] = [_("请写做什么。")]
    for name in ("starts_on", "ends_on"):
        found[name] = day(typed.get(name), name, errors)
    if not errors.keys() & {"starts_on", "ends_on"} and found["ends_on"] < found["starts_on"]:
        errors["ends_on"] = [_("结束日期不能早于开始日期。")]
    _choices(typed, found, errors)
    _numbers(typed, found, errors)
    found["is_public"] = bool(typed.get("is_public", True))
    if errors:
        raise Invalid(errors)
    return found


def _choices(typed: Mapping[str, Any], found: dict[str, Any], errors: Errors) -> None:
    found["kind"], found["field"] = typed.get("kind", ""), typed.get("field") or Field.OTHER
    found["six"] = list(dict.fromkeys(typed.get("six") or ()))
    if found["kind"] not in ProjectKind.values:
        errors["kind"] = [_("请选一个类别。")]
    if found["field"] not in Field.values:
        errors["field"] = [_("请选一个领域。")]
    if not set(found["six"]) <= set(Six.values):
        errors["six"] = [_("请从六共里选。")]
    named = [clean(one) for one in typed.get("campaigns") or ()]
    found["campaigns"] = list(dict.fromkeys(one for one in named if one))
    if len(found["campaigns"]) > MOST_CAMPAIGNS or any(len(one) > 20 for one in found["campaigns"]):
        errors["campaigns"] = [_("中心工作最多5个，每个20字以内。")]


def _numbers(typed: Mapping[str, Any], found: dict[str, Any], errors: Errors) -> None:
    for name in COUNTS:
        found[name] = number = typed.get(name)
        if number is not None and not (isinstance(number, int) and 0 <= number <= MOST_COUNT):
            errors[name] = [_("请填整数，不小于0，不超过一亿。")]
    found["money"] = typed.get("money")
    if found["money"] is None:
        return
    try:
        amount = Decimal(str(found["money"]))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY:
        errors["money"] = [_("请填数，不小于0，不到一百亿（万元）。")]
    else:
        found["money"] = round(amount, 2)


def _references(typed: Mapping[str, Any], area_code: str) -> dict[str, Any]:
    """The people, the branch and the agreement, all of the same street. Raises ``Invalid``."""
    street, found = area_code[:STREET_LENGTH], dict[str, Any]()
    found["commissioner"] = colleague(typed.get("commissioner"), area_code)
    found["leader"] = _one(leaders(street), typed.get("leader"), "leader", _("请选本街道的一位领导。"))
    found["branch"] = _one(branches(street), typed.get("branch"), "branch", _("请选本街道的一个党组织。"))
    agreements = Agreement.objects.filter(street_code=street)
    found["agreement"] = _one(agreements, typed.get("agreement"), "agreement", _("请选本街道的一份协议。"))
    return found


def _one(rows: Any, pk: int | None, field: str, empty: Any) -> Any:
    if pk is None:
        return None
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Invalid({field: [empty]})
    return row


def leaders(street_code: str) -> Any:
    """The leaders of the street today."""
    grants = RoleGrant.objects.active().filter(role=Role.LEADER, area_id=street_code)
    return User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name", "pk")


def branches(street_code: str) -> Any:
    """Party organisations of the street that have not been dissolved: one of them carries a project."""
    return PartyOrganisation.objects.filter(street_code=street_code, ended_on__isnull=True)


def milestones_from(typed: Iterable[Mapping[str, Any]], first: date, last: date) -> list[Milestone]:
    """``[{name, weight, due_on}]`` as rows that are not stored yet: together a hundred, all between the project's days.

    Raises ``Invalid`` on ``milestones``.
    """
    errors: list[Any] = []
    rows: list[Milestone] = []
    for place, one in enumerate(typed, start=1):
        name, weight, due_on = clean(one.get("name") or ""), one.get("weight"), one.get("due_on")
        if not 0 < len(name) <= 40:
            errors.append(_("第%(n)d个节点，请写40字以内的名称。") % {"n": place})
        elif not isinstance(weight, int) or not 1 <= weight <= WHOLE:
            errors.append(_("“%(name)s”的占比，请填1到100的整数。") % {"name": name})
        elif not isinstance(due_on, date) or not first <= due_on <= last:
            errors.append(_("“%(name)s”的日期要在项目开始和结束之间。") % {"name": name})
        elif any(row.name == name for row in rows):
            errors.append(_("有两个节点都叫“%(name)s”。") % {"name": name})
        else:
            rows.append(Milestone(name=name, weight=weight, due_on=due_on, position=place))
    total = sum(row.weight for row in rows)
    if not errors and total != WHOLE:
        errors.append(_("占比加起来是%(n)d%%，要正好100%%。") % {"n": total})
    if len(rows) > MOST_MILESTONES:
        errors.append(_("节点最多%(n)d个。") % {"n": MOST_MILESTONES})
    if errors:
        raise Invalid({"milestones": errors})
    return rows
