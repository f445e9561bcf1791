"""States of a resident's story: 待同意 → 已展示; 已撤下."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoryState(models.TextChoices):
    WRITTEN = "written", _("没有展示")
    SHOWN = "shown", _("已展示")
    TAKEN_DOWN = "taken_down", _("已撤下")


class ConsentHow(models.TextChoices):
    """How the person it is about agreed."""

    SIGNED = "signed", _("本人签了同意书")
    SPOKEN = "spoken", _("本人口头同意，有两位工作人员在场")
    FAMILY = "family", _("本人写不了，家人当面代签")
