"""How a need is put into words: for the resident plainly, for staff with what they need to act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deadlines.services.stages import limit_of
from deadlines.states import Unit
from needs.models import Need, NeedEvent
from needs.states import FIRST_RESPONSE, Channel, State, Verb
from people.states import Level

TONES = {
    State.PENDING: "warn",
    State.IN_PROGRESS: "info",
    State.TO_ANSWER: "info",
    State.CLOSED: "ok",
    State.NOT_ACCEPTED: "",
    State.WITHDRAWN: "",
}


def day(value: date) -> str:
    """11月28日 / Nov. 28."""
    return date_format(value, pgettext("day of the year as a Django date format", "n月j日"))


def badge(need: Need) -> dict[str, str]:
    """The state as a coloured word; a broken promise is said first."""
    if need.is_overdue:
        return {"tone": "late", "label": _("已超期")}
    return {"tone": TONES[State(need.state)], "label": need.get_state_display()}


def office(need: Need) -> str:
    """Who is in charge as an office: the community, or the street while the community is unknown."""
    return need.area.name


def promise(need: Need) -> str:
    """What happens next, said on the receipt."""
    facts = {"who": office(need), "within": _within(*limit_of(FIRST_RESPONSE))}
    return _("%(who)s%(within)s会先看，定下谁来办、哪天前答复您。") % facts


def _within(amount: int, unit: str) -> str:
    """How soon somebody looks: the street's limit for a first response."""
    words = {
        Unit.MINUTES: _("%(n)d分钟内"),
        Unit.HOURS: _("%(n)d小时内"),
        Unit.WORK_MINUTES: _("上班时间%(n)d分钟内"),
        Unit.WORK_HOURS: _("上班时间%(n)d小时内"),
        Unit.WORK_DAYS: _("%(n)d个工作日内"),
    }
    return words[Unit(unit)] % {"n": amount}


def hand(need: Need) -> str:
    """In whose hands, as the resident reads it."""
    if need.holder is None:
        return office(need)
    return f"{office(need)} {need.holder.name}"


def headline(need: Need) -> str:
    """One sentence: who has it, and by when there will be an answer."""
    if need.state == State.WITHDRAWN:
        return _("您已经撤回了这件事")
    if need.state == State.PENDING:
        if need.area.level == Level.STREET:
            return _("%(who)s收到了，正在看归哪个社区办") % {"who": office(need)}
        return _("%(who)s收到了，正在安排谁来办") % {"who": office(need)}
    if need.first_reply_at:
        return _("%(who)s已经答复您，还在办") % {"who": office(need)}
    when = day(need.reply_by) if need.reply_by else ""
    if need.is_overdue:
        return _("%(who)s在办，原定%(day)s前答复，已经超期") % {"who": office(need), "day": when}
    return _("%(who)s正在办理，预计%(day)s前答复") % {"who": office(need), "day": when}


def steps(need: Need) -> list[dict[str, str]]:
    """Four steps of every need, those of the home page; a withdrawn one ends after the step it had reached."""
    said = _step(_("您说了"), _on(need.created_at), "done")
    if need.state == State.WITHDRAWN:
        return [said, _step(_("已撤回"), _on(need.ended_at), "now")]
    rated = _step(_("您来评价"), "", "todo")
    if need.state == State.PENDING:
        street = need.area.level == Level.STREET
        waiting = _step(_("等街道受理") if street else _("等社区受理"), "", "now")
        return [said, waiting, _step(_("答复您"), "", "todo"), rated]
    accepted = _step(_("已受理"), _on(need.accepted_at), "done")
    if need.first_reply_at:
        return [said, accepted, _step(_("答复过，还在办"), _on(need.first_reply_at), "now"), rated]
    until = day(need.reply_by) if need.reply_by else ""
    promised = _("原定%(day)s答复") if need.is_overdue else _("%(day)s前答复")
    return [said, accepted, _step(_("正在办"), promised % {"day": until} if until else "", "now"), rated]


def _step(label: str, note: str, state: str) -> dict[str, str]:
    return {"label": label, "note": note, "state": state}


def _on(moment: datetime | None) -> str:
    return day(timezone.localdate(moment)) if moment else ""


def afterwards(need: Need) -> str:
    """Below the headline: what comes next; empty where the headline says it all."""
    if need.state == State.PENDING:
        return promise(need)
    if need.state == State.IN_PROGRESS and need.first_reply_at:
        return _("%(day)s答复过您，办好了再告诉您。") % {"day": _on(need.first_reply_at)}
    return ""


def replier(event: NeedEvent) -> str:
    """Office and name of whoever answered, as they were then."""
    return " ".join(part for part in (event.params.get("area", ""), event.params.get("actor", "")) if part)


def event_for_resident(event: NeedEvent) -> str:
    """One line of the resident's timeline. Staff-only events never come here (filtered by ``audience``)."""
    params = event.params
    who = replier(event)
    match event.verb:
        case Verb.SUBMIT if params.get("channel") == Channel.QR:
            return _("您扫楼道码提交")
        case Verb.SUBMIT:
            return _("您提交了这件事")
        case Verb.ACCEPT:
            return _("%(who)s受理了，答应%(day)s前答复您") % {
                "who": who,
                "day": day(date.fromisoformat(params["reply_by"])),
            }
        case Verb.REPLY:
            return _("%(who)s答复您") % {"who": who}
        case Verb.SUPPLEMENT:
            return _("您补充了情况")
        case Verb.URGE:
            return _("您催了一下")
        case Verb.MOVE:
            moved = day(date.fromisoformat(params["reply_by"]))
            return _("工作日有调整，改在%(day)s前答复您") % {"day": moved}
        case _:
            return _("您撤回了这件事")


def event_for_staff(event: NeedEvent) -> str:
    """One line of the staff's timeline."""
    match event.verb:
        case Verb.SUBMIT:
            return _("居民提交（%(channel)s）") % {"channel": Channel(event.params.get("channel", Channel.WEB)).label}
        case Verb.ACCEPT:
            return _("受理，答应%(day)s前答复") % {"day": day(date.fromisoformat(event.params["reply_by"]))}
        case Verb.SUPPLEMENT:
            return _("居民补充")
        case Verb.URGE:
            return _("居民催了一下")
        case Verb.MOVE:
            moved = day(date.fromisoformat(event.params["reply_by"]))
            return _("工作日有调整，答复日期改到%(day)s") % {"day": moved}
        case Verb.WITHDRAW:
            return _("居民撤回")
        case _:
            return event.get_verb_display()


def moment(value: Any) -> str:
    """今天 14:05 / 11月19日 14:05: short enough for a column."""
    local = timezone.localtime(value)
    if local.date() == timezone.localdate():
        return _("今天%(time)s") % {"time": f"{local:%H:%M}"}
    long = pgettext("date as a Django date format", "Y年n月j日")
    shown = day(local) if local.year == timezone.localdate().year else date_format(local, long)
    return f"{shown} {local:%H:%M}"


def resident_timeline(events: Iterable[NeedEvent]) -> list[dict[str, Any]]:
    """What the resident may read, newest first."""
    return [{"at": event.at, "text": event_for_resident(event), "note": event.words} for event in events]
