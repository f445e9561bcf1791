"""What is talked about, in which order, and what was written down of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from meetings.models import parts
from meetings.models.meeting import Meeting
from meetings.querysets import MeetingPartQuerySet, MinutesQuerySet


class AgendaItem(models.Model):
    """``subject``: the key of what it is about (``topic:3``, ``action:7``, ``need:12``); empty: words alone."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda", verbose_name=_("会议"), db_index=False)
    position = models.PositiveSmallIntegerField(_("顺序"))
    title = models.CharField(_("议什么"), max_length=80)
    subject = models.CharField(_("哪件事"), max_length=60, blank=True, default="", editable=False)
    minutes = models.PositiveSmallIntegerField(_("几分钟"), null=True, blank=True)
    result = models.TextField(_("结果"), max_length=500, blank=True, default="", editable=False)
    by = parts.colleague(_("谁加的"))

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("议程")
        verbose_name_plural = pgettext_lazy("plural", "议程")
        ordering = ("meeting", "position", "id")
        indexes = (
            models.Index("meeting", "position", "id", name="agendaitem_in_order"),
            models.Index("subject", name="agendaitem_about", condition=~Q(subject="")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "subject"), condition=~Q(subject=""), name="agendaitem_about_once"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Minutes(AppendOnlyModel):
    """One revision; the last one counts. ``revision`` counts from 1 for each meeting, so that of two who write on the
    same one only the first is kept: the other is told."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("会议"), db_index=False)
    revision = models.PositiveSmallIntegerField(_("第几稿"))
    text = models.TextField(_("纪要"), max_length=20_000, blank=True)
    has_paper = models.BooleanField(_("有签字的纸质件"), default=False)
    by = parts.colleague(_("谁写的"), null=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("纪要")
        verbose_name_plural = pgettext_lazy("plural", "纪要")
        ordering = ("meeting", "revision")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "revision"), name="minutes_revision_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="minutes_revision_from_one"),
            models.CheckConstraint(condition=~Q(text="") | Q(has_paper=True), name="minutes_say_something"),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.revision}"
