"""What was resolved: what is to be done, by which unit or office, until when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.workflow import WorkflowModel
from meetings.models import parts
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting
from meetings.querysets import ActionQuerySet
from meetings.states import ACTION_WORKFLOW, ActionState, ActionVerb


class ActionItem(WorkflowModel):
    """In the hands of ``unit``, or of the office of ``office``. ``first_due_on``: as resolved at first."""

    workflow = ACTION_WORKFLOW
    keep_rows = True

    client_key = models.UUIDField(editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions", verbose_name=_("会议"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("议程")
    )
    area = parts.place()
    street_code = parts.street_of_area()
    what = models.CharField(_("事项"), max_length=100)
    unit = parts.unit(_("责任单位"))
    office = parts.office(_("责任街道或社区"))
    due_on = models.DateField(_("期限"))
    first_due_on = models.DateField(_("原定期限"), editable=False)
    said = models.CharField(_("办理情况"), max_length=300, blank=True, default="", editable=False)
    said_at = models.DateTimeField(_("报办理情况的时间"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=ActionState.choices, default=ActionState.OPEN, editable=False
    )
    set_by = parts.colleague(_("登记人"), null=False)
    set_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    done_on = models.DateField(_("销号日期"), null=True, blank=True, editable=False)

    just_made = False
    """Of the answer of ``set_action``: whether this tap made it, or found an earlier one."""

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("行动项")
        verbose_name_plural = pgettext_lazy("plural", "行动项")
        indexes = (
            models.Index("street_code", "state", "due_on", "id", name="action_street_due"),
            models.Index("area", "due_on", name="action_open", condition=Q(state=ActionState.OPEN)),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="action_client_key_once"),
            models.CheckConstraint(condition=parts.exactly_one("unit", "office"), name="action_in_one_hand"),
            models.CheckConstraint(condition=Q(state__in=ActionState.values), name="action_state_known"),
            models.CheckConstraint(
                condition=Q(state=ActionState.OPEN, done_on__isnull=True)
                | Q(state=ActionState.DONE, done_on__isnull=False),
                name="action_done_has_day",
            ),
        )

    def __str__(self) -> str:
        return self.what

    @property
    def subject(self) -> str:
        return f"action:{self.pk}"

    @property
    def doer(self) -> str:
        """Whose it is to do."""
        return str(self.unit or self.office)

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ActionEvent:
        return ActionEvent.objects.create(
            action=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class ActionEvent(parts.HistoryLine):
    """One line of an action item's history."""

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="events", db_index=False)
    verb = models.CharField(_("动作"), max_length=12, choices=ActionVerb.choices)

    class Meta:
        verbose_name = _("行动项经过")
        verbose_name_plural = pgettext_lazy("plural", "行动项经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("action", "at", "id"), name="actionevent_at"),)
        constraints = (models.CheckConstraint(condition=Q(verb__in=ActionVerb.values), name="actionevent_verb_known"),)
