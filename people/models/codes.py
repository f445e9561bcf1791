"""Codes sent to a phone. Only a keyed digest of phone and code is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.querysets import SignInCodeQuerySet
from people.states import Purpose

MAX_TRIES = 5


class SignInCode(models.Model):
    """One code for one phone and purpose; the newest alone counts. Gone a day after it ended."""

    phone_index = models.CharField(max_length=43)
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose.choices, default=Purpose.SIGN_IN)
    code_hash = models.CharField(max_length=43)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("到期时间"), db_index=True)
    tries = models.PositiveSmallIntegerField(_("试过几次"), default=0)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    objects = SignInCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("登录验证码")
        verbose_name_plural = pgettext_lazy("plural", "登录验证码")
        indexes = (models.Index("phone_index", F("id").desc(), name="sign_in_code_newest"),)
        constraints = (
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="sign_in_code_purpose"),
            models.CheckConstraint(condition=Q(tries__gte=0, tries__lte=MAX_TRIES), name="sign_in_code_tries"),
        )

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
