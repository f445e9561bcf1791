"""Limits begin while the calendar is changed: none is left that was counted by the calendar of before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from deadlines import kinds
from deadlines.defaults import load_ladder_defaults
from deadlines.models import Due, Stage, WorkDay
from deadlines.services import calendar as service
from deadlines.services import settings, stages
from deadlines.services.stages import start_stage
from deadlines.services.sweep import sweep_all
from deadlines.worktime import LOCAL
from needs.models import Need
from needs.services import accepting, handling, limits
from people.models import RoleGrant
from tests.cast import Cast, at_once, fresh, say_need
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


def _start(cast: Cast, kind: str, number: int = 1) -> Stage:
    return start_stage(
        kind=kind,
        subject=f"thing:{number}",
        label=f"XQ-{number}",
        area_code=cast.chengxiang.home.pk,
        holder=cast.chengxiang.worker,
        started_at=START,
    )


def test_of_limits_begun_meanwhile_each_knows_the_new_calendar_or_is_counted_again(cast: Cast, reply: str) -> None:
    def work(number: int) -> Any:
        if number == 0:
            return service.set_days(by=None, rows=[(DAY, False, "放假")])
        return _start(cast, reply, number)

    started = at_once(work, 9)[1:]
    again = {pk for due in Due.objects.filter(kind="deadlines.recount") for pk in due.params["stages"]}
    old = datetime(2031, 3, 11, tzinfo=LOCAL)
    for stage in started:
        assert stage.due_at in (old, old + timedelta(days=1)), stage
        assert stage.due_at != old or stage.pk in again


def _beside(work: Callable[[], Any], answers: list[Any]) -> threading.Thread:
    """``work`` on a connection of its own, begun and not waited for."""

    def run() -> None:
        try:
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _until_waiting(count: int) -> None:
    """Until so many connections wait for a lock."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= count:
                return
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("held", [True, False], ids=["held", "control"])
def test_the_day_promised_is_the_day_that_is_kept(cast: Cast, held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual day is decreed off between the promise and the beginning of its limit."""
    need, promised = say_need(cast.chengxiang.home), limits.default_reply_by()
    begin, answers = limits.await_reply, []

    def decreed_meanwhile(need: Need, **options: Any) -> None:
        answers.append(_impatient(lambda: service.set_days(by=None, rows=[(promised, False, "放假")])))
        begin(need, **options)

    monkeypatch.setattr(limits, "await_reply", decreed_meanwhile)
    if not held:
        monkeypatch.setattr(accepting, "hold_calendar", lambda: None)
    handling.accept_need(pk=need.pk, by=cast.chengxiang.worker)
    if isinstance(answers[0], OperationalError):
        service.set_days(by=None, rows=[(promised, False, "放假")])
    sweep_all()
    need.refresh_from_db()
    # Without the lock the limit begins as one that somebody chose, and stays on a day off for good.
    assert service.calendar().is_working(need.reply_by) is held
    assert (Stage.objects.get(kind="needs.reply").due_on == limits.default_reply_by()) is held


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "control"])
@pytest.mark.parametrize("what", ["limit", "ladder"])
def test_an_edit_finds_the_limit_that_begins_meanwhile(
    cast: Cast, reply: str, alone: bool, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_ladder_defaults()
    RoleGrant.objects.filter(user=cast.chengxiang.system_admin).update(area_id="330109")
    keeper = fresh(cast.chengxiang.system_admin)
    if not alone:
        monkeypatch.setattr(settings, "hold_calendar_alone", lambda: None)

    def edit() -> Any:
        if what == "limit":
            return settings.save_limit(by=keeper, kind=reply, amount=9, unit="work_days", version=1)
        return settings.save_steps(by=keeper, kind=reply, steps=[settings.Step(2, "hands")], version=1)

    with transaction.atomic():
        stage = _start(cast, reply)
        answer = _impatient(edit)
    assert isinstance(answer, OperationalError) is alone
    if alone:
        edit()
    sweep_all()
    stage.refresh_from_db()
    offsets = set(Due.objects.undone().filter(kind="deadlines.chase").values_list("params__offset", flat=True))
    assert ((stage.amount == 9) if what == "limit" else (offsets == {2})) is alone


@pytest.mark.parametrize("first", [True, False], ids=["calendar first", "control"])
def test_whoever_stops_a_limit_edits_one_and_changes_the_calendar_do_not_wait_in_a_circle(
    cast: Cast, first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = say_need(cast.chengxiang.home)
    answers: list[Any] = []
    threads: list[threading.Thread] = []
    RoleGrant.objects.filter(user=cast.chengxiang.system_admin).update(area_id="330109")
    keeper, plain = fresh(cast.chengxiang.system_admin), stages._running
    far = (WorkDay.objects.order_by("day").values_list("day", flat=True).last() or DAY) + timedelta(days=60)

    def running(*arguments: Any) -> Stage | None:
        found = plain(*arguments)
        if threading.current_thread() is threading.main_thread() and not threads:
            for work in (
                lambda: settings.save_limit(
                    by=keeper, kind="needs.first_response", amount=3, unit="work_hours", version=1
                ),
                lambda: service.set_days(by=None, rows=[(far, far.weekday() > 4, "调休")]),
            ):
                threads.append(_beside(work, answers))
                _until_waiting(len(threads))
        return found

    monkeypatch.setattr(stages, "_running", running)
    if not first:  # the stage is locked before the calendar is asked for
        monkeypatch.setattr(accepting, "hold_calendar", lambda: None)
        monkeypatch.setattr(stages, "hold_calendar", lambda: service.hold_calendar() if threads else None)
    try:
        handling.accept_need(pk=need.pk, by=cast.chengxiang.worker)
    except OperationalError as error:
        answers.append(error)
    for thread in threads:
        thread.join()
    assert any("deadlock" in str(answer) for answer in answers) is not first, answers
    assert [answer for answer in answers if isinstance(answer, Exception)] == [] or not first
