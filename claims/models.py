"""One claim mechanism for everything that somebody may take in hand: a wish, an errand, later a project, a section."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.workflow import WorkflowModel
from claims.querysets import ClaimQuerySet, OfferQuerySet
from claims.states import CLAIM_WORKFLOW, HOLDING, LIVE, ClaimState, Ending, OfferState, Verb
from people.models import Area
from people.querysets import STREET_LENGTH
from people.states import Level


class Offer(models.Model):
    """Something to take in hand: where, until when, by whom, how often. ``subject`` is the owner's key (``wish:12``).

    ``taken`` and ``done`` count shares held and completed; only the services of this app write them.
    """

    kind = models.CharField(_("种类"), max_length=20)
    subject = models.CharField(_("对象"), max_length=60)
    label = models.CharField(_("编号"), max_length=60)
    title = models.CharField(_("是什么"), max_length=60, help_text=_("公开的一句话，不含个人信息"))
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("区域"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    by_street = models.BooleanField(
        _("街道发布"), default=False, db_default=False, editable=False, help_text=_("街道发布的，由街道陪着、确认")
    )
    for_units = models.BooleanField(_("单位可认领"), default=True)
    for_people = models.BooleanField(_("个人可认领"), default=False)
    shares = models.PositiveSmallIntegerField(_("共几份"), default=1)
    taken = models.PositiveSmallIntegerField(_("已认领几份"), default=0, editable=False)
    done = models.PositiveSmallIntegerField(_("已完成几份"), default=0, editable=False)
    opens_at = models.DateTimeField(_("何时起"), default=timezone.now)
    closes_at = models.DateTimeField(_("认领到"), null=True, blank=True)
    deliver_within = models.DurationField(
        _("认领后多久送到"), null=True, blank=True, help_text=_("一天以上的算到那天晚上")
    )
    without_term = models.BooleanField(
        _("认领后没有期限"), default=False, db_default=False, help_text=_("认领截止以后，已经认领的照常办下去")
    )
    state = models.CharField(
        _("状态"), max_length=8, choices=OfferState.choices, default=OfferState.OPEN, editable=False
    )
    ending = models.CharField(_("怎么结束的"), max_length=10, choices=Ending.choices, blank=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    back_at = models.DateTimeField(_("最近一次退回来的时间"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("认领事项")
        verbose_name_plural = pgettext_lazy("plural", "认领事项")
        indexes = (
            models.Index("street_code", "kind", F("opens_at").desc(), F("id").desc(), name="offer_street_kind_newest"),
            models.Index(
                "kind", F("opens_at").desc(), F("id").desc(), name="offer_open", condition=Q(state=OfferState.OPEN)
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("subject",), name="offer_subject_once", condition=Q(state=OfferState.OPEN)),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_known"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, ending="", ended_at__isnull=True)
                | Q(state=OfferState.CLOSED, ending__in=Ending.values, ended_at__isnull=False),
                name="offer_closed_says_why",
            ),
            models.CheckConstraint(condition=Q(shares__gte=1), name="offer_has_shares"),
            models.CheckConstraint(
                condition=Q(done__lte=F("taken"), taken__lte=F("shares")), name="offer_not_oversold"
            ),
            models.CheckConstraint(condition=Q(for_units=True) | Q(for_people=True), name="offer_for_somebody"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def now(self) -> datetime:
        """The database's time; only on a row that was read with it (``with_clock``)."""
        moment: datetime = self.__dict__["clock"]
        return moment

    @property
    def keeper_code(self) -> str:
        """Where those work who accompany and confirm: the community it is in, or the street that put it up."""
        return self.area_id[:STREET_LENGTH] if self.by_street else str(self.area_id)

    @property
    def keeper(self) -> Area:
        """The office that put it up. Lists select ``area__parent`` with it."""
        above = self.area.parent if self.by_street and self.area.level != Level.STREET else None
        return above or self.area

    @property
    def left(self) -> int:
        """Shares nobody has taken."""
        return self.shares - self.taken

    @property
    def waits_since(self) -> datetime:
        """Since when it has waited for somebody: its window opened, or what was taken came back."""
        return max(self.opens_at, self.back_at or self.opens_at)


class Claim(WorkflowModel):
    """One unit, or one person, has one share in hand. ``whole``: the offer has only this one."""

    workflow = CLAIM_WORKFLOW

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="claims", verbose_name=_("认领事项"), db_index=False)
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, related_name="+", verbose_name=_("单位"), db_index=False
    )
    person = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("个人"), db_index=False
    )
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"), db_index=False)
    client_key = models.UUIDField(editable=False)
    whole = models.BooleanField(editable=False)
    state = models.CharField(
        _("状态"), max_length=12, choices=ClaimState.choices, default=ClaimState.CLAIMED, editable=False
    )
    claimed_at = models.DateTimeField(_("认领时间"))
    deliver_by = models.DateTimeField(_("送达期限"), null=True)
    delivered_at = models.DateTimeField(_("送到时间"), null=True)
    back_at = models.DateTimeField(_("没收到，又在手里的时间"), null=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    just_made = False
    """Of the answer of ``claim_offer``: whether this tap made it, or found an earlier one."""

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("认领")
        verbose_name_plural = pgettext_lazy("plural", "认领")
        indexes = (
            models.Index("offer", "id", name="claim_of_offer"),
            models.Index(
                "unit",
                F("claimed_at").desc(),
                F("id").desc(),
                name="claim_unit_newest",
                condition=Q(unit__isnull=False),
            ),
            models.Index(
                "person",
                F("claimed_at").desc(),
                F("id").desc(),
                name="claim_person_newest",
                condition=Q(person__isnull=False),
            ),
        )
        constraints = (
            # The promise of the whole mechanism: one live claim for what cannot be divided.
            models.UniqueConstraint(
                fields=("offer",), name="claim_one_holds_the_whole", condition=Q(whole=True, state__in=HOLDING)
            ),
            models.UniqueConstraint(fields=("client_key",), name="claim_client_key_once"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
                name="claim_by_unit_or_person",
            ),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at__isnull=True) | (~Q(state__in=LIVE) & Q(ended_at__isnull=False)),
                name="claim_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer_id} · {self.get_state_display()}"

    @property
    def held_since(self) -> datetime:
        """Since when whoever took it has it in hand: also after it was said to be there and was not."""
        return self.back_at or self.claimed_at

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ClaimEvent:
        return ClaimEvent.objects.create(
            claim=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class ClaimEvent(AppendOnlyModel):
    """One line of a claim's history."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="events", verbose_name=_("认领"), db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=Verb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)

    class Meta:
        verbose_name = _("认领经过")
        verbose_name_plural = pgettext_lazy("plural", "认领经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("claim", "at", "id"), name="claimevent_claim_at"),)
        constraints = (models.CheckConstraint(condition=Q(verb__in=Verb.values), name="claimevent_verb_known"),)

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
