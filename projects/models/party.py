"""Whose agreement it is, what was promised in numbers, and what each unit said to the text it was sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.agreement import Agreement, Amendment
from projects.models.paper import person
from projects.querysets import AskQuerySet, PaperPartQuerySet, PartyQuerySet
from projects.states import Answer, AnsweredBy


class Party(models.Model):
    """A unit that is a party, and what it takes on. ``name`` is how it stands in the text, whatever it is called
    later."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="parties", verbose_name=_("共建协议"), db_index=False
    )
    unit = models.ForeignKey("members.MemberUnit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    name = models.CharField(_("协议里的名称"), max_length=80)
    duties = models.TextField(_("单位的责任"), max_length=1000)
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)
    left_on = models.DateField(_("退出日期"), null=True, blank=True, editable=False)
    left_why = models.CharField(_("为什么退出"), max_length=200, blank=True, default="", editable=False)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("签约单位")
        verbose_name_plural = pgettext_lazy("plural", "签约单位")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "unit"),
                name="party_once",
                violation_error_message=_("这个单位已经在协议里了。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """One promise in numbers: 每年助餐 40000 人次."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="targets", verbose_name=_("共建协议"), db_index=False
    )
    name = models.CharField(_("指标"), max_length=40)
    amount = models.DecimalField(_("目标"), max_digits=14, decimal_places=2)
    measure = models.CharField(_("单位"), max_length=10, help_text=_("如 人次、场、户"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)

    objects = PaperPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("协议指标")
        verbose_name_plural = pgettext_lazy("plural", "协议指标")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "name"),
                name="target_once",
                violation_error_message=_("有两个同名的指标。"),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="target_not_negative",
                violation_error_message=_("目标不能是负数。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Ask(models.Model):
    """The text with the digest ``sha256`` was put before a unit; what it said stands for good. ``void_at``: the text
    was taken back before it answered, or changed after."""

    keep_rows = True

    party = models.ForeignKey(Party, models.PROTECT, related_name="asks", verbose_name=_("签约单位"), db_index=False)
    amendment = models.ForeignKey(
        Amendment, models.PROTECT, null=True, related_name="asks", verbose_name=_("补充协议"), db_index=False
    )
    turn = models.PositiveIntegerField(_("第几次"))
    sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField(_("送出时间"), default=timezone.now)
    answer = models.CharField(_("答复"), max_length=3, choices=Answer.choices, blank=True, default=Answer.OPEN)
    words = models.CharField(_("说了什么"), max_length=300, blank=True, default="")
    via = models.CharField(_("怎么答复的"), max_length=5, choices=AnsweredBy.choices, blank=True, default="")
    by = person(_("谁答复的"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    void_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位确认")
        verbose_name_plural = pgettext_lazy("plural", "单位确认")
        ordering = ("party", "id")
        constraints = (
            models.UniqueConstraint(fields=("party", "amendment", "turn"), name="ask_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="ask_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, by__isnull=True, via="")
                | (~Q(answer="") & Q(answered_at__isnull=False, via__in=AnsweredBy.values)),
                name="ask_answered_wholly",
            ),
        )

    def __str__(self) -> str:
        return f"{self.party_id} · {self.turn}"
