"""What people come to: an activity, its days, and what there is to do on each of them."""

from __future__ import annotations

from datetime import timedelta
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
from projects.models.paper import person as colleague
from volunteers.querysets.activities import ActivityQuerySet, SlotQuerySet
from volunteers.states import ACTIVITY_WORKFLOW, ActivityKind, ActivityState, ActivityVerb
from volunteers.states.teams import QualificationKind

MOST_TOGETHER = 4
"""Seats that one sign-up may take, unless the activity says fewer."""


class Activity(WorkflowModel):
    """What is organised by ``unit``, else by the office of ``area``. When it happens, its ``slots`` say."""

    workflow = ACTIVITY_WORKFLOW
    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道或社区"), db_index=False
    )
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办单位")
    )
    kind = models.CharField(_("类别"), max_length=10, choices=ActivityKind.choices, default=ActivityKind.ONCE)
    title = models.CharField(_("名称"), max_length=40)
    summary = models.TextField(_("做什么"), max_length=600, blank=True, default="")
    place = models.CharField(_("集合地点"), max_length=80, help_text=_("公开的地方，如 文化家园一楼"))
    fit_for = models.CharField(_("适合谁"), max_length=80, blank=True, default="")
    bring = models.CharField(_("请带"), max_length=80, blank=True, default="")
    contact = models.CharField(_("联系"), max_length=40, help_text=_("怎么称呼，如 社工小许"))
    phone = models.CharField(_("联系电话"), max_length=20, help_text=_("单位的电话，大家都看得到"))
    closes_hours = models.PositiveSmallIntegerField(
        _("提前几小时截止报名"), default=0, help_text=_("0：开始前都可以报")
    )
    together = models.PositiveSmallIntegerField(_("一次最多报几人"), default=MOST_TOGETHER)
    takes_children = models.BooleanField(_("可以带孩子"), default=True)
    min_age = models.PositiveSmallIntegerField(_("孩子最小几岁"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("孩子最大几岁"), null=True, blank=True)
    accompanied = models.BooleanField(_("孩子要有大人陪"), default=True, help_text=_("10岁以下总要有大人陪"))
    risky = models.BooleanField(_("有人身风险"), default=False, help_text=_("登山、巡河、高处：没有登记保险的不能报名"))
    coefficient = models.CharField(_("积分系数"), max_length=20, default="ordinary")
    origin = models.CharField(_("从哪件事来"), max_length=60, blank=True, editable=False)
    origin_label = models.CharField(max_length=60, blank=True, editable=False)
    outcome = models.CharField(_("成果"), max_length=120, blank=True, default="", help_text=_("如 19对意向"))
    state = models.CharField(
        _("状态"), max_length=10, choices=ActivityState.choices, default=ActivityState.DRAFT, editable=False
    )
    proposed_by = colleague(_("起草人"), null=False)
    proposed_at = models.DateTimeField(_("起草时间"), default=timezone.now, editable=False)
    approved_by = colleague(_("发布人"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)
    ended_why = models.CharField(_("为什么取消"), max_length=200, blank=True, default="", editable=False)
    names = Names(texts=("title", "number", "place"))
    search_text = names.text_column()
    search = names.search_column()

    just_made = False
    """Of the answer of ``propose``: whether this tap made it, or found an earlier one."""

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = pgettext_lazy("plural", "活动")
        indexes = (
            models.Index("street_code", F("proposed_at").desc(), F("id").desc(), name="activity_street_newest"),
            models.Index(
                "street_code", "proposed_at", name="activity_waiting", condition=Q(state=ActivityState.PENDING)
            ),
            GinIndex("search", name="activity_search", fastupdate=False),
            models.Index("origin", name="activity_of_origin", condition=~Q(origin="")),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="activity_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="activity_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
            models.CheckConstraint(condition=Q(together__range=(1, 10)), name="activity_together_in_bounds"),
            models.CheckConstraint(condition=Q(closes_hours__lte=24 * 30), name="activity_closes_in_bounds"),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(min_age__lte=F("max_age")),
                name="activity_ages_in_order",
                violation_error_message=_("最小的年龄不能大于最大的年龄。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ActivityState.DRAFT, ActivityState.PENDING], published_at__isnull=True)
                | (
                    ~Q(state__in=[ActivityState.DRAFT, ActivityState.PENDING])
                    & Q(published_at__isnull=False, approved_by__isnull=False)
                ),
                name="activity_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ActivityState.CALLED_OFF, ActivityState.DONE], ended_at__isnull=False)
                | (~Q(state__in=[ActivityState.CALLED_OFF, ActivityState.DONE]) & Q(ended_at__isnull=True)),
                name="activity_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"activity:{self.pk}"

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ActivityEvent:
        return ActivityEvent.objects.create(
            activity=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class ActivityEvent(AppendOnlyModel):
    """One line of an activity's history."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=ActivityVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)

    class Meta:
        verbose_name = _("活动经过")
        verbose_name_plural = pgettext_lazy("plural", "活动经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("activity", "at", "id"), name="activityevent_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=ActivityVerb.values), name="activityevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"


class Series(models.Model):
    """By which rule an activity comes again: ``rule`` is an RRULE that ends, counted from ``starts``.

    ``posts``: what there is to do each time, ``[{"name": "", "capacity": 20, "is_service": true, "needs": ""}]``.
    """

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="series", verbose_name=_("活动"))
    rule = models.CharField(_("怎么重复"), max_length=120)
    starts = models.DateTimeField(_("第一次从"))
    minutes = models.PositiveSmallIntegerField(_("每次多少分钟"))
    posts = models.JSONField(_("每次的岗位"), default=list)

    class Meta:
        verbose_name = _("活动排期")
        verbose_name_plural = pgettext_lazy("plural", "活动排期")
        constraints = (
            models.CheckConstraint(condition=Q(minutes__range=(15, 24 * 60)), name="series_minutes_in_bounds"),
        )

    def __str__(self) -> str:
        return self.rule


class Slot(models.Model):
    """One time an activity happens: from ``starts`` until before ``ends``."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="slots", verbose_name=_("活动"), db_index=False)
    starts = models.DateTimeField(_("从"))
    ends = models.DateTimeField(_("到"))
    of_series = models.BooleanField(_("按排期来的"), default=False, editable=False)
    called_off_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)
    called_off_why = models.CharField(_("为什么取消"), max_length=200, blank=True, default="", editable=False)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("场次")
        verbose_name_plural = pgettext_lazy("plural", "场次")
        ordering = ("starts", "id")
        indexes = (models.Index("starts", "id", name="slot_by_time"),)
        constraints = (
            models.UniqueConstraint(fields=("activity", "starts"), name="slot_once"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="slot_in_order"),
            models.CheckConstraint(condition=Q(ends__lte=F("starts") + timedelta(hours=24)), name="slot_within_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.starts:%m-%d %H:%M}"

    @property
    def closes_at(self) -> Any:
        """Until when one signs up."""
        return self.starts - timedelta(hours=self.activity.closes_hours)


class Post(models.Model):
    """What there is to do on one day: a place of a number. ``taken``: seats of those who are confirmed or were offered
    one; written only by the statements of ``services.seats``. Not ``is_open``: called off, which whoever takes a seat
    at that moment sees on this very row."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="posts", verbose_name=_("场次"))
    name = models.CharField(_("岗位"), max_length=30, blank=True, default="", help_text=_("只有一种就不用写"))
    capacity = models.PositiveIntegerField(_("名额"))
    taken = models.PositiveIntegerField(_("已报"), default=0, editable=False)
    is_open = models.BooleanField(_("可以报名"), default=True, editable=False)
    needs = models.CharField(_("要什么资格"), max_length=12, choices=QualificationKind.choices, blank=True, default="")
    is_service = models.BooleanField(_("算志愿服务"), default=False, help_text=_("记服务时长和积分"))

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = pgettext_lazy("plural", "岗位")
        ordering = ("slot", "id")
        constraints = (
            models.UniqueConstraint(fields=("slot", "name"), name="post_name_once"),
            models.CheckConstraint(condition=Q(capacity__range=(1, 10_000)), name="post_capacity_in_bounds"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="post_never_oversold"),
        )

    def __str__(self) -> str:
        return self.name or str(_("参加"))

    @property
    def left(self) -> int:
        return self.capacity - self.taken
