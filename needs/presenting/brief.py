"""In whose hands, since when, until when: a need as its resident reads it in one line of a list."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from needs import wording
from needs.models import Need
from needs.presenting.around import Around
from needs.presenting.until import untils
from needs.services.asking import last_day
from needs.states import CALL_BACK, FIRST_RESPONSE, State


def brief(need: Need, around: Around) -> str:
    """``万寿桥社区 许佳 · 11月20日起 · 11月28日前答复``. Lists select ``area__parent`` and ``holder`` with it."""
    who, since, until = _parts(need, around)
    from_then = _("%(day)s起") % {"day": wording.on(since)} if since else ""
    return " · ".join(part for part in (who, from_then, until) if part)


def _parts(need: Need, around: Around) -> tuple[str, datetime | None, str]:
    match need.state:
        case State.TO_ANSWER:
            until = wording.day(last_day(need, around.cal))
            return _("您，等您评价"), need.finished_at, _("评价到%(day)s") % {"day": until}
        case State.CLOSED:
            return _("没有人，已经办结"), need.ended_at, ""
        case State.NOT_ACCEPTED:
            return _("没有人，这件事不归这里办"), need.ended_at, ""
        case State.WITHDRAWN:
            return _("没有人，您撤回了"), need.ended_at, ""
    if need.waiting_since:
        return _("您，等您补充"), need.waiting_since, _("补充了就接着算日子")
    stage = around.stage(need, FIRST_RESPONSE) or around.stage(need, CALL_BACK)
    promised = [one.short for one in untils(need, stage.due_at if stage else None)] or [_("没有定日子，办好了就告诉您")]
    return wording.hand(need), need.held_since, pgettext("between two clauses", "，").join(promised)
