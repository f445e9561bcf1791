"""An export: which list, narrowed how, by whom; where its file lies for a day."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from transfers.querysets import ExportQuerySet
from transfers.states import ExportKind, ExportState


class Export(models.Model):
    """One file going out. ``query`` may hold a name somebody searched for: it is ciphertext, emptied with the file.

    ``roles``: pairs (role, area code) in whose right the file was written; nothing before it is.
    """

    id: Any = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("导出人"))
    listing = models.CharField(_("列表"), max_length=40)
    title = models.CharField(_("名称"), max_length=80)
    query = EncryptedField(_("条件"), blank=True, default="")
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("列"))
    kind = models.CharField(_("格式"), max_length=4, choices=ExportKind.choices, default=ExportKind.XLSX)
    unmasked = models.BooleanField(_("不遮盖"), default=False)
    reason = models.CharField(_("为什么不遮盖"), max_length=120, blank=True, default="")
    state = models.CharField(_("状态"), max_length=8, choices=ExportState.choices, default=ExportState.OPEN)
    total = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("写了几行"), default=0)
    file = models.CharField(_("文件"), max_length=100, blank=True, default="", editable=False)
    roles = models.JSONField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=120, blank=True, default="", editable=False)
    made_at = models.DateTimeField(_("导出时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("完成时间"), null=True)
    gone_at = models.DateTimeField(_("清除时间"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = pgettext_lazy("plural", "导出")
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(fields=("by", "-made_at", "-id"), name="export_of_somebody"),
            models.Index(fields=("made_at",), name="export_unfinished", condition=Q(state=ExportState.OPEN)),
            models.Index(fields=("made_at",), name="export_ungone", condition=Q(gone_at__isnull=True)),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ExportKind.values), name="export_kind_known"),
            models.CheckConstraint(condition=Q(unmasked=False) | ~Q(reason=""), name="export_unmasked_has_reason"),
            models.CheckConstraint(
                condition=Q(state=ExportState.READY, gone_at__isnull=True) | Q(file=""), name="export_file_while_ready"
            ),
        )

    def __str__(self) -> str:
        return self.title
