"""A code to a phone opens one's own account: once, for five minutes, for five tries, and never a colleague's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from alliance.lib.errors import Invalid, NotAllowed, TooMany
from alliance.lib.privacy import blind_index
from audit.models import AuditEntry
from audit.states import Action
from members.models import MemberUnit
from members.services import seat_liaison
from members.services.seats import seat_person
from notifications.models import Message
from people.backends import PasswordBackend, PhoneBackend
from people.models import Consent, SignInCode, User
from people.services.accounts import create_user, grant_role
from people.services.phone_sign_in import (
    FAILURES_PER_ADDRESS,
    PER_ADDRESS,
    WRONG,
    account_of,
    purge_codes,
    request_code,
    verify_code,
)
from people.services.residents import call_me, leave_everywhere, open_account
from people.states import Purpose, Role, SignIn
from tests.cast import PASSWORD, Cast, browser_of
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


def resident(phone: str = PHONE, name: str = "赵阿婆") -> User:
    return open_account(phone=phone, name=name, consented=True, notice_version=1)


def test_the_code_that_was_sent_proves_the_phone_once() -> None:
    code = ask()
    assert len(code) == 6
    assert verify_code(phone=PHONE, code=code, ip=IP) == PHONE
    with pytest.raises(Invalid) as again:
        verify_code(phone=PHONE, code=code, ip=IP)
    assert again.value.fields == {"code": [WRONG]}


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


def test_a_new_code_ends_the_one_before() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = ask()
        clock.shift(timedelta(seconds=61))
        second = ask()
        if first != second:
            with pytest.raises(Invalid):
                verify_code(phone=PHONE, code=first, ip=IP)
        assert verify_code(phone=PHONE, code=second, ip=IP)


def test_wrong_expired_used_and_never_sent_are_answered_alike() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        said = []
        code = ask()
        for given in (other_than(code), code, code):
            try:
                verify_code(phone=PHONE, code=given, ip=IP)
            except Invalid as error:
                said.append(error.fields)
        with pytest.raises(Invalid) as never:
            verify_code(phone=OTHER, code="123456", ip=IP)
        late = ask(OTHER)
        clock.shift(timedelta(minutes=6))
        with pytest.raises(Invalid) as expired:
            verify_code(phone=OTHER, code=late, ip=IP)
    assert [*said, never.value.fields, expired.value.fields] == [{"code": [WRONG]}] * 4


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
            try:
                ask()
            except TooMany:
                break
        clock.shift(timedelta(hours=1))
        with pytest.raises(TooMany):
            ask()
    assert SignInCode.objects.count() <= 10


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


def test_a_first_sign_in_makes_an_account_with_a_consent_and_a_second_finds_it() -> None:
    assert account_of(PHONE) is None
    user = resident()
    assert (user.sign_in, user.name, user.phone, user.has_usable_password()) == (SignIn.PHONE, "赵阿婆", PHONE, False)
    assert PHONE not in user.username
    consent = Consent.objects.get(subject_key=f"u:{user.pk}")
    assert (consent.notice.key, consent.notice.version) == ("account", 1)
    assert resident() == user and account_of(PHONE) == user
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("changes", [{"consented": False}, {"notice_version": 0}, {"name": "赵" * 31}])
def test_no_account_without_consent_to_this_very_version(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        open_account(**{"phone": PHONE, "name": "赵阿婆", "consented": True, "notice_version": 1, **changes})
    assert not User.objects.filter(sign_in=SignIn.PHONE).exists()


def test_an_account_with_a_password_is_never_entered_by_code_though_it_has_the_phone(cast: Cast) -> None:
    colleague = create_user(username="xujia2", name="许佳", password=PASSWORD, phone=PHONE)
    assert account_of(PHONE) is None
    own = resident()
    assert own.pk != colleague.pk
    assert PhoneBackend().get_user(colleague.pk) is None and PasswordBackend().get_user(own.pk) is None
    assert PhoneBackend().get_user(own.pk) == own and PasswordBackend().get_user(colleague.pk) == colleague


def test_a_phone_account_has_no_password_that_could_be_guessed(cast: Cast) -> None:
    own = resident()
    User.objects.filter(pk=own.pk).update(password=cast.chengxiang.worker.password)
    assert PasswordBackend().authenticate(None, username=own.username, password=PASSWORD) is None


def test_a_phone_account_gets_no_role_and_no_seat(cast: Cast) -> None:
    own, here = resident(), cast.chengxiang
    with pytest.raises(Invalid) as refused:
        grant_role(user=own, role=Role.COMMUNITY_STAFF, area=here.home, by=None)
    assert "另建一个" in str(refused.value.fields["user"][0])
    unit = MemberUnit.objects.get(area=here.street)
    with pytest.raises(Invalid):
        seat_liaison(unit=unit, user=own, by=None, is_second=True)
    seat = seat_person(unit=unit, name="赵主任", phone=PHONE, by=here.clerk, is_second=True)
    assert seat.user_id != own.pk and seat.user.sign_in == SignIn.PASSWORD


def test_the_database_keeps_one_account_a_phone_and_no_account_without_one() -> None:
    own = resident()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", phone_index=own.phone_index, sign_in=SignIn.PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="y", sign_in=SignIn.PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInCode.objects.create(phone_index="x", code_hash="y", expires_at=own.created_at, tries=6)
    User.objects.create(username="z", phone_index=own.phone_index)


def test_whoever_was_switched_off_stays_out(settings: Any) -> None:
    own = resident()
    User.objects.filter(pk=own.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        account_of(PHONE)
    with pytest.raises(NotAllowed):
        resident()
    User.objects.filter(pk=own.pk).update(is_active=True, is_demo=True)
    assert account_of(PHONE)
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        account_of(PHONE)


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


def test_what_somebody_is_called_stays_out_of_the_log() -> None:
    own = call_me(user=resident(), name="赵大妈")
    leave_everywhere(user=own)
    entries = AuditEntry.objects.filter(actor=own)
    assert {entry.actor_label for entry in entries} == {""}
    assert {entry.action for entry in entries} == {
        Action.ACCOUNT_CREATED,
        Action.ACCOUNT_RENAMED,
        Action.SESSIONS_ENDED,
    }


def test_who_reads_the_log_learns_which_account_it_was_and_not_what_it_is_called(cast: Cast) -> None:
    own = call_me(user=resident(), name="赵大妈")
    with pytest.raises(Invalid):
        verify_code(phone=PHONE, code=other_than(ask()), ip=IP)
    reader = browser_of(cast.chengxiang.audit_admin)
    page = reader.get("/admin/audit/auditentry/").content.decode()
    assert f"居民账号{own.pk}" in page and "用手机号登录" in page
    assert "赵大妈" not in page and PHONE not in page
    assert f"居民账号{own.pk}" not in reader.get("/admin/audit/auditentry/?q=赵大妈").content.decode()


def test_old_codes_are_gone_after_a_day() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask()
        clock.shift(timedelta(hours=24))
        assert purge_codes() == 0
        clock.shift(timedelta(minutes=6))
        assert purge_codes() == 1
