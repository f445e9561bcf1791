"""What is said when a need changes hands: to staff, to a unit that is asked to help, to the resident.

Units are asked, thanked and never chased: 商请协助, 温馨提醒. They get number and place, and nothing of the resident.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from needs.models import Need
from needs.wording.common import phone_of
from notifications.messages import MessageClass
from notifications.states import Channel

NUMBER = frozenset({"number"})
STAFF = {
    "number": "XQ-CX-20261121-0007",
    "community": _("万寿桥社区"),
    "who": _("社工小许"),
    "holder": _("社工小陈"),
    "unit": _("区中医院"),
    "day": _("12月3日"),
    "before": _("11月28日"),
}
UNIT = {
    "number": "XQ-CX-20261121-0007",
    "desk": _("城厢街道"),
    "unit": _("区中医院"),
    "contact": _("城厢街道 0571-82880000"),
    "day": _("11月28日"),
    "link": "https://tongxin.example/desk/needs/7/",
}
RESIDENT = {
    "number": "XQ-CX-20261121-0007",
    "desk": _("万寿桥社区"),
    "day": _("12月3日"),
    "where": _("消费投诉12315"),
    "link": "https://tongxin.example/n/Jh2kP9wQxT5mV8cR4bN7ya/",
}


def _some(of: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: of[name] for name in names}


class NeedSentUp(MessageClass):
    """To the street: a community sends it up."""

    label = _("社区上报，提醒受理")
    title = _("社区上报一件事，等街道受理")
    body = _("%(number)s，%(community)s，%(who)s上报")
    sample = _some(STAFF, "number", "community", "who")
    must = NUMBER


class NeedSentBack(MessageClass):
    """To the community: the street sends it back, or down."""

    label = _("街道退回社区，提醒受理")
    title = _("街道转来一件事，等社区受理")
    body = _("%(number)s，%(community)s，%(who)s转来")
    sample = _some(STAFF, "number", "community", "who")
    must = NUMBER


class NeedGivenBack(MessageClass):
    """To the office: whoever had it gives it back."""

    label = _("经办人退回，提醒受理")
    title = _("一件事退回来了，等人受理")
    body = _("%(number)s，%(community)s，%(who)s退回")
    sample = _some(STAFF, "number", "community", "who")
    must = NUMBER


class NeedAssigned(MessageClass):
    """To whoever has it from now on."""

    label = _("转给您一件事")
    title = _("转给您一件事，%(day)s前答复居民")
    body = _("%(number)s，%(community)s，%(who)s转来")
    sample = _some(STAFF, "number", "community", "who", "day")
    must = NUMBER


class NeedTakenOver(MessageClass):
    """To whoever had it until now."""

    label = _("您经办的事转给了别人")
    title = _("您经办的一件事转给了%(holder)s")
    body = _("%(number)s，%(community)s，%(who)s转的")
    sample = _some(STAFF, "number", "community", "who", "holder")
    must = NUMBER


class NeedUnitComing(MessageClass):
    """To whoever answers for it: the unit will help, and says when it comes."""

    label = _("单位说可以帮，定了日子")
    title = _("%(unit)s说可以帮，%(day)s来")
    body = _("%(number)s，%(community)s，怎么帮点开看")
    sample = _some(STAFF, "number", "community", "unit", "day")
    must = NUMBER


class NeedUnitWilling(MessageClass):
    """To whoever answers for it: the unit will help; the day is open."""

    label = _("单位说可以帮")
    title = _("%(unit)s说可以帮")
    body = _("%(number)s，%(community)s，怎么帮点开看")
    sample = _some(STAFF, "number", "community", "unit")
    must = NUMBER


class NeedUnitReported(MessageClass):
    """To whoever answers for it: the unit says what it has done."""

    label = _("单位回复办理情况")
    title = _("%(unit)s回复了，请您接着办")
    body = _("%(number)s，%(community)s，看过以后答复居民")
    sample = _some(STAFF, "number", "community", "unit")
    must = NUMBER


class NeedUnitCannot(MessageClass):
    """To whoever answers for it: the unit cannot help."""

    label = _("单位帮不了")
    title = _("%(unit)s说帮不了，请您另想办法")
    body = _("%(number)s，%(community)s")
    sample = _some(STAFF, "number", "community", "unit")
    must = NUMBER


class NeedUnitSuspended(MessageClass):
    """To whoever answers for it: the unit that was asked takes a break."""

    label = _("商请的单位暂停参加了")
    title = _("%(unit)s暂停参加了，请它帮忙的事请您看一眼")
    body = _("%(number)s，%(community)s。它还可以回复；等不了的，请转给别人来办。")
    sample = _some(STAFF, "number", "community", "unit")
    must = NUMBER


class UnitAsked(MessageClass):
    """To the unit's liaisons."""

    label = _("商请单位协助")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(desk)s商请%(unit)s协助一件事")
    body = _("%(number)s，请点开看看能不能帮上忙。联系：%(contact)s")
    sms = _("%(desk)s商请%(unit)s协助一件居民的事（%(number)s），请看看能不能帮上忙，谢谢。%(link)s 联系：%(contact)s")
    sample = UNIT
    must = NUMBER


class UnitThanked(MessageClass):
    """To the unit's liaisons: what they were asked is done elsewhere."""

    label = _("单位不用再协助")
    title = _("有一件事不用%(unit)s再协助了，谢谢")
    body = _("%(number)s，%(desk)s另有安排。")
    sample = _some(UNIT, "number", "desk", "unit")
    must = NUMBER


class NeedDeclined(MessageClass):
    """To the resident: not for this office, and where to go; the words stay on the page."""

    label = _("告诉居民不予受理")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事，请找%(where)s")
    body = _("%(number)s，%(desk)s说明了为什么，点开看。")
    sms = _("您反映的事（%(number)s）%(desk)s不能受理，请找%(where)s。为什么，请到进度页面看。%(link)s")
    sample = _some(RESIDENT, "number", "desk", "where", "link")
    must = frozenset({"number", "where"})
    secret = frozenset({"link"})


class NeedAsked(MessageClass):
    """To the resident: more is needed; the question stays on the page."""

    label = _("请居民补充")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(desk)s请您补充一下")
    body = _("%(number)s，点开看要补充什么。")
    sms = _("您反映的事（%(number)s）%(desk)s请您补充一下，请到进度页面写。%(link)s")
    sample = _some(RESIDENT, "number", "desk", "link")
    must = NUMBER
    secret = frozenset({"link"})


class NeedAskedAgain(MessageClass):
    """To the resident, once, three working days later."""

    label = _("提醒居民补充")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(desk)s还在等您补充一下")
    body = _("%(number)s，点开看要补充什么。补充了就接着办。")
    sms = _("您反映的事（%(number)s）%(desk)s还在等您补充，补充了就接着办。请到进度页面写，或打电话说。%(link)s")
    sample = _some(RESIDENT, "number", "desk", "link")
    must = NUMBER
    secret = frozenset({"link"})


class NeedStillWaiting(MessageClass):
    """To whoever has it, after ten working days."""

    label = _("居民没补充，提醒经办人")
    title = _("请居民补充的，到现在没有回音")
    body = _("%(number)s，%(community)s，%(day)s请居民补充的。请打电话问问，或者点“恢复计时”接着办")
    sample = _some(STAFF, "number", "community", "day")
    must = NUMBER


class PromiseExtended(MessageClass):
    """To the resident: more time was granted."""

    label = _("告诉居民延期")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("答复您的日子延到%(day)s")
    body = _("%(number)s，%(desk)s还需要一些时间，对不起。")
    sms = _("您反映的事（%(number)s）%(desk)s还需要一些时间，改在%(day)s前答复您，对不起。%(link)s")
    sample = _some(RESIDENT, "number", "desk", "day", "link")
    must = frozenset({"number", "day"})
    secret = frozenset({"link"})


class PromiseGoesOn(MessageClass):
    """To the resident: the office goes on, and until when."""

    label = _("告诉居民接着办")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(desk)s接着办，%(day)s前答复您")
    body = _("%(number)s，等您补充的那几天不算。")
    sms = _("您反映的事（%(number)s）%(desk)s接着办，%(day)s前答复您。%(link)s")
    sample = _some(RESIDENT, "number", "desk", "day", "link")
    must = frozenset({"number", "day"})
    secret = frozenset({"link"})


def for_staff(kind: type[MessageClass], need: Need, **params: str) -> MessageClass:
    """A message of ``kind`` to staff; ``params`` beside number and community."""
    said = {"number": need.number, "community": need.area.name, **params}
    url = reverse("admin:needs_need_change", args=[need.pk])
    about: dict[str, Any] = {"area_code": need.area_id, "subject_label": need.number, "urgent": need.urgent}
    return kind(**about, params=_fit(kind, said), url=url)


def for_unit(kind: type[MessageClass], need: Need, unit: str, *, office: str = "") -> MessageClass:
    """A message of ``kind`` to the liaisons of ``unit``; ``office``: of which it speaks, if not of the present one."""
    url = f"/desk/needs/{need.pk}/"
    link = settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else ""
    contact = " ".join(part for part in (need.desk.name, phone_of(need.desk)) if part)
    said = {"number": need.number, "desk": office or need.desk.name, "unit": unit, "day": kept_day(need.promised)}
    said |= {"link": link, "contact": contact}
    about: dict[str, Any] = {"area_code": need.area_id, "subject_label": need.number, "urgent": need.urgent}
    return kind(**about, params=_fit(kind, said), url=url)


def for_resident(kind: type[MessageClass], need: Need, *, where: str = "") -> MessageClass:
    """A message of ``kind`` to the resident. The link of the need is a key and goes out by text message alone."""
    said = {"number": need.number, "desk": need.desk.name, "day": kept_day(need.promised), "where": where}
    path = reverse("needs:progress", args=[need.link_token])
    link = settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else ""
    about: dict[str, Any] = {"area_code": need.area_id, "subject_label": need.number, "urgent": need.urgent}
    return kind(**about, url=reverse("portal:my"), params=_fit(kind, said), secrets={"link": link})


def _fit(kind: type[MessageClass], said: dict[str, str]) -> dict[str, str]:
    """What ``kind`` declares of ``said``; secrets go another way."""
    return {name: value for name, value in said.items() if name in kind.sample and name not in kind.secret}
