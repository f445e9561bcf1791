"""What somebody last chose on a list, so that it stands there the next time."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ListChoice(models.Model):
    """One person's filter and columns of one list. Words typed into a search are never kept: they may be a name."""

    user = models.ForeignKey("people.User", models.PROTECT, related_name="list_choices", verbose_name=_("人员"))
    key = models.CharField(_("列表"), max_length=40)
    query = models.JSONField(_("条件"), default=dict)
    columns = ArrayField(models.CharField(max_length=30), default=list, verbose_name=_("列"))

    class Meta:
        verbose_name = _("列表偏好")
        verbose_name_plural = pgettext_lazy("plural", "列表偏好")
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="list_choice_once"),)

    def __str__(self) -> str:
        return self.key
