"""Stages and dues of the tests' own, declared as an app would."""

from __future__ import annotations

from collections.abc import Sequence

from deadlines.kinds import StageKind
from deadlines.models import Stage
from deadlines.states import Audience, Unit
from notifications.messages import MessageClass
from people.models import User


class ThingDue(MessageClass):
    label = "测试提醒"
    title = "%(label)s：第%(offset)s天"
    body = ""
    sample = {"label": "XQ-1", "offset": "0"}


def remind(stage: Stage, offset: int, audience: str) -> MessageClass:
    return ThingDue(params={"label": stage.label, "offset": str(offset)}, subject_label=stage.label)


def hands(stage: Stage) -> Sequence[User]:
    return [stage.holder] if stage.holder else []


LADDER = ((-1, Audience.HANDS), (0, Audience.HANDS), (1, Audience.SUPERVISOR), (3, Audience.PARTY_OFFICE))
REPLY = StageKind("test.reply", "测试答复", 5, Unit.WORK_DAYS, LADDER, remind, hands)
HOURS = StageKind("test.hours", "测试首问", 2, Unit.WORK_HOURS, ((0, Audience.SUPERVISOR),), remind, hands)
