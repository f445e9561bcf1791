"""What is said about the yearly two lists. Units are guests: asked, reminded kindly, thanked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from needs.models import ListLine, ListRound, UnitLists
from notifications.messages import MessageClass
from notifications.states import Channel

SAMPLE: dict[str, Any] = {
    "title": _("2027年两张清单"),
    "alliance": _("平常心党建联盟"),
    "day": _("12月20日"),
    "what": _("请人教剪纸"),
    "unit": _("区中医院"),
    "number": "XQ-CX-20261121-0007",
    "link": "https://tongxin.example/desk/lists/7/",
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class ListsOpened(MessageClass):
    """To the liaisons of every unit: the year's round begins."""

    label = _("请单位填两张清单")
    title = _("请填“%(title)s”")
    body = _("%(alliance)s想知道贵单位能出什么力、需要什么，%(day)s前填都行。去年填过的可以照着抄。")
    sample = _sample("title", "alliance", "day")
    must = frozenset({"title", "day"})


class ListsWait(MessageClass):
    """To the liaisons of units that have not sent theirs: a week before the last day."""

    label = _("提醒填两张清单")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”等您来填，%(day)s前都行")
    body = _("能出什么力、需要什么，各写几条就好。")
    sms = _("%(alliance)s的“%(title)s”等贵单位来填，%(day)s前都行，用这个手机号登录就能填：%(link)s")
    sample = _sample("title", "alliance", "day", "link")
    must = frozenset({"title", "day"})


class ListsToday(MessageClass):
    """To the same, on the last day."""

    label = _("今天该填两张清单")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”今天最后一天")
    body = _("能出什么力、需要什么，各写几条就好。")
    sms = _("%(alliance)s的“%(title)s”今天最后一天，用这个手机号登录就能填：%(link)s")
    sample = _sample("title", "alliance", "link")
    must = frozenset({"title"})


class ListsAsked(MessageClass):
    """To the same, when the street presses 催一下: at most once a day."""

    label = _("催填两张清单")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”还等贵单位填一填")
    body = _("原定%(day)s前，能出什么力、需要什么，各写几条就好。")
    sms = _("%(alliance)s的“%(title)s”还等贵单位填一填，用这个手机号登录就能填：%(link)s")
    sample = _sample("title", "alliance", "day", "link")
    must = frozenset({"title"})


ASKING: tuple[type[MessageClass], ...] = (ListsOpened, ListsWait, ListsToday, ListsAsked)
"""What asks a unit for its lists: true until it has sent them, or the round is over."""


class LinesArrived(MessageClass):
    """To whoever keeps the alliance: a unit says what it needs."""

    label = _("单位提了需求，等采纳")
    title = _("%(unit)s提了需求，等您看")
    body = _("“%(title)s”里的需求清单，采纳了就有人去办。")
    sample = _sample("unit", "title")
    must = frozenset({"unit"})


class LineTaken(MessageClass):
    """To the unit's liaisons: what they need is being seen to."""

    label = _("告诉单位需求采纳了")
    title = _("贵单位的需求“%(what)s”有人办了")
    body = _("%(number)s，点开看谁在办、哪天前答复。")
    sample = _sample("what", "number")
    must = frozenset({"what"})


class LineLeft(MessageClass):
    """To the unit's liaisons: not this time, with the reason on the page."""

    label = _("告诉单位需求没有采纳")
    title = _("贵单位的需求“%(what)s”这次没有采纳")
    body = _("为什么，点开看。")
    sample = _sample("what")
    must = frozenset({"what"})


def of_round(kind: type[MessageClass], row: ListRound) -> MessageClass:
    """To liaisons, about ``row``."""
    path = reverse("desk:list_form", args=[row.pk])
    link = settings.SITE_URL.rstrip("/") + path
    said = {"title": row.title, "alliance": row.alliance.name, "day": kept_day(row.last_day), "link": link}
    return kind(
        area_code=row.alliance.area_id,
        subject_label=row.title,
        url=path,
        params={name: value for name, value in said.items() if name in kind.sample},
    )


def arrived(lists: UnitLists) -> LinesArrived:
    """To staff: what a unit sent."""
    row = lists.round
    return LinesArrived(
        area_code=row.alliance.area_id,
        subject_label=row.title,
        url=reverse("admin:needs_listround_change", args=[row.pk]),
        params={"unit": str(lists.unit), "title": row.title},
    )


def of_line(kind: type[MessageClass], line: ListLine) -> MessageClass:
    """To the unit's liaisons: what became of one line."""
    row, number = line.lists.round, line.need.number if line.need else ""
    return kind(
        area_code=row.alliance.area_id,
        subject_label=number or row.title,
        url=reverse("desk:list_form", args=[row.pk]),
        params={name: value for name, value in {"what": line.what, "number": number}.items() if name in kind.sample},
    )
