"""Kinds of attachments: pure names, no rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an attachment is. Documents come with agreements and minutes."""

    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("文件")
