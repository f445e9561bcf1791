"""Which rule is in force, the next version of it, and one withdrawn before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.text import clean
from audit.services import home_area, record
from audit.states import Action
from people.models import User
from points.models import Rule
from points.permissions import rule_abilities
from points.querysets import RuleQuerySet

NUMBERS = (
    "hour",
    "step_minutes",
    "day_minutes",
    "day_most",
    "organiser_percent",
    "wish",
    "errand",
    "keep_years",
    "notice_days",
    "pick_up_days",
)
MOST_COEFFICIENTS, MOST_WHY = 10, 200
LONGEST = timedelta(days=3653)


def rule_on(day: date | None = None) -> Rule:
    """The rule in force on ``day`` (today). Raises ``RuleBroken`` where there is none."""
    found = Rule.objects.on(day or timezone.localdate()).first()
    if found is None:
        raise RuleBroken(_("这一天还没有积分规则，请先由系统管理员设好。"))
    return found


@transaction.atomic
def next_rule(
    *, by: User, starts_on: date, ends_on: date | None = None, coefficients: Sequence[Mapping[str, Any]], **numbers: int
) -> Rule:
    """Another version from ``starts_on`` on, a day to come; the one without an end ends there. The past stays.

    Raises ``NotAllowed`` (no system administrator of a district or wider), ``Invalid`` (by field: a day that has
    begun, days of another version, an end behind which there is no rule, numbers out of bounds).
    """
    if "change" not in rule_abilities(by):
        raise NotAllowed
    if starts_on <= timezone.localdate():
        raise Invalid({"starts_on": [_("新规则要从明天或以后起，已经记的分不变。")]})
    if starts_on > timezone.localdate() + LONGEST or (ends_on and not starts_on < ends_on <= starts_on + LONGEST):
        raise Invalid({"ends_on": [_("结束的日子要在开始以后，都在十年以内。")]})
    running = _held().filter(ends_on__isnull=True).first()
    if running is not None and running.starts_on < starts_on:
        running.ends_on = starts_on
        running.save(update_fields=["ends_on"])
    version = (Rule.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    rule = Rule(version=version, starts_on=starts_on, ends_on=ends_on, coefficients=_checked(coefficients), by=by)
    for name in NUMBERS:
        if name in numbers:
            setattr(rule, name, numbers[name])
    _save(rule)
    if ends_on is not None and not Rule.objects.standing().filter(starts_on=ends_on).exists():
        raise Invalid({"ends_on": [_("这一天以后没有规则了。最后一版不写结束的日子，下一版开始时它自己结束。")]})
    params = {name: getattr(rule, name) for name in NUMBERS} | {"starts_on": str(starts_on)}
    record(Action.POINT_RULE_CHANGED, actor=by, subject=f"point-rule:{version}", area_code=home_area(by), params=params)
    return rule


@transaction.atomic
def withdraw_rule(*, pk: int, by: User, why: str) -> Rule:
    """撤回 a version that has not begun: the one before it goes on until where it would have ended.

    Raises ``NotFound``, ``NotAllowed`` (as ``next_rule``), ``RuleBroken`` (it has begun, or is withdrawn already) and
    ``Invalid`` (no reason).
    """
    rule = _held(every=True).filter(pk=pk).first()
    if rule is None:
        raise NotFound
    if "change" not in rule_abilities(by):
        raise NotAllowed
    if "withdraw" not in rule_abilities(by, rule):
        raise RuleBroken(_("已经开始或者已经撤回的规则，不能再撤回。要变，就定下一版。"))
    words = clean(why)
    if not words or len(words) > MOST_WHY:
        raise Invalid({"why": [_("请写一句为什么撤回，200字以内。")]})
    rule.withdrawn_at, rule.withdrawn_by, rule.withdrawn_why = timezone.now(), by, words
    rule.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    before = _held().filter(ends_on=rule.starts_on).first()
    if before is not None:
        before.ends_on = rule.ends_on
        before.save(update_fields=["ends_on"])
    subject, params = f"point-rule:{rule.version}", {"withdrawn": True, "starts_on": str(rule.starts_on)}
    record(Action.POINT_RULE_CHANGED, actor=by, subject=subject, area_code=home_area(by), reason=words, params=params)
    return rule


def _held(*, every: bool = False) -> RuleQuerySet:
    """Versions, to be locked: those that stand; ``every``: whatever became of them."""
    rows = Rule.objects.all() if every else Rule.objects.standing()
    return rows.order_by("starts_on", "pk").select_for_update(of=("self",), no_key=True)


def _checked(coefficients: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found, wrong = [], [_("系数填“名称”和百分之几：100到300之间的整数，名称不重复。")]
    for one in coefficients:
        key, name, percent = clean(str(one.get("key", ""))), clean(str(one.get("name", ""))), one.get("percent")
        if not key or not name or not isinstance(percent, int) or not 100 <= percent <= 300:
            raise Invalid({"coefficients": wrong})
        found.append({"key": key[:20], "name": name[:20], "percent": percent})
    keys, names = {one["key"] for one in found}, {one["name"] for one in found}
    if not len(found) == len(keys) == len(names) or not 1 <= len(found) <= MOST_COEFFICIENTS:
        raise Invalid({"coefficients": wrong})
    if "ordinary" not in keys:
        raise Invalid({"coefficients": [_("“一般服务”这一档要留着。")]})
    return found


def _save(rule: Rule) -> None:
    try:
        rule.full_clean()
        with transaction.atomic():
            rule.save(force_insert=True)
    except ValidationError as error:
        fields: dict[str, list[Text]] = {}
        for name, texts in error.message_dict.items():
            fields["starts_on" if name == "__all__" else name] = list(texts)
        raise Invalid(fields) from error
    except IntegrityError as error:
        raise Invalid({"starts_on": [_("这段时间已经有一版规则了。")]}) from error
