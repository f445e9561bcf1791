"""One meeting, before, during and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.search import Names
from alliance.lib.workflow import WorkflowModel
from meetings.models import parts
from meetings.models.series import Series
from meetings.querysets import MeetingQuerySet
from meetings.states import AHEAD, MEETING_WORKFLOW, MeetingKind, MeetingState, MeetingVerb

ENDED = (MeetingState.SENT, MeetingState.CALLED_OFF)


class Meeting(WorkflowModel):
    """From ``starts`` until before ``ends``, at ``place`` or where ``booking`` says.

    ``of_day``: the day on which the rule of its series has it, which stays when it is moved. ``by_hand``: somebody has
    changed it, so that a changed rule leaves it alone.
    """

    workflow = MEETING_WORKFLOW
    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    area = parts.place()
    street_code = parts.street_of_area()
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("例会"), db_index=False
    )
    of_day = models.DateField(_("原定日期"), null=True, blank=True, editable=False)
    by_hand = models.BooleanField(default=False, editable=False)
    kind = models.CharField(_("类别"), max_length=8, choices=MeetingKind.choices)
    title = models.CharField(_("名称"), max_length=40)
    unit = parts.unit(_("召集单位"))
    starts = models.DateTimeField(_("从"))
    ends = models.DateTimeField(_("到"))
    place = models.CharField(_("地点"), max_length=80)
    booking = models.ForeignKey(
        "resources.Booking",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("场地预约"),
        db_index=False,
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=MeetingState.choices, default=MeetingState.DRAFT, editable=False
    )
    planned_by = parts.colleague(_("排期人"))
    planned_at = models.DateTimeField(_("排期时间"), default=timezone.now, editable=False)
    called_at = models.DateTimeField(_("通知时间"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)
    ended_why = models.CharField(_("为什么取消"), max_length=200, blank=True, default="", editable=False)
    names = Names(texts=("title", "number", "place"))
    search_text = names.text_column()
    search = names.search_column()

    just_made = False
    """Of the answer of ``plan_meeting``: whether this tap made it, or found an earlier one."""

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = pgettext_lazy("plural", "会议")
        indexes = (
            models.Index("street_code", F("starts").desc(), F("id").desc(), name="meeting_street_newest"),
            GinIndex("search", name="meeting_search", fastupdate=False),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="meeting_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="meeting_client_key_once"),
            models.UniqueConstraint(fields=("series", "of_day"), name="meeting_of_a_series_once_a_day"),
            models.CheckConstraint(
                condition=Q(series__isnull=True) | Q(of_day__isnull=False) | Q(state=MeetingState.CALLED_OFF),
                name="meeting_of_a_series_has_day",
            ),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="meeting_kind_known"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="meeting_in_order"),
            models.CheckConstraint(
                condition=Q(ends__lte=F("starts") + timedelta(hours=12)), name="meeting_within_half_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MeetingState.DRAFT, MeetingState.CALLED_OFF]) | Q(called_at__isnull=False),
                name="meeting_called_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="meeting_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its key where others point to it (``meeting:12``)."""
        return f"meeting:{self.pk}"

    @property
    def is_ahead(self) -> bool:
        return self.state in AHEAD

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> MeetingEvent:
        return MeetingEvent.objects.create(
            meeting=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )

    def note(self, verb: str, *, actor: Any, note: str = "", **event: Any) -> MeetingEvent:
        """A line of history that leaves ``version`` alone: who answers or signs in makes no open form stale.

        The caller holds the row, and has asked whether the step is there.
        """
        return self.write_event(verb=verb, actor=actor, source=self.state, target=self.state, note=note, **event)


class MeetingEvent(parts.HistoryLine):
    """One line of a meeting's history."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="events", db_index=False)
    verb = models.CharField(_("动作"), max_length=12, choices=MeetingVerb.choices)

    class Meta:
        verbose_name = _("会议经过")
        verbose_name_plural = pgettext_lazy("plural", "会议经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("meeting", "at", "id"), name="meetingevent_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=MeetingVerb.values), name="meetingevent_verb_known"),
        )
