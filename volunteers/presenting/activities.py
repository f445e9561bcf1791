"""Activities in words: when, where, how many seats are left, what one may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import moment
from resources.presenting.times import between, day
from volunteers.models import Activity, Post, SignUp, Slot
from volunteers.permissions.activities import there_lately
from volunteers.services.seats import place_in_line
from volunteers.states import ActivityState, SignUpState

FEW = 5
TONES = {
    SignUpState.WAITING: "warn",
    SignUpState.OFFERED: "info",
    SignUpState.CONFIRMED: "ok",
    SignUpState.ATTENDED: "ok",
    SignUpState.NO_SHOW: "late",
    SignUpState.CANCELLED: "",
}


def host_of(activity: Activity) -> str:
    """Who organises it: the unit, else the office's name."""
    if activity.unit is not None:
        return activity.unit.short_name or activity.unit.name
    return activity.area.name


def standing(slot: Slot, activity: Activity) -> tuple[str, str]:
    """A tone and words: 报名中, 还有3个名额, 满员可候补, 已取消."""
    now = timezone.now()
    if slot.called_off_at is not None or activity.state == ActivityState.CALLED_OFF:
        return "late", _("已取消")
    if slot.ends <= now or activity.state == ActivityState.DONE:
        return "", _("已结束")
    if slot.starts <= now:
        return "info", _("进行中")
    if slot.closes_at <= now:
        return "", _("报名截止")
    left = sum(post.left for post in slot.posts.all())
    if left <= 0:
        return "warn", _("满员，可候补")
    return "ok", left_of(left) if left <= FEW else _("报名中")


def left_of(left: int) -> str:
    """还有3个."""
    return ngettext("还有%(n)d个", "还有%(n)d个", left) % {"n": left}


def agenda(slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """Days with what happens on them."""
    return [
        {"day": on, "label": day(on), "rows": [line(slot) for slot in there]}
        for on, there in groupby(slots, key=lambda one: timezone.localdate(one.starts))
    ]


def line(slot: Slot) -> dict[str, Any]:
    """One line of the agenda."""
    activity = slot.activity
    tone, said = standing(slot, activity)
    return {
        "url": reverse("volunteers:activity", args=[activity.pk]),
        "title": activity.title,
        "kind": activity.get_kind_display(),
        "clock": f"{timezone.localtime(slot.starts):%H:%M}",
        "place": activity.place,
        "host": host_of(activity),
        "tone": tone,
        "said": said,
    }


def facts(activity: Activity) -> list[dict[str, str]]:
    """What one wants to know before going."""
    ages = ages_of(activity)
    rows = [
        (_("集合"), activity.place),
        (_("适合"), _("；").join(part for part in (activity.fit_for, ages) if part)),
        (_("费用"), _("不收费")),
        (_("请带"), activity.bring),
        (_("主办"), host_of(activity)),
        (_("怎么来的"), origin_said(activity)),
        (_("成果"), activity.outcome),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def origin_said(activity: Activity) -> str:
    """From what it came, as everybody may read it: whose words it was stays with those who were told."""
    said = {"need": _("居民提的需要"), "wish": _("居民的微心愿"), "resource": _("联盟共享的资源")}
    return said.get(activity.origin.partition(":")[0], "")


def ages_of(activity: Activity) -> str:
    """孩子6到12岁."""
    if not activity.takes_children:
        return _("大人")
    low, high = activity.min_age, activity.max_age
    if low is not None and high is not None:
        return _("孩子%(low)d到%(high)d岁") % {"low": low, "high": high}
    if low is not None:
        return _("孩子%(n)d岁以上") % {"n": low}
    return _("孩子%(n)d岁以下") % {"n": high} if high is not None else ""


def days(slots: Iterable[Slot], activity: Activity) -> list[dict[str, Any]]:
    """Days to choose from, each with its posts."""
    found = []
    for slot in slots:
        slot.activity = activity
        tone, said = standing(slot, activity)
        found.append(
            {
                "slot": slot,
                "when": between(slot.starts, slot.ends),
                "tone": tone,
                "said": said,
                "why": slot.called_off_why,
                "open": activity.state == ActivityState.PUBLISHED
                and slot.called_off_at is None
                and slot.closes_at > timezone.now(),
                "posts": [post_line(post) for post in slot.posts.all()],
            }
        )
    return found


def alone(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one day of ``days`` with the one thing to do there, if that is all: then it is a fact among the others."""
    if len(found) != 1 or len(found[0]["posts"]) != 1 or found[0]["why"]:
        return None
    return found[0]


def with_clashes(found: list[dict[str, Any]], clashes: Mapping[int, Slot]) -> list[dict[str, Any]]:
    """Each of the days with what else one has at that time, in words; empty: nothing."""
    for one in found:
        other = clashes.get(one["slot"].pk)
        one["clash"] = clash_said(other) if other is not None else ""
    return found


def with_lines(found: list[dict[str, Any]], waiting: Mapping[int, int]) -> list[dict[str, Any]]:
    """Each of the days with what somebody who signs up now has to know of a post that is full; empty: not full."""
    for one in found:
        for post in one["posts"]:
            post["line"] = line_said(waiting.get(post["post"].pk, 0)) if post["full"] else ""
    return found


def line_said(n: int) -> str:
    """已满，可候补，前面3位."""
    if not n:
        return _("已满，可候补，您排第1位。")
    return ngettext("已满，可候补，前面%(n)d位。", "已满，可候补，前面%(n)d位。", n) % {"n": n}


def clash_said(other: Slot) -> str:
    """这个时间您已经报了…."""
    said = {"name": other.activity.title, "when": moment(other.starts)}
    return _("这个时间您已经报了“%(name)s”（%(when)s）。要换，请先取消那一个。") % said


def post_line(post: Post) -> dict[str, Any]:
    """What there is to do, and how many may still come."""
    left = left_of(post.left) if post.left > 0 else _("满员，可候补")
    words = [_("共%(n)d个") % {"n": post.capacity}, left]
    if post.needs:
        words.append(_("要有%(paper)s") % {"paper": post.get_needs_display()})
    if post.is_service:
        words.append(_("记服务时长和积分"))
    return {"post": post, "name": post.name or _("参加"), "said": " · ".join(words), "full": post.left <= 0}


def own(signup: SignUp) -> dict[str, Any]:
    """One's own sign-up, as a card says it."""
    slot = signup.post.slot
    place = place_in_line(signup)
    return {
        "row": signup,
        "title": slot.activity.title,
        "url": reverse("volunteers:signup", args=[signup.pk]),
        "when": between(slot.starts, slot.ends),
        "tone": TONES[SignUpState(signup.state)],
        "state": signup.get_state_display(),
        "heading": _("候补第%(n)d位") % {"n": place} if place else signup.get_state_display(),
        "party": party_of(signup),
        "post": signup.post.name,
        "until": moment(signup.answer_by) if signup.answer_by else "",
        "offered": signup.state == SignUpState.OFFERED,
        "waiting": signup.state == SignUpState.WAITING,
        "may_say": there_lately(signup, timezone.now()),
        "live": signup.state in (SignUpState.WAITING, SignUpState.OFFERED, SignUpState.CONFIRMED),
    }


def party_of(signup: SignUp) -> str:
    """本人、同行2人、孩子1人."""
    parts = [_("本人")] if signup.myself else []
    if signup.companions:
        parts.append(_("同行%(n)d人") % {"n": signup.companions})
    if signup.children:
        parts.append(_("孩子%(n)d人") % {"n": signup.children})
    return _("、").join(parts)


def notice_text(activity: Activity, slots: Iterable[Slot], link: str) -> str:
    """群通知: what one pastes into a group, with no name but the contact's."""
    lines = [_("【%(name)s】") % {"name": activity.title}]
    lines += [_("时间：%(when)s") % {"when": between(slot.starts, slot.ends)} for slot in list(slots)[:3]]
    lines.append(_("集合：%(place)s") % {"place": activity.place})
    if activity.bring:
        lines.append(_("请带：%(bring)s") % {"bring": activity.bring})
    lines.append(_("不收费，名额有限，满员可候补。"))
    lines.append(_("联系：%(who)s %(phone)s") % {"who": activity.contact, "phone": activity.phone})
    if link:
        lines.append(_("报名：%(link)s") % {"link": link})
    return "\n".join(lines)
