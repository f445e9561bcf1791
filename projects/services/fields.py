"""What is typed of an agreement, checked: every field by itself, and those that only make sense together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from alliance.lib.text import clean
from members.models import MemberUnit
from members.services.checked import AHEAD, EARLIEST
from people.models import RoleGrant, User
from people.querysets import STREET_LENGTH
from people.states import WORK_ROLES
from projects.models import Party, Target

Errors = dict[str, list[Text]]
MOST_PARTIES, MOST_TARGETS = 30, 20
MOST_AMOUNT = Decimal("999999999999.99")
NO_AMOUNT: Text = _("请填数，不小于0，不到一万亿。")
WORDS = {"theme": 40, "aim": 1000, "office_duties": 1000}
MISSING: dict[str, Text] = {
    "theme": _("请写主题，例如“清厢之旅”。"),
    "aim": _("请写一起做什么。"),
    "office_duties": _("请写街道社区做什么。"),
}


def checked(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the agreement itself. Raises ``Invalid`` with every one that is wrong."""
    errors: Errors = {}
    found: dict[str, Any] = {}
    for name, most in WORDS.items():
        found[name] = text = clean(typed.get(name) or "")
        if not text or len(text) > most:
            errors[name] = [MISSING[name] if not text else too_long(most)]
    for name in ("starts_on", "ends_on"):
        found[name] = day(typed.get(name), name, errors)
    if not errors.keys() & {"starts_on", "ends_on"} and found["ends_on"] < found["starts_on"]:
        errors["ends_on"] = [_("结束日期不能早于开始日期。")]
    if errors:
        raise Invalid(errors)
    return found


def too_long(most: int) -> Text:
    return _("请写在%(n)d字以内。") % {"n": most}


def day(value: Any, name: str, errors: Errors) -> Any:
    """``value`` where it is a day of some sense; else why not stands in ``errors``."""
    if not isinstance(value, date):
        errors[name] = [_("请选日期。")]
    elif not EARLIEST <= value <= timezone.localdate() + AHEAD:
        errors[name] = [_("请核对年份。")]
    return value


def said(words: str, field: str, empty: Text, most: int = 200) -> str:
    """``words`` tidied, one line. Raises ``Invalid`` on ``field``."""
    text = " ".join(clean(words).split())
    if not text or len(text) > most:
        raise Invalid({field: [empty if not text else too_long(most)]})
    return text


def colleague(pk: int | None, area_code: str) -> User | None:
    """The colleague ``pk`` who works in the street. Raises ``Invalid`` on ``commissioner``."""
    if pk is None:
        return None
    found: User | None = colleagues(area_code).filter(pk=pk).first()
    if found is None:
        raise Invalid({"commissioner": [_("请选本街道的一位同事。")]})
    return found


def colleagues(area_code: str) -> QuerySet[User]:
    """Who works in the street of ``area_code`` today, by name: of these the 专员 is chosen."""
    street = area_code[:STREET_LENGTH]
    around = Q(area__code__startswith=street) | Q(area_id__in=[street[:length] for length in range(4, STREET_LENGTH)])
    grants = RoleGrant.objects.active().filter(around, role__in=WORK_ROLES)
    found: QuerySet[User] = User.objects.filter(pk__in=grants.values("user"), is_active=True)
    return found.order_by("name", "pk")


def parties_from(
    typed: Iterable[Mapping[str, Any]], street_code: str, members: Mapping[int, MemberUnit] | None = None
) -> list[Party]:
    """``[{unit, duties}]`` as rows that are not stored yet; ``members``: those of the street by key, where a caller
    has looked for many papers at once. Raises ``Invalid`` on ``parties``."""
    given = [(one.get("unit"), clean(one.get("duties") or "")) for one in typed]
    keys: list[Any] = [unit for unit, _duties in given]
    if not given or len(given) > MOST_PARTIES:
        raise Invalid({"parties": [_("请选一到%(n)d个单位。") % {"n": MOST_PARTIES}]})
    if len(set(keys)) < len(keys):
        raise Invalid({"parties": [_("有单位写了两次。")]})
    units = members
    if units is None:
        units = {unit.pk: unit for unit in MemberUnit.objects.members_in(street_code).filter(pk__in=keys)}
    errors: list[Text] = []
    rows = []
    for place, (key, duties) in enumerate(given, start=1):
        unit = units.get(key) if isinstance(key, int) else None
        if unit is None:
            errors.append(_("第%(n)d个单位不在本街道的联盟里，请重新选。") % {"n": place})
        elif unit.is_suspended:
            errors.append(_("%(unit)s暂停了，恢复以后才能签协议。") % {"unit": unit})
        elif not 0 < len(duties) <= 1000:
            errors.append(_("请写%(unit)s做什么，1000字以内。") % {"unit": unit})
        else:
            rows.append(Party(unit=unit, name=unit.name, duties=duties, position=place))
    if errors:
        raise Invalid({"parties": errors})
    return rows


def targets_from(typed: Iterable[Mapping[str, Any]]) -> list[Target]:
    """``[{name, amount, measure}]`` as rows that are not stored yet. Raises ``Invalid`` on ``targets``."""
    rows: list[Target] = []
    errors: list[Text] = []
    for place, one in enumerate(typed, start=1):
        name, measure, amount = (
            clean(one.get("name") or ""),
            clean(one.get("measure") or ""),
            amount_of(one.get("amount")),
        )
        if not 0 < len(name) <= 40 or not 0 < len(measure) <= 10:
            errors.append(_("第%(n)d个指标，请写名称和单位，如“助餐 人次”。") % {"n": place})
        elif amount is None:
            errors.append(_("%(name)s的目标，请填数，不小于0，不到一万亿。") % {"name": name})
        elif any(row.name == name for row in rows):
            errors.append(_("有两个指标都叫“%(name)s”。") % {"name": name})
        else:
            rows.append(Target(name=name, amount=amount, measure=measure, position=place))
    if len(rows) > MOST_TARGETS:
        errors.append(_("指标最多%(n)d个。") % {"n": MOST_TARGETS})
    if errors:
        raise Invalid({"targets": errors})
    return rows


def amount_of(value: Any) -> Decimal | None:
    """``value`` to two places; None where it is no number, or below nothing."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return round(found, 2) if found.is_finite() and 0 <= found <= MOST_AMOUNT else None
