"""What the lab's dues do: leave a trace that shows doubling, remind people, hand texts to somebody who remembers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.db import connection

from deadlines.kinds import DueKind, StageKind, register_kind, register_stage
from deadlines.models import Due, Stage
from deadlines.states import Audience, Unit
from notifications.channels import Outgoing, Receipt, register_provider
from notifications.channels.sms import ToPhones
from notifications.messages import MessageClass
from notifications.states import Channel
from people.models import User
from tests.prove.lab.dying import step

LADDER = ((-1, Audience.HANDS), (0, Audience.HANDS), (1, Audience.SUPERVISOR), (3, Audience.PARTY_OFFICE))
GRACE = timedelta(days=1)


class LabReminder(MessageClass):
    """To the inbox and as a text message."""

    rule = "lab.Reminder"
    label = "测试提醒"
    channels = (Channel.INAPP, Channel.SMS)
    title = "%(label)s：第%(offset)s天"
    sms = "%(label)s：第%(offset)s天"
    sample = {"label": "XQ-1", "offset": "0"}


class LabMail(LabReminder):
    """By e-mail alone."""

    rule = "lab.Mail"
    channels = (Channel.EMAIL,)


def _remind(stage: Stage, offset: int, audience: str) -> MessageClass:
    return LabReminder(params={"label": stage.label, "offset": str(offset)}, subject_label=stage.label)


def _hands(stage: Stage) -> Sequence[User]:
    return list(User.objects.filter(username__in=["lab-worker", "lab-colleague"]))


def leave_trace(dues: Sequence[Due]) -> None:
    """A row per due and no constraint: whoever handles twice is seen."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO lab_effect (due_key) VALUES (%s)", [[due.key] for due in dues])


class LabSms(ToPhones):
    """Somebody outside, who remembers every call in a file. The same key twice is one text."""

    deduplicates: ClassVar[bool] = True

    def closed(self) -> str:
        return ""

    def send(self, message: Outgoing) -> Receipt:
        step()
        remember(message.key, message.address, message.params)
        step()
        return Receipt(provider_id=f"lab-{message.key}")


class LabMailbox(LabSms):
    """The same for e-mails."""

    def unreachable(self, address: str) -> str:
        return ""


def remember(key: object, address: str, params: Mapping[str, Any]) -> None:
    """One line in one write: a process killed beside it tears nothing."""
    line = f"{params['label']} {params['offset']} {address} {key}\n".encode()
    file = os.open(Path(os.environ["LAB_FOLDER"]) / "sent", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line)
    finally:
        os.close(file)


def declare() -> None:
    register_kind(DueKind("lab.thing", label="测试事项", handle=leave_trace, grace=GRACE))
    register_stage(StageKind("lab.answer", "测试答复", 5, Unit.WORK_DAYS, LADDER, _remind, _hands))
    register_provider(Channel.SMS, "lab", LabSms)
    register_provider(Channel.EMAIL, "lab", LabMailbox)
