"""Needs as staff see them: time left, hands, flags, rows. Presentation only; rules live in services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.privacy import mask_name, mask_phone
from deadlines.presenting import days_left, days_over
from deadlines.services.calendar import calendar
from deadlines.worktime import Calendar
from needs import wording
from needs.models import Need
from needs.permissions import abilities
from needs.states import STAFF_ONLY, Channel, State, Verb
from people.models import User

LIST_FIELDS = ("holder", "area", "category")
STATE_TONES = {
    State.PENDING: "",
    State.IN_PROGRESS: "work",
    State.TO_ANSWER: "soon",
    State.CLOSED: "done",
    State.NOT_ACCEPTED: "off",
    State.WITHDRAWN: "off",
}
DAY_END = time(17, 30)


def end_of(need: Need) -> datetime | None:
    """The moment the promised reply is due: the end of office hours of the promised day."""
    if need.reply_by is None:
        return None
    return timezone.make_aware(datetime.combine(need.reply_by, DAY_END))


def due(need: Need, cal: Calendar, now: datetime | None = None) -> dict[str, Any]:
    """Time left as ``{left, note, used, tone}``; ``used`` is the share of the time gone, in percent."""
    now = now or timezone.now()
    if need.state == State.WITHDRAWN:
        return {"left": _("已撤回"), "note": "", "used": None, "tone": ""}
    if need.state == State.PENDING:
        return {
            "left": _("等了%(time)s") % {"time": span(now - need.created_at)},
            "note": _("还没受理"),
            "used": None,
            "tone": "soon" if (now - need.created_at).total_seconds() > 7200 else "",
        }
    ends = end_of(need)
    note = _("%(day)s前答复") % {"day": wording.day(need.reply_by)} if need.reply_by else ""
    if need.first_reply_at:
        return {
            "left": _("已答复"),
            "note": wording.moment(need.first_reply_at),
            "used": None,
            "tone": "done",
        }
    if ends is None:
        return {"left": "—", "note": "", "used": None, "tone": ""}
    return _counting(need, cal, ends, now, note)


def _counting(need: Need, cal: Calendar, ends: datetime, now: datetime, note: str) -> dict[str, Any]:
    started = need.accepted_at or need.created_at
    whole = max((ends - started).total_seconds(), 1)
    used = max(0, min(100, round((now - started).total_seconds() / whole * 100)))
    if need.is_overdue:
        days = cal.working_days_between(timezone.localdate(ends), timezone.localdate(now))
        over = _("超%(time)s") % {"time": span(now - ends)}
        return {
            "left": days_over(days) if days else over,
            "note": note,
            "used": 100,
            "tone": "late",
        }
    today = need.reply_by == timezone.localdate(now)
    if today:
        left = _("今天到期")
    else:
        days = cal.working_days_between(timezone.localdate(now), timezone.localdate(ends))
        left = days_left(days) if days else _("休息日到期")
    return {"left": left, "note": note, "used": used, "tone": "soon" if today else ""}


def span(delta: Any) -> str:
    """A length of time in the largest whole unit: 5分钟, 3小时, 2天."""
    minutes = int(delta.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d分钟") % {"n": max(minutes, 1)}
    if minutes < 48 * 60:
        return _("%(n)d小时") % {"n": minutes // 60}
    days = minutes // 1440
    return ngettext("%(n)d天", "%(n)d天", days) % {"n": days}


def hand(need: Need, viewer: User) -> dict[str, Any]:
    """In whose hands, since when; an office when no person has taken it."""
    if need.state == State.WITHDRAWN:
        return {"initial": "—", "name": "", "unit": _("没有人，已撤回"), "since": "", "mine": False}
    since = _("%(moment)s起") % {"moment": wording.moment(need.held_since)}
    if need.holder is None:
        return {
            "initial": need.area.name[:1],
            "name": "",
            "unit": need.area.name,
            "since": since,
            "mine": False,
        }
    name = need.holder.name
    return {
        "initial": name[:1],
        "name": name,
        "unit": need.area.name,
        "since": since,
        "mine": need.holder_id == viewer.pk,
    }


def flags(need: Need) -> list[dict[str, str]]:
    """Short warnings beside the sentence."""
    found = []
    if need.urgent:
        found.append({"label": _("紧急"), "tone": "late"})
    if need.is_overdue:
        found.append({"label": _("未答复"), "tone": "late"})
    if need.is_open and need.urged_at and need.urged_at > (need.first_reply_at or need.created_at):
        found.append({"label": _("居民催办"), "tone": "soon"})
    if need.channel == Channel.STAFF:
        found.append({"label": _("代填"), "tone": ""})
    return found


def state(need: Need) -> dict[str, str]:
    """State as tone and word."""
    return {"label": need.get_state_display(), "tone": STATE_TONES[State(need.state)]}


def rows(needs: Iterable[Need], viewer: User, cal: Calendar | None = None) -> list[dict[str, Any]]:
    """Rows of the queue and the list."""
    now, cal = timezone.now(), cal or calendar()
    found = []
    for need in needs:
        may = abilities(viewer, need)
        found.append(
            {
                "pk": need.pk,
                "url": reverse("admin:needs_need_change", args=[need.pk]),
                "title": need.title,
                "number": need.number,
                "community": need.area.name,
                "category": need.category.label if need.category else "",
                "flags": flags(need),
                "hand": hand(need, viewer),
                "due": due(need, cal, now),
                "state": state(need),
                "can": {"accept": Verb.ACCEPT in may, "dial": Verb.DIAL in may},
            }
        )
    return found


def facts(need: Need, photos: list[dict[str, str]]) -> dict[str, Any]:
    """The left side of a need's page: the resident's words, place, masked contact."""
    return {
        "pk": need.pk,
        "number": need.number,
        "title": need.title,
        "state": state(need),
        "flags": flags(need),
        "words": need.words,
        "said_at": wording.moment(need.created_at),
        "channel": need.get_channel_display(),
        "place": need.place,
        "spot": need.spot,
        "community": need.area.name,
        "masked_name": mask_name(need.contact_name),
        "masked_phone": mask_phone(need.contact_phone),
        "for_other": bool(need.helped_name or need.helped_phone),
        "helped": _helped(need),
        "photos": photos,
        "facts": [],
    }


def _helped(need: Need) -> str:
    if not (need.helped_name or need.helped_phone):
        return ""
    who = " ".join(part for part in (mask_name(need.helped_name), mask_phone(need.helped_phone)) if part)
    return _("替 %(who)s 反映") % {"who": who}


def strip(need: Need, viewer: User, cal: Calendar | None = None) -> dict[str, Any]:
    """Top of the page: hand, first response, promised reply, what the resident reads."""
    cal = cal or calendar()
    if need.state == State.WITHDRAWN and not need.accepted_at:
        first = {"left": _("没有受理"), "note": _("居民先撤回了"), "used": None, "tone": ""}
    elif need.accepted_at:
        took = span(need.accepted_at - need.created_at)
        first = {
            "left": _("已响应"),
            "note": _("用了%(time)s") % {"time": took},
            "used": None,
            "tone": "done",
        }
    else:
        first = due(need, cal)
    reply = due(need, cal) if need.accepted_at else {"left": "—", "note": _("受理时定"), "used": None, "tone": ""}
    if need.state == State.WITHDRAWN:
        reply = {"left": _("不用答复"), "note": "", "used": None, "tone": ""}
    shown = wording.badge(need)["label"]
    return {
        "hand": hand(need, viewer),
        "first": first,
        "reply": reply,
        "resident": {"headline": wording.headline(need), "note": shown},
    }


def decision(need: Need) -> dict[str, Any] | None:
    """What was decided at acceptance; None while nothing is."""
    if need.accepted_at is None or need.reply_by is None:
        return None
    lines = [
        {"label": _("性质"), "value": need.get_nature_display() or _("未分类")},
        {"label": _("类别"), "value": need.category.label if need.category else _("未分类")},
        {"label": _("紧急"), "value": _("是") if need.urgent else _("否")},
        {"label": _("哪天前答复"), "value": wording.day(need.reply_by)},
    ]
    who = need.holder.name if need.holder else ""
    return {
        "title": _("已撤回") if need.state == State.WITHDRAWN else _("已经受理"),
        "by": f"{who} · {wording.moment(need.accepted_at)}",
        "lines": lines,
        "off": need.state == State.WITHDRAWN,
    }


def timeline(need: Need) -> list[dict[str, Any]]:
    """Everything that happened, newest first."""
    events = need.events.select_related("actor").order_by("-at", "-id")
    kinds = {Verb.REPLY: "reply", **dict.fromkeys(STAFF_ONLY, "note")}
    return [
        {
            "at": wording.moment(event.at),
            "who": event.actor.name if event.actor else "",
            "text": wording.event_for_staff(event),
            "said": event.words,
            "kind": kinds.get(Verb(event.verb), "event"),
            "now": place == 0,
        }
        for place, event in enumerate(events)
    ]


def overtaken(need: Need) -> str:
    """Why a form came too late: who did what meanwhile. The page it stands on is the newest already."""
    event = need.events.select_related("actor").order_by("-at", "-id").first()
    if event is None:
        return ""
    who = event.actor.name if event.actor else _("居民")
    facts = {"who": who, "at": wording.moment(event.at), "what": wording.event_for_staff(event)}
    return _("%(at)s %(who)s：%(what)s。下面已是最新的，请看一眼再决定。您写的还在，没有发出去。") % facts
