"""What is logged without anybody calling ``record``: the door, accounts, roles."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate, login, logout
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from knox.models import AuthToken

from alliance.lib.errors import NotAllowed
from audit.models import AuditEntry
from audit.states import Action
from people.services.accounts import create_user, end_grant, grant_role, rename_user, set_active
from people.states import Role
from tests.audit.conftest import PASSWORD, House
from tests.cast import api_of


def _request(address: str = "203.0.113.9") -> object:
    request = RequestFactory().post("/admin/login/", REMOTE_ADDR=address)
    request.session = SessionStore()
    return request


def _last(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("pk")


def test_signing_in_and_out_is_logged_with_the_area_of_the_person(house: House) -> None:
    request = _request()
    user = authenticate(request, username="xujia", password=PASSWORD)
    assert user is not None
    login(request, user)
    request.user = user
    logout(request)
    entered, left = _last(Action.SIGN_IN), _last(Action.SIGN_OUT)
    assert (entered.actor, entered.area_code, entered.ip) == (house.clerk, "330109001", "203.0.113.*")
    assert left.actor == house.clerk


def test_a_wrong_password_is_logged_without_the_password(house: House) -> None:
    authenticate(_request(), username=" XuJia ", password="my-secret-guess")
    entry = _last(Action.SIGN_IN_FAILED)
    assert (entry.actor, entry.subject, entry.params) == (None, f"u:{house.clerk.pk}", {"username": "xujia"})
    assert entry.area_code == "330109001"


def test_an_unknown_name_is_logged_as_a_digest_for_people_type_phones_and_passwords_there(
    house: House,
) -> None:
    authenticate(_request(), username="13800001234", password="x")
    entry = _last(Action.SIGN_IN_FAILED)
    assert list(entry.params) == ["name_key"]
    assert "13800001234" not in str(entry.params) + entry.subject + entry.actor_label


def test_a_lockout_is_logged(house: House) -> None:
    for _attempt in range(5):
        authenticate(_request(), username="xujia", password="wrong")
    assert _last(Action.LOCKOUT).subject == f"u:{house.clerk.pk}"


def test_giving_and_ending_a_role_is_logged(house: House) -> None:
    system = create_user(username="xitong", name="习统", password=PASSWORD)
    grant_role(user=system, role=Role.SYSTEM_ADMIN, area=house.street, by=None)
    grant = grant_role(user=house.clerk, role=Role.PARTY_OFFICE, area=house.street, by=system, note="轮岗")
    given = _last(Action.GRANT)
    assert (given.actor, given.subject, given.reason) == (system, f"u:{house.clerk.pk}", "轮岗")
    assert given.params["role"] == "party_office"
    grant.starts_on = grant.starts_on.replace(year=grant.starts_on.year - 1)
    grant.save()
    end_grant(grant=grant, by=system)
    assert _last(Action.GRANT_ENDED).params["ends_on"]


def test_making_and_switching_an_account_is_logged(house: House) -> None:
    system = create_user(username="xitong", name="习统", password=PASSWORD)
    assert _last(Action.ACCOUNT_CREATED).subject == f"u:{system.pk}"
    grant_role(user=system, role=Role.SYSTEM_ADMIN, area=house.street, by=None)
    set_active(user=house.clerk, by=system, active=False)
    assert _last(Action.ACCOUNT_SWITCHED).params == {"change": "switched_off"}


def test_what_was_refused_is_not_logged_as_done(house: House) -> None:
    before = AuditEntry.objects.filter(action=Action.GRANT).count()
    with pytest.raises(NotAllowed):
        grant_role(user=house.auditor, role=Role.LEADER, area=house.street, by=house.clerk)
    assert AuditEntry.objects.filter(action=Action.GRANT).count() == before


def test_a_new_name_is_logged_and_the_same_name_is_not(house: House) -> None:
    system = create_user(username="xitong", name="习统", area=house.street)
    grant_role(user=system, role=Role.SYSTEM_ADMIN, area=house.street, by=None)
    for _time in range(2):
        rename_user(user=house.clerk, by=system, name="许家")
    entry = AuditEntry.objects.get(action=Action.ACCOUNT_RENAMED)
    assert (entry.actor, entry.subject, entry.area_code) == (system, f"u:{house.clerk.pk}", "330109001")


def test_an_account_without_a_role_is_logged_at_its_home(house: House) -> None:
    user = create_user(username="lianluo", name="联络", password=PASSWORD, area=house.other_street)
    authenticate(_request(), username="lianluo", password="wrong")
    for action in (Action.ACCOUNT_CREATED, Action.SIGN_IN_FAILED):
        entry = _last(action)
        assert (entry.subject, entry.area_code) == (f"u:{user.pk}", "330109002")
        assert entry not in AuditEntry.objects.visible_to(house.auditor)
        assert entry in AuditEntry.objects.visible_to(house.other_auditor)


def test_ending_a_token_is_logged_as_signing_out(house: House) -> None:
    api = api_of(house.clerk)
    assert api.post("/api/v1/auth/sign-out/").status_code == 204
    entry = _last(Action.SIGN_OUT)
    assert (entry.actor, entry.area_code) == (house.clerk, "330109001")
    assert not AuthToken.objects.exists()
