"""Patrol sections: what is walked, how often, what was found. Pure names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

ME, UNIT, TEAM = "me", "unit", "team"
"""In whose name one claims."""


class SectionKind(models.TextChoices):
    RIVER = "river", _("河道")
    STREET = "street", _("街面")
    ESTATE = "estate", _("小区")
    SAFETY = "safety", _("安全隐患点")


class Rhythm(models.IntegerChoices):
    """How often it should be walked: a wish, never a duty."""

    DAILY = 1, _("每天一次")
    WEEKLY = 7, _("每周一次")
    FORTNIGHTLY = 14, _("两周一次")
    MONTHLY = 30, _("每月一次")


class Outcome(models.TextChoices):
    """What came of one walk."""

    FINE = "fine", _("都好")
    MENDED = "mended", _("顺手办好了")
    FOUND = "found", _("有问题，请社区看看")


class How(models.TextChoices):
    """Who wrote the entry."""

    SELF = "self", _("本人记的")
    PAPER = "paper", _("照纸上的日记补记")
