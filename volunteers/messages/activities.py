"""What is said about activities. Polite and short: people read it on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_moment
from notifications.messages import MessageClass
from notifications.states import Channel
from volunteers.models import Activity, SignUp, Slot

NAME = frozenset({"name"})
BOTH = (Channel.INAPP, Channel.SMS)
SAMPLE = {
    "number": "HD-CX-20261121-0003",
    "name": _("清厢之旅"),
    "who": _("某某街道中心小学"),
    "when": _("11月28日8:30"),
    "place": _("万寿桥党群服务中心门口"),
    "until": _("11月27日16:00"),
    "phone": "0571-0000 0000",
    "hours": "1.5",
    "link": "https://tongxin.example/activities/",
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class ActivityToApprove(MessageClass):
    """A unit proposes."""

    label = _("新活动等审批")
    title = _("“%(name)s”等您审批")
    body = _("%(who)s提出，通过后大家才能报名。")
    sample = _sample("name", "who")
    must = NAME


class ActivityApproved(MessageClass):
    """It is published."""

    label = _("告诉主办单位活动通过了")
    title = _("“%(name)s”通过了，可以报名了")
    body = _("编号%(number)s。时间地点有变，请及时改。")
    sample = _sample("name", "number")
    must = NAME


class ActivityReturned(MessageClass):
    """It goes back with words."""

    label = _("告诉主办单位活动要改")
    title = _("“%(name)s”还要改一改")
    body = _("为什么，点开看。改好可以重新送审。")
    sample = _sample("name")
    must = NAME


class ActivityRenamed(MessageClass):
    """A unit changes what was approved."""

    label = _("告诉社区已发布的活动改了名称或类别")
    title = _("“%(name)s”改了名称或类别")
    body = _("%(who)s改的，请看一看还合不合适。")
    sample = _sample("name", "who")
    must = NAME


class VenueLost(MessageClass):
    """The hall of a day cannot be had."""

    label = _("告诉主办人活动的场地用不成了")
    title = _("“%(name)s”，%(when)s，场地用不成了")
    body = _("约的是%(hall)s。请另约一处，或者取消这一场。")
    sample = {**_sample("name", "when"), "hall": _("三楼多功能厅")}
    must = NAME | {"when"}


class SignedUp(MessageClass):
    """There is a seat."""

    label = _("告诉报名的人报好了")
    title = _("报好了：“%(name)s”，%(when)s")
    body = _("在%(place)s集合。来不了请早些取消，让别人去。")
    sample = _sample("name", "when", "place")
    must = NAME | {"when"}


class OnTheList(MessageClass):
    """Full: in the line."""

    label = _("告诉报名的人在候补")
    title = _("“%(name)s”，%(when)s，您在候补")
    body = _("有人退出就按顺序补上，会告诉您。")
    sample = _sample("name", "when")
    must = NAME


class SignedUpForYou(MessageClass):
    """Somebody rang, and the office entered them."""

    label = _("告诉居民社区帮着报好了名")
    channels = BOTH
    title = _("%(who)s帮您报好了：“%(name)s”，%(when)s")
    body = _("在%(place)s集合。来不了请打%(phone)s，让别人去。")
    sms = _("%(who)s帮您报好了：“%(name)s”，%(when)s，在%(place)s集合。不是您要报的、来不了，请打%(phone)s。")
    sample = _sample("who", "name", "when", "place", "phone")
    must = NAME | {"when"}


class OnTheListForYou(MessageClass):
    """Somebody rang, and it was full."""

    label = _("告诉居民社区帮着排了候补")
    channels = BOTH
    title = _("%(who)s帮您排了候补：“%(name)s”，%(when)s")
    body = _("有人退出就按顺序补上，会告诉您。不去了请打%(phone)s。")
    sms = _("%(who)s帮您排了候补：“%(name)s”，%(when)s。有名额再发短信；不是您要报的、不去了，请打%(phone)s。")
    sample = _sample("who", "name", "when", "phone")
    must = NAME


class SeatOffered(MessageClass):
    """Somebody left."""

    label = _("告诉候补的人有名额了")
    channels = BOTH
    title = _("有名额了：“%(name)s”，%(when)s")
    body = _("请在%(until)s前点开确认，过了就先问下一位。")
    sms = _("有名额了：“%(name)s”，%(when)s。请在%(until)s前点开确认。%(link)s")
    sample = _sample("name", "when", "until", "link")
    must = NAME | {"until"}


class SeatFilled(MessageClass):
    """Somebody left so late that nobody is asked first."""

    label = _("告诉候补的人直接补上了")
    channels = BOTH
    title = _("补上了：“%(name)s”，%(when)s")
    body = _("名额是您的了，在%(place)s集合。来不了请现在取消。")
    sms = _("补上了：“%(name)s”，%(when)s，在%(place)s集合。来不了请现在取消。%(link)s")
    sample = _sample("name", "when", "place", "link")
    must = NAME | {"when"}


class SeatLapsed(MessageClass):
    """Not confirmed in time."""

    label = _("告诉候补的人没有确认")
    title = _("“%(name)s”，%(when)s，没等到您确认")
    body = _("您排到候补最后了，有名额再告诉您。不去了，请取消。")
    sample = _sample("name", "when")
    must = NAME


class NotReached(MessageClass):
    """It begins, and nobody left."""

    label = _("告诉候补的人没有补上")
    title = _("抱歉，“%(name)s”，%(when)s，没有补上")
    body = _("下次活动欢迎您早些来报。")
    sample = _sample("name", "when")
    must = NAME


class ActivityTomorrow(MessageClass):
    """The day before."""

    label = _("提醒明天的活动")
    channels = BOTH
    title = _("温馨提醒：“%(name)s”，%(when)s")
    body = _("在%(place)s集合。来不了请现在取消，让别人去。")
    sms = _("温馨提醒：“%(name)s”，%(when)s，在%(place)s集合。来不了请现在取消。%(link)s")
    sample = _sample("name", "when", "place", "link")
    must = NAME | {"when"}
    lasts = timedelta(hours=12)


class ActivitySoon(MessageClass):
    """Two hours before."""

    label = _("提醒马上开始的活动")
    title = _("快开始了：“%(name)s”，%(when)s")
    body = _("在%(place)s集合。")
    sample = _sample("name", "when", "place")
    must = NAME | {"when"}
    lasts = timedelta(hours=2)


class ActivityCalledOff(MessageClass):
    """Weather, or whatever."""

    label = _("告诉报名的人活动取消了")
    channels = BOTH
    title = _("抱歉，“%(name)s”，%(when)s，不办了")
    body = _("为什么，点开看。")
    sms = _("抱歉，“%(name)s”，%(when)s，不办了，请不要来。点开看为什么。%(link)s")
    sample = _sample("name", "when", "link")
    must = NAME | {"when"}


class ActivityChanged(MessageClass):
    """Another place."""

    label = _("告诉报名的人活动改了")
    channels = BOTH
    title = _("“%(name)s”，%(when)s，有变动")
    body = _("在%(place)s集合。改了什么，点开看。")
    sms = _("“%(name)s”，%(when)s，有变动：在%(place)s集合。%(link)s")
    sample = _sample("name", "when", "place", "link")
    must = NAME | {"when"}


class NotSeen(MessageClass):
    """Noted kindly; one may say what happened."""

    label = _("告诉报名的人记了没有来")
    title = _("“%(name)s”，%(when)s，没有见到您")
    body = _("情况不是这样的，请点开说明，会有人答复。")
    sample = _sample("name", "when")
    must = NAME | {"when"}


class NotSeenAnswered(MessageClass):
    """The community answers."""

    label = _("答复没有来的说明")
    title = _("您的说明有答复了：“%(name)s”，%(when)s")
    body = _("点开看结果。")
    sample = _sample("name", "when")
    must = NAME


class HoursNoted(MessageClass):
    """What was done is written down."""

    label = _("告诉志愿者记了时长")
    title = _("谢谢您：“%(name)s”记了%(hours)s小时")
    body = _("时长有出入，请联系主办人更正。")
    sample = _sample("name", "hours")
    must = NAME | {"hours"}


def of_activity(kind: type[MessageClass], activity: Activity, *, at_desk: bool, **more: str) -> MessageClass:
    """The message ``kind`` to whoever organises or approves."""
    page = "desk:activity" if at_desk else "admin:volunteers_activity_change"
    who = activity.unit.name if activity.unit is not None else activity.area.name
    return _made(kind, activity, reverse(page, args=[activity.pk]), {"who": who, **more})


def of_slot(kind: type[MessageClass], slot: Slot, **more: str) -> MessageClass:
    """The message ``kind`` to those who come to ``slot``."""
    url = reverse("volunteers:activity", args=[slot.activity_id])
    return _made(kind, slot.activity, url, {"when": kept_moment(slot.starts), **more})


def of_signup(kind: type[MessageClass], signup: SignUp, **more: str) -> MessageClass:
    """The message ``kind`` to the person of ``signup``."""
    until = kept_moment(signup.answer_by) if signup.answer_by else ""
    url = reverse("volunteers:signup", args=[signup.pk])
    slot = signup.post.slot
    return _made(kind, slot.activity, url, {"when": kept_moment(slot.starts), "until": until, **more})


def _made(kind: type[MessageClass], activity: Activity, url: str, more: dict[str, str]) -> MessageClass:
    every = {
        "number": activity.number,
        "name": activity.title,
        "place": activity.place,
        "who": activity.area.name,
        "phone": activity.phone,
        "link": settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else "",
        **more,
    }
    return kind(
        params={name: every[name] for name in kind.sample},
        area_code=activity.area_id,
        subject_label=activity.number,
        url=url,
    )
