"""How often and by how many people a resource was used: noted when a booking ends, or typed in for open houses."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from resources.models.booking import Booking
from resources.models.resource import Resource
from resources.querysets import UsageQuerySet


class Usage(models.Model):
    """On ``day``, ``people`` people. Of a booking there is at most one."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="usages", verbose_name=_("资源"))
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="usage", verbose_name=_("预约")
    )
    day = models.DateField(_("哪天"))
    people = models.PositiveIntegerField(_("服务了几个人"))
    words = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"))
    client_key = models.UUIDField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UsageQuerySet.as_manager()

    class Meta:
        verbose_name = _("使用记录")
        verbose_name_plural = pgettext_lazy("plural", "使用记录")
        indexes = (models.Index("resource", F("day").desc(), F("id").desc(), name="usage_newest"),)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="usage_client_key_once"),
            models.CheckConstraint(
                condition=Q(people__lte=100_000), name="usage_bounded", violation_error_message=_("人数太大了。")
            ),
        )

    def __str__(self) -> str:
        return f"{self.day:%m-%d} {self.people}"
