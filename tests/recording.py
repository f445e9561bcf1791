"""A provider of text messages and e-mails that any process can use: what it was given stands in a folder.

    TONGXIN_RECORDING=/some/folder   DJANGO_SETTINGS_MODULE=tests.recording_settings

Every attempt is a line of ``attempts``; what was accepted is one file per key, so that a repeated attempt is
recognised like at a real provider. ``behave`` holds one word: ``fail``, ``refuse``, ``hang``, or ``die`` (the process
ends while it sends, after the provider has taken the message).
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any, ClassVar

from django.apps import AppConfig

from notifications.channels.interface import Outgoing, Receipt, Unavailable
from notifications.channels.mail import ToMailboxes
from notifications.channels.sms import ToPhones
from notifications.states import Channel

FOLDER = "TONGXIN_RECORDING"
DIED = 77
HANG_SECONDS = 60


class Records:
    """The folder: what was tried, what was taken, and how to behave from now on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "taken").mkdir(parents=True, exist_ok=True)

    def behave(self, how: str = "") -> None:
        (self.folder / "behave").write_text(how)

    @property
    def behaviour(self) -> str:
        path = self.folder / "behave"
        return path.read_text() if path.exists() else ""

    def attempts(self) -> list[dict[str, Any]]:
        path = self.folder / "attempts"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted((self.folder / "taken").iterdir())]

    def note(self, said: dict[str, Any]) -> None:
        with (self.folder / "attempts").open("a") as lines:  # one write of one line: whole, whoever else writes
            lines.write(json.dumps(said) + "\n")

    def take(self, key: str, said: dict[str, Any]) -> None:
        with contextlib.suppress(FileExistsError):
            handle = os.open(self.folder / "taken" / key, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            with os.fdopen(handle, "w") as file:
                file.write(json.dumps(said))


class RecordingProvider:
    """Knows a repeated key and takes the message once."""

    deduplicates: ClassVar[bool] = True
    channel: ClassVar[Channel]

    def closed(self) -> str:
        return ""

    def send(self, message: Outgoing) -> Receipt:
        records = Records(Path(os.environ[FOLDER]))
        said = {"key": str(message.key), "channel": self.channel.value, "text": message.text, "pid": os.getpid()}
        records.note(said)
        behaviour = records.behaviour
        if behaviour == "fail":
            raise Unavailable
        if behaviour == "refuse":
            return Receipt(accepted=False, code="refused")
        if behaviour == "hang":
            threading.Event().wait(HANG_SECONDS)
            raise TimeoutError
        records.take(str(message.key), said)
        if behaviour == "die":
            os._exit(DIED)
        return Receipt(provider_id=f"recorded-{message.key}")


class RecordingTexts(RecordingProvider, ToPhones):
    channel = Channel.SMS


class RecordingLetters(RecordingProvider, ToMailboxes):
    deduplicates = True
    channel = Channel.EMAIL


class RecordingConfig(AppConfig):
    """Makes ``SMS_CHANNEL=recording`` and ``EMAIL_CHANNEL=recording`` known in every process."""

    name = "tests"
    label = "recording"

    def ready(self) -> None:
        from notifications.channels import register_provider

        register_provider(Channel.SMS, "recording", RecordingTexts)
        register_provider(Channel.EMAIL, "recording", RecordingLetters)
