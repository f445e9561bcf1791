"""Two people, and providers that record instead of sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from notifications.models import Robot
    from people.models import User
    from tests.cast import Cast
    from tests.notifications.robot_server import Group
    from tests.notifications.said import RecordingMail, RecordingSms
    from tests.notifications.smtp_server import Tiny

PHONE = "13800005678"


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No channel is left alone because of what an earlier test met."""
    from notifications.services import delivery

    monkeypatch.setattr(delivery, "_resting", {})


@pytest.fixture
def reader(db: None) -> User:
    return _person("duzhe", "许佳", "13800000001")


@pytest.fixture
def neighbour(db: None) -> User:
    return _person("linju", "许嘉", "")


def _person(username: str, name: str, phone: str) -> User:
    from people.services.accounts import create_user

    return create_user(username=username, name=name, phone=phone)


@pytest.fixture
def recording(settings: Any) -> Iterator[type[RecordingSms]]:
    from notifications.channels import register_provider
    from notifications.states import Channel
    from tests.notifications.said import RecordingSms

    register_provider(Channel.SMS, "recording", RecordingSms)
    settings.SMS_CHANNEL = "recording"
    RecordingSms.reset()
    yield RecordingSms
    RecordingSms.reset()


@pytest.fixture
def mailbox(settings: Any) -> Iterator[type[RecordingMail]]:
    from notifications.channels import register_provider
    from notifications.states import Channel
    from tests.notifications.said import RecordingMail

    register_provider(Channel.EMAIL, "recording", RecordingMail)
    settings.EMAIL_CHANNEL = "recording"
    RecordingMail.reset()
    yield RecordingMail
    RecordingMail.reset()


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tiny]:
    """A mail server at the other end, and little patience with it."""
    from notifications.channels import mail
    from tests.notifications.smtp_server import tiny_server

    monkeypatch.setattr(mail, "STEP_SECONDS", 1)
    monkeypatch.setattr(mail, "TALK_SECONDS", 2)
    with tiny_server() as tiny:
        settings.EMAIL_CHANNEL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", tiny.port
        settings.DEFAULT_FROM_EMAIL = "office@tongxin.example"
        yield tiny


@pytest.fixture
def group(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    """A platform at the other end of the robots, and little patience with it."""
    from notifications.channels import robots
    from tests.notifications.robot_server import robot_server

    monkeypatch.setattr(robots, "STEP_SECONDS", 1.0)
    monkeypatch.setattr(robots, "TALK_SECONDS", 1.5)
    with robot_server() as fake:
        settings.ROBOT_TEST_SERVER = ("127.0.0.1", fake.port)
        yield fake


@pytest.fixture
def cast(db: None) -> Cast:
    from tests.cast import build

    return build()


@pytest.fixture
def admin(cast: Cast) -> User:
    return cast.chengxiang.system_admin


@pytest.fixture
def robot(cast: Cast, admin: User) -> Robot:
    from tests.notifications.telling import new_robot

    return new_robot(admin, cast.chengxiang.street.pk)


@pytest.fixture
def in_threads() -> Callable[[Callable[[int], Any], int], list[Any]]:
    """Run a function in several threads at once, each with a connection of its own."""
    from django.db import connection

    def run(work: Callable[[int], Any], count: int) -> list[Any]:
        def one(number: int) -> Any:
            try:
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run
