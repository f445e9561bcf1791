"""When a resource is open: hours of the week, and days on which it is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from resources.models.resource import Resource

DAY = 24 * 60


def only(column: str) -> Func:
    """The range that holds nothing but the number in ``column``: equality for an exclusion without an extension."""
    return Func(F(column), F(column), Value("[]"), function="int8range", output_field=IntegerRangeField())


class Opening(models.Model):
    """Open from ``opens`` until before ``closes`` (minutes of the local day) on ``weekday`` (1 = Monday)."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="openings", verbose_name=_("资源"))
    weekday = models.PositiveSmallIntegerField(_("星期"))
    opens = models.PositiveSmallIntegerField(_("几点开"))
    closes = models.PositiveSmallIntegerField(_("几点关"))

    class Meta:
        verbose_name = _("开放时间")
        verbose_name_plural = pgettext_lazy("plural", "开放时间")
        ordering = ("weekday", "opens")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="opening_weekday_known"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=DAY),
                name="opening_in_order",
                violation_error_message=_("关门要晚于开门，不超过24点。"),
            ),
            ExclusionConstraint(
                name="opening_no_overlap",
                expressions=[
                    (only("resource"), RangeOperators.OVERLAPS),
                    (only("weekday"), RangeOperators.OVERLAPS),
                    (
                        Func(F("opens"), F("closes"), function="int4range", output_field=IntegerRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("同一天的两段时间重叠了。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens // 60:02}:{self.opens % 60:02}–{self.closes // 60:02}:{self.closes % 60:02}"


class Closure(models.Model):
    """Closed from ``starts_on`` to ``ends_on``, both days included."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="closures", verbose_name=_("资源"))
    starts_on = models.DateField(_("从哪天"))
    ends_on = models.DateField(_("到哪天"))
    why = models.CharField(_("为什么"), max_length=60, blank=True)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("关闭的日子")
        verbose_name_plural = pgettext_lazy("plural", "关闭的日子")
        ordering = ("starts_on", "id")
        indexes = (models.Index(fields=("resource", "ends_on"), name="closure_of_resource"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="closure_in_order",
                violation_error_message=_("最后一天不能早于第一天。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%m-%d}–{self.ends_on:%m-%d}"

    def covers(self, day: date) -> Any:
        """Whether it is closed on ``day``."""
        return self.starts_on <= day <= self.ends_on
