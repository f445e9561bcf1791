"""In whose hands, since when, until when: a need as its resident reads it in one line of a list."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from needs import wording
from needs.models import Need
from needs.presenting.around import Around
from needs.services.asking import last_day
from needs.states import CALL_BACK, FIRST_RESPONSE, Office, State


def brief(need: Need, around: Around) -> str:
    """``万寿桥社区 许佳 · 11月20日起 · 11月28日前答复``. Lists select ``area__parent`` and ``holder`` with it."""
    who, since, until = _parts(need, around)
    from_then = _("%(day)s起") % {"day": wording.on(since)} if since else ""
    return " · ".join(part for part in (who, from_then, until) if part)


def _parts(need: Need, around: Around) -> tuple[str, datetime | None, str]:
    match need.state:
        case State.TO_ANSWER:
            until = wording.day(last_day(need, around.cal))
            return _("等您评价"), need.finished_at, _("评价到%(day)s") % {"day": until}
        case State.CLOSED:
            return _("没有人，已经办结"), need.ended_at, ""
        case State.NOT_ACCEPTED:
            return _("没有人，这件事不归这里办"), need.ended_at, ""
        case State.WITHDRAWN:
            return _("没有人，您撤回了"), need.ended_at, ""
        case State.PENDING:
            return wording.hand(need), need.held_since, _taken_up(need, around)
    if need.waiting_since:
        return _("等您补充"), need.waiting_since, _("补充了就接着算日子")
    return wording.hand(need), need.held_since, _answered(need)


def _taken_up(need: Need, around: Around) -> str:
    stage = around.stage(need, FIRST_RESPONSE) or around.stage(need, CALL_BACK)
    if stage is None:
        return _("还没有定日子，着急请打电话")
    when = {"when": wording.at_last(stage.due_at)}
    if stage.due_at <= timezone.now():
        return _("原定%(when)s，晚了，对不起") % when
    return (_("最晚%(when)s打电话给您") if need.office == Office.LEADER else _("最晚%(when)s接手")) % when


def _answered(need: Need) -> str:
    """The promised day; after an answer there is none, as the need's page says."""
    if need.first_reply_at or not need.reply_by:
        return _("没有定日子，办好了就告诉您")
    day = {"day": wording.day(need.reply_by)}
    return (_("原定%(day)s前答复，晚了，对不起") if need.is_overdue else _("%(day)s前答复")) % day
