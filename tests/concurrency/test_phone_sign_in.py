"""One code opens once, a phone has one account, a minute has one code: from eight threads, each beside a control."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.test import Client

from alliance.lib.errors import Invalid, TooMany
from people.models import Consent, SignInCode, User
from people.models.codes import MAX_TRIES
from people.querysets import SignInCodeQuerySet
from people.services import phone_sign_in
from people.services.limits import count, refuse_after
from people.services.phone_sign_in import WRONG_PER_PHONE, request_code, verify_code
from people.services.residents import open_account
from people.states import Purpose, SignIn
from tests.cast import at_once, resident
from tests.people.codes import newest_code, other_than

pytestmark = pytest.mark.usefixtures("transactional_db", "texts")

THREADS = 8
PHONE, IP = "13805710001", "203.0.113.7"


@pytest.fixture
def texts(settings: Any) -> None:
    settings.SMS_CHANNEL = "console"


def _code() -> str:
    request_code(phone=PHONE, ip=IP)
    return newest_code()


def test_one_code_in_eight_hands_proves_the_phone_once() -> None:
    code = _code()
    results = at_once(lambda _thread: verify_code(phone=PHONE, code=code, ip=IP), THREADS)
    assert results.count(PHONE) == 1
    assert sum(isinstance(result, Invalid) for result in results) == THREADS - 1


def test_control_without_the_lock_on_the_code_it_proves_the_phone_more_than_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, gate = _code(), threading.Barrier(THREADS)

    def unlocked(rows: SignInCodeQuerySet, phone_index: str, purpose: str) -> SignInCode | None:
        newest = rows.sent_to(phone_index, purpose).first()
        gate.wait(timeout=30)
        return newest

    monkeypatch.setattr(SignInCodeQuerySet, "newest_of", unlocked)
    results = at_once(lambda _thread: verify_code(phone=PHONE, code=code, ip=IP), THREADS)
    assert results.count(PHONE) == THREADS


def test_one_code_typed_in_eight_windows_makes_one_session() -> None:
    resident(PHONE)
    first = Client()
    first.post("/sign-in/", {"phone": PHONE})
    code, session = newest_code(), first.cookies["sessionid"].value

    def type_it(_thread: int) -> tuple[int, str]:
        window = Client()
        window.cookies["sessionid"] = session
        response = window.post("/sign-in/code/", {"code": code})
        return response.status_code, str(response.headers.get("Location", ""))

    answers = at_once(type_it, THREADS)
    assert answers.count((302, "/my/")) == 1, answers


def test_wrong_guesses_from_eight_threads_are_five() -> None:
    code = _code()

    def guess(_thread: int) -> Any:
        return verify_code(phone=PHONE, code=other_than(code), ip=IP)

    assert all(isinstance(result, Invalid) for result in at_once(guess, THREADS))
    assert SignInCode.objects.get().tries == MAX_TRIES
    with pytest.raises(Invalid):
        verify_code(phone=PHONE, code=code, ip=IP)


def test_eight_first_sign_ins_at_once_make_one_account_and_one_consent() -> None:
    def first_time(_thread: int) -> User:
        return open_account(phone=PHONE, name="赵阿婆", consented=True, notice_version=1)

    made = at_once(first_time, THREADS)
    assert len({user.pk for user in made}) == 1
    assert User.objects.filter(sign_in=SignIn.PHONE).count() == 1
    assert Consent.objects.count() == 1


def test_eight_requests_at_once_send_one_code() -> None:
    results = at_once(lambda _thread: request_code(phone=PHONE, ip=IP), THREADS)
    assert sum(isinstance(result, SignInCode) for result in results) == 1
    assert sum(isinstance(result, TooMany) for result in results) == THREADS - 1
    assert SignInCode.objects.count() == 1


def test_control_without_the_advisory_lock_several_codes_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, last_look = threading.Barrier(THREADS), phone_sign_in._require_pause
    looked = threading.local()

    def look_together(digits: str, purpose: Purpose) -> None:
        last_look(digits, purpose)
        looked.times = getattr(looked, "times", 0) + 1
        if looked.times == 2:  # the one under the lock
            gate.wait(timeout=30)

    monkeypatch.setattr(phone_sign_in, "_require_pause", look_together)
    monkeypatch.setattr(phone_sign_in, "hold_phone", lambda index: None)
    monkeypatch.setattr(phone_sign_in, "PER_PHONE", (THREADS, 3600))
    results = at_once(lambda _thread: request_code(phone=PHONE, ip=IP), THREADS)
    assert sum(isinstance(result, SignInCode) for result in results) == THREADS, results


def _guess_when_three_are_left() -> list[Any]:
    code = _code()
    for _turn in range(WRONG_PER_PHONE[0] - 3):
        count(f"code-wrong-{Purpose.SIGN_IN}", PHONE, seconds=WRONG_PER_PHONE[1])

    def guess(thread: int) -> str:
        return verify_code(phone=PHONE, code=other_than(code), ip=f"198.51.100.{thread}")

    return at_once(guess, THREADS)


def test_of_eight_guesses_at_once_as_many_count_as_the_day_has_left() -> None:
    results = _guess_when_three_are_left()
    assert sum(isinstance(result, Invalid) for result in results) == 3
    assert sum(isinstance(result, TooMany) for result in results) == THREADS - 3


def test_control_without_the_lock_on_the_code_more_guesses_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Barrier(THREADS)

    def look_together(rule: str, subject: str, **limit: Any) -> None:
        refuse_after(rule, subject, **limit)
        if rule.startswith("code-wrong"):
            gate.wait(timeout=30)

    monkeypatch.setattr(SignInCodeQuerySet, "newest_of", lambda rows, *phone: rows.sent_to(*phone).first())
    monkeypatch.setattr(phone_sign_in, "refuse_after", look_together)
    assert sum(isinstance(result, Invalid) for result in _guess_when_three_are_left()) == THREADS
