"""转跑腿: a small urgent errand, published at once, taken by whoever is first."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from needs.querysets import ErrandQuerySet


class Errand(models.Model):
    """What to fetch and where to; in whose hands it is, is read from its offer and claim, never stored here."""

    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="errands", verbose_name=_("诉求"))
    offer = models.OneToOneField("claims.Offer", models.PROTECT, related_name="+", verbose_name=_("认领"))
    client_key = models.UUIDField(editable=False)
    what = models.CharField(_("帮什么忙"), max_length=60, help_text=_("谁都看得到，不要写姓名和电话"))
    where = models.CharField(_("大概在哪里"), max_length=60, help_text=_("写到小区为止"))
    handover = EncryptedField(_("送到哪里、怎么交接"), help_text=_("只有接单的人看得到"))
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("发布人"), db_index=False)
    published_at = models.DateTimeField(_("发布时间"), default=timezone.now)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("跑腿")
        verbose_name_plural = pgettext_lazy("plural", "跑腿")
        constraints = (models.UniqueConstraint(fields=("client_key",), name="errand_client_key_once"),)

    def __str__(self) -> str:
        return self.what
