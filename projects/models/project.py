"""A project: what is done together, by whom, until when, for whom; its history."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
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
from projects.models.agreement import Agreement
from projects.models.ending import EndedByTwo, ending_rules
from projects.models.paper import person
from projects.querysets import ProjectQuerySet
from projects.states import (
    LIVE_PROJECTS,
    PROJECT_ENDINGS,
    PROJECT_WORKFLOW,
    Field,
    ProjectKind,
    ProjectState,
    ProjectVerb,
    Six,
)

DAYS_SOON = 7


class Project(EndedByTwo, WorkflowModel):
    """共建项目. Once it runs it has one 专员 and one 支部. ``progress`` and how it stands are never stored."""

    workflow = PROJECT_WORKFLOW
    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道或社区"), db_index=False
    )
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=10, choices=ProjectKind.choices)
    aim = models.TextField(_("做什么"), max_length=1000)
    field = models.CharField(_("领域"), max_length=8, choices=Field.choices, default=Field.OTHER)
    six = ArrayField(
        models.CharField(max_length=8, choices=Six.choices), default=list, blank=True, verbose_name=_("六共")
    )
    campaigns = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("中心工作"),
        help_text=_("如 平安西湖，用逗号分开"),
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("所属协议")
    )
    commissioner = person(_("专员"), editable=True)
    branch = models.ForeignKey(
        "members.PartyOrganisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("支部")
    )
    leader = person(_("领办领导"), editable=True)
    starts_on = models.DateField(_("从哪天起"))
    ends_on = models.DateField(_("到哪天完成"))
    place = models.CharField(_("在哪里"), max_length=60, blank=True)
    beneficiaries = models.CharField(_("为了谁"), max_length=60, blank=True)
    people_count = models.PositiveIntegerField(_("受益人数"), null=True, blank=True)
    household_count = models.PositiveIntegerField(_("受益户数"), null=True, blank=True)
    money = models.DecimalField(
        _("资金（万元）"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("只作说明，不在这里收付")
    )
    money_from = models.CharField(_("资金来源"), max_length=60, blank=True)
    origin = models.CharField(_("从哪件事来"), max_length=60, blank=True, editable=False)
    origin_label = models.CharField(max_length=60, blank=True, editable=False)
    source = models.CharField(_("资料来源"), max_length=120, blank=True)
    outcome = models.TextField(_("成效"), max_length=500, blank=True, editable=False)
    is_public = models.BooleanField(_("公开展示"), default=True)
    assessments_public = models.BooleanField(_("公开考核"), default=False, db_default=False, editable=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=ProjectState.choices, default=ProjectState.DRAFT, editable=False
    )
    drafted_by = person(_("拟定人"), null=False)
    drafted_at = models.DateTimeField(_("拟定时间"), default=timezone.now, editable=False)
    started_on = models.DateField(_("开始实施"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True, editable=False)
    ended_why = models.CharField(_("为什么终止"), max_length=200, blank=True, default="", editable=False)
    names = Names(texts=("name", "number"))
    search_text = names.text_column()
    search = names.search_column()

    just_made = False
    """Of the answer of ``draft_project``: whether this call made it, or found an earlier one."""

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("共建项目")
        verbose_name_plural = pgettext_lazy("plural", "共建项目")
        indexes = (
            models.Index("street_code", F("drafted_at").desc(), F("id").desc(), name="project_street_newest"),
            models.Index("street_code", "kind", "state", name="project_street_kind"),
            models.Index("origin", name="project_of_origin", condition=~Q(origin="")),
            models.Index("street_code", name="project_ending", condition=Q(state="running") & ~Q(ending="")),
            GinIndex("search", name="project_search", fastupdate=False),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="project_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="project_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=ProjectState.values), name="project_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ProjectKind.values), name="project_kind_known"),
            models.CheckConstraint(condition=Q(field__in=Field.values), name="project_field_known"),
            models.CheckConstraint(condition=Q(six__contained_by=Six.values), name="project_six_known"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="project_dates_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(money__isnull=True) | Q(money__gte=0),
                name="project_money_not_negative",
                violation_error_message=_("资金不能是负数。"),
            ),
            # 一项目一专员一支部.
            models.CheckConstraint(
                condition=~Q(state__in=[ProjectState.RUNNING, ProjectState.DONE])
                | Q(commissioner__isnull=False, branch__isnull=False),
                name="project_has_commissioner_and_branch",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_PROJECTS, ended_on__isnull=True)
                | (~Q(state__in=LIVE_PROJECTS) & Q(ended_on__isnull=False)),
                name="project_ended_has_day",
            ),
            *ending_rules("project", PROJECT_ENDINGS),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its key where others point to it (``project:12``)."""
        return f"project:{self.pk}"

    def days_to(self, next_due: date | None) -> int | None:
        """Days until ``next_due``, or the last day where nothing else is due; None for what does not run."""
        if self.state != ProjectState.RUNNING:
            return None
        return ((next_due or self.ends_on) - timezone.localdate()).days

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ProjectEvent:
        return ProjectEvent.objects.create(
            project=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class ProjectEvent(AppendOnlyModel):
    """One line of a project's history."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=ProjectVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("项目经过")
        verbose_name_plural = pgettext_lazy("plural", "项目经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("project", "at", "id"), name="projectevent_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=ProjectVerb.values), name="projectevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
