"""What whoever was there says of a day: for organisers only as sums, and words without names."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from volunteers.models.signup import SignUp
from volunteers.states import Mood


class Feedback(models.Model):
    """One for each sign-up. Nobody but the person reads a single one, nor that there is one; it has no history."""

    signup = models.OneToOneField(SignUp, models.PROTECT, related_name="feedback", verbose_name=_("报名"))
    mood = models.CharField(_("怎么样"), max_length=4, choices=Mood.choices)
    words = EncryptedField(_("想说的"), blank=True, default="", db_default="", editable=False)
    said_at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("改过的时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("活动反馈")
        verbose_name_plural = pgettext_lazy("plural", "活动反馈")
        constraints = (
            models.CheckConstraint(condition=Q(mood__in=Mood.values), name="feedback_mood_known"),
            models.CheckConstraint(condition=Q(changed_at__gte=F("said_at")), name="feedback_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.get_mood_display()} {self.said_at:%m-%d}"
