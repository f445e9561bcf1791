"""A code to a phone opens one's own account: once, for five minutes, for five tries, and never a colleague's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from alliance.lib.errors import Invalid, TooMany
from alliance.lib.privacy import blind_index
from audit.models import AuditEntry
from audit.states import Action
from notifications.models import Message
from people.models import SignInCode
from people.services.phone_sign_in import (
    ALARM,
    FAILURES_PER_ADDRESS,
    OVER,
    PER_ADDRESS,
    CodeEnded,
    purge_codes,
    request_code,
    verify_code,
)
from people.states import Purpose
from tests.people.codes import newest_code, other_than

pytestmark = pytest.mark.django_db

PHONE, OTHER, IP = "13805710001", "13805710002", "203.0.113.7"
NOON = "2026-11-23 12:00:10+08:00"


@pytest.fixture(autouse=True)
def texts(settings: Any) -> None:
    settings.SMS_CHANNEL = "console"


def ask(phone: str = PHONE, ip: str = IP, **more: Any) -> str:
    request_code(phone=phone, ip=ip, **more)
    return newest_code()


def test_the_code_that_was_sent_proves_the_phone_once() -> None:
    code = ask()
    assert len(code) == 6
    assert verify_code(phone=PHONE, code=code, ip=IP) == PHONE
    with pytest.raises(Invalid) as again:
        verify_code(phone=PHONE, code=code, ip=IP)
    assert again.value.fields == {"code": [OVER]}


def test_only_a_digest_of_the_code_is_kept_and_the_text_waits_encrypted() -> None:
    code = ask()
    row = SignInCode.objects.get()
    assert code not in str(vars(row)) and PHONE not in str(vars(row))
    message = Message.objects.get()
    assert message.params == {} and PHONE not in message.recipient_key
    assert code not in message.occurrence + message.title + message.body + message.subject_label
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM notifications_message m")
        stored = cursor.fetchone()[0]
    assert code not in stored and PHONE not in stored


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]} {0[1]} {0[2]} {0[3]} {0[4]} {0[5]}", "full"])
def test_spaces_and_full_width_digits_are_fine(typed: str) -> None:
    code = ask()
    wide = code.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert verify_code(phone="１３８ 0571-0001", code=wide if typed == "full" else typed.format(code), ip=IP) == PHONE


def test_a_code_is_good_for_five_minutes() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        code = ask()
        clock.shift(timedelta(minutes=4, seconds=59))
        assert verify_code(phone=PHONE, code=code, ip=IP)
        code = ask()
        clock.shift(timedelta(minutes=5))
        with pytest.raises(Invalid):
            verify_code(phone=PHONE, code=code, ip=IP)


def test_five_wrong_tries_end_a_code_and_the_right_one_comes_too_late() -> None:
    code = ask()
    for _turn in range(5):
        with pytest.raises(Invalid):
            verify_code(phone=PHONE, code=other_than(code), ip=IP)
    with pytest.raises(Invalid):
        verify_code(phone=PHONE, code=code, ip=IP)
    assert SignInCode.objects.get().tries == 5


def test_control_after_four_wrong_tries_the_right_code_is_still_right() -> None:
    code = ask()
    for _turn in range(4):
        with pytest.raises(Invalid):
            verify_code(phone=PHONE, code=other_than(code), ip=IP)
    assert verify_code(phone=PHONE, code=code, ip=IP) == PHONE


def test_a_wrong_code_says_how_many_tries_are_left_and_the_fifth_that_it_is_over() -> None:
    code, said = ask(), []
    for given in [*[other_than(code)] * 5, code]:
        with pytest.raises(Invalid) as refused:
            verify_code(phone=PHONE, code=given, ip=IP)
        said.append(refused.value)
    *before, fifth, late = said
    for left, error in zip((4, 3, 2, 1), before, strict=True):
        assert f"验证码不对，请您再看一遍短信，还可以试{left}次" in str(error.fields["code"][0]) and not isinstance(
            error, CodeEnded
        )
    for error in (fifth, late):
        assert isinstance(error, CodeEnded) and "作废了，请重新发送" in str(error.message) and not error.fields


def test_a_new_code_ends_the_one_before() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = ask()
        clock.shift(timedelta(seconds=61))
        second = ask()
        if first != second:
            with pytest.raises(Invalid):
                verify_code(phone=PHONE, code=first, ip=IP)
        assert verify_code(phone=PHONE, code=second, ip=IP)


def test_expired_used_and_never_sent_are_answered_alike() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        code = ask()
        verify_code(phone=PHONE, code=code, ip=IP)
        with pytest.raises(Invalid) as used:
            verify_code(phone=PHONE, code=code, ip=IP)
        with pytest.raises(Invalid) as never:
            verify_code(phone=OTHER, code="123456", ip=IP)
        late = ask(OTHER)
        clock.shift(timedelta(minutes=6))
        with pytest.raises(Invalid) as expired:
            verify_code(phone=OTHER, code=late, ip=IP)
    assert [one.value.fields for one in (used, never, expired)] == [{"code": [OVER]}] * 3


def test_a_code_for_one_thing_does_not_open_another_and_not_another_phone() -> None:
    code = ask(purpose=Purpose.ERASE)
    for phone, purpose in ((PHONE, Purpose.SIGN_IN), (OTHER, Purpose.ERASE)):
        with pytest.raises(Invalid):
            verify_code(phone=phone, code=code, ip=IP, purpose=purpose)
    assert verify_code(phone=PHONE, code=code, ip=IP, purpose=Purpose.ERASE)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abc"])
def test_what_cannot_be_a_code_costs_no_try(typed: str) -> None:
    ask()
    with pytest.raises(Invalid):
        verify_code(phone=PHONE, code=typed, ip=IP)
    assert SignInCode.objects.get().tries == 0


@pytest.mark.parametrize("typed", ["", "0571-82345678", "1380571", "23805710001", "十三"])
def test_a_text_message_reaches_mobiles_only(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        request_code(phone=typed, ip=IP)
    assert set(refused.value.fields) == {"phone"}


def test_one_a_minute_five_an_hour_ten_a_day() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        with pytest.raises(TooMany) as soon:
            ask()
        assert soon.value.retry_after == 60
        for _turn in range(4):
            clock.shift(timedelta(seconds=61))
            ask()
        clock.shift(timedelta(seconds=61))
        with pytest.raises(TooMany):
            ask()
        clock.shift(timedelta(hours=1))
        for _turn in range(5):
            clock.shift(timedelta(seconds=61))
            ask()
        clock.shift(timedelta(hours=1))
        with pytest.raises(TooMany):
            ask()
        assert SignInCode.objects.count() == 10
        clock.shift(timedelta(hours=10))  # past midnight
        ask()


def test_an_address_asks_for_twenty_phones_an_hour() -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(PER_ADDRESS[0]):
            ask(f"138057200{number:02d}")
        with pytest.raises(TooMany):
            ask("13805720099")
        ask("13805720099", ip="203.0.113.8")


def test_failures_are_counted_by_address_over_all_phones() -> None:
    with time_machine.travel(NOON, tick=False):
        for _turn in range(FAILURES_PER_ADDRESS[0]):
            with pytest.raises(Invalid):
                verify_code(phone=PHONE, code="123456", ip=IP)
        with pytest.raises(TooMany):
            verify_code(phone=OTHER, code="123456", ip=IP)
        with pytest.raises(Invalid):
            verify_code(phone=OTHER, code="123456", ip="203.0.113.8")


def test_the_log_tells_of_refusals_without_telling_phones() -> None:
    code = ask()
    for _turn in range(5):
        with pytest.raises(Invalid):
            verify_code(phone=PHONE, code=other_than(code), ip=IP)
    entries = list(AuditEntry.objects.order_by("pk"))
    assert [entry.action for entry in entries] == [Action.SIGN_IN_FAILED] * 4 + [Action.LOCKOUT]
    assert {entry.ip for entry in entries} == {"203.0.113.*"}
    everything = str([vars(entry) for entry in entries])
    assert PHONE not in everything and code not in everything and other_than(code) not in everything
    assert blind_index("phone", PHONE) not in everything


def guess(turns: int, code: str, **more: Any) -> None:
    """``turns`` wrong guesses at the newest code, each from another address."""
    for turn in range(turns):
        with pytest.raises(Invalid):
            verify_code(phone=PHONE, code=other_than(code), ip=f"198.51.{turn}.{len(more)}", **more)


def fifteen_wrong_guesses(clock: Any) -> str:
    """Three codes guessed to death; the fourth, fresh."""
    for _turn in range(3):
        guess(5, ask())
        clock.shift(timedelta(seconds=61))
    return ask()


def test_fifteen_wrong_guesses_a_day_close_a_phone_whoever_makes_them_from_wherever() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        code = fifteen_wrong_guesses(clock)
        with pytest.raises(TooMany):
            verify_code(phone=PHONE, code=code, ip=IP)
        assert verify_code(phone=OTHER, code=ask(OTHER), ip=IP) == OTHER
    with time_machine.travel("2026-11-24 00:00:10+08:00", tick=False):
        assert verify_code(phone=PHONE, code=ask(), ip=IP) == PHONE


def test_control_fourteen_wrong_guesses_do_not() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for turns in (5, 5, 4):
            code = ask()
            guess(turns, code)
            clock.shift(timedelta(seconds=61))
        assert verify_code(phone=PHONE, code=code, ip=IP) == PHONE


def test_what_strangers_ask_for_at_the_door_keeps_nobody_from_deleting() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        mine = ask(purpose=Purpose.ERASE)
        ask(ip="198.51.100.1")
        assert verify_code(phone=PHONE, code=mine, ip=IP, purpose=Purpose.ERASE) == PHONE
        clock.shift(timedelta(seconds=61))
        fifteen_wrong_guesses(clock)
        with pytest.raises(TooMany):
            clock.shift(timedelta(seconds=61))
            ask()
        assert verify_code(phone=PHONE, code=ask(purpose=Purpose.ERASE), ip=IP, purpose=Purpose.ERASE) == PHONE


def test_guesses_from_everywhere_raise_an_alarm_that_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with time_machine.travel(NOON, tick=False):
        for turn in range(ALARM[0] + 2):
            with pytest.raises(Invalid):
                verify_code(phone=f"13805{turn:06d}", code="123456", ip=f"198.51.100.{turn}")
            assert ("sign_in_codes_guessed" in caplog.text) is (turn >= ALARM[0])
    assert caplog.text.count("sign_in_codes_guessed") == 1
    assert "13805" not in caplog.text and "198.51" not in caplog.text


def test_old_codes_are_gone_after_a_day() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        clock.shift(timedelta(hours=24))
        assert purge_codes() == 0
        clock.shift(timedelta(minutes=6))
        assert purge_codes() == 1
