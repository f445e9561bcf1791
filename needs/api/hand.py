"""In whose hands a need is, as the API says it: of a row of the list and of one need alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from deadlines.services.calendar import calendar
from needs import wording
from needs.models import Need
from needs.presenting.hand import asked_for_more, asked_to_answer
from needs.services.asking import answer_until
from needs.services.limits import response_due
from needs.states import OPEN_STATES, State

COLUMNS = (
    "office",
    "held_since",
    "waiting_since",
    "finished_at",
)
"""What ``hand`` reads of a row beside its state, promised day and first reply."""

AnswerBy = Callable[[datetime], date]
"""The last day of the answer to what was asked at a moment."""


def hand(
    row: Mapping[str, Any], *, desk: str, who: str, unit: str, responds_by: Any, answer_by: AnswerBy
) -> dict[str, Any] | None:
    """In whose hands, at which office, since when and until when; None once it is over.

    ``desk``: the office that has it. ``who``: whoever handles it, or nobody. ``unit``: which unit was asked to help.
    ``responds_by``: when the first response or the call is due. Whoever is asked has it until the answer has come.
    """
    state = row["state"]
    if state == State.TO_ANSWER:
        asked = row["finished_at"]
        return {"name": asked_to_answer(), "unit": None, "office": desk, "since": asked, "until": answer_by(asked)}
    if state not in OPEN_STATES:
        return None
    if row["waiting_since"]:
        since = row["waiting_since"]
        return {"name": asked_for_more(), "unit": unit or None, "office": desk, "since": since, "until": None}
    held = {"name": who or desk, "unit": unit or None, "office": desk, "since": row["held_since"]}
    return {**held, "until": _until(row, responds_by)}


def hand_of(need: Need) -> dict[str, Any] | None:
    """As ``hand``, of one need read with its area, unit and holder."""
    who, unit = need.holder.name if need.holder else "", str(need.unit or "")
    ends = response_due(need) if need.state == State.PENDING else None
    return hand(need.__dict__, desk=wording.desk(need), who=who, unit=unit, responds_by=ends, answer_by=by_calendar())


def by_calendar() -> AnswerBy:
    """By the working calendar, which is read once, and only if somebody is asked."""
    cal = cache(calendar)
    return lambda asked: answer_until(asked, cal())


def _until(row: Mapping[str, Any], responds_by: datetime | None) -> date | None:
    if row["state"] == State.PENDING:
        # A limit in days ends at midnight, which belongs to the day before.
        return timezone.localdate(responds_by - timedelta(microseconds=1)) if responds_by else None
    until: date | None = row["done_by"] if row["first_reply_at"] else row["reply_by"]
    return until
