"""The link under which somebody's calendar asks what they have ahead. The link itself is not stored."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.querysets import CalendarLinkQuerySet

DIGEST = r"^[A-Za-z0-9_-]{43}$"


class CalendarLink(models.Model):
    """One at a time for each person; a newer one ends the older. Gone with the account."""

    user = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("谁的"), db_index=False)
    token_index = models.CharField(max_length=43, editable=False)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = CalendarLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历订阅链接")
        verbose_name_plural = pgettext_lazy("plural", "日历订阅链接")
        constraints = (
            models.UniqueConstraint(fields=("token_index",), name="calendarlink_token_once"),
            models.UniqueConstraint(
                fields=("user",), condition=Q(revoked_at__isnull=True), name="calendarlink_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(token_index__regex=DIGEST), name="calendarlink_token_is_digest"),
        )

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
