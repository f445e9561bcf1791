"""A need as its resident follows it: in whose hands it is, what was said last, what has happened, who has the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import ClaimEvent
from claims.states import Verb as ClaimVerb
from deadlines.services.calendar import calendar
from needs import wording
from needs.models import Answer, Need, NeedEvent
from needs.presenting.ran import claim_events
from needs.presenting.until import untils
from needs.presenting.way import Way
from needs.services.asking import last_day
from needs.services.limits import response_due
from needs.services.remainders import ROLES, readers
from needs.services.waiting_ends import idle_on
from needs.states import OWN_WORDS, Outcome, State, Verb


def latest(events: Sequence[NeedEvent]) -> dict[str, Any] | None:
    """The newest words of staff for the resident, with who said them; those that did not solve it are history."""
    told = next(
        (event for event in events if event.verb == Verb.REOPEN or (event.verb in OWN_WORDS and event.words)), None
    )
    if told is None or told.verb == Verb.REOPEN or _answered(told, events):
        return None
    return {"who": wording.replier(told), "at": told.at, "text": told.words}


def _answered(told: NeedEvent, events: Sequence[NeedEvent]) -> bool:
    """Whether ``told`` is a question that the resident has answered since."""
    return told.verb == Verb.ASK and any(one.verb == Verb.SUPPLEMENT and one.pk > told.pk for one in events)


def received(need: Need, events: Sequence[NeedEvent]) -> str:
    """The headline after the resident themselves said 收到了; empty where an office said that it is done."""
    told = next((event for event in events if event.verb == Verb.FINISH), None)
    theirs = need.state == State.TO_ANSWER and told is not None and told.actor_id is None
    return _("您说收到了，解决了吗？") if theirs else ""


def hand(need: Need, way: Way | None, own: Answer | None = None) -> list[dict[str, Any]]:
    """In whose hands, since when, until when or why there is no day; below it when it was answered. ``own``: what the
    resident answered last.
    """
    rows = _hand(need, way) if need.is_open or need.state == State.TO_ANSWER else _over(need, own)
    if need.first_reply_at and need.is_open:
        rows.append((_("答复过"), wording.day(timezone.localdate(need.first_reply_at))))
    return _shown(rows)


def said(need: Need, own: Answer | None, *, settled: bool) -> list[dict[str, Any]]:
    """Beside the resident's words: where, and what they answered."""
    rows = [(_("地点"), wording.where(need))]
    if own:
        given = [own.get_outcome_display(), own.get_satisfaction_display(), own.words]
        label = _("回访前您的评价") if settled else _("您的评价")
        rows.append((label, _("、").join(str(part) for part in given if part)))
    return _shown(rows)


def _shown(rows: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for label, value in rows if value]


def _hand(need: Need, way: Way | None) -> list[tuple[str, str]]:
    if need.state == State.TO_ANSWER:
        since, until = wording.since(need.finished_at), wording.day(last_day(need))
        return [(_("在谁手里"), _("您，等您评价")), (_("从哪天起"), since), (_("评价到哪天"), until)]
    if need.waiting_since:
        who = _("您，等您补充，%(who)s接着办") % {"who": wording.hand(need)}
        rows = [(_("在谁手里"), who), (_("从哪天起"), wording.since(need.waiting_since))]
        day = wording.day(idle_on(need.waiting_since, calendar()))
        return [*rows, (_("到什么时候"), _("您补充了就接着算日子；%(day)s还没有，会再来问您") % {"day": day})]
    rows = [(_("在谁手里"), wording.hand(need)), (_("从哪天起"), wording.since(need.held_since))]
    if way and way.since:
        rows = [(_("在谁手里"), way.hand), (_("从哪天起"), way.since), (_("最晚"), way.until)]
        if way.hand != wording.hand(need):
            rows.append((_("谁答复您"), wording.hand(need)))
    if way and way.arrived:  # the need's own days stand behind the one word that is asked for
        return rows
    promised = untils(need, response_due(need) if need.state == State.PENDING else None)
    if not promised and not (way and way.until):
        return [*rows, (_("到什么时候"), _("没有定日子，办好了就告诉您"))]
    dated = way is not None and bool(way.until) and not way.arrived
    if dated and promised and need.promised:  # beside 最晚 今天 a day is said in the same form
        return [*rows, (promised[0].label, wording.near(need.promised))]
    return [*rows, *((one.label, one.value) for one in promised)]


def _over(need: Need, own: Answer | None) -> list[tuple[str, str]]:
    """Nobody is waited for any more, and since when; what is left over has a reader and no day."""
    if left_over(need, own):
        who = _("%(who)s，接着看剩下的") % {"who": who_has_the_rest(need)}
        nothing = _("没有定日子，着急请打电话")
    else:
        nothing = _("不用再等了")
        who = {
            State.CLOSED: _("没有人，已经办结"),
            State.NOT_ACCEPTED: _("没有人，这件事不归这里办"),
            State.WITHDRAWN: _("没有人，您撤回了"),
        }[State(need.state)]
    return [(_("在谁手里"), who), (_("从哪天起"), wording.since(need.ended_at)), (_("到什么时候"), nothing)]


def steps(need: Need, events: Sequence[NeedEvent], way: Way | None) -> list[dict[str, str]]:
    """As ``wording.steps``; while an errand waits for 收到了, that is what is being done."""
    found = wording.steps(need, events)
    if not (way and way.arrived):
        return found
    waits = {"label": _("等您说收到没有"), "note": _("%(day)s起") % {"day": way.since}}
    return [{**step, **waits} if step["state"] == "now" else step for step in found]


def own_answer(need: Need) -> Answer | None:
    """What the resident said last; silence is not shown as an answer."""
    return need.answers.exclude(outcome=Outcome.SILENT).order_by("-round").first()


def rest(need: Need, own: Answer | None) -> str:
    """After 部分解决: who has what was left over, and since when; empty otherwise."""
    if own is None or not left_over(need, own):
        return ""
    facts = {"who": who_has_the_rest(need), "day": wording.on(own.at)}
    return _("剩下的由%(who)s接着看，%(day)s起。") % facts


def left_over(need: Need, own: Answer | None) -> bool:
    """Whether the resident's last word on ``need`` is that something is left to do."""
    partly = own is not None and own.outcome == Outcome.PARTLY and own.round == need.rounds
    return need.state == State.CLOSED and partly


def who_has_the_rest(need: Need) -> str:
    """The post that looks at what 部分解决 leaves over: nobody who handled it."""
    people = readers(need)
    roles = people[0].roles_at(need.area_id) if people else frozenset()
    return next((str(role.label) for role in ROLES if role in roles), _("街道"))


def timeline(need: Need, events: Sequence[NeedEvent]) -> list[dict[str, Any]]:
    """What the resident may read, newest first: the need's own steps and those of whoever ran an errand for it."""
    rows = wording.resident_timeline(events)
    if any(event.verb == Verb.ERRAND for event in events):
        rows += [{"at": one.at, "text": _ran(one), "note": ""} for one in claim_events(need) if _ran(one)]
        rows.sort(key=lambda row: row["at"], reverse=True)
    return rows


def _ran(event: ClaimEvent) -> str:
    """What whoever runs the errand did; empty for what the need's own steps say."""
    if wording.is_called_off(event):
        return wording.called_off(event)
    office = {"office": wording.sender(event.claim.offer)}
    said_by_resident = _("您说没收到，请志愿者再看看")
    words = {
        ClaimVerb.CLAIM: _("有志愿者接下了"),
        ClaimVerb.SEND: _("志愿者给您送来了"),
        ClaimVerb.DELIVER: _("志愿者说送到了"),
        ClaimVerb.CONFIRM: _("%(office)s替您确认收到了") % office if event.actor_id else "",
        ClaimVerb.NOT_THERE: _("%(office)s问过，还没收到，请志愿者再看看") % office
        if event.actor_id
        else said_by_resident,
        ClaimVerb.RETURN: _("志愿者跑不了，又请别人来接"),
        ClaimVerb.RELEASE: _("%(office)s另请志愿者来接") % office,
        ClaimVerb.EXPIRE: _("志愿者没来得及送到，又请别人来接"),
    }
    return words.get(ClaimVerb(event.verb), "")
