"""A need as the resident reads it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from deadlines.services.stages import limit_of
from deadlines.states import Unit
from needs.models import Need, NeedEvent
from needs.states import CALL_BACK, FIRST_RESPONSE, Channel, Office, State, Verb
from needs.wording.channels import right_channel
from needs.wording.common import day, desk, office, on, with_left
from needs.wording.talked import talked_for_resident as talked
from people.states import Level


def promise(need: Need) -> str:
    """What happens next, said on the receipt."""
    at_leader = need.office == Office.LEADER
    facts = {"who": desk(need), "within": _within(*limit_of(CALL_BACK if at_leader else FIRST_RESPONSE))}
    if at_leader:
        return _("%(who)s%(within)s会给您打电话，问清楚再定怎么办。") % facts
    if need.first_reply_at:
        return _("%(who)s%(within)s会先看，定下谁来接着办。") % facts
    if need.reply_by is None:
        return _("%(who)s%(within)s会先看，定下谁来办、哪天前答复您。") % facts
    facts["day"] = day(need.reply_by)
    if need.reply_by < timezone.localdate():
        return _("%(who)s%(within)s会先看，定下谁来办。答应您%(day)s前答复，已经过了，对不起。") % facts
    return _("%(who)s%(within)s会先看，定下谁来办。答应您%(day)s前答复，不变。") % facts


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


def headline(need: Need, way: str = "") -> str:
    """One sentence: who has it, and by when there will be an answer. ``way``: the errand or wish under way for it."""
    who = {"who": desk(need), "community": office(need)}
    match need.state:
        case State.WITHDRAWN:
            return _("您已经撤回了这件事")
        case State.NOT_ACCEPTED:
            channel = right_channel(need.declined)
            found = {**who, "where": channel.name if channel else ""}
            return _("%(who)s办不了这件事，请找%(where)s") % found
        case State.TO_ANSWER:
            return _("%(who)s说办好了，解决了吗？") % who
        case State.CLOSED:
            return _("这件事已经办结")
        case State.PENDING:
            return _waiting(need, who)
        case _:
            return _working(need, who, way)


def _waiting(need: Need, who: dict[str, str]) -> str:
    if need.office == Office.LEADER:
        return _("已报%(who)s，会打电话给您") % who
    if need.rounds > 1:
        return _("转到%(who)s重新办，等接手") % who
    if need.area.level == Level.STREET:
        return _("%(who)s收到了，正在看归哪个社区办") % who
    if need.office == Office.STREET:
        return _("%(community)s已报街道，%(who)s正在安排谁来办") % who
    return _("%(who)s收到了，正在安排谁来办") % who


def _working(need: Need, who: dict[str, str], way: str) -> str:
    if need.waiting_since:
        return _("%(who)s请您补充几句，补充了就接着办") % who
    if way:
        return way
    found = {**who, "day": day(need.promised) if need.promised else ""}
    if need.first_reply_at:
        return _answered(need) % found
    if need.is_overdue:
        return _("%(who)s在办，原定%(day)s前答复，已经超期") % found
    return _("%(who)s正在办理，预计%(day)s前答复") % found


def _answered(need: Need) -> str:
    if need.done_by is None:
        return _("%(who)s已经答复您，还在办")
    late = _("%(who)s答复过您，还在办，原定%(day)s前办好，已经超期")
    return late if need.is_overdue else _("%(who)s已经答复您，还在办，预计%(day)s前办好")


def steps(need: Need, events: Iterable[NeedEvent] = ()) -> list[dict[str, str]]:
    """Four steps of every need, those of the home page; one that ended otherwise ends after the step it had reached.

    ``events``: what the resident may read, newest first; another round takes the moments off the need itself.
    """
    told = list(events)
    said = _step(_("您说了"), on(need.created_at), "done")
    rated = _step(_("您来评价"), "", "todo")
    match need.state:
        case State.WITHDRAWN:
            return [said, _step(_("已撤回"), on(need.ended_at), "off")]
        case State.NOT_ACCEPTED:
            return [said, _step(_("不予受理"), on(need.ended_at), "off")]
        case State.PENDING:
            answered = [_step(_("答复过"), on(need.first_reply_at), "done")] if need.first_reply_at else []
            rest = [] if answered else [_step(_("答复您"), "", "todo")]
            return [said, *answered, _step(*_awaited(need), "now"), *rest, rated]
        case State.TO_ANSWER:
            done = _step(_("办好了"), on(need.finished_at), "done")
            return [said, _accepted(need, told), done, _step(_("请您评价"), "", "now")]
        case State.CLOSED:
            return [said, _accepted(need, told), _done(need, told), _step(_("已办结"), on(need.ended_at), "done")]
        case _:
            return [said, _accepted(need, told), _step(*_handled(need), "now"), rated]


def _accepted(need: Need, told: list[NeedEvent]) -> dict[str, str]:
    last = next((event.at for event in told if accepts(event)), None)
    return _step(_("已受理"), on(last or need.accepted_at), "done")


def _done(need: Need, told: list[NeedEvent]) -> dict[str, str]:
    """What came before the end: said to be done, or called about."""
    called = settled_at(told)
    return _step(_("回访过"), on(called), "done") if called else _step(_("办好了"), on(need.finished_at), "done")


def accepts(event: NeedEvent) -> bool:
    """Whether the need was taken up with this step, whichever way it then went."""
    return event.source == State.PENDING and event.target == State.IN_PROGRESS


def settled_at(told: Iterable[NeedEvent]) -> datetime | None:
    """When the leader's call ended it."""
    return next((event.at for event in told if event.verb == Verb.SETTLE), None)


def _awaited(need: Need) -> tuple[str, str]:
    """Who takes it up next, and since when they have it."""
    since = _("%(day)s起") % {"day": on(need.held_since)}
    if need.office == Office.LEADER:
        return _("等回访"), since
    if need.rounds > 1:
        return _("等重新办"), since
    if need.office == Office.STREET:
        return (_("等街道受理"), "") if need.area.level == Level.STREET else (_("已报街道"), since)
    return _("等社区受理"), ""


def _handled(need: Need) -> tuple[str, str]:
    if need.waiting_since:
        return _("等您补充"), _("%(day)s起") % {"day": on(need.waiting_since)}
    if need.first_reply_at:
        return _("答复过，还在办"), on(need.first_reply_at)
    promised = _("原定%(day)s答复") if need.is_overdue else _("%(day)s前答复")
    return _("正在办"), promised % {"day": day(need.reply_by)} if need.reply_by else ""


def _step(label: str, note: str, state: str) -> dict[str, str]:
    return {"label": label, "note": note, "state": state}


def afterwards(need: Need, events: Iterable[NeedEvent] = ()) -> str:
    """Below the headline: what comes next; empty where the headline says it all. ``events`` as in ``steps``."""
    if need.state == State.PENDING:
        return promise(need)
    if need.state == State.NOT_ACCEPTED:
        channel = right_channel(need.declined)
        return str(channel.advice) if channel else ""
    if need.state == State.IN_PROGRESS and need.waiting_since:
        return _("等您补充的时候，答复您的日子先停住，不算在里面。")
    if need.state == State.IN_PROGRESS and need.first_reply_at:
        words = (
            _("%(day)s答复过您，办好了再告诉您。着急可以催一下。")
            if need.done_by
            else _("%(day)s答复过您，办好了再告诉您。没有定日子，着急可以催一下。")
        )
        return words % {"day": on(need.first_reply_at)}
    called = settled_at(events) if need.state == State.CLOSED else None
    if called:
        return _("分管领导%(day)s给您打过电话，谈好办结。") % {"day": on(called)}
    return ""


def replier(event: NeedEvent) -> str:
    """Office and name of whoever answered, as they were then."""
    return " ".join(part for part in (event.params.get("area", ""), event.params.get("actor", "")) if part)


def event_for_resident(event: NeedEvent) -> str:
    """One line of the resident's timeline. Staff-only events never come here (filtered by ``audience``)."""
    text = with_left(_own_step(event) or _about_the_end(event) or _step_of_staff(event), event.verb, event.params)
    if not accepts(event) or event.verb == Verb.ACCEPT or not event.params.get("reply_by"):
        return text
    taken = _taken_up(event)
    return _("%(taken)s，%(how)s") % {"taken": taken, "how": text}


def _taken_up(event: NeedEvent) -> str:
    if not event.params.get("reply_by"):  # it was answered before it came here
        return _("%(who)s受理了，接着办") % {"who": replier(event)}
    until = day(date.fromisoformat(event.params["reply_by"]))
    return _("%(who)s受理了，答应%(day)s前答复您") % {"who": replier(event), "day": until}


def _own_step(event: NeedEvent) -> str:
    """What the resident did; empty for others' steps."""
    match event.verb:
        case Verb.SUBMIT if event.params.get("channel") == Channel.QR:
            return _("您扫楼道码提交")
        case Verb.SUBMIT:
            return _("您提交了这件事")
        case Verb.SUPPLEMENT:
            return _("您补充了情况")
        case Verb.URGE:
            return _("您催了一下")
        case Verb.WITHDRAW:
            return _("您撤回了这件事")
        case Verb.CLOSE:
            return _("您评价了，这件事办结")
        case Verb.REOPEN if event.params.get("office") == Office.LEADER:
            return _("您说没解决，报分管领导回访")
        case Verb.REOPEN:
            return _("您说没解决，转到街道重新办")
    return ""


def _about_the_end(event: NeedEvent) -> str:
    """Steps that name or move the day by which it should be done, or say that it was received; empty for others."""
    if event.verb == Verb.FINISH and event.actor_id is None:
        return _("您说收到了，请您评价")
    named = event.params.get("done_by")
    words = {
        Verb.REPLY: _("%(who)s答复您，预计%(day)s前办好"),
        Verb.GRANT: _("%(who)s定了，改在%(day)s前办好"),
        Verb.MOVE: _("工作日有调整，改在%(day)s前办好"),
    }.get(Verb(event.verb))
    return words % {"who": replier(event), "day": day(date.fromisoformat(named))} if named and words else ""


def _step_of_staff(event: NeedEvent) -> str:
    params = event.params
    promised = params.get("reply_by", "")
    facts = {
        "who": replier(event),
        "day": day(date.fromisoformat(promised)) if promised else "",
        "holder": params.get("holder", ""),
        "unit": params.get("unit", ""),
        "area": params.get("area", ""),
    }
    match event.verb:
        case Verb.ACCEPT:
            return _taken_up(event)
        case Verb.REPLY:
            return _("%(who)s答复您") % facts
        case Verb.ASK:
            return _("%(who)s请您补充") % facts
        case Verb.FINISH:
            return _("%(who)s说办好了，请您评价") % facts
        case Verb.DECLINE:
            return _("%(who)s告诉您，这件事不归这里办") % facts
        case Verb.ASSIGN if facts["unit"]:
            return _("%(area)s请%(unit)s来帮忙") % facts
        case Verb.ASSIGN:
            return _("交给%(holder)s办") % facts
        case Verb.GRANT:
            return _("%(who)s定了，改在%(day)s前答复您") % facts
        case Verb.MOVE:
            return _("工作日有调整，改在%(day)s前答复您") % facts
        case _:
            return talked(event) or _PLAIN.get(Verb(event.verb), lambda: event.get_verb_display())()


_PLAIN = {
    Verb.ESCALATE: lambda: _("社区把这件事报到街道"),
    Verb.SEND_BACK: lambda: _("街道交给社区办"),
    Verb.ERRAND: lambda: _("请志愿者跑腿"),
    Verb.WISH: lambda: _("登记成微心愿，找人来圆"),
    Verb.LIST: lambda: _("列进了联盟的需求清单，不写您是谁"),
    Verb.LAPSE: lambda: _("没有等到您的评价，这件事先办结"),
    Verb.SETTLE: lambda: _("分管领导给您打过电话，这件事办结"),
    Verb.CALLED: lambda: _("分管领导给您打过电话，交街道重新办"),
}


def resident_timeline(events: Iterable[NeedEvent]) -> list[dict[str, Any]]:
    """What the resident may read, newest first."""
    return [{"at": event.at, "text": event_for_resident(event), "note": event.words} for event in events]
