"""What is worth how much. A changed rule is another version from a day on; what was posted keeps its own."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from points.querysets import RuleQuerySet


def ordinary() -> list[dict[str, Any]]:
    """Coefficients as the city's practice has them."""
    return [
        {"key": "ordinary", "name": "一般服务", "percent": 100},
        {"key": "hard", "name": "夜间、高温", "percent": 120},
        {"key": "skilled", "name": "专业服务", "percent": 150},
    ]


class Rule(models.Model):
    """One version: in force from ``starts_on`` until before ``ends_on``. Points are tenths, percents whole numbers.

    Nothing of it changes but ``ends_on``, and that only from empty to a day to come (a trigger). What has not begun may
    be withdrawn: it stays to be read, and whatever came before it goes on in its place.
    """

    keep_rows = True

    version = models.PositiveIntegerField(_("版本"), editable=False)
    starts_on = models.DateField(_("从哪天起"))
    ends_on = models.DateField(_("到哪天止"), null=True, blank=True)
    hour = models.PositiveIntegerField(_("一小时几分"), default=10)
    step_minutes = models.PositiveSmallIntegerField(_("满多少分钟算一次"), default=30)
    day_minutes = models.PositiveSmallIntegerField(_("一天最多算多少分钟"), default=480)
    day_most = models.PositiveIntegerField(_("一天最多几分"), default=200)
    coefficients = models.JSONField(_("系数"), default=ordinary)
    organiser_percent = models.PositiveSmallIntegerField(_("组织者多几成"), default=20)
    wish = models.PositiveIntegerField(_("个人圆梦几分"), default=50)
    errand = models.PositiveIntegerField(_("跑腿一件几分"), default=10)
    keep_years = models.PositiveSmallIntegerField(_("到几年后的年底到期"), default=1)
    notice_days = models.PositiveSmallIntegerField(_("到期提前几天提醒"), default=30)
    pick_up_days = models.PositiveSmallIntegerField(_("兑换后几天内领取"), default=15)
    by = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("谁定的"),
        db_index=False,
    )
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("谁撤回的"),
        db_index=False,
    )
    withdrawn_why = models.CharField(_("为什么撤回"), max_length=200, blank=True, db_default="", editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分规则")
        verbose_name_plural = pgettext_lazy("plural", "积分规则")
        ordering = ("-starts_on",)
        constraints = (
            models.UniqueConstraint(fields=("version",), name="rule_version_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="rule_in_order",
                violation_error_message=_("结束的日子要在开始以后。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    hour__gte=1,
                    hour__lte=1000,
                    step_minutes__gte=1,
                    step_minutes__lte=240,
                    day_minutes__gte=F("step_minutes"),
                    day_minutes__lte=1440,
                    day_most__gte=1,
                    day_most__lte=100_000,
                    organiser_percent__lte=200,
                    wish__lte=10_000,
                    errand__lte=10_000,
                    keep_years__lte=20,
                    notice_days__gte=1,
                    notice_days__lte=365,
                    pick_up_days__gte=1,
                    pick_up_days__lte=365,
                ),
                name="rule_bounded",
                violation_error_message=_("有一个数太大或太小。"),
            ),
            ExclusionConstraint(
                name="rule_one_at_a_time",
                expressions=[
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("这段时间已经有一版规则了。"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why=""),
                name="rule_withdrawn_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"
