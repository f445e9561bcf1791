"""How much time is left: for the first response, for the promised reply, for the resident's answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines.models import Stage
from deadlines.presenting import days_left, days_over, end_of, time_left
from deadlines.states import Unit
from deadlines.worktime import Calendar
from needs import wording
from needs.models import Need
from needs.presenting.around import Around
from needs.services.asking import last_day
from needs.services.waiting_ends import idle_on
from needs.states import CALL_BACK, FIRST_RESPONSE, Office, State

DAY_END = time(17, 30)


def due(need: Need, around: Around | Calendar) -> dict[str, Any]:
    """The time that counts now as ``{left, note, used, tone}``; ``used`` is the share gone, in percent."""
    around = around if isinstance(around, Around) else Around(around, timezone.now())
    return first(need, around) if need.state == State.PENDING else reply(need, around)


def first(need: Need, around: Around) -> dict[str, Any]:
    """The first response: running, given (how long it took), or not needed any more; beside it that it was late where
    the need lay before.
    """
    return {**_first(need, around), "asked": _late_before(need, around)}


def _late_before(need: Need, around: Around) -> str:
    before = around.late_before(need)
    return _("上一段已超期，原定%(until)s前") % {"until": wording.moment(before.due_at)} if before else ""


def _first(need: Need, around: Around) -> dict[str, Any]:
    stage = around.stage(need, FIRST_RESPONSE) or around.stage(need, CALL_BACK)
    if stage is not None:
        left = time_left(stage, around.cal, around.now)
        return {**left, "note": _by_then(stage, left, around.now), "used": _used(stage, around.now)}
    if need.state == State.PENDING:
        waited = _("等了%(time)s") % {"time": span(around.now - need.held_since)}
        return still(waited, _("等分管领导回访") if need.office == Office.LEADER else _("还没受理"), "soon")
    if need.rounds > 1:
        return still(_("已响应"), _("第%(n)d轮") % {"n": need.rounds}, "done") if need.accepted_at else still("—")
    if need.accepted_at:
        took = span(max(need.accepted_at - need.created_at, timedelta()))
        return still(_("已响应"), _("用了%(time)s") % {"time": took}, "done")
    return still(_("没有受理"), _("居民先撤回了") if need.state == State.WITHDRAWN else "")


def _by_then(stage: Stage, left: dict[str, Any], now: datetime) -> str:
    """What the time that is left is for, and until when; that it ends today is said beside it."""
    call = stage.kind == CALL_BACK
    if stage.paused_at:
        return str(left["note"])
    ends_today = stage.due_at > now and stage.due_on == timezone.localdate(now)
    if ends_today and stage.unit == Unit.WORK_DAYS:
        return _("回访") if call else _("接手")
    when = {"when": f"{timezone.localtime(stage.due_at):%H:%M}" if ends_today else end_of(stage)}
    return (_("%(when)s前回访") if call else _("%(when)s前接手")) % when


def reply(need: Need, around: Around) -> dict[str, Any]:
    """The promised reply; afterwards the answer that is awaited; at the end nothing."""
    ended = _day(need.ended_at)
    match need.state:
        case State.WITHDRAWN:
            return still(_("已撤回"), ended)
        case State.NOT_ACCEPTED:
            return still(_("不予受理"), ended)
        case State.CLOSED:
            return still(_("已办结"), ended, "done")
        case State.TO_ANSWER:
            return still(_("等居民评价"), _until(need, around), "paused")
    if need.waiting_since:
        return still(_("停钟"), _supplement(need, need.waiting_since, around), "paused")
    if need.first_reply_at and need.done_by is None:
        said = _("%(at)s，还在办") % {"at": wording.moment(need.first_reply_at)}
        return still(_("已答复"), said, "done")
    if need.promised is None:
        return still("—", _("受理时定"))
    return _counting(need, need.promised, around)


def still(left: str, note: str = "", tone: str = "") -> dict[str, Any]:
    """A time that does not run."""
    return {"left": left, "note": note, "used": None, "tone": tone}


def _supplement(need: Need, since: datetime, around: Around) -> str:
    """When whoever handles it is reminded that nothing has come; since when that is said in whose hands it is."""
    if told := around.idle_told.get(need.pk):
        return _("%(day)s提醒过经办人") % {"day": wording.day(told)}
    return _("%(day)s提醒经办人") % {"day": wording.day(idle_on(since, around.cal))}


def _until(need: Need, around: Around) -> str:
    if need.finished_at is None:
        return ""
    last = last_day(need, around.cal)
    return _("等到%(day)s") % {"day": wording.day(last)}


def _counting(need: Need, promised: date, around: Around) -> dict[str, Any]:
    ends = timezone.make_aware(datetime.combine(promised, DAY_END))
    today = timezone.localdate(around.now)
    note = (_("%(day)s前办好") if need.first_reply_at else _("%(day)s前答复")) % {"day": wording.day(promised)}
    if promised < today:
        days = around.cal.working_days_between(promised, today)
        over = _("超%(time)s") % {"time": span(around.now - ends)}
        return {"left": days_over(days) if days else over, "note": note, "used": 100, "tone": "late"}
    used = _share(need.first_reply_at or need.accepted_at or need.created_at, ends, around.now)
    if promised == today:
        return {"left": _("今天到期"), "note": note, "used": used, "tone": "soon"}
    days = around.cal.working_days_between(today, promised)
    return {"left": days_left(days) if days else _("休息日到期"), "note": note, "used": used, "tone": ""}


def _used(stage: Any, now: datetime) -> int | None:
    return None if stage.paused_at else _share(stage.counted_from, stage.due_at, now)


def _share(start: datetime, end: datetime, now: datetime) -> int:
    whole = max((end - start).total_seconds(), 1)
    return max(0, min(100, round((now - start).total_seconds() / whole * 100)))


def _day(moment: datetime | None) -> str:
    return wording.day(timezone.localdate(moment)) if moment else ""


def span(delta: timedelta) -> str:
    """A length of time in the largest whole unit: 5分钟, 3小时, 2天."""
    minutes = int(delta.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d分钟") % {"n": max(minutes, 1)}
    if minutes < 48 * 60:
        return _("%(n)d小时") % {"n": minutes // 60}
    days = minutes // 1440
    return ngettext("%(n)d天", "%(n)d天", days) % {"n": days}
