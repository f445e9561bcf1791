"""The log of who came in, who looked at what, who was given which role; and the seals over it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from audit.querysets import AuditEntryQuerySet, AuditSealQuerySet
from audit.states import Action


class AuditEntry(AppendOnlyModel):
    """One thing somebody did. No personal data of residents: subjects are numbers, addresses are masked."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    actor_label = models.CharField(_("操作人"), max_length=60, blank=True)
    action = models.CharField(_("操作"), max_length=24, choices=Action.choices)
    subject = models.CharField(_("对象"), max_length=80, blank=True)
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    params = models.JSONField(_("细节"), default=dict, blank=True)
    ip = models.CharField(_("网络地址"), max_length=45, blank=True, help_text=_("末段隐去"))
    ip_key = models.CharField(_("地址摘要"), max_length=43, blank=True, help_text=_("相同的地址，摘要相同"))

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = pgettext_lazy("plural", "审计记录")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("action", "-id"), name="audit_by_action"),
            models.Index(fields=("at",), name="audit_by_time"),
            # Prefix search in any collation.
            models.Index(fields=("area_code",), name="audit_by_area", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=("subject", "-id"), name="audit_by_subject", condition=~Q(subject="")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(action__in=Action.values),
                name="audit_action_known",
                violation_error_message=_("没有这种操作。"),
            ),
            # Seals cover the entries from 1 on.
            models.CheckConstraint(condition=Q(id__gt=0), name="audit_id_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.actor_label}"


class AuditSeal(AppendOnlyModel):
    """A digest over the entries ``first`` to ``up_to``, chained to the previous seal's digest."""

    first = models.BigIntegerField(_("起始序号"), help_text=_("上一次封存之后的第一条"))
    up_to = models.BigIntegerField(_("截止序号"))
    count = models.PositiveIntegerField(_("条数"))
    previous_hash = models.CharField(_("上一摘要"), max_length=64, blank=True)
    hash = models.CharField(_("摘要"), max_length=64)
    sealed_at = models.DateTimeField(_("封存时间"), default=timezone.now)

    objects = AuditSealQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计封存")
        verbose_name_plural = pgettext_lazy("plural", "审计封存")
        ordering = ("-id",)
        constraints = (
            # The chain has one beginning and never forks, whoever seals at the same time.
            models.UniqueConstraint(fields=("previous_hash",), name="seal_chain_never_forks"),
            models.CheckConstraint(condition=Q(count__gt=0), name="seal_covers_something"),
            models.CheckConstraint(condition=Q(up_to__gte=F("first")), name="seal_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first}–{self.up_to}"
