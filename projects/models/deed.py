"""Livelihood items (民生实事) of a street's year: candidates, what was found out about each, monthly reports."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.search import Names
from alliance.lib.workflow import WorkflowModel
from projects.models.paper import person
from projects.models.project import Project
from projects.querysets import DeedQuerySet
from projects.states import DEED_WORKFLOW, DeedField, DeedSource, DeedState, DeedVerb

USUAL = 10
MOST_ASKED = 1_000_000
"""Nobody asks more people than live in the district: a figure above is a slip."""


class DeedYear(models.Model):
    """How many livelihood items a street publishes in a year, and when it did."""

    street = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"), db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    most = models.PositiveSmallIntegerField(_("公布几件"), default=USUAL)
    published_on = models.DateField(_("公布日期"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("民生实事年度")
        verbose_name_plural = pgettext_lazy("plural", "民生实事年度")
        constraints = (
            models.UniqueConstraint(fields=("street", "year"), name="deed_year_once"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=50), name="deed_year_some"),
        )

    def __str__(self) -> str:
        return f"{self.street_id} {self.year}"


class Deed(WorkflowModel):
    """One livelihood item. Whoever is responsible: ``unit``, else the office of ``area``."""

    workflow = DEED_WORKFLOW
    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道或社区"), db_index=False
    )
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("名称"), max_length=40)
    words = models.TextField(_("做什么"), max_length=500)
    goal = models.CharField(_("年度目标"), max_length=200, help_text=_("能数出来的，如 加装电梯20台"))
    field = models.CharField(_("类别"), max_length=12, choices=DeedField.choices)
    source = models.CharField(_("谁提出的"), max_length=10, choices=DeedSource.choices)
    origin = models.CharField(_("从哪件事来"), max_length=60, blank=True, editable=False)
    origin_label = models.CharField(max_length=60, blank=True, editable=False)
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任单位")
    )
    leader = person(_("牵头领导"), editable=True)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="deeds", verbose_name=_("由哪个项目办")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=DeedState.choices, default=DeedState.CANDIDATE, editable=False
    )
    position = models.PositiveSmallIntegerField(_("公布的顺序"), null=True, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField(_("进度（%）"), default=0, editable=False)
    satisfaction = models.DecimalField(
        _("满意度（%）"), max_digits=5, decimal_places=2, null=True, blank=True, editable=False
    )
    proposed_by = person(_("登记人"), null=False)
    proposed_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True, editable=False)
    names = Names(texts=("name", "number"))
    search_text = names.text_column()
    search = names.search_column()

    just_made = False

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("民生实事")
        verbose_name_plural = pgettext_lazy("plural", "民生实事")
        indexes = (
            models.Index("street_code", F("year").desc(), F("id").desc(), name="deed_street_newest"),
            GinIndex("search", name="deed_search", fastupdate=False),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="deed_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="deed_client_key_once"),
            models.UniqueConstraint(
                fields=("street_code", "year", "position"),
                condition=Q(position__isnull=False),
                name="deed_position_once",
            ),
            models.CheckConstraint(condition=Q(state__in=DeedState.values), name="deed_state_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="deed_percent_in_bounds"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=0, satisfaction__lte=100),
                name="deed_satisfaction_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DeedState.PUBLISHED, DeedState.CLEARED], position__isnull=False)
                | (~Q(state__in=[DeedState.PUBLISHED, DeedState.CLEARED]) & Q(position__isnull=True)),
                name="deed_published_has_position",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeedState.CLEARED) | Q(satisfaction__isnull=False, percent=100),
                name="deed_cleared_wholly",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"deed:{self.pk}"

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> DeedRecord:
        return DeedRecord.objects.create(
            deed=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class DeedRecord(AppendOnlyModel):
    """One line of its history. ``on_day``: when it was argued, voted, accepted, as against when it was noted."""

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="records", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    on_day = models.DateField(_("哪天的事"), null=True)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=DeedVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("民生实事经过")
        verbose_name_plural = pgettext_lazy("plural", "民生实事经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("deed", "at", "id"), name="deedrecord_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=DeedVerb.values), name="deedrecord_verb_known"),
            models.CheckConstraint(
                condition=~Q(verb=DeedVerb.ASK)
                | Q(
                    params__asked__gte=1,
                    params__asked__lte=MOST_ASKED,
                    params__satisfied__gte=0,
                    params__satisfied__lte=F("params__asked"),
                ),
                name="deedrecord_asked_in_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"


class DeedReport(models.Model):
    """How far it had come in one month, named by its first day. One for each month; it never goes back."""

    keep_rows = True

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="reports", verbose_name=_("民生实事"), db_index=False)
    month = models.DateField(_("哪个月"))
    percent = models.PositiveSmallIntegerField(_("进度（%）"))
    words = models.CharField(_("办了什么"), max_length=300)
    by = person(_("谁报的"), null=False)
    at = models.DateTimeField(_("报的时间"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("民生实事月报")
        verbose_name_plural = pgettext_lazy("plural", "民生实事月报")
        ordering = ("deed", "month")
        constraints = (
            models.UniqueConstraint(fields=("deed", "month"), name="deed_report_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="deed_report_percent_in_bounds"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.percent}%"
