"""A resident's account: one a phone, with a consent, without a password, a role or a name in the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alliance.lib.errors import Invalid, NotAllowed
from audit.models import AuditEntry
from audit.states import Action
from members.models import MemberUnit
from members.services.seats import seat_person
from people.backends import PasswordBackend, PhoneBackend
from people.models import Consent, RoleGrant, SignInCode, User
from people.services.accounts import create_user, grant_role
from people.services.phone_sign_in import account_of, request_code, verify_code
from people.services.residents import call_me, erase_with_code, leave_everywhere, open_account
from people.states import Purpose, Role, SignIn
from portal.parcel import take_along
from tests.cast import PASSWORD, Cast, browser_of, resident
from tests.people.codes import newest_code, other_than

pytestmark = pytest.mark.django_db

PHONE, IP = "13805710001", "203.0.113.7"


def test_a_first_sign_in_makes_an_account_with_a_consent_and_a_second_finds_it() -> None:
    assert account_of(PHONE) is None
    user = resident(PHONE)
    assert (user.sign_in, user.name, user.phone, user.has_usable_password()) == (SignIn.PHONE, "赵阿婆", PHONE, False)
    assert PHONE not in user.username
    consent = Consent.objects.get(subject_key=f"u:{user.pk}")
    assert (consent.notice.key, consent.notice.version) == ("account", 1)
    assert resident(PHONE) == user and account_of(PHONE) == user
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("changes", [{"consented": False}, {"notice_version": 0}, {"name": "赵" * 31}])
def test_no_account_without_consent_to_this_very_version(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        open_account(**{"phone": PHONE, "name": "赵阿婆", "consented": True, "notice_version": 1, **changes})
    assert not User.objects.filter(sign_in=SignIn.PHONE).exists()


def test_an_account_with_a_password_is_never_entered_by_code_though_it_has_the_phone(cast: Cast) -> None:
    colleague = create_user(username="xujia2", name="许佳", password=PASSWORD, phone=PHONE)
    assert account_of(PHONE) is None
    own = resident(PHONE)
    assert own.pk != colleague.pk
    assert PhoneBackend().get_user(colleague.pk) is None and PasswordBackend().get_user(own.pk) is None
    assert PhoneBackend().get_user(own.pk) == own and PasswordBackend().get_user(colleague.pk) == colleague


def test_a_phone_account_has_no_password_that_could_be_guessed(cast: Cast) -> None:
    own = resident(PHONE)
    User.objects.filter(pk=own.pk).update(password=cast.chengxiang.worker.password)
    assert PasswordBackend().authenticate(None, username=own.username, password=PASSWORD) is None


def test_a_phone_account_gets_no_role_but_may_speak_for_a_unit(cast: Cast) -> None:
    own, here = resident(PHONE), cast.chengxiang
    with pytest.raises(Invalid) as refused:
        grant_role(user=own, role=Role.COMMUNITY_STAFF, area=here.home, by=None)
    assert "另建一个" in str(refused.value.fields["user"][0])
    unit = MemberUnit.objects.get(area=here.street)
    seat = seat_person(unit=unit, name="赵主任", phone=PHONE, by=here.clerk, is_second=True)
    assert seat.user == own and seat.shown_name == "赵主任"
    assert User.objects.get(pk=own.pk).name == own.name  # what one calls oneself is one's own


def test_the_database_keeps_one_account_a_phone_and_no_account_without_one() -> None:
    own = resident(PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", phone_index=own.phone_index, sign_in=SignIn.PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="y", sign_in=SignIn.PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInCode.objects.create(phone_index="x", code_hash="y", expires_at=own.created_at, tries=6)
    User.objects.create(username="z", phone_index=own.phone_index)


def test_whoever_was_switched_off_stays_out(settings: Any) -> None:
    own = resident(PHONE)
    User.objects.filter(pk=own.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        account_of(PHONE)
    with pytest.raises(NotAllowed):
        resident(PHONE)
    User.objects.filter(pk=own.pk).update(is_active=True, is_demo=True)
    assert account_of(PHONE)
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        account_of(PHONE)


def test_no_service_of_ones_own_data_serves_an_account_with_a_password(cast: Cast, settings: Any) -> None:
    settings.SMS_CHANNEL = "console"
    worker = create_user(username="xujia2", name="许佳", password=PASSWORD, phone=PHONE)
    request_code(phone=PHONE, ip=IP, purpose=Purpose.ERASE)
    code = newest_code()
    with pytest.raises(NotAllowed):
        erase_with_code(user=worker, code=code, ip=IP)
    with pytest.raises(NotAllowed):
        take_along(user=worker, ip=IP)
    assert User.objects.get(pk=worker.pk).phone == PHONE
    own = resident(PHONE)
    with take_along(user=own, ip=IP) as content:
        assert content.read(2) == b"PK"
    erase_with_code(user=own, code=code, ip=IP)
    assert not User.objects.get(pk=own.pk).is_active


def test_what_somebody_is_called_stays_out_of_the_log() -> None:
    own = call_me(user=resident(PHONE), name="赵大妈")
    leave_everywhere(user=own)
    entries = AuditEntry.objects.filter(actor=own)
    assert {entry.actor_label for entry in entries} == {""}
    assert {entry.action for entry in entries} == {
        Action.ACCOUNT_CREATED,
        Action.ACCOUNT_RENAMED,
        Action.SESSIONS_ENDED,
    }


def test_who_reads_the_log_learns_which_account_it_was_and_not_what_it_is_called(cast: Cast, settings: Any) -> None:
    settings.SMS_CHANNEL = "console"
    own = call_me(user=resident(PHONE), name="赵大妈")
    request_code(phone=PHONE, ip=IP)
    with pytest.raises(Invalid):
        verify_code(phone=PHONE, code=other_than(newest_code()), ip=IP)
    street = browser_of(cast.chengxiang.audit_admin).get("/admin/audit/auditentry/").content.decode()
    assert f"居民账号{own.pk}" not in street and "用手机号登录" not in street
    city = create_user(username="shishenji", name="申市", password=PASSWORD)
    User.objects.filter(pk=city.pk).update(must_change_password=False)
    RoleGrant.objects.create(user=city, role=Role.AUDIT_ADMIN, area_id="3301")
    reader = browser_of(city)
    page = reader.get("/admin/audit/auditentry/").content.decode()
    assert f"居民账号{own.pk}" in page and "用手机号登录" in page
    assert "赵大妈" not in page and PHONE not in page
    assert f"居民账号{own.pk}" not in reader.get("/admin/audit/auditentry/?q=赵大妈").content.decode()
