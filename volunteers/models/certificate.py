"""志愿服务证明: what was done, as it stood on the day of issue, with a code by which everybody can check the paper."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from volunteers.models.volunteer import Volunteer
from volunteers.querysets.people import CertificateQuerySet


class Certificate(models.Model):
    """Free of charge, for every volunteer who asks. ``halves``: half hours; ``lines``: ``[{day, title, by, halves}]``.

    ``code`` is worked out from all that stands on it (``services.certificates.code_of``). Whoever leaves takes name and
    lines along.
    """

    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="certificates", verbose_name=_("志愿者"), db_index=False
    )
    name = EncryptedField(_("姓名"), blank=True, default="", editable=False)
    issuer = models.CharField(_("出具单位"), max_length=80, editable=False)
    starts_on = models.DateField(_("从哪天"), editable=False)
    ends_on = models.DateField(_("到哪天"), editable=False)
    halves = models.PositiveIntegerField(_("几个半小时"), editable=False)
    lines = models.JSONField(_("服务内容"), default=list, editable=False)
    code = models.CharField(_("校验码"), max_length=20, editable=False)
    issued_at = models.DateTimeField(_("出具时间"), default=timezone.now, editable=False)

    just_made = False

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿服务证明")
        verbose_name_plural = pgettext_lazy("plural", "志愿服务证明")
        ordering = ("-issued_at", "-id")
        indexes = (models.Index("volunteer", F("issued_at").desc(), name="certificate_newest"),)
        constraints = (
            models.UniqueConstraint(fields=("number",), name="certificate_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="certificate_client_key_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="certificate_dates_in_order"),
            models.CheckConstraint(condition=Q(halves__gte=1), name="certificate_of_something"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def hours(self) -> float:
        return self.halves / 2
