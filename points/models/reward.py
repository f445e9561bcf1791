"""What points are exchanged for, and each exchange from the tap to the counter."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.workflow import WorkflowModel
from points.models.account import Account
from points.querysets import RedemptionEventQuerySet, RedemptionQuerySet, RewardQuerySet
from points.states import REDEMPTION_WORKFLOW, TENTHS, RedemptionState, RedemptionVerb, Shelf, Sort


class Reward(models.Model):
    """A thing or a service for ``price`` tenths. ``left``: how many nobody has asked for yet; empty: no end to it.

    ``unit``: whose liaisons write it off at their desk; without one the office of ``area`` does, at ``place``.
    """

    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("在哪家单位领")
    )
    place = models.ForeignKey(
        "resources.Resource", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("在哪个阵地领")
    )
    name = models.CharField(_("名称"), max_length=30)
    words = models.CharField(_("说明"), max_length=200, blank=True)
    where = models.CharField(_("到哪里领"), max_length=80, blank=True)
    sort = models.CharField(_("种类"), max_length=8, choices=Sort.choices)
    donor = models.CharField(_("谁提供的"), max_length=60, blank=True)
    price = models.PositiveIntegerField(_("积分"))
    worth = models.PositiveSmallIntegerField(_("价值（元）"), null=True, blank=True)
    left = models.PositiveIntegerField(_("还有几份"), null=True, blank=True)
    per_quarter = models.PositiveSmallIntegerField(_("每人每季最多几份"), null=True, blank=True)
    until = models.DateField(_("兑换到哪天"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=4, choices=Shelf.choices, default=Shelf.ON, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("登记人"), db_index=False, editable=False
    )
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换品")
        verbose_name_plural = pgettext_lazy("plural", "兑换品")
        indexes = (models.Index("street_code", "price", "id", name="reward_street_price"),)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="reward_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=Shelf.values), name="reward_state_known"),
            models.CheckConstraint(condition=Q(sort__in=Sort.values), name="reward_sort_known"),
            models.CheckConstraint(condition=Q(price__gte=TENTHS, price__lte=100_000), name="reward_price_bounded"),
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__lte=100),
                name="reward_modest",
                violation_error_message=_("兑换品的价值在100元以内。"),
            ),
            models.CheckConstraint(
                condition=Q(per_quarter__isnull=True) | Q(per_quarter__gte=1), name="reward_quarter_at_least_one"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Redemption(WorkflowModel):
    """One exchange. Points are held, and with them one of ``reward``, until it is written off or void.

    Of the code only a keyed digest is stored (``code_key``); its holder's page works it out anew.
    """

    keep_rows = True
    workflow = REDEMPTION_WORKFLOW

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="redemptions", verbose_name=_("账户"), db_index=False
    )
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="redemptions", verbose_name=_("兑换品"))
    client_key = models.UUIDField(editable=False)
    code_key = models.CharField(max_length=43, editable=False)
    label = models.CharField(_("兑换什么"), max_length=30)
    price = models.PositiveIntegerField(_("积分"))
    state = models.CharField(
        _("状态"),
        max_length=4,
        choices=RedemptionState.choices,
        default=RedemptionState.HELD,
        editable=False,
    )
    asked_at = models.DateTimeField(_("兑换时间"))
    until = models.DateField(_("领取到哪天"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    just_made = False
    """Of a service's answer: whether this call did it, or found an earlier one."""

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换")
        verbose_name_plural = pgettext_lazy("plural", "兑换")
        indexes = (
            models.Index("account", F("asked_at").desc(), F("id").desc(), name="redemption_of_account"),
            models.Index(F("asked_at").desc(), F("id").desc(), name="redemption_newest"),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="redemption_client_key_once"),
            models.UniqueConstraint(fields=("code_key",), name="redemption_code_once"),
            models.CheckConstraint(condition=Q(state__in=RedemptionState.values), name="redemption_state_known"),
            models.CheckConstraint(
                condition=Q(state=RedemptionState.HELD, ended_at__isnull=True)
                | (~Q(state=RedemptionState.HELD) & Q(ended_at__isnull=False)),
                name="redemption_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How it is called where it is not named by what it is."""
        return f"DH-{self.pk:06d}"

    def write_event(
        self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any
    ) -> RedemptionEvent:
        return RedemptionEvent.objects.create(
            redemption=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class RedemptionEvent(AppendOnlyModel):
    """One line of an exchange's history. ``actor`` is staff or a liaison, never its holder."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=RedemptionVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)

    objects = RedemptionEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换经过")
        verbose_name_plural = pgettext_lazy("plural", "兑换经过")
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=("redemption", "at", "id"), name="redemptionevent_at"),
            models.Index(
                "actor", F("at").desc(), name="redemptionevent_handed", condition=Q(verb=RedemptionVerb.WRITE_OFF)
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=RedemptionVerb.values), name="redemptionevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
