"""Attachment: a file that belongs to a draft for a day, then to its owner for good."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from files.querysets import AttachmentQuerySet
from files.states import Kind

THUMBNAIL_MARK = "-s"


def file_path(attachment: Attachment, filename: str) -> str:
    """2026/11/<random>.jpg. Named by the row, so that a file without a row can be told from one with."""
    suffix = ".jpg" if attachment.kind == Kind.PHOTO else PurePosixPath(filename).suffix.lower()
    return f"{timezone.localtime(attachment.created_at):%Y/%m}/{attachment.pk.hex}{suffix}"


def thumbnail_path(attachment: Attachment, filename: str) -> str:
    """2026/11/<random>-s.jpg."""
    return file_path(attachment, filename).replace(".jpg", f"{THUMBNAIL_MARK}.jpg")


class Attachment(models.Model):
    """Held by a draft (``hold_key``) or attached to an owner (``owner_kind`` and ``owner_id``), never both.

    The owner lies in an upper app, so it is named, not pointed at; who may see the owner may see the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_kind = models.CharField(_("归属类型"), max_length=40, blank=True)
    owner_id = models.CharField(_("归属编号"), max_length=40, blank=True)
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True)
    hold_key = models.CharField(_("草稿摘要"), max_length=43, blank=True, editable=False)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.PHOTO)
    name = models.CharField(_("文件名"), max_length=80)
    content_type = models.CharField(_("格式"), max_length=100)
    size = models.PositiveIntegerField(_("字节数"))
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    sha256 = models.CharField(_("摘要"), max_length=64)
    file = models.FileField(_("文件"), upload_to=file_path, max_length=100)
    thumbnail = models.FileField(_("缩略图"), upload_to=thumbnail_path, max_length=100, blank=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人")
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = pgettext_lazy("plural", "附件")
        indexes = (
            models.Index(
                fields=("owner_kind", "owner_id", "created_at"),
                name="attachment_by_owner",
                condition=~Q(owner_kind=""),
            ),
            models.Index(fields=("created_at",), name="attachment_held_since", condition=~Q(hold_key="")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(hold_key="", owner_kind__gt="", owner_id__gt="")
                | Q(hold_key__gt="", owner_kind="", owner_id=""),
                name="attachment_held_or_attached",
                violation_error_message=_("附件要么在草稿里，要么已经归属。"),
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            # A second tap on the upload finds the first photo.
            models.UniqueConstraint(
                fields=("hold_key", "sha256"), condition=~Q(hold_key=""), name="attachment_once_in_a_draft"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_held(self) -> bool:
        """Whether it still belongs to a draft."""
        return bool(self.hold_key)
