"""The working calendar, the time limits, the stages that run, and everything that falls due."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from deadlines.querysets import ConfigQuerySet, DueQuerySet, StageQuerySet
from deadlines.states import Audience, DueState, Outcome, Reason, Unit


class WorkDay(models.Model):
    """One day of the calendar. Days without a row fall back to Monday–Friday, with a warning."""

    day = models.DateField(_("日期"), primary_key=True)
    working = models.BooleanField(_("上班"))
    name = models.CharField(_("说明"), max_length=30, blank=True, help_text=_("如“国庆节”“国庆节调休”"))
    changed_at = models.DateTimeField(_("改于"), default=timezone.now, editable=False)

    objects = ConfigQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = pgettext_lazy("plural", "工作日历")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


def _hours() -> Func:
    """From … to … as a range of moments of one day: PostgreSQL has no ranges of times."""
    day = "DATE '2000-01-01' + "
    # In the order in which a migration writes them: Django takes another order for another constraint.
    return Func(F("starts"), F("ends"), arg_joiner=f", {day}", template=f"tsrange({day}%(expressions)s)")


class WorkPeriod(models.Model):
    """Office hours of a working day: from … to … (a morning, an afternoon)."""

    starts = models.TimeField(_("上班时间"))
    ends = models.TimeField(_("下班时间"))

    objects = ConfigQuerySet.as_manager()

    class Meta:
        verbose_name = _("上班时间")
        verbose_name_plural = pgettext_lazy("plural", "上班时间")
        ordering = ("starts",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="workperiod_in_order",
                violation_error_message=_("下班时间要晚于上班时间。"),
            ),
            models.UniqueConstraint(fields=("starts",), name="workperiod_starts_once"),
            ExclusionConstraint(name="workperiods_apart", expressions=[(_hours(), RangeOperators.OVERLAPS)]),
        )

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class StageRule(models.Model):
    """How long a stage may take. The owning app declares the kind and its default; the street edits the number."""

    kind = models.CharField(_("环节"), max_length=60, primary_key=True)
    amount = models.PositiveSmallIntegerField(_("时限"))
    unit = models.CharField(_("单位"), max_length=12, choices=Unit.choices)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ConfigQuerySet.as_manager()

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = pgettext_lazy("plural", "时限")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="stagerule_positive"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="stagerule_unit_known"),
        )

    def __str__(self) -> str:
        n = self.amount
        counted = {
            Unit.HOURS: ngettext("%(n)d个小时", "%(n)d个小时", n),
            Unit.WORK_HOURS: ngettext("%(n)d个工作小时", "%(n)d个工作小时", n),
            Unit.WORK_DAYS: ngettext("%(n)d个工作日", "%(n)d个工作日", n),
        }
        return counted.get(Unit(self.unit), _("%(n)d%(unit)s")) % {"n": n, "unit": self.get_unit_display()}


class ChaseStep(models.Model):
    """One rung of the ladder: so many working days before (−) or after the day, to whom."""

    kind = models.CharField(_("环节"), max_length=60)
    offset = models.SmallIntegerField(_("第几个工作日"), help_text=_("到期当日为0，提前一天为-1，过后三天为3"))
    audience = models.CharField(_("提醒谁"), max_length=12, choices=Audience.choices)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = ConfigQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒的台阶")
        verbose_name_plural = pgettext_lazy("plural", "提醒的台阶")
        ordering = ("kind", "offset")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "offset"),
                name="chasestep_once",
                violation_error_message=_("这一天已经有一级提醒了。"),
            ),
            models.CheckConstraint(
                condition=Q(offset__gte=-20, offset__lte=60),
                name="chasestep_offset_bounded",
                violation_error_message=_("请填-20到60之间的数。"),
            ),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="chasestep_audience_known"),
        )

    def __str__(self) -> str:
        return f"{self.offset:+d} {self.get_audience_display()}"


class Stage(models.Model):
    """A time limit that runs for one thing: since when, until when, in whose hands, and what came of it.

    ``holder`` is whoever has the thing in hand; with the end of the stage it is frozen. ``breached_at`` and
    ``breached_by`` are written when the moment passes, whatever happens later.
    """

    kind = models.CharField(_("环节"), max_length=60)
    subject = models.CharField(_("对象"), max_length=80)
    label = models.CharField(_("编号"), max_length=80)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    area_code = models.CharField(_("区域"), max_length=24)
    params = models.JSONField(default=dict, db_default={}, blank=True, help_text=_("提醒里要说的话，不含个人信息"))
    holder = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"), db_index=False
    )
    amount = models.PositiveSmallIntegerField(_("还给多少"), null=True, help_text=_("自己选定日子的为空"))
    unit = models.CharField(_("单位"), max_length=12, choices=Unit.choices, default=Unit.WORK_DAYS)
    started_at = models.DateTimeField(_("开始"))
    counted_from = models.DateTimeField(_("从何时数起"), db_default=Now(), help_text=_("停过钟的从恢复时数起"))
    due_at = models.DateTimeField(_("到期"))
    generation = models.PositiveIntegerField(_("改过几次"), default=0)
    paused_at = models.DateTimeField(_("停钟时间"), null=True)
    remaining = models.PositiveIntegerField(_("停钟时还剩"), null=True, help_text=_("工作日数或分钟数"))
    breached_at = models.DateTimeField(_("超期时间"), null=True)
    breached_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("超期时在谁手里"), db_index=False
    )
    stopped_at = models.DateTimeField(_("结束"), null=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("计时")
        verbose_name_plural = pgettext_lazy("plural", "计时")
        indexes = (
            models.Index(fields=("due_at", "id"), name="stage_running", condition=Q(outcome=Outcome.RUNNING)),
            models.Index(
                fields=("area_code", "due_at"),
                name="stage_running_by_area",
                condition=Q(outcome=Outcome.RUNNING),
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=("subject", "kind"), name="stage_of_subject"),
            models.Index(
                fields=("stopped_at",), name="stage_ended", condition=Q(outcome__in=[Outcome.MET, Outcome.BREACHED])
            ),
        )
        constraints = (
            # A second start of the same stage finds the first.
            models.UniqueConstraint(
                fields=("subject", "kind"), name="stage_runs_once", condition=Q(outcome=Outcome.RUNNING)
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="stage_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.RUNNING, stopped_at__isnull=True)
                | (~Q(outcome=Outcome.RUNNING) & Q(stopped_at__isnull=False, paused_at__isnull=True)),
                name="stage_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, remaining__isnull=True)
                | Q(paused_at__isnull=False, remaining__isnull=False),
                name="stage_paused_knows_rest",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.MET, breached_at__isnull=True) | ~Q(outcome=Outcome.MET),
                name="stage_met_was_never_late",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.kind}"

    @property
    def due_on(self) -> date:
        """The last day. A limit in days ends at midnight, which belongs to the day before."""
        return timezone.localdate(self.due_at - timedelta(microseconds=1))

    @property
    def is_running(self) -> bool:
        return self.outcome == Outcome.RUNNING


class Due(models.Model):
    """Something to be done once at a moment. ``key`` makes "once" a fact of the table; the handler's effects and the
    row's new state are one transaction (``services.sweep``)."""

    kind = models.CharField(_("事项"), max_length=60)
    subject = models.CharField(_("对象"), max_length=80)
    label = models.CharField(_("编号"), max_length=80, blank=True)
    area_code = models.CharField(_("区域"), max_length=24, blank=True)
    key = models.CharField(_("唯一键"), max_length=120, editable=False)
    params = models.JSONField(default=dict, blank=True)
    due_at = models.DateTimeField(_("该办时间"))
    state = models.CharField(_("状态"), max_length=10, choices=DueState.choices, default=DueState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(_("原因"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("了结时间"), null=True, blank=True)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("到期事项")
        verbose_name_plural = pgettext_lazy("plural", "到期事项")
        indexes = (
            # The sweep reads this one: it holds undone rows alone, however many are done.
            models.Index(fields=("due_at", "id"), name="due_undone", condition=Q(state=DueState.WAITING)),
            models.Index(fields=("subject",), name="due_undone_of", condition=Q(state=DueState.WAITING)),
            models.Index(
                fields=("ended_at",),
                name="due_ended",
                condition=Q(state__in=[DueState.DONE, DueState.MISSED, DueState.CANCELLED]),
            ),
            models.Index(
                F("ended_at").desc(),
                F("id").desc(),
                name="due_gone_wrong",
                condition=Q(state__in=[DueState.FAILED, DueState.MISSED]),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("key",), name="due_once"),
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="due_state_known"),
            models.CheckConstraint(
                condition=Q(state=DueState.WAITING, ended_at__isnull=True)
                | (~Q(state=DueState.WAITING) & Q(ended_at__isnull=False, leased_until__isnull=True)),
                name="due_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.label or self.subject}"

    @property
    def reason(self) -> str:
        """Why it did not do what it was for, in words."""
        return str(Reason(self.last_error).label) if self.last_error in Reason.values else self.last_error


class Heartbeat(models.Model):
    """When a regular piece of work last ran to its end, by the database's clock: a dead man's switch."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("运转记录")
        verbose_name_plural = pgettext_lazy("plural", "运转记录")

    def __str__(self) -> str:
        return self.name
