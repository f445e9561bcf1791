"""What is said about meetings. Units are guests: invited and reminded kindly, never chased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day, kept_moment
from meetings.models import ActionItem, Meeting, Topic
from notifications.messages import MessageClass
from notifications.states import Channel

NAME = frozenset({"name"})
BOTH = (Channel.INAPP, Channel.SMS)
SAMPLE = {
    "number": "HY-BS-20261121-0003",
    "name": _("民生服务界别小组会"),
    "office": _("某某街道"),
    "when": _("11月28日14:00"),
    "place": _("党群服务中心二楼"),
    "what": _("划出非机动车位"),
    "day": _("12月15日"),
    "link": "https://tongxin.example/n/…/",
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class MeetingCalled(MessageClass):
    """Whoever is invited is asked whether they come."""

    label = _("会议通知")
    channels = BOTH
    title = _("请您参加“%(name)s”：%(when)s")
    body = _("地点：%(place)s。%(office)s召集，编号%(number)s。来不来，请答复一声。")
    sms = _("%(office)s请您参加“%(name)s”，%(when)s，%(place)s。来不来，点开答复：%(link)s")
    sample = _sample("number", "name", "office", "when", "place", "link")
    must = frozenset({"name", "when"})
    secret = frozenset({"link"})
    lasts = timedelta(days=3)


class MeetingForOffice(MessageClass):
    """An office is invited: its staff read it in the workbench."""

    label = _("会议通知（街道社区）")
    title = _("请你们参加“%(name)s”：%(when)s")
    body = _("地点：%(place)s。%(office)s召集，编号%(number)s。")
    sample = _sample("number", "name", "office", "when", "place")
    must = frozenset({"name", "when"})


class MeetingMoved(MessageClass):
    """Another time or place."""

    label = _("会议改了时间或地点")
    channels = BOTH
    title = _("“%(name)s”改到%(when)s")
    body = _("地点：%(place)s。编号%(number)s。")
    sms = _("“%(name)s”改到%(when)s，%(place)s。不便之处，请见谅。")
    sample = _sample("number", "name", "when", "place")
    must = frozenset({"name", "when"})


class MeetingOff(MessageClass):
    """It does not take place."""

    label = _("会议取消")
    channels = BOTH
    title = _("“%(name)s”取消了：%(when)s不用来")
    body = _("编号%(number)s。为什么，可以问召集的人。")
    sms = _("“%(name)s”取消了，%(when)s不用来。不便之处，请见谅。")
    sample = _sample("number", "name", "when")
    must = frozenset({"name", "when"})


class MeetingTomorrow(MessageClass):
    """A day before."""

    label = _("提醒明天的会议")
    title = _("温馨提醒：“%(name)s”，%(when)s")
    body = _("地点：%(place)s。来不了，请答复一声，也可以请人代。")
    sample = _sample("name", "when", "place")
    must = frozenset({"name", "when"})


class MinutesWanted(MessageClass):
    """The office has not written any minutes yet."""

    label = _("提醒写会议纪要")
    title = _("“%(name)s”的纪要还没有")
    body = _("编号%(number)s，%(when)s开的。写几句，或者上传签字的纪要。")
    sample = _sample("number", "name", "when")
    must = NAME


class MeetingWithoutGuests(MessageClass):
    """It should be called by now, and nobody is on the list."""

    label = _("会议还没有请人")
    title = _("“%(name)s”还没有请人：%(when)s")
    body = _("编号%(number)s，通知没有发出。请加上参会的单位或人，再发通知。")
    sample = _sample("number", "name", "when")
    must = NAME


class MeetingOnDayOff(MessageClass):
    """A day off was decreed after the invitations had gone out."""

    label = _("会议碰上了放假")
    title = _("“%(name)s”那天放假：%(when)s")
    body = _("编号%(number)s，通知已经发出。要不要改期，请定一下。")
    sample = _sample("number", "name", "when")
    must = NAME


class RoomLost(MessageClass):
    """The room that was booked for it cannot be had."""

    label = _("会议约的场地用不成了")
    title = _("“%(name)s”，%(when)s，约的场地用不成了")
    body = _("编号%(number)s。请另约一处，或者改地点。")
    sample = _sample("number", "name", "when")
    must = NAME


class MinutesSent(MessageClass):
    """Everybody who was invited may read them."""

    label = _("会议纪要发出")
    title = _("“%(name)s”的纪要出来了")
    body = _("编号%(number)s，%(when)s开的。谢谢您参加。")
    sample = _sample("number", "name", "when")
    must = NAME


class TopicAnswered(MessageClass):
    """Whoever raised it hears what came of it."""

    label = _("议题有了答复")
    title = _("您提的“%(what)s”有答复了")
    body = _("点开看结果；是居民反映的，居民也收到了。")
    sample = _sample("what")
    must = frozenset({"what"})


class TopicListed(MessageClass):
    """It is on an agenda."""

    label = _("议题列入议程")
    title = _("您提的“%(what)s”列入了议程")
    body = _("%(when)s，“%(name)s”。")
    sample = _sample("what", "name", "when")
    must = frozenset({"what"})


class ActionSet(MessageClass):
    """A unit or an office has something in hand."""

    label = _("告诉责任单位有行动项")
    title = _("会上商定，请您单位办：%(what)s")
    body = _("“%(name)s”，编号%(number)s，约在%(day)s前。办好了，告诉我们一声。")
    sample = _sample("what", "name", "number", "day")
    must = frozenset({"what", "day"})


class ActionSoon(MessageClass):
    """A working day before."""

    label = _("提醒行动项快到期")
    title = _("温馨提醒：“%(what)s”约在%(day)s前")
    body = _("“%(name)s”上商定的，编号%(number)s。办好了，告诉我们一声。")
    sample = _sample("what", "name", "number", "day")
    must = frozenset({"what", "day"})


class ActionLate(MessageClass):
    """The day after, to the office alone."""

    label = _("提醒行动项过了期限")
    title = _("“%(what)s”过了%(day)s")
    body = _("“%(name)s”，编号%(number)s。下次会上会排在最前面；办好了请销号。")
    sample = _sample("what", "name", "number", "day")
    must = frozenset({"what"})


class ActionReported(MessageClass):
    """It says that it is done."""

    label = _("责任单位报了办理情况")
    title = _("“%(what)s”报了办理情况")
    body = _("“%(name)s”，编号%(number)s。看过没问题，请销号。")
    sample = _sample("what", "name", "number")
    must = frozenset({"what"})


def desk(row: Meeting | Topic | ActionItem) -> str:
    """Where a unit, or whoever was invited in person, goes on with it."""
    if isinstance(row, Topic):
        return reverse("desk:meetings")
    return reverse("desk:meeting" if isinstance(row, Meeting) else "desk:action", args=[row.pk])


def workbench(row: Meeting | Topic | ActionItem) -> str:
    """Where an office does."""
    return reverse(f"admin:meetings_{row._meta.model_name}_change", args=[row.pk])


def of_meeting(kind: type[MessageClass], meeting: Meeting, *, url: str, link: str = "") -> MessageClass:
    """The message ``kind`` about ``meeting``; ``link``: of the card by which one answers."""
    secrets = {"link": link} if "link" in kind.secret else {}
    return _made(kind, _words_of(meeting), meeting, url, secrets)


def of_topic(kind: type[MessageClass], topic: Topic, *, url: str) -> MessageClass:
    every = {"what": topic.title, **(_words_of(topic.meeting) if topic.meeting else {"name": "", "when": ""})}
    return _made(kind, every, topic, url, {})


def of_action(kind: type[MessageClass], action: ActionItem, *, url: str) -> MessageClass:
    every = {**_words_of(action.meeting), "what": action.what, "day": kept_day(action.due_on)}
    return _made(kind, every, action.meeting, url, {})


def _words_of(meeting: Meeting) -> dict[str, str]:
    return {
        "number": meeting.number,
        "name": meeting.title,
        "office": meeting.unit.name if meeting.unit else meeting.area.name,
        "when": kept_moment(meeting.starts),
        "place": meeting.place,
    }


def _made(
    kind: type[MessageClass], every: dict[str, str], row: Meeting | Topic, url: str, secrets: dict[str, str]
) -> MessageClass:
    names = [name for name in kind.sample if name not in kind.secret]
    return kind(
        params={name: every[name] for name in names},
        secrets=secrets,
        area_code=row.area_id,
        subject_label=row.number if isinstance(row, Meeting) else row.title[:40],
        url=url,
    )
