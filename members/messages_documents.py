"""What liaisons are told about documents of their alliance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import DocumentVersion
from notifications.messages import MessageClass
from notifications.states import Channel


class DocumentArrived(MessageClass):
    """To the liaisons of every unit of the alliance: a version was published."""

    label = _("联盟文件送达")
    title = _("《%(title)s》请看一看")
    body = _("%(alliance)s发布了第%(number)s版。看过请点“看过了”。")
    sample = {"title": _("联盟章程"), "alliance": _("平常心党建联盟"), "number": "2"}
    must = frozenset({"title"})


class DocumentWaits(MessageClass):
    """To the liaisons of units that have not seen it: a kind word, at most once in three days."""

    label = _("提醒看联盟文件")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("《%(title)s》还等贵单位看一看")
    body = _("%(alliance)s的第%(number)s版。看过请点“看过了”。")
    sms = _("%(alliance)s的《%(title)s》请贵单位看一看，用这个手机号登录就能看：%(link)s")
    sample = {
        "title": _("联盟章程"),
        "alliance": _("平常心党建联盟"),
        "number": "2",
        "link": "https://tongxin.example/desk/documents/7/",
    }
    must = frozenset({"title"})
    lasts = timedelta(days=3)


def document_arrived(version: DocumentVersion) -> DocumentArrived:
    return DocumentArrived(**_about(version))


def document_waits(version: DocumentVersion) -> DocumentWaits:
    said = _about(version)
    said["params"]["link"] = settings.SITE_URL.rstrip("/") + said["url"]
    return DocumentWaits(**said)


def _about(version: DocumentVersion) -> dict[str, Any]:
    document = version.document
    return {
        "params": {"title": document.title, "alliance": document.alliance.name, "number": str(version.number)},
        "area_code": document.alliance.area_id,
        "subject_label": document.title,
        "url": reverse("desk:document", args=[version.pk]),
    }
