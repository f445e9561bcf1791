"""An import: the file as rows, what the dry run found of each, what became of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.importing import LANGUAGE
from alliance.lib.privacy import EncryptedField
from transfers.querysets import BatchQuerySet, RowQuerySet
from transfers.states import WORKED, BatchState, Mode, Outcome, Result

KEPT = timedelta(days=30)
"""How long what a file said is kept after it was imported, or was sent and never was."""


class ImportBatch(models.Model):
    """One file. The file itself is not kept: its rows are, for thirty days.

    ``acted_by`` pressed 导入 or 撤销 last: in their name the rows are written. ``attempts`` names whose turn it is,
    ``deaths`` counts workers that did not come back since the last portion. ``language`` is that of the page on which
    it was last acted on: what is wrong with a row is said in it.
    """

    kind = models.CharField(_("导入什么"), max_length=40)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("导入到"))
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("导入人"))
    acted_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"), db_index=False
    )
    state = models.CharField(_("状态"), max_length=12, choices=BatchState.choices, default=BatchState.PLANNING)
    mode = models.CharField(_("已登记的"), max_length=8, choices=Mode.choices, default=Mode.UPDATE)
    file_name = models.CharField(_("文件名"), max_length=120)
    digest = models.CharField(_("摘要"), max_length=64)
    language = models.CharField(max_length=12, default=LANGUAGE, db_default=LANGUAGE, editable=False)
    headers = models.JSONField(_("表头"), default=list)
    total = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("办到第几行"), default=0)
    counts = models.JSONField(_("结果"), default=dict)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    deaths = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=120, blank=True, default="", editable=False)
    made_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(_("导入时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    purged_at = models.DateTimeField(_("清除时间"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = pgettext_lazy("plural", "导入")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("street_code", "kind", "-id"), name="import_by_street"),
            models.Index(fields=("id",), name="import_unfinished", condition=Q(state__in=sorted(WORKED))),
            models.Index(fields=("made_at",), name="import_unpurged", condition=Q(purged_at__isnull=True)),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="import_state_known"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="import_mode_known"),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def rows_until(self) -> datetime | None:
        """Until when what the file said is kept, and the import can be taken back; None once that is forgotten."""
        return None if self.purged_at else (self.applied_at or self.ended_at or self.made_at) + KEPT

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do."""
        return self.state in WORKED


class ImportRow(models.Model):
    """One line of the file. What it says may be a phone, so it is ciphertext, and deleted after thirty days."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows", verbose_name=_("导入"), db_index=False)
    line = models.PositiveIntegerField(_("行号"))
    rank = models.PositiveSmallIntegerField(default=0, editable=False)
    key_index = models.CharField(max_length=43, blank=True, default="", editable=False)
    cells = EncryptedField(_("内容"), blank=True, default="")
    outcome = models.CharField(_("核对"), max_length=8, choices=Outcome.choices, blank=True, default=Outcome.WAITING)
    result = models.CharField(_("结果"), max_length=8, choices=Result.choices, blank=True, default=Result.OPEN)
    found = EncryptedField(_("核对的内容"), blank=True, default="")
    subject = models.CharField(_("登记的是"), max_length=60, blank=True, default="")
    before = EncryptedField(_("导入前"), blank=True, default="")

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入的行")
        verbose_name_plural = pgettext_lazy("plural", "导入的行")
        ordering = ("batch", "rank", "line")
        indexes = (
            models.Index(fields=("batch", "rank", "line"), name="import_row_order"),
            models.Index(fields=("batch", "key_index"), name="import_row_key"),
            models.Index(fields=("batch", "outcome", "line"), name="import_row_outcome"),
        )
        constraints = (
            models.UniqueConstraint(fields=("batch", "line"), name="import_row_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="import_row_outcome_known"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="import_row_result_known"),
        )

    def __str__(self) -> str:
        return str(self.line)
