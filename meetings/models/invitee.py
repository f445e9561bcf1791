"""Who was asked to a meeting, what they said, and who was there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import parts
from meetings.models.meeting import Meeting
from meetings.querysets import InviteeQuerySet
from meetings.states import Coming, How, Via


class Invitee(models.Model):
    """A unit, an office, a colleague with an account, or somebody by name. ``stand_in``: who comes instead.

    ``dropped_at``: taken off the list again, and not put on it by what the series says.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitees", verbose_name=_("会议"))
    unit = parts.unit(_("单位"))
    office = parts.office(_("街道或社区"))
    user = parts.colleague(_("同事"), editable=True)
    name = models.CharField(_("姓名"), max_length=30, blank=True, default="", help_text=_("没有账号的人写称呼"))
    role = models.CharField(_("身份"), max_length=20, blank=True, default="")
    answer = models.CharField(
        _("答复"), max_length=10, choices=Coming.choices, blank=True, default=Coming.OPEN, editable=False
    )
    stand_in = models.CharField(_("谁来代"), max_length=30, blank=True, default="", editable=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True, editable=False)
    answered_by = parts.colleague(_("谁答复的"))
    via = models.CharField(_("怎么答复的"), max_length=6, choices=Via.choices, blank=True, default="", editable=False)
    present_at = models.DateTimeField(_("签到时间"), null=True, blank=True, editable=False)
    how = models.CharField(_("怎么签到的"), max_length=6, choices=How.choices, blank=True, default="", editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InviteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("参会方")
        verbose_name_plural = pgettext_lazy("plural", "参会方")
        ordering = ("meeting", "id")
        constraints = (
            models.CheckConstraint(
                condition=(parts.exactly_one("unit", "office", "user") & Q(name=""))
                | (Q(unit__isnull=True, office__isnull=True, user__isnull=True) & ~Q(name="")),
                name="invitee_is_one",
            ),
            *(
                models.UniqueConstraint(fields=("meeting", name), name=f"invitee_{name}_once")
                for name in ("unit", "office", "user")
            ),
            models.UniqueConstraint(fields=("meeting", "name"), condition=~Q(name=""), name="invitee_name_once"),
            models.CheckConstraint(condition=Q(answer__in=Coming.values), name="invitee_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, via="")
                | (~Q(answer="") & Q(answered_at__isnull=False) & ~Q(via="")),
                name="invitee_answered_wholly",
            ),
            models.CheckConstraint(
                condition=Q(answer=Coming.STAND_IN) | Q(stand_in=""), name="invitee_stand_in_only_then"
            ),
            models.CheckConstraint(
                condition=Q(present_at__isnull=True, how="") | (Q(present_at__isnull=False) & ~Q(how="")),
                name="invitee_present_somehow",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Who it is, as the list has it."""
        return self.name or str(self.unit or self.office or self.user)

    @property
    def subject(self) -> str:
        return f"invitee:{self.pk}"
