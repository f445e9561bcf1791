"""微心愿: one thing a household wishes for, verified, approved by somebody else, and published without its name."""

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
from alliance.lib.privacy import EncryptedField
from alliance.lib.search import Names
from alliance.lib.workflow import WorkflowModel
from needs.querysets import WishPolicyQuerySet, WishQuerySet
from needs.states.wish import (
    CAP_YUAN,
    MOST_SHARES,
    WISH_WORKFLOW,
    Approver,
    Delivery,
    WishKind,
    WishState,
    WishVerb,
)


class Wish(WorkflowModel):
    """Public: 称呼, community, item, cap; ``story`` is for whoever has claimed.

    Everything about the household is encrypted and stays with its keepers.
    """

    workflow = WISH_WORKFLOW

    number = models.CharField(_("编号"), max_length=40)
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    need = models.ForeignKey("needs.Need", models.PROTECT, null=True, related_name="wishes", verbose_name=_("来自诉求"))
    offer = models.OneToOneField("claims.Offer", models.PROTECT, null=True, related_name="+", verbose_name=_("认领"))
    kind = models.CharField(_("类型"), max_length=10, choices=WishKind.choices)
    item = models.CharField(_("心愿"), max_length=40, help_text=_("如“一床厚被子”；谁都看得到，不写姓名电话"))
    story = models.CharField(
        _("一句心里话"), max_length=120, blank=True, help_text=_("可以不填。墙上不显示，认领的人能看到，不写姓名电话")
    )
    called = models.CharField(_("称呼"), max_length=12, help_text=_("如“李伯”“8岁男孩”；不写全名"))
    cap_yuan = models.PositiveSmallIntegerField(_("最多多少元"), null=True, blank=True, help_text=_("实物不超过500元"))
    shares = models.PositiveSmallIntegerField(_("几份"), default=1)
    delivery = models.CharField(_("怎么送"), max_length=12, choices=Delivery.choices, default=Delivery.ACCOMPANIED)
    beneficiary = EncryptedField(_("受益人姓名"))
    household = EncryptedField(_("家庭情况、尺码、住址"), blank=True, default="")
    phone = EncryptedField(_("联系电话"), blank=True, default="")
    state = models.CharField(
        _("状态"), max_length=12, choices=WishState.choices, default=WishState.TO_VERIFY, editable=False
    )
    raised_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("登记人"), db_index=False
    )
    verified_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核实人"), db_index=False
    )
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    verified_how = models.CharField(_("怎么核实的"), max_length=120, blank=True)
    at_street = models.BooleanField(
        _("由街道审批"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("核实的时候，社区没有另一位书记可以审批"),
    )
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"), db_index=False
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    forgotten_at = models.DateTimeField(_("隐去家庭情况的时间"), null=True, editable=False)
    names = Names(texts=("number", "item"))
    search_text = names.text_column()
    search = names.search_column()

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("微心愿")
        verbose_name_plural = pgettext_lazy("plural", "微心愿")
        indexes = (
            models.Index(
                "street_code", "state", F("created_at").desc(), F("id").desc(), name="wish_street_state_newest"
            ),
            models.Index("area", F("created_at").desc(), F("id").desc(), name="wish_area_newest"),
            models.Index("created_at", name="wish_with_household", condition=Q(forgotten_at__isnull=True)),
            models.Index("state", F("decided_at").desc(), F("id").desc(), name="wish_state_newest"),
            GinIndex("search", name="wish_search", fastupdate=False),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="wish_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="wish_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=WishState.values), name="wish_state_known"),
            models.CheckConstraint(condition=Q(kind__in=WishKind.values), name="wish_kind_known"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="wish_delivery_known"),
            models.CheckConstraint(
                condition=Q(cap_yuan__isnull=True) | Q(cap_yuan__gte=1, cap_yuan__lte=CAP_YUAN),
                name="wish_cap_bounded",
                violation_error_message=_("实物心愿不超过500元。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind=WishKind.GOODS) | Q(cap_yuan__isnull=False),
                name="wish_of_goods_has_cap",
                violation_error_message=_("实物心愿要写最多多少元。"),
            ),
            models.CheckConstraint(
                condition=Q(shares__gte=1, shares__lte=MOST_SHARES),
                name="wish_shares_bounded",
                violation_error_message=_("份数请填1到20。"),
            ),
            # Four eyes: nobody approves what they verified.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(verified_by__isnull=True) | ~Q(decided_by=F("verified_by")),
                name="wish_approved_by_another",
                violation_error_message=_("核实和审批要由两个人来做。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=WishState.PUBLISHED)
                | Q(verified_by__isnull=False, decided_by__isnull=False, offer__isnull=False),
                name="wish_published_was_approved",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> WishEvent:
        params = {"actor": actor.name if actor else "", **event.pop("params", {})}
        return WishEvent.objects.create(
            wish=self, verb=verb, actor=actor, source=source, target=target, words=note, params=params, **event
        )


class WishEvent(AppendOnlyModel):
    """One line of a wish's history, for its keepers."""

    wish = models.ForeignKey(Wish, models.PROTECT, related_name="events", verbose_name=_("微心愿"), db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=16, choices=WishVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("心愿经过")
        verbose_name_plural = pgettext_lazy("plural", "心愿经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("wish", "at", "id"), name="wishevent_wish_at"),)
        constraints = (models.CheckConstraint(condition=Q(verb__in=WishVerb.values), name="wishevent_verb_known"),)

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"


class WishPolicy(models.Model):
    """A street's way with wishes: who approves. Without a row the community's secretary does."""

    street = models.OneToOneField(
        "people.Area", models.PROTECT, primary_key=True, related_name="+", verbose_name=_("街道")
    )
    approver = models.CharField(_("谁审批"), max_length=10, choices=Approver.choices, default=Approver.SECRETARY)

    objects = WishPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("谁来审批心愿")
        verbose_name_plural = pgettext_lazy("plural", "谁来审批心愿")
        constraints = (models.CheckConstraint(condition=Q(approver__in=Approver.values), name="wishpolicy_known"),)

    def __str__(self) -> str:
        return f"{self.street} · {self.get_approver_display()}"
