"""What somebody wants talked about, until they have their answer."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.workflow import WorkflowModel
from meetings.models import parts
from meetings.models.meeting import Meeting
from meetings.querysets import TopicQuerySet
from meetings.states import TOPIC_WORKFLOW, TopicState, TopicVerb


class Topic(WorkflowModel):
    """Raised by a colleague, or by a liaison for ``unit``. ``origin``: the key of what it comes from (``need:12``)."""

    workflow = TOPIC_WORKFLOW
    keep_rows = True

    client_key = models.UUIDField(editable=False)
    area = parts.place()
    street_code = parts.street_of_area()
    title = models.CharField(_("议题"), max_length=80)
    words = models.TextField(_("为什么"), max_length=500, blank=True, default="")
    unit = parts.unit(_("提出单位"))
    origin = models.CharField(_("从哪件事来"), max_length=60, blank=True, default="", editable=False)
    origin_label = models.CharField(max_length=60, blank=True, default="", editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name=_("会议"), editable=False
    )
    answer = models.TextField(_("答复"), max_length=500, blank=True, default="", editable=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=TopicState.choices, default=TopicState.WAITING, editable=False
    )
    raised_by = parts.colleague(_("提出人"), null=False)
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)

    just_made = False
    """Of the answer of ``raise_topic``: whether this tap made it, or found an earlier one."""

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("议题")
        verbose_name_plural = pgettext_lazy("plural", "议题")
        indexes = (
            models.Index("street_code", F("raised_at").desc(), F("id").desc(), name="topic_street_newest"),
            models.Index("area", "raised_at", name="topic_waiting", condition=Q(state=TopicState.WAITING)),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="topic_client_key_once"),
            models.UniqueConstraint(
                fields=("origin",),
                condition=~Q(origin="") & Q(state__in=[TopicState.WAITING, TopicState.LISTED]),
                name="topic_of_a_thing_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=TopicState.values), name="topic_state_known"),
            models.CheckConstraint(
                condition=~Q(state=TopicState.LISTED) | Q(meeting__isnull=False), name="topic_listed_has_meeting"
            ),
            models.CheckConstraint(
                condition=Q(state=TopicState.ANSWERED) & ~Q(answer="") | ~Q(state=TopicState.ANSWERED) & Q(answer=""),
                name="topic_answered_with_words",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"topic:{self.pk}"

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> TopicEvent:
        return TopicEvent.objects.create(
            topic=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class TopicEvent(parts.HistoryLine):
    """One line of a topic's history."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="events", db_index=False)
    verb = models.CharField(_("动作"), max_length=12, choices=TopicVerb.choices)

    class Meta:
        verbose_name = _("议题经过")
        verbose_name_plural = pgettext_lazy("plural", "议题经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("topic", "at", "id"), name="topicevent_at"),)
        constraints = (models.CheckConstraint(condition=Q(verb__in=TopicVerb.values), name="topicevent_verb_known"),)
