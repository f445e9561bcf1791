"""Limits begin while the calendar is changed: none is left that was counted by the calendar of before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from deadlines import kinds
from deadlines.models import Due, WorkDay
from deadlines.services import calendar as service
from deadlines.services.stages import start_stage
from deadlines.worktime import LOCAL
from people.models import User
from tests.cast import Cast, at_once
from tests.deadlines.things import REPLY

DAY = date(2031, 3, 4)  # a Tuesday of a year nobody has entered
START = datetime(2031, 3, 3, 10, tzinfo=LOCAL)


@pytest.fixture
def reply(transactional_db: None) -> Iterator[str]:
    """A stage of the tests' own, five working days."""
    stages = dict(kinds._stages)
    kinds.register_stage(REPLY)
    yield REPLY.name
    kinds._stages.clear()
    kinds._stages.update(stages)


def _impatient(work: Callable[[], Any]) -> Any:
    """``work`` on a connection of its own that does not wait long for a lock; what it raises is the answer."""
    answers: list[Any] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            answers.append(work())
        except OperationalError as error:
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


@pytest.mark.parametrize("held", [True, False], ids=["held", "control"])
def test_who_counts_keeps_the_calendar_as_it_is_until_the_result_is_stored(cast: Cast, held: bool) -> None:
    with transaction.atomic():
        if held:
            service.hold_calendar()
        assert service.calendar().is_working(DAY)
        answer = _impatient(lambda: service.set_days(by=None, rows=[(DAY, False, "放假")]))
        # Without the lock the day turns while somebody is still counting by it.
        assert WorkDay.objects.filter(day=DAY).exists() is not held
    assert isinstance(answer, OperationalError) is held
    assert held is False or service.set_days(by=None, rows=[(DAY, False, "放假")]) == 1


def test_two_who_count_do_not_wait_for_each_other(cast: Cast) -> None:
    def count() -> bool:
        with transaction.atomic():
            service.hold_calendar()
            return service.calendar().is_working(DAY)

    with transaction.atomic():
        service.hold_calendar()
        assert _impatient(count) is True


def test_of_limits_begun_meanwhile_each_knows_the_new_calendar_or_is_counted_again(cast: Cast, reply: str) -> None:
    holder: User = cast.chengxiang.worker

    def work(number: int) -> Any:
        if number == 0:
            return service.set_days(by=None, rows=[(DAY, False, "放假")])
        return start_stage(
            kind=reply,
            subject=f"thing:{number}",
            label=f"XQ-{number}",
            area_code=cast.chengxiang.home.pk,
            holder=holder,
            started_at=START,
        )

    started = at_once(work, 9)[1:]
    again = {pk for due in Due.objects.filter(kind="deadlines.recount") for pk in due.params["stages"]}
    old = datetime(2031, 3, 11, tzinfo=LOCAL)
    for stage in started:
        assert stage.due_at in (old, old + timedelta(days=1)), stage
        assert stage.due_at != old or stage.pk in again
