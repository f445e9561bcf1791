"""Notices and consents, numbers without gaps, buckets that limit."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from people.querysets import ConsentQuerySet


class PrivacyNotice(AppendOnlyModel):
    """One published version of a notice. A changed text is a new version, so that a consent always has its text."""

    key = models.CharField(_("用途"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=100)
    summary = models.JSONField(_("简要说明"), help_text=_("表单上显示的几句话"))
    sections = models.JSONField(_("正文"), help_text=_("每段有标题和若干段落"))
    published_on = models.DateField(_("发布日期"), default=timezone.localdate)

    class Meta:
        verbose_name = _("隐私告知")
        verbose_name_plural = pgettext_lazy("plural", "隐私告知")
        ordering = ("key", "-version")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="notice_version_once"),)

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(models.Model):
    """Who agreed to which version, when, through which door; withdrawn by a date, never deleted."""

    keep_rows = True

    notice = models.ForeignKey(PrivacyNotice, models.PROTECT, related_name="consents", verbose_name=_("告知"))
    subject_key = models.CharField(_("本人"), max_length=60, db_index=True)
    source = models.CharField(_("来源"), max_length=60, help_text=_("办理编号等"))
    channel = models.CharField(_("渠道"), max_length=20)
    area_code = models.CharField(_("区划代码"), max_length=24)
    given_at = models.DateTimeField(_("同意时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权同意")
        verbose_name_plural = pgettext_lazy("plural", "授权同意")
        indexes = (
            # Prefix search in any collation.
            models.Index(fields=("area_code",), name="consent_by_area", opclasses=["varchar_pattern_ops"]),
        )

    def __str__(self) -> str:
        return f"{self.notice} · {self.given_at:%Y-%m-%d}"


class NumberSequence(models.Model):
    """The last number given in a scope such as ``XQ-CX-20261121``. Locked until commit, hence without gaps."""

    scope = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号序列")
        verbose_name_plural = pgettext_lazy("plural", "编号序列")

    def __str__(self) -> str:
        return f"{self.scope}: {self.value}"


class RateBucket(models.Model):
    """How often something happened in one window. Keys are digests: no address or phone is stored."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("频次限制")
        verbose_name_plural = pgettext_lazy("plural", "频次限制")

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
