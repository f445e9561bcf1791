"""The parts of a need's page: the resident's words, the strip above them, what was decided, what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib.privacy import mask_name, mask_phone
from needs import wording
from needs.models import Extension, Need, NeedEvent
from needs.presenting import errands, more_time
from needs.presenting.around import Around
from needs.presenting.due import first, reply, still
from needs.presenting.hand import hand
from needs.presenting.ran import Beside, beside, staff_events
from needs.presenting.rows import at_leader, flags, state
from needs.presenting.under_way import running_errand
from needs.presenting.way import errand_way
from needs.services.meanwhile import last_line
from needs.states import OPEN_STATES, OWN_WORDS, STAFF_ONLY, State, Verb
from people.models import User


def facts(need: Need, photos: list[dict[str, str]], extension: Extension | None = None) -> dict[str, Any]:
    """The left side of a need's page: the resident's words, place, masked contact."""
    return {
        "pk": need.pk,
        "number": need.number,
        "version": need.version,
        "title": need.title,
        "state": state(need),
        "flags": flags(need, extension),
        "words": need.words,
        "said_at": wording.moment(need.created_at),
        "channel": need.get_channel_display(),
        "where": wording.where(need),
        "community": need.area.name,
        "asker": need.asker.name if need.asker else "",
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


def strip(need: Need, viewer: User, around: Around) -> dict[str, Any]:
    """Top of the page: in whose hands and why, the two limits, what the resident reads."""
    way = errand_way(need)
    replied = still(_("不用答复")) if need.state == State.WITHDRAWN else _replied(need, around)
    arrived = _arrived(need, replied) if way and way.arrived else None
    return {
        "hand": _hand(need, viewer),
        # It says why an office or a unit has it; while the resident is asked for more, neither does.
        "why_here": need.why_here if need.state in OPEN_STATES and not need.waiting_since else "",
        "unit_said": need.unit_said,
        "first_label": _("回访") if at_leader(need) else _("最晚什么时候接手"),
        "first": first(need, around),
        "reply_label": _("跑腿代确认") if arrived else _reply_label(need),
        "reply": arrived or replied,
        "resident": {
            "headline": wording.headline(need, way.headline if way else ""),
            "note": wording.badge(need)["label"],
        },
    }


def _reply_label(need: Need) -> str:
    return _("预计哪天办好") if _still_promised(need) else _("答复居民")


def _arrived(need: Need, replied: dict[str, Any]) -> dict[str, Any] | None:
    """While an errand waits for 收到了 its own day leads; the need's stands behind it."""
    errand, claim = running_errand(need)
    if errand is None:
        return None
    behind = " ".join(part for part in (replied["left"], replied["note"]) if part and part != "—")
    said = _("%(label)s：%(day)s") % {"label": _reply_label(need), "day": behind} if behind else ""
    return {**errands.due_of(errand.offer, claim), "asked": said}


def _hand(need: Need, viewer: User) -> dict[str, Any]:
    errand, claim = running_errand(need)
    running = errands.in_front(errand.offer, claim) if errand else None
    return errands.behind(hand(need, viewer), running)


def _replied(need: Need, around: Around) -> dict[str, Any]:
    """The promised reply; beside it the day that was asked for, who decides, and until when."""
    extension, waits = around.extension(need), more_time.waits_for(need, around)
    asked = _("%(what)s，%(waits)s") % {"what": more_time.flag(extension)[0], "waits": waits} if waits else ""
    at = need.first_reply_at if _still_promised(need) else None
    answered = _("答复过：%(at)s") % {"at": wording.moment(at)} if at else ""
    parts = (part for part in (answered, asked) if part)
    return {**reply(need, around), "asked": pgettext("between two clauses", "，").join(parts)}


def _still_promised(need: Need) -> bool:
    """Whether the resident has heard, and counts on a day for the end."""
    return need.state in OPEN_STATES and need.first_reply_at is not None and need.done_by is not None


def decision(need: Need) -> dict[str, Any] | None:
    """What was decided at acceptance; None while nothing is."""
    if need.state == State.NOT_ACCEPTED:
        return _declined(need)
    if need.accepted_at is None or need.reply_by is None:
        return None
    lines = [
        {"label": _("性质"), "value": need.get_nature_display() or _("未定")},
        {"label": _("类别"), "value": need.category.label if need.category else _("未分类")},
        {"label": _("紧急"), "value": _("是") if need.urgent else _("否")},
        {"label": _("哪天前答复"), "value": wording.day(need.reply_by)},
        *([{"label": _("预计哪天办好"), "value": wording.day(need.done_by)}] if need.done_by else []),
    ]
    who = need.holder.name if need.holder else ""
    said = {
        State.PENDING: (_("待受理"), need.held_since),
        State.WITHDRAWN: (_("已撤回"), need.ended_at),
        State.TO_ANSWER: (_("等居民评价"), need.finished_at),
        State.CLOSED: (_("已办结"), need.ended_at),
    }
    title, at = said.get(State(need.state), (_("已经受理"), need.accepted_at))
    if need.state == State.IN_PROGRESS:
        who, at = _taken_up(need, who, at)
    return {
        "title": title,
        "by": " · ".join(part for part in (who, wording.moment(at) if at else "") if part),
        "lines": lines,
        "off": need.state == State.WITHDRAWN,
    }


def _taken_up(need: Need, who: str, at: datetime | None) -> tuple[str, datetime | None]:
    """By whom and when it was accepted where it lies now: after 上报 or 退回 that is not the acceptance of before."""
    taken = need.events.filter(source=State.PENDING, target=State.IN_PROGRESS).select_related("actor")
    event = taken.order_by("-at", "-id").first()
    return (event.actor.name if event.actor else who, event.at) if event else (who, at)


def _declined(need: Need) -> dict[str, Any]:
    lines = [{"label": _("原因"), "value": need.get_declined_display()}]
    by = wording.moment(need.ended_at) if need.ended_at else ""
    return {"title": _("不予受理"), "by": by, "lines": lines, "off": True}


def timeline(need: Need) -> list[dict[str, Any]]:
    """Everything that happened, to the need and to whoever ran an errand for it, newest first; also how a request for
    more time ended that nobody decided.

    ``why`` is what colleagues alone read.
    """
    events = list(staff_events(need))
    lines = [(event.at, _line(event)) for event in events]
    more = beside(need, {event.verb for event in events})
    if more:
        lines = sorted([*lines, *((one.at, _beside(one)) for one in more)], key=lambda line: line[0], reverse=True)
    return [{**line, "now": place == 0} for place, (_at, line) in enumerate(lines)]


def _line(event: NeedEvent) -> dict[str, Any]:
    kinds = {**dict.fromkeys(OWN_WORDS, "reply"), **dict.fromkeys(STAFF_ONLY, "note")}
    # The resident reads that it will help and when; its words stay inside.
    inside = event.verb == Verb.WILL_HELP
    return {
        "at": wording.moment(event.at),
        "who": wording.actor(event),
        "text": wording.event_for_staff(event),
        "said": "" if inside else event.words,
        "why": event.words if inside else event.why,
        "why_label": _("单位的话，居民看不到") if inside else "",
        "kind": "event" if inside else kinds.get(Verb(event.verb), "event"),
        "reported": event.verb == Verb.REPORT,
    }


def _beside(one: Beside) -> dict[str, Any]:
    line = {"text": one.text, "who": one.who, "said": "", "why": one.why, "kind": "event", "reported": False}
    return {"at": wording.moment(one.at), **line}


def overtaken(need: Need) -> str:
    """Why a form came too late: who did what meanwhile. The page it stands on is the newest already."""
    line = last_line(need)
    return _("%(line)s。下面已是最新的，请看一眼再决定。您写的还在，没有发出去。") % {"line": line} if line else ""
