"""Figures of a project over time, and how it was assessed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from projects.models.paper import person
from projects.models.project import Project
from projects.querysets import ProjectPartQuerySet
from projects.states import Consequence, Period, Reckon


def amount_of(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """A figure to two places."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


class Indicator(models.Model):
    """What is counted, in what, how often, and what several figures come to."""

    keep_rows = True

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="indicators", verbose_name=_("共建项目"), db_index=False
    )
    name = models.CharField(_("指标"), max_length=40)
    measure = models.CharField(_("单位"), max_length=10, help_text=_("如 人次、场、户"))
    period = models.CharField(_("多久记一次"), max_length=8, choices=Period.choices, default=Period.MONTH)
    reckon = models.CharField(_("总数怎么算"), max_length=8, choices=Reckon.choices, default=Reckon.SUM)
    target = amount_of(_("目标"), null=True, blank=True)
    is_public = models.BooleanField(_("公开展示"), default=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目指标")
        verbose_name_plural = pgettext_lazy("plural", "项目指标")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "name"),
                name="indicator_once",
                violation_error_message=_("这个项目已有同名的指标。"),
            ),
            models.CheckConstraint(condition=Q(period__in=Period.values), name="indicator_period_known"),
            models.CheckConstraint(condition=Q(reckon__in=Reckon.values), name="indicator_reckon_known"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0),
                name="indicator_target_not_negative",
                violation_error_message=_("目标不能是负数。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """The figure of one period, which is named by its first day. One for each period, whoever sends it."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="readings", verbose_name=_("项目指标"), db_index=False
    )
    period = models.DateField(_("哪一期"))
    value = amount_of(_("数字"))
    note = models.CharField(_("说明"), max_length=120, blank=True, default="")
    by = person(_("谁记的"), null=False)
    at = models.DateTimeField(_("记下的时间"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    just_made = False
    """Of the answer of ``record_reading``: whether this call made it, or found the same one."""

    class Meta:
        verbose_name = _("指标数字")
        verbose_name_plural = pgettext_lazy("plural", "指标数字")
        ordering = ("indicator", "period")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "period"),
                name="reading_once",
                violation_error_message=_("这一期已经有数字了。"),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="reading_not_negative",
                violation_error_message=_("不能是负数。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.value}"


class Yardstick(models.Model):
    """One measure by which a project's service is assessed; the weights make a hundred."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="yardsticks", verbose_name=_("共建项目"), db_index=False
    )
    name = models.CharField(_("考核什么"), max_length=20)
    weight = models.PositiveSmallIntegerField(_("占比（%）"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("考核办法")
        verbose_name_plural = pgettext_lazy("plural", "考核办法")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("project", "name"), name="yardstick_once"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="yardstick_weight_in_bounds"),
        )

    def __str__(self) -> str:
        return self.name


class Assessment(AppendOnlyModel):
    """How the service did between two days. Never of a person. A mistake is mended by a further one, which says so."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="assessments", verbose_name=_("共建项目"), db_index=False
    )
    client_key = models.UUIDField(editable=False)
    first_day = models.DateField(_("从哪天"))
    last_day = models.DateField(_("到哪天"))
    total = models.DecimalField(_("得分"), max_digits=5, decimal_places=2)
    consequence = models.CharField(_("怎么处理"), max_length=8, choices=Consequence.choices)
    words = models.CharField(_("说明"), max_length=500)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("更正哪一次")
    )
    by = person(_("谁考核的"), null=False)
    at = models.DateTimeField(_("考核时间"), default=timezone.now)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目考核")
        verbose_name_plural = pgettext_lazy("plural", "项目考核")
        ordering = ("-last_day", "-id")
        indexes = (models.Index("project", F("last_day").desc(), F("id").desc(), name="assessment_of_project"),)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="assessment_client_key_once"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="assessment_days_in_order"),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="assessment_total_in_bounds"),
            models.CheckConstraint(
                condition=Q(consequence__in=Consequence.values), name="assessment_consequence_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class Score(AppendOnlyModel):
    """One measure of an assessment, as it was named and weighed then, and what it rests on."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores", verbose_name=_("项目考核"))
    name = models.CharField(_("考核什么"), max_length=20)
    weight = models.PositiveSmallIntegerField(_("占比（%）"))
    points = models.DecimalField(_("分数"), max_digits=5, decimal_places=2)
    evidence = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("考核分数")
        verbose_name_plural = pgettext_lazy("plural", "考核分数")
        ordering = ("assessment", "id")
        constraints = (
            models.UniqueConstraint(fields=("assessment", "name"), name="score_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="score_points_in_bounds"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.points}"
