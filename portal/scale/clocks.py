"""Rows of running limits as COPY takes them, for open invented needs whose limit has long passed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from deadlines.services.calendar import calendar
from deadlines.services.stages import limit_of
from deadlines.states import Outcome, Unit
from needs.messages import stage_params
from needs.models import Need
from needs.states import FIRST_RESPONSE, REPLY
from people.models import Area

STAGE_COLUMNS = (
    *("kind", "subject", "label", "url", "area_code", "params", "holder_id", "amount", "unit", "started_at"),
    *("counted_from", "due_at", "generation", "breached_at", "breached_by_id", "outcome"),
)
LAST_RUNG = timedelta(days=14)
"""Longer than any rung comes after the last day: what passed earlier has nothing left to be reminded of."""


class ClockMaker:
    """Makes the limits that passed ``LAST_RUNG`` before ``until``, as the services would have written them.

    Limits that passed later have reminders ahead of them; those the services start.
    """

    def __init__(self, until: datetime):
        self.calendar, self.until = calendar(), until - LAST_RUNG
        self.limits = {kind: limit_of(kind) for kind in (FIRST_RESPONSE, REPLY)}

    def first_response(
        self, pk: int, number: str, area: tuple[str, str], created: datetime
    ) -> list[tuple[object, ...]]:
        """Of a need that waits to be accepted since ``created``."""
        amount, unit = self.limits[FIRST_RESPONSE]
        due = self.calendar.due_at(created, amount, unit)
        return self._row(FIRST_RESPONSE, pk, number, area, None, amount, unit, created, due)

    def reply(
        self, pk: int, number: str, area: tuple[str, str], holder: int, accepted: datetime, promise: timedelta
    ) -> list[tuple[object, ...]]:
        """Of a need accepted at ``accepted`` with an answer promised so many days on, and not answered."""
        amount, unit = self.limits[REPLY]
        due = self.calendar.end_of(timezone.localdate(accepted) + promise)
        chosen = due != self.calendar.due_at(accepted, amount, unit)
        unit = Unit.WORK_DAYS if chosen else unit
        return self._row(REPLY, pk, number, area, holder, None if chosen else amount, unit, accepted, due)

    def _row(
        self,
        kind: str,
        pk: int,
        number: str,
        area: tuple[str, str],
        holder: int | None,
        amount: int | None,
        unit: str,
        start: datetime,
        due: datetime,
    ) -> list[tuple[object, ...]]:
        if due >= self.until:
            return []
        code, name = area
        said = stage_params(Need(number=number, area=Area(code=code, name=name)))
        params = json.dumps(said, ensure_ascii=False)
        url = reverse("admin:needs_need_change", args=[pk])
        about = (kind, f"need:{pk}", number, url, code, params, holder, amount, unit)
        return [(*about, start, start, due, 0, due, holder, Outcome.RUNNING)]
