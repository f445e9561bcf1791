"""What is typed about an activity, checked: plain values in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken, Text
from alliance.lib.text import clean
from points.models import Rule
from volunteers.models import Activity
from volunteers.states import ActivityKind

Errors = dict[str, list[Text]]
MOST = {
    "title": 40,
    "summary": 600,
    "place": 80,
    "fit_for": 80,
    "bring": 80,
    "contact": 40,
    "phone": 20,
    "outcome": 120,
}
ASK: dict[str, Text] = {
    "title": _("请写活动名称，例如：手机摄影课。"),
    "place": _("请写在哪里集合。"),
    "contact": _("请写找谁问，例如：社工小许。"),
    "phone": _("请写单位的电话，例如：0571-0000 0000。"),
}
PHONE = re.compile(r"[0-9 \-\uff0d]{7,20}")
WORDS = tuple(MOST)
PLAIN = ("kind", "takes_children", "accompanied", "risky", "coefficient")
NUMBERS = {"closes_hours": (0, 720), "together": (1, 10)}
ORDINARY = "ordinary"
"""The coefficient that every rule has."""
AGES = ("min_age", "max_age")
FIELDS = (*WORDS, *PLAIN, *NUMBERS, *AGES)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` by field, tidied. Raises ``Invalid`` by field; unknown names are a fault of the caller."""
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"unknown fields {sorted(unknown)}")
    found: dict[str, Any] = dict(values)
    errors: Errors = {}
    for name in WORDS:
        if name in found:
            found[name] = clean(found[name] or "")
            _words(name, found[name], errors)
    for name, (least, most) in NUMBERS.items():
        if name in found and not (isinstance(found[name], int) and least <= found[name] <= most):
            errors[name] = [_("请填%(least)d到%(most)d之间的数。") % {"least": least, "most": most}]
    _kinds(found, errors)
    _ages(found, errors)
    if errors:
        raise Invalid(errors)
    return found


def _words(name: str, text: str, errors: Errors) -> None:
    if not text and name in ASK:
        errors[name] = [ASK[name]]
    elif len(text) > MOST[name]:
        errors[name] = [_("最多%(n)d个字。") % {"n": MOST[name]}]
    elif name == "phone" and not PHONE.fullmatch(text):
        errors[name] = [ASK["phone"]]


def _kinds(found: dict[str, Any], errors: Errors) -> None:
    if "kind" in found and found["kind"] not in ActivityKind.values:
        errors["kind"] = [_("请选一个类别。")]
    if "coefficient" in found and found["coefficient"] not in coefficients():
        errors["coefficient"] = [_("请选一个系数。")]


def _ages(found: dict[str, Any], errors: Errors) -> None:
    low, high = found.get("min_age"), found.get("max_age")
    for name in AGES:
        value = found.get(name)
        if value is not None and not (isinstance(value, int) and 0 <= value <= 17):
            errors[name] = [_("请填0到17岁。")]
    if not errors.keys() & set(AGES) and low is not None and high is not None and low > high:
        errors["max_age"] = [_("最小的年龄不能大于最大的年龄。")]


def coefficients() -> dict[str, str]:
    """What a service may be worth by the newest rule: key → name."""
    rule = Rule.objects.standing().order_by("-version").first()
    known = rule.coefficients if rule else []
    return {str(one["key"]): str(one.get("name", one["key"])) for one in known} or {ORDINARY: ORDINARY}


def keys_of(rule: Rule) -> set[str]:
    """The coefficients that ``rule`` knows."""
    return {str(one["key"]) for one in rule.coefficients}


def require_worth(coefficient: str, days: Iterable[datetime]) -> None:
    """Raises ``RuleBroken`` where the rule of points in force on one of ``days`` does not know ``coefficient``."""
    rules = list(Rule.objects.standing().order_by("starts_on"))
    for on in sorted({timezone.localdate(day) for day in days}):
        rule = next((one for one in rules if one.starts_on <= on and (one.ends_on is None or on < one.ends_on)), None)
        if rule is not None and coefficient not in keys_of(rule):
            raise RuleBroken(_("%(day)s的积分规则里没有这个系数，请换一个。") % {"day": f"{on:%m-%d}"})


def as_typed(activity: Activity) -> dict[str, Any]:
    """What a form shows first."""
    return {name: getattr(activity, name) for name in FIELDS}
