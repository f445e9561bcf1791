"""What meets again and again, by which rule, and who belongs to it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.workflow import WorkflowModel
from meetings.models import parts
from meetings.querysets import SeriesQuerySet
from meetings.states import SERIES_WORKFLOW, MeetingKind, OffDays, SeriesState, SeriesVerb


class Series(WorkflowModel):
    """Meetings of the office of ``area``, called together by ``unit`` where it is not the office itself.

    ``rule`` is an RRULE that ends, counted from ``starts``. ``everybody``: all units of the area's alliances come.
    """

    workflow = SERIES_WORKFLOW
    keep_rows = True

    client_key = models.UUIDField(editable=False)
    area = parts.place()
    street_code = parts.street_of_area()
    kind = models.CharField(_("类别"), max_length=8, choices=MeetingKind.choices)
    title = models.CharField(_("名称"), max_length=40)
    unit = parts.unit(_("召集单位"))
    rule = models.CharField(_("怎么重复"), max_length=120)
    starts = models.DateTimeField(_("第一次"))
    minutes = models.PositiveSmallIntegerField(_("每次多少分钟"), default=90)
    off_days = models.CharField(_("遇到放假"), max_length=8, choices=OffDays.choices, default=OffDays.AFTER)
    place = models.CharField(_("地点"), max_length=80)
    everybody = models.BooleanField(_("请全体成员单位"), default=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=SeriesState.choices, default=SeriesState.RUNNING, editable=False
    )
    set_up_by = parts.colleague(_("设立人"), null=False)
    set_up_at = models.DateTimeField(_("设立时间"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("停办时间"), null=True, blank=True, editable=False)

    just_made = False
    """Of the answer of ``set_up_series``: whether this tap made it, or found an earlier one."""

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("例会")
        verbose_name_plural = pgettext_lazy("plural", "例会")
        indexes = (models.Index("street_code", "state", "id", name="meetingseries_street"),)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="meetingseries_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=SeriesState.values), name="meetingseries_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="meetingseries_kind_known"),
            models.CheckConstraint(condition=Q(off_days__in=OffDays.values), name="meetingseries_off_days_known"),
            models.CheckConstraint(condition=Q(minutes__range=(15, 600)), name="meetingseries_minutes_in_bounds"),
            models.CheckConstraint(
                condition=Q(rule__contains="COUNT=") | Q(rule__contains="UNTIL="), name="meetingseries_rule_ends"
            ),
            models.CheckConstraint(
                condition=Q(state=SeriesState.RUNNING, ended_at__isnull=True)
                | Q(state=SeriesState.ENDED, ended_at__isnull=False),
                name="meetingseries_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> SeriesEvent:
        return SeriesEvent.objects.create(
            series=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class SeriesInvitee(models.Model):
    """Who is invited each time: a body with its units and people as they are then, one unit, or an office."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="invitees", verbose_name=_("例会"))
    body = models.ForeignKey(
        "members.Body", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    unit = parts.unit(_("单位"))
    office = parts.office(_("街道或社区"))

    class Meta:
        verbose_name = _("例会参会方")
        verbose_name_plural = pgettext_lazy("plural", "例会参会方")
        ordering = ("series", "id")
        constraints = (
            models.CheckConstraint(
                condition=parts.exactly_one("body", "unit", "office"), name="meetingseriesinvitee_is_one"
            ),
            *(
                models.UniqueConstraint(fields=("series", name), name=f"meetingseriesinvitee_{name}_once")
                for name in ("body", "unit", "office")
            ),
        )

    def __str__(self) -> str:
        return str(self.body or self.unit or self.office)


class SeriesEvent(parts.HistoryLine):
    """One line of a series' history."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="events", db_index=False)
    verb = models.CharField(_("动作"), max_length=12, choices=SeriesVerb.choices)

    class Meta:
        verbose_name = _("例会经过")
        verbose_name_plural = pgettext_lazy("plural", "例会经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("series", "at", "id"), name="meetingseriesevent_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=SeriesVerb.values), name="meetingseriesevent_verb_known"),
        )
