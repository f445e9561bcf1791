"""Who has a resource, from when until when. No two hold one space at one time: the database itself refuses."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.privacy import EncryptedField
from alliance.lib.workflow import WorkflowModel
from resources.models.opening import only
from resources.models.resource import Resource
from resources.querysets import BookingQuerySet, PauseQuerySet
from resources.states import BOOKING_WORKFLOW, Appeal, BookingState, BookingVerb

ONE_BOOKER = (
    Q(unit__isnull=False, person__isnull=True, office__isnull=True)
    | Q(unit__isnull=True, person__isnull=False, office__isnull=True)
    | Q(unit__isnull=True, person__isnull=True, office__isnull=False)
)


class Booking(WorkflowModel):
    """A unit, a person or an office has ``quantity`` of a resource from ``starts`` until before ``ends``."""

    workflow = BOOKING_WORKFLOW

    number = models.CharField(_("编号"), max_length=40)
    client_key = models.UUIDField(editable=False)
    resource = models.ForeignKey(
        Resource, models.PROTECT, related_name="bookings", verbose_name=_("资源"), db_index=False
    )
    street_code = models.CharField(max_length=9, editable=False)
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, related_name="+", verbose_name=_("单位"), db_index=False
    )
    person = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("个人"), db_index=False
    )
    office = models.ForeignKey(
        "people.Area", models.PROTECT, null=True, related_name="+", verbose_name=_("街道或社区"), db_index=False
    )
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"), db_index=False)
    starts = models.DateTimeField(_("从"))
    ends = models.DateTimeField(_("到"))
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    people = models.PositiveIntegerField(_("大约几个人"), null=True, blank=True)
    purpose = models.CharField(_("做什么用"), max_length=60, help_text=_("不写姓名、电话和住址"))
    place = EncryptedField(_("到哪里来"), null=True, editable=False, help_text=_("对方答应以后才看得到；用完就删"))
    subject = models.CharField(_("为哪件事"), max_length=60, blank=True, editable=False)
    subject_label = models.CharField(max_length=60, blank=True, editable=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=BookingState.choices, default=BookingState.ASKED, editable=False
    )
    asked_at = models.DateTimeField(_("预约时间"), default=timezone.now, editable=False)
    answer_by = models.DateTimeField(_("最晚何时答复"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("答复人"), db_index=False
    )
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True, editable=False)
    handed_at = models.DateTimeField(_("交给对方的时间"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)
    appeal = models.CharField(
        _("说明情况"), max_length=8, choices=Appeal.choices, blank=True, default=Appeal.NONE, editable=False
    )

    just_made = False
    """Of the answer of ``book``: whether this tap made it, or found an earlier one."""

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("预约")
        verbose_name_plural = pgettext_lazy("plural", "预约")
        indexes = (
            models.Index("resource", "starts", "id", name="booking_of_resource"),
            models.Index("street_code", F("starts").desc(), F("id").desc(), name="booking_street_newest"),
            models.Index(
                "unit", F("starts").desc(), F("id").desc(), name="booking_of_unit", condition=Q(unit__isnull=False)
            ),
            models.Index(
                "person",
                F("starts").desc(),
                F("id").desc(),
                name="booking_of_person",
                condition=Q(person__isnull=False),
            ),
            models.Index("subject", name="booking_of_subject", condition=~Q(subject="")),
            # 待我审批 asks for these on every page of the workbench.
            models.Index(
                "street_code",
                "asked_at",
                name="booking_waiting",
                condition=Q(state=BookingState.ASKED) | Q(appeal=Appeal.ASKED),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="booking_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="booking_client_key_once"),
            models.CheckConstraint(condition=ONE_BOOKER, name="booking_by_one"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="booking_in_order"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="booking_at_least_one"),
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_known"),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(state__in=[BookingState.ASKED, BookingState.BOOKED]),
                name="booking_place_while_live",
            ),
            models.CheckConstraint(
                condition=Q(appeal="") | Q(state__in=[BookingState.NO_SHOW, BookingState.CANCELLED]),
                name="booking_appeal_of_a_no_show",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BookingState.ASKED, BookingState.BOOKED], ended_at__isnull=True)
                | (~Q(state__in=[BookingState.ASKED, BookingState.BOOKED]) & Q(ended_at__isnull=False)),
                name="booking_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> BookingEvent:
        return BookingEvent.objects.create(
            booking=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class BookingEvent(AppendOnlyModel):
    """One line of a booking's history."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=BookingVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)

    class Meta:
        verbose_name = _("预约经过")
        verbose_name_plural = pgettext_lazy("plural", "预约经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("booking", "at", "id"), name="bookingevent_booking_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=BookingVerb.values), name="bookingevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"


class Hold(models.Model):
    """What a live booking keeps others from: ``during`` is its time with the buffers, half open.

    Who books a whole holds each of its parts. Of an ``exclusive`` resource (a space) no two live holds overlap; of
    pieces never more than there are (a trigger of the database counts).
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="holds", verbose_name=_("预约"))
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="holds", verbose_name=_("资源"), db_index=False)
    during = DateTimeRangeField(_("占用"))
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    exclusive = models.BooleanField(_("独占"))
    live = models.BooleanField(_("有效"), default=True)

    class Meta:
        verbose_name = _("占用")
        verbose_name_plural = pgettext_lazy("plural", "占用")
        indexes = (models.Index("resource", "id", name="hold_live", condition=Q(live=True)),)
        constraints = (
            models.UniqueConstraint(fields=("booking", "resource"), name="hold_once"),
            ExclusionConstraint(
                name="hold_no_two_at_once",
                expressions=[(only("resource"), RangeOperators.OVERLAPS), ("during", RangeOperators.OVERLAPS)],
                condition=Q(live=True, exclusive=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.resource_id} {self.during}"


class Pause(models.Model):
    """A unit or a person books nothing in ``street`` until before ``until``: decided by the street, with a reason."""

    street = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"))
    street_code = models.GeneratedField(
        expression=Left("street_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("个人")
    )
    starts_on = models.DateField(_("从哪天"))
    until = models.DateField(_("到哪天恢复"))
    why = models.CharField(_("为什么"), max_length=200)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"))
    lifted_at = models.DateTimeField(_("提前恢复"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("暂停预约")
        verbose_name_plural = pgettext_lazy("plural", "暂停预约")
        constraints = (
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
                name="pause_of_unit_or_person",
            ),
            models.CheckConstraint(condition=Q(starts_on__lt=F("until")), name="pause_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%m-%d}–{self.until:%m-%d}"
