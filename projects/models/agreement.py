"""An agreement between a street or community and one or more units; what changed it since; its history."""

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
from alliance.lib.search import Names
from projects.models.ending import EndedByTwo, ending_rules
from projects.models.paper import Paper, paper_rules, person
from projects.querysets import AgreementQuerySet, PaperPartQuerySet
from projects.states import (
    AGREEMENT_WORKFLOW,
    AMENDMENT_WORKFLOW,
    OPEN_AMENDMENTS,
    PAPER_ENDINGS,
    UNSIGNED,
    AgreementState,
    AmendmentState,
    PaperVerb,
)

SIGNED = (AgreementState.RUNNING, AgreementState.CLOSED, AgreementState.RENEWED)


class Agreement(EndedByTwo, Paper):
    """共建协议. ``runs_until`` is its last day as agreed on: an amendment may move it. When it really
    ended says ``ended_on``."""

    workflow = AGREEMENT_WORKFLOW
    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道或社区"), db_index=False
    )
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    theme = models.CharField(_("共建主题"), max_length=40)
    aim = models.TextField(_("共建内容"), max_length=1000)
    office_duties = models.TextField(_("街道社区的责任"), max_length=1000)
    starts_on = models.DateField(_("从哪天起"))
    ends_on = models.DateField(_("到哪天止"), help_text=_("这一天还算在内"))
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("续签哪一份")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT, editable=False
    )
    commissioner = person(_("专员"), editable=True)
    is_public = models.BooleanField(_("公开正文"), default=False, help_text=_("各方都同意才公开；没公开的也能核对"))
    drafted_by = person(_("拟定人"), null=False)
    drafted_at = models.DateTimeField(_("拟定时间"), default=timezone.now, editable=False)
    runs_until = models.DateField(_("履行到"), null=True, blank=True, editable=False)
    reviewed_on = models.DateField(_("评估日期"), null=True, blank=True, editable=False)
    reviewed_by = person(_("评估的人"))
    review = models.CharField(_("评估"), max_length=500, blank=True, default="", editable=False)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True, editable=False)
    ended_why = models.CharField(_("为什么结束"), max_length=200, blank=True, default="", editable=False)
    names = Names(texts=("theme", "number"))
    search_text = names.text_column()
    search = names.search_column()

    just_made = False
    """Of the answer of ``draft_agreement``: whether this call made it, or found an earlier one."""

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("共建协议")
        verbose_name_plural = pgettext_lazy("plural", "共建协议")
        indexes = (
            models.Index("street_code", F("drafted_at").desc(), F("id").desc(), name="agreement_street_newest"),
            models.Index("runs_until", name="agreement_running", condition=Q(state=AgreementState.RUNNING)),
            models.Index(
                "street_code", "confirmed_at", name="agreement_waiting", condition=Q(state=AgreementState.CONFIRMING)
            ),
            models.Index("street_code", name="agreement_ending", condition=Q(state="running") & ~Q(ending="")),
            GinIndex("search", name="agreement_search", fastupdate=False),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="agreement_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="agreement_client_key_once"),
            models.UniqueConstraint(
                fields=("renews",),
                condition=Q(renews__isnull=False) & ~Q(state=AgreementState.ENDED),
                name="agreement_renewed_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="agreement_dates_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(renews__isnull=True) | ~Q(renews=F("pk")), name="agreement_renews_another"
            ),
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="agreement_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[*UNSIGNED, AgreementState.RUNNING], ended_on__isnull=True)
                | (~Q(state__in=[*UNSIGNED, AgreementState.RUNNING]) & Q(ended_on__isnull=False)),
                name="agreement_ended_has_day",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, runs_until__isnull=True)
                | Q(signed_at__isnull=False, runs_until__gte=F("starts_on")),
                name="agreement_runs_once_signed",
            ),
            *paper_rules("agreement", UNSIGNED, SIGNED),
            *ending_rules("agreement", PAPER_ENDINGS),
        )

    def __str__(self) -> str:
        return self.theme

    @property
    def is_over(self) -> bool:
        """The term has passed, and nobody has brought it to an end yet."""
        if self.state != AgreementState.RUNNING or self.runs_until is None:
            return False
        return self.runs_until < timezone.localdate()

    @property
    def is_ahead(self) -> bool:
        """Signed, and its first day is still to come."""
        return self.state == AgreementState.RUNNING and self.starts_on > timezone.localdate()

    def write_event(
        self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any
    ) -> AgreementEvent:
        return AgreementEvent.objects.create(
            agreement=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class Amendment(Paper):
    """补充协议 ``ordinal`` of an agreement: what is agreed on besides, and until when it runs from now on."""

    workflow = AMENDMENT_WORKFLOW
    keep_rows = True

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="amendments", verbose_name=_("共建协议"), db_index=False
    )
    ordinal = models.PositiveSmallIntegerField(_("第几号"))
    client_key = models.UUIDField(editable=False)
    words = models.TextField(_("补充什么"), max_length=1000)
    new_ends_on = models.DateField(_("期限改到哪天"), null=True, blank=True, help_text=_("期限不变的不填"))
    state = models.CharField(
        _("状态"), max_length=10, choices=AmendmentState.choices, default=AmendmentState.DRAFT, editable=False
    )
    drafted_by = person(_("拟定人"), null=False)
    drafted_at = models.DateTimeField(_("拟定时间"), default=timezone.now, editable=False)

    objects = PaperPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("补充协议")
        verbose_name_plural = pgettext_lazy("plural", "补充协议")
        ordering = ("agreement", "ordinal")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "ordinal"), name="amendment_ordinal_once"),
            models.UniqueConstraint(fields=("client_key",), name="amendment_client_key_once"),
            models.UniqueConstraint(
                fields=("agreement",), condition=Q(state__in=OPEN_AMENDMENTS), name="amendment_one_open"
            ),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="amendment_counts_from_one"),
            models.CheckConstraint(condition=Q(state__in=AmendmentState.values), name="amendment_state_known"),
            *paper_rules("amendment", (*OPEN_AMENDMENTS, AmendmentState.DROPPED), (AmendmentState.SIGNED,)),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} · {self.ordinal}"

    def write_event(
        self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any
    ) -> AgreementEvent:
        more = {"agreement_id": self.agreement_id, "amendment": self, **event}
        return AgreementEvent.objects.create(verb=verb, actor=actor, source=source, target=target, words=note, **more)


class AgreementEvent(AppendOnlyModel):
    """One line of an agreement's history; ``amendment`` where it is about one of these."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="events", db_index=False)
    amendment = models.ForeignKey(Amendment, models.PROTECT, null=True, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=PaperVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("协议经过")
        verbose_name_plural = pgettext_lazy("plural", "协议经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("agreement", "at", "id"), name="agreementevent_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=PaperVerb.values), name="agreementevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
