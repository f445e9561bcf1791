"""Robots in the groups of an alliance's office, what they are to say, and every attempt to say it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from notifications.querysets import PostQuerySet, RobotQuerySet
from notifications.states import PostState, Reason, RobotKind


class Robot(models.Model):
    """A robot in the group of the alliance of ``area``. Its ``secret`` (a key) is written, never shown.

    ``paused_until``: the platform asked us to slow down. ``leased_until``: a worker speaks for it now.
    """

    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道或社区"), help_text=_("那里的联盟的群")
    )
    name = models.CharField(_("群名"), max_length=40)
    kind = models.CharField(_("平台"), max_length=10, choices=RobotKind.choices)
    secret = EncryptedField(_("密钥"), editable=False)
    sign_secret = EncryptedField(_("加签密钥"), blank=True, default="", editable=False)
    is_active = models.BooleanField(_("启用"), default=True)
    paused_until = models.DateTimeField(_("暂停到"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now, editable=False)

    objects = RobotQuerySet.as_manager()

    class Meta:
        verbose_name = _("群机器人")
        verbose_name_plural = pgettext_lazy("plural", "群机器人")
        ordering = ("area", "name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"), name="robot_once", violation_error_message=_("这个群名已经有了。")
            ),
            models.CheckConstraint(condition=Q(kind__in=RobotKind.values), name="robot_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()}"


class RobotPost(models.Model):
    """One thing to tell a group: number, title, day and link. Never personal data: a group is read by many."""

    robot = models.ForeignKey(Robot, models.PROTECT, related_name="posts", verbose_name=_("群机器人"), db_index=False)
    rule = models.CharField(_("规则"), max_length=80)
    occurrence = models.CharField(_("事由"), max_length=120)
    number = models.CharField(_("编号"), max_length=80, blank=True)
    title = models.CharField(_("标题"), max_length=120)
    day = models.CharField(_("日期"), max_length=20, blank=True)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=PostState.choices, default=PostState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    last_error = models.CharField(_("原因"), max_length=60, blank=True)
    at_once = models.BooleanField(default=False, editable=False)
    batch = models.UUIDField(null=True, editable=False)
    not_before = models.DateTimeField(_("不早于"), default=timezone.now)
    expires_at = models.DateTimeField(_("不晚于"))
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("群消息")
        verbose_name_plural = pgettext_lazy("plural", "群消息")
        indexes = (
            models.Index(fields=("robot", "not_before", "id"), name="post_due", condition=Q(state=PostState.WAITING)),
            models.Index("robot", F("created_at").desc(), F("id").desc(), name="post_newest"),
        )
        constraints = (
            models.UniqueConstraint(fields=("robot", "rule", "occurrence"), name="post_once"),
            models.CheckConstraint(condition=Q(state__in=PostState.values), name="post_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PostState.SENT) | Q(sent_at__isnull=False), name="post_sent_has_time"
            ),
            models.CheckConstraint(condition=Q(url="") | Q(url__regex=r"^/([^/\\].*)?$"), name="post_url_stays_here"),
        )

    @property
    def reason(self) -> str:
        """Why it is not there, in words; a platform's code as it is."""
        return str(Reason(self.last_error).label) if self.last_error in Reason.values else self.last_error

    def __str__(self) -> str:
        return f"{self.number or self.occurrence} · {self.get_state_display()}"


class RobotSending(models.Model):
    """One call of a platform: how many posts it carried and what it answered. Twenty of them a minute are allowed."""

    robot = models.ForeignKey(Robot, models.PROTECT, related_name="sendings", db_index=False)
    batch = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    posts = models.PositiveSmallIntegerField(_("几条"))
    answer = models.CharField(_("平台的回答"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = pgettext_lazy("plural", "发送记录")
        indexes = (models.Index("robot", F("at").desc(), F("id").desc(), name="sending_newest"),)
        constraints = (models.UniqueConstraint(fields=("batch",), name="sending_once"),)

    def __str__(self) -> str:
        return f"{self.robot_id} · {self.answer}"
