"""What the tests of 到期与提醒 arrange, and how they ask for its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from deadlines.models import Due, Stage
    from people.models import User
    from tests.cast import Street


def start(street: Street, number: int = 1, holder: User | None = None, kind: str = "test.reply") -> Stage:
    from deadlines.services.stages import start_stage

    return start_stage(
        kind=kind,
        subject=f"thing:{street.street.code}:{number}",
        label=f"XQ-{street.street.code[3:6]}-{number}",
        area_code=street.home.code,
        holder=holder,
        url="/admin/needs/need/1/change/",
    )


def broken(street: Street, state: str = "failed", number: int = 1, area_code: str | None = None) -> Due:
    """A due of ``street`` that ended badly, or has been waiting for an hour."""
    from deadlines.models import Due

    ended = None if state == "waiting" else timezone.now()
    return Due.objects.create(
        kind="deadlines.chase",
        subject=f"broken:{number}",
        label=f"KD-{street.street.code[3:6]}-{number}",
        area_code=street.home.code if area_code is None else area_code,
        key=f"broken:{street.street.code}:{state}:{number}",
        due_at=timezone.now() - timedelta(hours=1),
        state=state,
        attempts=6,
        last_error="OperationalError" if state == "failed" else "nobody",
        ended_at=ended,
    )


def page(person: User | None, tab: str = "", **params: Any) -> str:
    from tests.cast import browser_of

    answer = browser_of(person).get("/admin/due/", {"tab": tab, **params})
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def page_of(person: User, path: str) -> str:
    from tests.cast import browser_of

    return str(browser_of(person).get(path).content.decode())


def post(person: User, path: str, **data: str) -> Any:
    from tests.cast import browser_of

    return browser_of(person).post(path, data)


def message(street: Street, state: str, why: str = "", number: int = 1) -> Any:
    from notifications.models import Message

    secret = {"address": "13800000000", "text": "x"} if state == "waiting" else {}
    return Message.objects.create(
        rule="needs.NeedReceived",
        occurrence=f"{street.street.code}:{number}:{state}",
        recipient_key="p:" + str(number) * 43,
        channel="sms",
        state=state,
        last_error=why,
        area_code=street.home.code,
        subject_label=f"XX-{street.street.code[3:6]}-{number}",
        expires_at=timezone.now() + timedelta(days=1),
        **secret,
    )
