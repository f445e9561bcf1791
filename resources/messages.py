"""What is said about resources and bookings. Polite words: units are guests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from notifications.messages import MessageClass
from notifications.states import Channel
from resources.models import Booking, Pause, Resource

NAME = frozenset({"name"})
SAMPLE = {
    "number": "YY-CX-20261121-0003",
    "name": _("三楼多功能厅"),
    "giver": _("某某街道中心小学"),
    "who": _("某某社区"),
    "when": _("11月28日14:00–16:00"),
    "link": "https://tongxin.example/desk/",
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class ResourceToApprove(MessageClass):
    """Something waits for the street."""

    label = _("新资源等审批")
    title = _("“%(name)s”等您审批")
    body = _("%(giver)s提供，通过后大家才看得到。")
    sample = _sample("name", "giver")
    must = NAME


class ResourceApproved(MessageClass):
    """It stands on the shelf."""

    label = _("告诉提供方资源通过了")
    title = _("“%(name)s”通过了，谢谢您")
    body = _("大家可以看到和预约了。时间有变，请及时改。")
    sample = _sample("name")
    must = NAME


class ResourceRefused(MessageClass):
    """It goes back with words."""

    label = _("告诉提供方资源没有通过")
    title = _("“%(name)s”还要改一改")
    body = _("为什么，点开看。改好可以重新送审。")
    sample = _sample("name")
    must = NAME


class ResourceStopped(MessageClass):
    """Off the shelf by somebody else than those who give it."""

    label = _("告诉提供方资源停用了")
    title = _("“%(name)s”停用了")
    body = _("为什么，点开看。约过的人都告诉了。")
    sample = _sample("name")
    must = NAME


class ResourceBack(MessageClass):
    """On the shelf again."""

    label = _("告诉提供方资源恢复了")
    title = _("“%(name)s”恢复了，又可以预约")
    body = _("时间有变，请及时改。")
    sample = _sample("name")
    must = NAME


class BookingAsked(MessageClass):
    """Somebody would like to have it."""

    label = _("请提供方答复预约")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(who)s想约“%(name)s”，%(when)s")
    body = _("请点开答复：行，还是不行。")
    sms = _("%(who)s想约您的“%(name)s”，%(when)s，请点开答复。%(link)s")
    sample = _sample("number", "name", "who", "when", "link")
    must = NAME | {"who", "when"}


class BookingMade(MessageClass):
    """Booked where nobody is asked: the giver knows."""

    label = _("告诉提供方有人预约")
    title = _("%(who)s约了“%(name)s”，%(when)s")
    body = _("预约编号%(number)s。")
    sample = _sample("number", "name", "who", "when")
    must = NAME | {"who", "when"}


class BookingStands(MessageClass):
    """It is yours."""

    label = _("告诉预约的人约好了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("约好了：“%(name)s”，%(when)s")
    body = _("预约编号%(number)s。来不了请早些取消，让别人用。")
    sms = _("约好了：“%(name)s”，%(when)s。来不了请早些取消。%(link)s")
    sample = _sample("number", "name", "when", "link")
    must = NAME | {"when"}


class BookingRefused(MessageClass):
    """Not possible."""

    label = _("告诉预约的人约不了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(name)s”%(when)s约不了")
    body = _("为什么，点开看。可以换个时间再约。")
    sms = _("“%(name)s”%(when)s约不了，点开看为什么，可以换个时间。%(link)s")
    sample = _sample("name", "when", "link")
    must = NAME | {"when"}


class BookingCalledOff(MessageClass):
    """The giver needs it, or it is no longer offered."""

    label = _("告诉预约的人被收回了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("抱歉，“%(name)s”%(when)s用不成了")
    body = _("提供方收回了预约，为什么，点开看。")
    sms = _("抱歉，您约的“%(name)s”%(when)s用不成了，点开看为什么。%(link)s")
    sample = _sample("name", "when", "link")
    must = NAME | {"when"}


class BookingHandled(MessageClass):
    """The office did it in place of those who give it."""

    label = _("告诉提供方街道社区办了预约")
    title = _("街道社区办了“%(name)s”的预约，%(when)s")
    body = _("%(who)s的预约，办了什么、为什么，点开看。")
    sample = _sample("name", "who", "when")
    must = NAME | {"when"}


class BookingCancelled(MessageClass):
    """Whoever booked does not come."""

    label = _("告诉提供方预约取消了")
    title = _("%(who)s取消了“%(name)s”，%(when)s")
    body = _("这个时间又空出来了。")
    sample = _sample("name", "who", "when")
    must = NAME | {"when"}


class BookingLapsed(MessageClass):
    """Nobody answered."""

    label = _("告诉预约的人没等到答复")
    title = _("“%(name)s”没等到答复，这次约不成了")
    body = _("%(when)s。请打电话问，或者另找一处。")
    sample = _sample("name", "when")
    must = NAME


class BookingTomorrow(MessageClass):
    """A day before."""

    label = _("提醒明天的预约")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("温馨提醒：“%(name)s”，%(when)s")
    body = _("预约编号%(number)s。")
    sms = _("温馨提醒：您约了“%(name)s”，%(when)s。%(link)s")
    sample = _sample("number", "name", "when", "link")
    must = NAME | {"when"}


class BookingNoShow(MessageClass):
    """Nobody came, it is said; one may say what happened."""

    label = _("告诉预约的人记了没有来")
    title = _("“%(name)s”%(when)s，记了没有来")
    body = _("情况不是这样的，请点开说明，街道会答复。")
    sample = _sample("name", "when")
    must = NAME | {"when"}


class AppealDecided(MessageClass):
    """The street answers."""

    label = _("答复预约的人的说明")
    title = _("您的说明有答复了：“%(name)s”，%(when)s")
    body = _("点开看结果。")
    sample = _sample("name", "when")
    must = NAME


class BookingPaused(MessageClass):
    """For a while one books nothing."""

    label = _("告诉预约的人暂停了预约")
    title = _("您的预约暂停到%(day)s")
    body = _("为什么，点开看。已经约好的不受影响；有疑问请打电话给街道。")
    sample = {"day": _("12月28日")}
    must = frozenset({"day"})


class BookingResumed(MessageClass):
    """One books again."""

    label = _("告诉预约的人又可以预约")
    title = _("又可以预约了")
    body = _("%(street)s已经恢复您的预约。")
    sample = {"street": _("某某街道")}
    must = frozenset[str]()


def of_pause(kind: type[MessageClass], pause: Pause) -> MessageClass:
    """The message ``kind`` about ``pause``; the reason stands on the page, not in what is stored."""
    every = {"day": kept_day(pause.until), "street": pause.street.name}
    params = {name: every[name] for name in kind.sample}
    return kind(params=params, area_code=pause.street_id, subject_label=pause.street.name, url=reverse("desk:find"))


def of_resource(kind: type[MessageClass], resource: Resource) -> MessageClass:
    """The message ``kind`` about ``resource``."""
    giver = resource.unit.name if resource.unit else resource.area.name
    every = {"name": resource.name, "giver": giver}
    return kind(
        params={name: every[name] for name in kind.sample},
        area_code=resource.area_id,
        subject_label=resource.number,
        url=_where(kind, resource),
    )


def _where(kind: type[MessageClass], resource: Resource) -> str:
    """The unit finds it on its desk, staff in the workbench."""
    to_the_unit = resource.unit_id is not None and kind is not ResourceToApprove
    name = "desk:resource" if to_the_unit else "admin:resources_resource_change"
    return reverse(name, args=[resource.pk])


def of_booking(kind: type[MessageClass], booking: Booking, *, staff: bool) -> MessageClass:
    """The message ``kind`` about ``booking``: ``staff`` find it in the workbench, everybody else on the desk."""
    url = reverse("admin:resources_booking_change" if staff else "desk:booking", args=[booking.pk])
    every = {
        "number": booking.number,
        "name": booking.resource.name,
        "who": _who(booking),
        "when": when(booking),
        "link": settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else "",
    }
    return kind(
        params={name: every[name] for name in kind.sample},
        area_code=booking.resource.area_id,
        subject_label=booking.number,
        url=url,
    )


def _who(booking: Booking) -> str:
    """The unit or the office; a person is not named in what is stored."""
    if booking.unit is not None:
        return booking.unit.name
    return booking.office.name if booking.office is not None else "一位居民"


def when(booking: Booking) -> str:
    """11月28日14:00–16:00, or both days."""
    start, end = timezone.localtime(booking.starts), timezone.localtime(booking.ends)
    first = f"{start.month}月{start.day}日{start:%H:%M}"
    if start.date() == end.date():
        return f"{first}–{end:%H:%M}"
    return f"{first}–{end.month}月{end.day}日{end:%H:%M}"
