"""What is said to whom when something happens to a need.

Notices to staff name the number and the community, never the resident nor their words: a notice outlives a role.
Text messages to the resident carry the code or the link, which are stored encrypted until sent.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from needs.models import Need
from notifications.messages import MessageClass
from notifications.states import Channel

NUMBER = frozenset({"number"})
FOR_STAFF = {"number": "XQ-CX-20261121-0007", "tail": "0007", "community": _("万寿桥社区")}
FOR_RESIDENTS = {
    "number": "XQ-CX-20261121-0007",
    "community": _("万寿桥社区"),
    "code": "ABCDE-FGHJK",
    "day": _("11月28日"),
    "link": "https://tongxin.example/n/Jh2kP9wQxT5mV8cR4bN7ya/",
}
"""What the variables look like, for whoever changes a wording."""


class NeedArrived(MessageClass):
    """To those who may accept it."""

    label = _("新诉求，提醒受理")
    title = _("新诉求…%(tail)s，等您受理")
    body = _("%(number)s · %(community)s")
    sample = FOR_STAFF
    must = NUMBER


class NeedSupplemented(MessageClass):
    """To whoever has it."""

    label = _("居民补充情况")
    title = _("…%(tail)s 居民补充了情况")
    body = _("%(number)s · %(community)s")
    sample = FOR_STAFF
    must = NUMBER


class NeedWithdrawn(MessageClass):
    """To whoever has it."""

    label = _("居民撤回诉求")
    title = _("…%(tail)s 居民撤回了")
    body = _("%(number)s · %(community)s，不用再办")
    sample = FOR_STAFF
    must = NUMBER


class NeedReceived(MessageClass):
    """To the resident: number, code, link."""

    label = _("告诉居民已收到")
    channels = (Channel.SMS,)
    sms = _("您反映的事收到了。编号%(number)s，查询码%(code)s。%(link)s")
    sample = FOR_RESIDENTS
    must = frozenset({"number", "code"})
    secret = frozenset({"code", "link"})


class NeedAccepted(MessageClass):
    """To the resident: who has it, by when."""

    label = _("告诉居民已受理")
    channels = (Channel.SMS,)
    sms = _("您反映的事（%(number)s）%(community)s已受理，%(day)s前答复您。%(link)s")
    sample = FOR_RESIDENTS
    must = NUMBER
    secret = frozenset({"link"})


class NeedReplied(MessageClass):
    """To the resident: there is an answer; the words themselves stay on the page."""

    label = _("告诉居民有答复")
    channels = (Channel.SMS,)
    sms = _("您反映的事（%(number)s）%(community)s有答复了，请到进度页面看。%(link)s")
    sample = FOR_RESIDENTS
    must = NUMBER
    secret = frozenset({"link"})


def _about(need: Need) -> dict[str, Any]:
    return {"area_code": need.area_id, "subject_label": need.number}


def _for_staff(need: Need) -> dict[str, Any]:
    return {
        **_about(need),
        "params": {"number": need.number, "tail": need.number[-4:], "community": need.area.name},
        "url": reverse("admin:needs_need_change", args=[need.pk]),
    }


def _link(need: Need) -> str:
    path = reverse("needs:progress", args=[need.link_token])
    return settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else ""


def arrived(need: Need) -> NeedArrived:
    return NeedArrived(**_for_staff(need))


def supplemented(need: Need) -> NeedSupplemented:
    return NeedSupplemented(**_for_staff(need))


def withdrawn(need: Need) -> NeedWithdrawn:
    return NeedWithdrawn(**_for_staff(need))


def received(need: Need) -> NeedReceived:
    secrets = {"code": need.shown_code, "link": _link(need)}
    return NeedReceived(**_about(need), params={"number": need.number}, secrets=secrets)


def accepted(need: Need) -> NeedAccepted:
    day = f"{need.reply_by.month}月{need.reply_by.day}日" if need.reply_by else ""
    params = {"number": need.number, "community": need.area.name, "day": day}
    return NeedAccepted(**_about(need), params=params, secrets={"link": _link(need)})


def replied(need: Need) -> NeedReplied:
    params = {"number": need.number, "community": need.area.name}
    return NeedReplied(**_about(need), params=params, secrets={"link": _link(need)})
