"""Delivery from several real processes, some of which die while they send."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from alliance.embedded.places import REPO
from notifications.models import Message
from notifications.services import queue
from notifications.states import State
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, RecordingSms
from tests.recording import DIED, FOLDER, Records

pytestmark = pytest.mark.django_db(transaction=True)
DELIVER = "import django; django.setup(); from notifications.services import deliver_all; deliver_all()"


@pytest.fixture
def records(tmp_path: Path, recording: type[RecordingSms]) -> Iterator[Records]:
    """``recording`` opens the channel in this process; the others use the folder."""
    yield Records(tmp_path)


def _worker(records: Records) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        FOLDER: str(records.folder),
        "DJANGO_SETTINGS_MODULE": "tests.recording_settings",
        "TONGXIN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }
    return subprocess.Popen([sys.executable, "-c", DELIVER], cwd=REPO, env=environment, stderr=subprocess.DEVNULL)


def _run(records: Records, count: int = 1) -> list[int]:
    workers = [_worker(records) for _number in range(count)]
    return [worker.wait(timeout=120) for worker in workers]


def _queue(count: int) -> None:
    for number in range(count):
        queue(Answered(), occurrence=str(number), phones=[PHONE])


def test_two_processes_deliver_everything_once(records: Records) -> None:
    _queue(40)
    assert _run(records, 2) == [0, 0]
    assert Message.objects.filter(state=State.SENT).count() == 40
    assert set(Counter(said["key"] for said in records.attempts()).values()) == {1}


def test_a_process_that_dies_while_sending_loses_and_doubles_nothing(records: Records) -> None:
    _queue(3)
    records.behave("die")
    assert _run(records) == [DIED]
    assert Message.objects.filter(state=State.WAITING, leased_until__isnull=False).count() == 3
    records.behave()
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert _run(records) == [0]
    assert Message.objects.filter(state=State.SENT).count() == 3
    assert len(records.attempts()) == 4, "one was tried twice"
    assert len(records.taken()) == 3, "and taken once, by its key"


def test_a_process_killed_while_its_provider_hangs_leaves_the_message_to_the_next(records: Records) -> None:
    _queue(1)
    records.behave("hang")
    hanging = _worker(records)
    try:
        assert _until(lambda: bool(records.attempts()))
    finally:
        hanging.kill()
        hanging.wait(timeout=30)
    records.behave()
    assert _run(records) == [0]
    assert Message.objects.get().state == State.WAITING, "the lease still runs"
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert _run(records) == [0]
    assert Message.objects.get().state == State.SENT
    assert len({said["key"] for said in records.attempts()}) == 1


def _until(holds: Callable[[], bool]) -> bool:
    """Whether ``holds`` within a minute; asked again and again."""
    pause, tries = threading.Event(), 600
    return any(holds() or pause.wait(0.1) for _try in range(tries))


@pytest.mark.parametrize(("how", "state"), [("fail", State.WAITING), ("refuse", State.FAILED)])
def test_the_recording_can_fail_as_providers_do(records: Records, how: str, state: str) -> None:
    _queue(1)
    records.behave(how)
    assert _run(records) == [0]
    assert Message.objects.get().state == state
    assert records.taken() == []
