"""What everybody may read of a meeting's minutes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import parts
from meetings.models.meeting import Meeting
from meetings.querysets import ExtractQuerySet


class Extract(models.Model):
    """Words of its own, written for everybody; nothing of the minutes is shown by itself. Taken down, they are gone."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="extract", verbose_name=_("会议"))
    street_code = models.CharField(max_length=9, editable=False)
    words = models.TextField(_("公开摘要"), max_length=2000, blank=True)
    shown_at = models.DateTimeField(_("公开时间"), default=timezone.now)
    shown_by = parts.colleague(_("谁公开的"), null=False)
    hidden_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = ExtractQuerySet.as_manager()

    class Meta:
        verbose_name = _("公开摘要")
        verbose_name_plural = pgettext_lazy("plural", "公开摘要")
        indexes = (
            models.Index(
                "street_code",
                F("shown_at").desc(),
                F("id").desc(),
                name="extract_street_newest",
                condition=Q(hidden_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) & ~Q(words="") | Q(hidden_at__isnull=False, words=""),
                name="extract_shown_has_words",
            ),
        )

    def __str__(self) -> str:
        return str(self.meeting_id)
