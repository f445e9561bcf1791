"""What is said about livelihood items."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.states import Channel
from projects.models import Deed

SAMPLE: dict[str, Any] = {
    "number": "SS-CX-20261123-0003",
    "name": _("加装电梯20台"),
    "link": "https://tongxin.example/deeds/",
}


class DeedToReport(MessageClass):
    """The month's report is due."""

    label = _("请报民生实事进度")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("温馨提醒：“%(name)s”这个月的进度，请报一下")
    body = _("编号%(number)s。写到了百分之几、办了什么，两句话就行。")
    sms = _("温馨提醒：民生实事“%(name)s”这个月的进度，请点开报一下。%(link)s")
    sample = SAMPLE
    must = frozenset({"name"})


def of_deed(kind: type[MessageClass], deed: Deed) -> MessageClass:
    """The message ``kind`` about ``deed``."""
    at_desk = deed.unit_id is not None
    url = reverse("desk:deed" if at_desk else "admin:projects_deed_change", args=[deed.pk])
    every = {
        "number": deed.number,
        "name": deed.name,
        "link": settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else "",
    }
    return kind(
        params={name: every[name] for name in kind.sample},
        area_code=deed.area_id,
        subject_label=deed.number,
        url=url,
    )
