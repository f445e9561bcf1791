"""What the resident answered, round by round, and requests for more time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from needs.querysets import AnswerQuerySet, ExtensionQuerySet
from needs.states import ExtensionState, Outcome, Satisfaction


class Answer(AppendOnlyModel):
    """解决了, 部分解决, 没解决, or silence. Handlers see these as figures only, never beside the need."""

    need = models.ForeignKey(
        "needs.Need", models.PROTECT, related_name="answers", verbose_name=_("诉求"), db_index=False
    )
    round = models.PositiveSmallIntegerField(_("第几轮"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    outcome = models.CharField(_("评价"), max_length=10, choices=Outcome.choices)
    satisfaction = models.CharField(_("满意度"), max_length=10, choices=Satisfaction.choices, blank=True)
    words = models.TextField(_("还想说的"), max_length=500, blank=True)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    category = models.ForeignKey(
        "needs.Category", models.PROTECT, null=True, related_name="+", verbose_name=_("类别"), db_index=False
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民评价")
        verbose_name_plural = pgettext_lazy("plural", "居民评价")
        indexes = (models.Index(fields=("area", "at"), name="answer_area_at"),)
        constraints = (
            # A second tap finds the first answer of the round.
            models.UniqueConstraint(fields=("need", "round"), name="answer_once_a_round"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="answer_outcome_known"),
            models.CheckConstraint(
                condition=Q(satisfaction__in=["", *Satisfaction.values]), name="answer_satisfaction_known"
            ),
            # Silence says nothing: neither satisfied nor not.
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.SILENT) | Q(satisfaction="", words=""), name="answer_silence_is_silent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.need_id} · {self.round}"


class Extension(models.Model):
    """A handler asks for more time; somebody else grants it. Once for each need."""

    need = models.ForeignKey(
        "needs.Need", models.PROTECT, related_name="extensions", verbose_name=_("诉求"), db_index=False
    )
    state = models.CharField(
        _("结果"), max_length=10, choices=ExtensionState.choices, default=ExtensionState.WAITING, editable=False
    )
    asked_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("申请人"), db_index=False
    )
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    before = models.DateField(_("原定日期"))
    until = models.DateField(_("延到"))
    reason = models.TextField(_("为什么要延"), max_length=500)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"), db_index=False
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    words = models.TextField(_("审批意见"), max_length=500, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("延期申请")
        verbose_name_plural = pgettext_lazy("plural", "延期申请")
        indexes = (models.Index(fields=("asked_at",), name="extension_waiting", condition=Q(state="waiting")),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ExtensionState.values), name="extension_state_known"),
            models.UniqueConstraint(
                fields=("need",),
                name="extension_once",
                condition=Q(state__in=[ExtensionState.WAITING, ExtensionState.GRANTED]),
                violation_error_message=_("一件事只能延期一次。"),
            ),
            models.CheckConstraint(condition=Q(until__gt=F("before")), name="extension_is_later"),
            # One approval, by somebody else.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="extension_granted_by_another",
                violation_error_message=_("自己申请的，要请别人审批。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ExtensionState.GRANTED, ExtensionState.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.need_id} → {self.until}"
