"""What stands around the needs of one page, read once for all of them: calendar, running limits, requests for time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from deadlines.models import Stage
from deadlines.services.calendar import calendar
from deadlines.states import Outcome
from deadlines.worktime import Calendar
from needs.models import Extension, Need
from needs.services import extension_clock
from needs.services.limits import subject_of
from needs.services.waiting_ends import told_office
from needs.states import CALL_BACK, EXTENSION_WAIT, FIRST_RESPONSE, PROMISES, ExtensionState, State

LIST_FIELDS = ("holder", "area__parent", "category", "unit", "asker")
"""What a row of a list reads beside the need itself."""


@dataclass(frozen=True)
class Around:
    """For the needs of one page: the working calendar, the moment, their running limits, their requests for time."""

    cal: Calendar
    now: datetime
    stages: Mapping[tuple[str, str], Stage] = field(default_factory=dict)
    extensions: Mapping[int, Extension] = field(default_factory=dict)
    idle_told: Mapping[int, date] = field(default_factory=dict)
    """When it was told of a need that its resident has added nothing."""
    late: Mapping[str, Stage] = field(default_factory=dict)
    """The last first response that was late and is over, by its subject."""

    def stage(self, need: Need, kind: str) -> Stage | None:
        """The limit ``kind`` that runs for ``need``."""
        return self.stages.get((subject_of(need), kind))

    def late_before(self, need: Need) -> Stage | None:
        """The first response that was late where ``need`` lay before it came where it waits now."""
        before = self.late.get(subject_of(need))
        moved = before and before.stopped_at and before.stopped_at >= need.held_since
        return before if moved and need.state == State.PENDING else None

    def until(self, need: Need) -> datetime | None:
        """When the limit that runs for ``need`` runs out."""
        found = (self.stage(need, kind) for kind in (FIRST_RESPONSE, CALL_BACK, *PROMISES))
        return min((one.due_at for one in found if one and not one.paused_at), default=None)

    def extension(self, need: Need) -> Extension | None:
        """The request for more time that waits or was granted, with whom it lies (``at_community``)."""
        return self.extensions.get(need.pk)

    def decision(self, asked: Extension) -> Stage | None:
        """The limit until a request for more time is decided."""
        return self.stages.get((extension_clock.subject_of(asked.pk), EXTENSION_WAIT))


def around(needs: Sequence[Need], cal: Calendar | None = None) -> Around:
    """What the rows of ``needs`` read, in two statements however many they are; in three where somebody waits."""
    asked = Extension.objects.filter(state__in=[ExtensionState.WAITING, ExtensionState.GRANTED]).with_decider()
    promised = [need.pk for need in needs if need.is_open and need.reply_by]
    extensions = {one.need_id: one for one in asked.filter(need__in=promised)}
    waiting = [one.pk for one in extensions.values() if one.state == ExtensionState.WAITING]
    subjects = [*(subject_of(need) for need in needs if need.is_open), *map(extension_clock.subject_of, waiting)]
    runs = Q(outcome=Outcome.RUNNING, kind__in=[FIRST_RESPONSE, CALL_BACK, *PROMISES, EXTENSION_WAIT])
    was_late = Q(outcome=Outcome.BREACHED, kind=FIRST_RESPONSE)
    stages = list(Stage.objects.filter(runs | was_late, subject__in=subjects).order_by("pk"))
    return Around(
        cal or calendar(),
        timezone.now(),
        {(stage.subject, stage.kind): stage for stage in stages if stage.is_running},
        extensions,
        told_office(needs),
        {stage.subject: stage for stage in stages if not stage.is_running},
    )
