"""When somebody wants what leaves the house, and when not to be disturbed. Rows exist only for what differs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.models.keys import RECIPIENT
from notifications.states import GATHERED, OUTWARD, QUIET_FROM, QUIET_UNTIL, Channel, Pace


class Preference(models.Model):
    """When one recipient wants the messages of one app through one channel. No row: at once."""

    recipient_key = models.CharField(_("收件人"), max_length=60)
    topic = models.CharField(_("哪些事"), max_length=40, help_text=_("消息所属的应用"))
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel.choices)
    pace = models.CharField(_("什么时候发"), max_length=8, choices=Pace.choices)
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("接收方式")
        verbose_name_plural = pgettext_lazy("plural", "接收方式")
        constraints = (
            models.UniqueConstraint(fields=("recipient_key", "topic", "channel"), name="pace_once"),
            models.CheckConstraint(condition=Q(recipient_key__regex=RECIPIENT), name="pace_recipient_is_key"),
            # The inbox is the record of what was said: it is not put off.
            models.CheckConstraint(condition=Q(channel__in=sorted(OUTWARD)), name="pace_of_outward"),
            models.CheckConstraint(condition=Q(pace__in=sorted([*GATHERED, Pace.NEVER])), name="pace_is_not_default"),
        )

    def __str__(self) -> str:
        return f"{self.topic} · {self.get_channel_display()} · {self.get_pace_display()}"


class QuietHours(models.Model):
    """From when until when somebody is not to be disturbed. No row: the installation's (``QUIET_HOURS``)."""

    recipient_key = models.CharField(_("收件人"), max_length=60)
    starts = models.TimeField(_("从"))
    ends = models.TimeField(_("到"))
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("免打扰时间")
        verbose_name_plural = pgettext_lazy("plural", "免打扰时间")
        constraints = (
            models.UniqueConstraint(fields=("recipient_key",), name="quiet_once"),
            models.CheckConstraint(condition=Q(recipient_key__regex=RECIPIENT), name="quiet_recipient_is_key"),
            models.CheckConstraint(condition=Q(starts__range=QUIET_FROM), name="quiet_begins_in_the_evening"),
            models.CheckConstraint(condition=Q(ends__range=QUIET_UNTIL), name="quiet_ends_in_the_morning"),
        )

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
