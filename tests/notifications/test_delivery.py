"""Lease, commit, send with a key, confirm: every message ends in a state, none is sent beside another deliverer."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from notifications.channels import Outgoing, Receipt, Unavailable
from notifications.models import Message
from notifications.services import deliver_all, deliver_due, delivery, oldest_waiting_seconds, queue
from notifications.services.delivery import IN_VAIN, MAX_ATTEMPTS
from notifications.states import Reason, State
from notifications.tasks import deliver
from tests.clock import database_clock
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, RecordingSms

pytestmark = pytest.mark.django_db(transaction=True)
Threads = Callable[[Callable[[int], Any], int], list[Any]]


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def _queue(count: int = 1) -> None:
    for number in range(count):
        queue(Answered(), occurrence=str(number), phones=[PHONE])


def _fail(error: BaseException) -> Callable[[Outgoing], Receipt]:
    def behave(_message: Outgoing) -> Receipt:
        raise error

    return behave


def _an_hour_ago(*names: str) -> None:
    Message.objects.update(**dict.fromkeys(names, timezone.now() - timedelta(hours=1)))


def test_a_delivered_text_keeps_neither_phone_nor_words(recording: type[RecordingSms]) -> None:
    _queue()
    assert deliver_due() == 1
    row = Message.objects.get()
    assert row.state == State.SENT
    assert row.sent_at is not None
    assert (row.address, row.text, row.secrets, row.leased_until) == (None, None, None, None)
    (sent,) = recording.sent
    assert (sent.address, sent.key) == (PHONE, row.key)
    assert sent.params == {"number": "XQ-CX-20261121-0007", "link": "/n/secret-token/"}
    assert row.provider_id == f"r-{row.key}"
    assert deliver_due() == 0


def test_two_deliverers_at_once_send_each_text_once(recording: type[RecordingSms], in_threads: Threads) -> None:
    _queue(20)
    both_hold_rows = threading.Barrier(2, timeout=20)
    waited: set[int] = set()

    def meet(message: Outgoing) -> Receipt:
        me = threading.get_ident()
        if me not in waited:
            waited.add(me)
            both_hold_rows.wait()
        return Receipt()

    recording.behave = meet
    assert in_threads(lambda _n: deliver_due(limit=10), 2) == [10, 10]
    assert set(Counter(message.key for message in recording.sent).values()) == {1}
    assert Message.objects.filter(state=State.SENT).count() == 20


def test_control_two_deliverers_without_leases_send_twice(recording: type[RecordingSms], in_threads: Threads) -> None:
    _queue(5)
    both_have_read = threading.Barrier(2, timeout=20)

    def naive(_number: int) -> None:
        rows = list(Message.objects.filter(state=State.WAITING))
        both_have_read.wait()
        for row in rows:
            recording().send(Outgoing(row.address or "", row.rule, {}, row.text or "", row.key))

    in_threads(naive, 2)
    assert set(Counter(message.key for message in recording.sent).values()) == {2}


def test_a_deliverer_killed_while_sending_loses_nothing_and_the_key_stays(
    recording: type[RecordingSms],
) -> None:
    _queue()
    recording.behave = _fail(Killed())
    with pytest.raises(Killed):
        deliver_due()
    recording.behave = None
    assert deliver_due() == 0, "the lease still runs"
    _an_hour_ago("leased_until")
    assert deliver_due() == 1
    first, second = recording.sent
    assert first.key == second.key
    assert Message.objects.get().state == State.SENT


def test_where_the_provider_knows_no_keys_an_interrupted_text_is_uncertain(
    recording: type[RecordingSms],
) -> None:
    recording.deduplicates = False
    _queue()
    recording.behave = _fail(Killed())
    with pytest.raises(Killed):
        deliver_due()
    _an_hour_ago("leased_until")
    assert deliver_due() == 0
    row = Message.objects.get()
    assert (row.state, row.last_error, len(recording.sent)) == (State.UNCERTAIN, Reason.INTERRUPTED, 1)


def test_a_deliverer_whose_lease_ran_out_does_not_overwrite_the_other(recording: type[RecordingSms]) -> None:
    _queue()

    def overtaken(_message: Outgoing) -> Receipt:
        recording.behave = None
        _an_hour_ago("leased_until")
        assert deliver_due() == 1
        raise TimeoutError

    recording.behave = overtaken
    deliver_due()
    assert Message.objects.get().state == State.SENT


def test_a_provider_that_does_not_answer_leaves_the_text_uncertain(recording: type[RecordingSms]) -> None:
    _queue()
    recording.behave = _fail(TimeoutError())
    deliver_due()
    row = Message.objects.get()
    assert (row.state, row.last_error, row.address) == (State.UNCERTAIN, Reason.TIMEOUT, None)
    assert deliver_due() == 0


def test_a_fault_of_the_channel_stops_nobody_elses_text(recording: type[RecordingSms]) -> None:
    _queue(2)
    answers = iter([ValueError("broken"), None])

    def behave(_message: Outgoing) -> Receipt:
        if error := next(answers):
            raise error
        return Receipt()

    recording.behave = behave
    assert deliver_due() == 2
    states = sorted(Message.objects.values_list("state", flat=True))
    assert states == sorted([State.SENT, State.UNCERTAIN])


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "isv.BUSINESS_LIMIT_CONTROL"),
        (f"{PHONE} is blocked", Reason.REFUSED),
        (PHONE, Reason.REFUSED),
        ("", Reason.REFUSED),
    ],
)
def test_a_refusal_fails_at_once_and_keeps_the_code_only(recording: type[RecordingSms], code: str, kept: str) -> None:
    _queue()
    recording.behave = lambda _message: Receipt(accepted=False, code=code)
    deliver_due()
    row = Message.objects.get()
    assert (row.state, row.last_error, row.address) == (State.FAILED, kept, None)


def test_an_unreachable_provider_is_tried_five_times_with_growing_pauses(
    recording: type[RecordingSms],
) -> None:
    _queue()
    recording.behave = _fail(Unavailable())
    pauses = []
    for _attempt in range(MAX_ATTEMPTS):
        before = timezone.now()
        assert deliver_due() == 1
        assert deliver_due() == 0, "not before the pause is over"
        row = Message.objects.get()
        pauses.append(round((row.not_before - before).total_seconds()))
        Message.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert pauses[:4] == [60, 120, 300, 900]
    row = Message.objects.get()
    assert (row.state, row.attempts, row.last_error) == (State.FAILED, 5, Reason.UNAVAILABLE)
    assert deliver_due() == 0


def test_what_is_too_late_is_missed_and_not_sent(recording: type[RecordingSms]) -> None:
    _queue()
    _an_hour_ago("not_before", "expires_at")
    assert deliver_due() == 0
    row = Message.objects.get()
    assert (row.state, row.reason, row.address) == (State.MISSED, "过了该发的时间", None)
    assert recording.sent == []


def test_what_was_being_sent_when_time_ran_out_is_uncertain(recording: type[RecordingSms]) -> None:
    _queue()
    _an_hour_ago("not_before", "expires_at", "leased_until")
    deliver_due()
    assert Message.objects.get().state == State.UNCERTAIN


def test_nothing_goes_out_before_its_time_and_the_wait_is_measured(recording: type[RecordingSms]) -> None:
    queue(Answered(), occurrence="7", phones=[PHONE], not_before=timezone.now() + timedelta(hours=1))
    assert deliver_due() == 0
    assert oldest_waiting_seconds() == 0
    _an_hour_ago("not_before")
    assert 3590 < oldest_waiting_seconds() < 3700
    assert deliver_due() == 1
    assert oldest_waiting_seconds() == 0


def test_a_channel_closed_after_queueing_leaves_the_text_missed(recording: type[RecordingSms], settings: Any) -> None:
    _queue()
    settings.SMS_CHANNEL = "none"
    deliver_due()
    assert Message.objects.get().reason == "未开通短信"


def test_the_task_delivers_all_and_running_it_twice_changes_nothing(recording: type[RecordingSms]) -> None:
    _queue(3)
    deliver()
    deliver()
    assert len(recording.sent) == 3
    assert deliver_all() == 0


def test_sending_inside_a_transaction_is_refused(recording: type[RecordingSms]) -> None:
    _queue()
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver_due()
    assert recording.sent == []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock as the deliverer sees it; the test moves it."""
    now = [1000.0]
    monkeypatch.setattr(delivery.time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("rests", [True, False], ids=["rests", "control"])
def test_a_hundred_hints_do_not_wait_for_a_dead_server_each(
    recording: type[RecordingSms], clock: list[float], monkeypatch: pytest.MonkeyPatch, rests: bool
) -> None:
    _queue(10)
    recording.behave = _fail(Unavailable())
    if not rests:
        monkeypatch.setattr(delivery, "REST_SECONDS", 0)
    for _hint in range(100):
        clock[0] += 0.01
        deliver()
    assert (len(recording.sent) == IN_VAIN) is rests
    clock[0] += delivery.REST_SECONDS
    deliver()
    assert len(recording.sent) >= 2 * IN_VAIN, "then the next ones are tried"


def test_a_run_with_a_slow_server_leaves_time_for_others(recording: type[RecordingSms], clock: list[float]) -> None:
    def slow(_message: Outgoing) -> Receipt:
        clock[0] += 8
        return Receipt()

    _queue(20)
    recording.behave = slow
    began = clock[0]
    deliver()
    assert len(recording.sent) > 1 and clock[0] - began < 60
    rest = Message.objects.filter(state=State.WAITING)
    assert rest.count() == 20 - len(recording.sent)
    assert set(rest.values_list("attempts", "leased_until")) == {(0, None)}


def test_what_may_go_out_now_goes_out_now_though_this_machine_is_an_hour_ahead(recording: type[RecordingSms]) -> None:
    with database_clock(timedelta(hours=-1)):
        _queue()
        deliver()
        assert len(recording.sent) == 1
        row = Message.objects.get()
        assert (row.state, row.expires_at - row.not_before) == (State.SENT, Answered.lasts)
