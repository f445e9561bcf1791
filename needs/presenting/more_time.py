"""A request for more time in words: until when, who says yes or no, and until when they should."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deadlines.models import Stage
from deadlines.presenting import time_left
from needs import wording
from needs.models import Extension, Need
from needs.presenting.around import Around
from needs.states import ExtensionState
from people.states import Role


def flag(asked: Extension | None) -> tuple[str, str]:
    """A short mark beside the sentence, with its tone; empty where nothing waits and nothing was granted."""
    if asked is None:
        return "", ""
    if asked.state == ExtensionState.WAITING:
        return _("申请延到%(day)s") % {"day": wording.day(asked.until)}, "warn"
    return _("延期中"), ""


def waits_for(need: Need, around: Around) -> str:
    """``等社区书记审批，11月26日前``; empty where nothing waits."""
    asked = around.extension(need) if need.is_open else None
    if asked is None or asked.state != ExtensionState.WAITING:
        return ""
    return _("等%(who)s") % {"who": by_when(asked, around.decision(asked))}


def by_when(asked: Extension, wait: Stage | None) -> str:
    """``社区书记审批，11月26日前``."""
    who = decider(asked)
    if wait is None:
        return _("%(who)s审批") % {"who": who}
    if wait.paused_at:
        return _("%(who)s审批，补充以后再批") % {"who": who}
    return _("%(who)s审批，%(day)s前") % {"who": who, "day": wording.day(wait.due_on)}


def row(asked: Extension, wait: Stage | None, around: Around) -> dict[str, Any]:
    """A row of 待我审批: from when to when and why, who decides, how much time is left for that."""
    facts = {"until": wording.day(asked.until), "before": wording.day(asked.before), "reason": asked.reason}
    left = time_left(wait, around.cal, around.now) if wait else {"left": "", "tone": ""}
    said = (_("%(before)s延到%(until)s：%(reason)s") % facts, by_when(asked, wait), left["left"])
    return {"detail": " · ".join(part for part in said if part), "overdue": left["tone"] == "late"}


def dropped(need: Need) -> list[tuple[datetime, Extension]]:
    """Requests for more time that nobody had to decide any more, with the moment, the newest first."""
    rows = need.extensions.filter(state=ExtensionState.DROPPED).order_by("-decided_at")
    return [(one.decided_at, one) for one in rows if one.decided_at]


def dropped_line(asked: Extension) -> str:
    """How such a request ended, in the history."""
    return _("延到%(day)s的申请不用批了") % {"day": wording.day(asked.until)}


def decider(asked: Extension) -> str:
    """Who says yes or no, by post: only of rows that were read ``with_decider``."""
    if asked.__dict__["at_leader"]:
        return str(Role.LEADER.label)
    return wording.approvers(at_street=not decided_near(asked))


def decided_near(asked: Extension) -> bool:
    """Whether the community's secretary decides: only of rows that were read ``with_decider``."""
    return bool(asked.__dict__["at_community"])
