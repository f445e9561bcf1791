"""One code opens once, a phone has one account, a minute has one code: from eight threads, each beside a control."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import Invalid, TooMany
from people.models import Consent, SignInCode, User
from people.models.codes import MAX_TRIES
from people.services.phone_sign_in import request_code, verify_code
from people.services.residents import open_account
from people.states import SignIn
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


def test_control_a_code_that_is_read_and_then_marked_proves_it_more_than_once() -> None:
    _code()
    gate = threading.Barrier(THREADS)

    def naive(_thread: int) -> bool:
        row = SignInCode.objects.get()
        gate.wait(timeout=30)
        SignInCode.objects.filter(pk=row.pk).update(used_at=timezone.now())
        return row.used_at is None

    assert at_once(naive, THREADS).count(True) > 1


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


def test_control_without_the_advisory_lock_several_codes_go_out() -> None:
    gate = threading.Barrier(THREADS)

    def naive(_thread: int) -> bool:
        sent = SignInCode.objects.filter(phone_index="x").exists()
        gate.wait(timeout=30)
        if not sent:
            SignInCode.objects.create(phone_index="x", code_hash="y", expires_at=timezone.now())
        return not sent

    assert at_once(naive, THREADS).count(True) > 1
