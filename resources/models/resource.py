"""What a unit or an office gives for common use: where, for whom, how much, on what conditions."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.search import BigramField
from alliance.lib.workflow import WorkflowModel
from resources.models.kind import ResourceKind
from resources.querysets import ResourceQuerySet
from resources.states import RESOURCE_WORKFLOW, ResourceState, ResourceVerb

MOST_MINUTES = 24 * 60


class Resource(WorkflowModel):
    """One thing to share: a hall, a doctor's hours, folding chairs, a discount, a whole station with its rooms.

    Given by ``unit``, or by the office of ``area`` where there is none. ``quantity`` pieces, or people who come, at
    the same time; a space is one.
    """

    workflow = RESOURCE_WORKFLOW

    number = models.CharField(_("编号"), max_length=40)
    client_key = models.UUIDField(editable=False)
    kind = models.ForeignKey(ResourceKind, models.PROTECT, related_name="resources", verbose_name=_("种类"))
    unit = models.ForeignKey(
        "members.MemberUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resources",
        verbose_name=_("提供单位"),
        help_text=_("街道或社区自己的，不填"),
    )
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("在哪里"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    serves = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("服务范围"), db_index=False
    )
    within = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rooms", verbose_name=_("在哪个阵地里")
    )
    parts = models.ManyToManyField(
        "self",
        through="Part",
        through_fields=("whole", "part"),
        symmetrical=False,
        related_name="wholes",
        verbose_name=_("由哪几间合成"),
    )
    name = models.CharField(_("名称"), max_length=60)
    aliases = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=60))),
        verbose_name=_("别名"),
        help_text=_("大家平时的叫法，用逗号分开"),
    )
    words = models.TextField(_("说明"), max_length=500, blank=True)
    conditions = models.CharField(_("使用条件"), max_length=200, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    floor = models.CharField(_("楼层"), max_length=20, blank=True)
    phone = models.CharField(_("公开的咨询电话"), max_length=20, blank=True)
    capacity = models.PositiveIntegerField(_("可容纳人数"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("数量"), default=1, help_text=_("同时最多借出几件、来几个人"))
    for_units = models.BooleanField(_("单位可用"), default=True)
    for_people = models.BooleanField(_("居民可用"), default=False)
    asks_first = models.BooleanField(_("预约要提供方同意"), default=True)
    buffer_minutes = models.PositiveSmallIntegerField(_("前后各留几分钟"), default=0)
    longest_minutes = models.PositiveIntegerField(_("一次最长几分钟"), default=4 * 60)
    ahead_days = models.PositiveSmallIntegerField(_("最早提前几天"), default=60)
    cancel_hours = models.PositiveSmallIntegerField(_("至少提前几小时取消"), default=24)
    most_a_month = models.PositiveSmallIntegerField(_("每月最多约几次"), null=True, blank=True)
    emergency = models.BooleanField(_("战时可调用"), default=False, help_text=_("街道转入战时，由指挥的人统一安排"))
    until = models.DateField(_("提供到哪天"), null=True, blank=True)
    is_public = models.BooleanField(_("公开展示"), default=True)
    search_text = models.TextField(editable=False, default="")
    search = BigramField(source="search_text")

    state = models.CharField(
        _("状态"), max_length=12, choices=ResourceState.choices, default=ResourceState.TO_APPROVE, editable=False
    )
    offered_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"), db_index=False, editable=False
    )
    offered_at = models.DateTimeField(_("提供时间"), default=timezone.now, editable=False)
    waiting_since = models.DateTimeField(_("送审时间"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"), editable=False
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True, editable=False)
    stopped_why = models.CharField(_("为什么停用"), max_length=200, blank=True, editable=False)

    just_made = False
    """Of the answer of ``offer_resource``: whether this call made it, or found an earlier one."""
    asked_for = ""
    """On its page: for what of an app above it is looked at (``need:12``)."""

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("资源")
        verbose_name_plural = pgettext_lazy("plural", "资源")
        indexes = (
            models.Index("street_code", "kind", F("offered_at").desc(), F("id").desc(), name="resource_street_kind"),
            models.Index("street_code", F("offered_at").desc(), F("id").desc(), name="resource_street_newest"),
            models.Index("area", "kind", name="resource_usable_here", condition=Q(state=ResourceState.USABLE)),
            models.Index(
                "street_code",
                "kind",
                F("offered_at").desc(),
                F("id").desc(),
                name="resource_usable_in_street",
                condition=Q(state=ResourceState.USABLE),
            ),
            models.Index("waiting_since", name="resource_waiting", condition=Q(state=ResourceState.TO_APPROVE)),
            GinIndex(fields=("search",), name="resource_search"),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="resource_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="resource_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=ResourceState.values), name="resource_state_known"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="resource_at_least_one",
                violation_error_message=_("数量至少是1。"),
            ),
            models.CheckConstraint(
                condition=Q(for_units=True) | Q(for_people=True),
                name="resource_for_somebody",
                violation_error_message=_("单位和居民，至少选一样。"),
            ),
            models.CheckConstraint(
                condition=Q(longest_minutes__gte=1),
                name="resource_longest_some",
                violation_error_message=_("至少1分钟。"),
            ),
            models.CheckConstraint(
                condition=Q(buffer_minutes__lte=240),
                name="resource_buffer_bounded",
                violation_error_message=_("前后各留的时间，最多4小时。"),
            ),
            models.CheckConstraint(
                condition=Q(within__isnull=True) | ~Q(within=F("pk")),
                name="resource_within_another",
                violation_error_message=_("不能在自己里面。"),
            ),
            models.CheckConstraint(
                condition=Q(state=ResourceState.TO_APPROVE, waiting_since__isnull=False)
                | (~Q(state=ResourceState.TO_APPROVE) & Q(waiting_since__isnull=True)),
                name="resource_waits_since",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """The last day on which it was offered has passed."""
        return self.until is not None and self.until < timezone.localdate()

    @property
    def is_usable(self) -> bool:
        """As ``ResourceQuerySet.usable``."""
        return self.state == ResourceState.USABLE and not self.is_over

    def write_event(
        self, *, verb: str, actor: Any, source: str, target: str, note: str, story: Any = None, **event: Any
    ) -> ResourceEvent:
        """``story``: by field, what it was before and after."""
        said = {"words": note, "changes": story or {}, **event}
        return ResourceEvent.objects.create(resource=self, verb=verb, actor=actor, source=source, target=target, **said)


class Part(models.Model):
    """A room that belongs to a larger space: who books the hall books both rooms."""

    whole = models.ForeignKey(Resource, models.PROTECT, related_name="its_parts", verbose_name=_("整体"))
    part = models.ForeignKey(Resource, models.PROTECT, related_name="part_of", verbose_name=_("其中一间"))

    class Meta:
        verbose_name = _("合成")
        verbose_name_plural = pgettext_lazy("plural", "合成")
        constraints = (
            models.UniqueConstraint(fields=("whole", "part"), name="part_once"),
            models.CheckConstraint(condition=~Q(whole=F("part")), name="part_of_another"),
        )

    def __str__(self) -> str:
        return f"{self.whole_id} › {self.part_id}"


class ResourceEvent(AppendOnlyModel):
    """One line of a resource's history."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=ResourceVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)
    changes = models.JSONField(_("改了什么"), default=dict, blank=True)

    class Meta:
        verbose_name = _("资源经过")
        verbose_name_plural = pgettext_lazy("plural", "资源经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("resource", "at", "id"), name="resourceevent_resource_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=ResourceVerb.values), name="resourceevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"


class Mode(models.Model):
    """平时 or 战时 of one street. While it lasts, what is marked for it is reserved by those in command alone."""

    street = models.OneToOneField("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"))
    emergency = models.BooleanField(_("战时"), default=False)
    since = models.DateTimeField(_("从何时起"), default=timezone.now)
    why = models.CharField(_("为什么"), max_length=200, blank=True)
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("平时和战时")
        verbose_name_plural = pgettext_lazy("plural", "平时和战时")

    def __str__(self) -> str:
        return str(_("战时")) if self.emergency else str(_("平时"))
