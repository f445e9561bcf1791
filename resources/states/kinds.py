"""By what kinds of resources are sorted, and how one comes to use them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """How a resource is used. Everything the calendar does follows from this."""

    SPACE = "space", _("按时段用的场地")
    PIECES = "pieces", _("借了要还的东西")
    VISIT = "visit", _("约时间来服务")
    WALK_IN = "walk_in", _("不用预约")


class Advantage(models.TextChoices):
    """The four advantages units bring along (资源优势四类)."""

    TALENT = "talent", _("人才优势")
    TECHNIQUE = "technique", _("技术优势")
    ORGANISATION = "organisation", _("组织优势")
    VENUE = "venue", _("场地优势")


class Pool(models.TextChoices):
    """The five classes of resources of the party's work (党建资源五类)."""

    ORGANISATION = "organisation", _("组织")
    POSITION = "position", _("阵地")
    MEMBERS = "members", _("党员")
    TALENT = "talent", _("人才")
    INFORMATION = "information", _("信息")
