"""A token of the API is looked up in one statement that asks what the models would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIClient

from people.api.authentication import TokenAuthentication
from people.models import RoleGrant, User
from people.services.accounts import end_grant
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/api/v1/needs/"


def token_of(user: User) -> str:
    return str(AuthToken.objects.create(user=user)[1])


def looked_up(token: str) -> User:
    return TokenAuthentication().authenticate_credentials(token.encode())[0]


def test_everybody_s_roles_are_the_grants_in_force(cast: Cast) -> None:
    today = timezone.localdate()
    worker, area = cast.chengxiang.worker, cast.chengxiang.next_door
    for days, (starts, ends) in enumerate([(-9, -1), (-9, 0), (-9, 1), (0, None), (1, None)]):
        RoleGrant.objects.create(
            user=worker,
            role="grid_lead",
            area=area,
            starts_on=today + timedelta(days=starts, weeks=-days if starts < 0 else 0),
            ends_on=None if ends is None else today + timedelta(days=ends),
        )
    for user in User.objects.all():
        found = looked_up(token_of(user))
        assert found == user
        assert sorted(found.roles) == sorted(user.grants.active().values_list("role", "area_id"))


def test_two_statements_bring_the_whole_list(cast: Cast, django_assert_num_queries: Any) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(cast.chengxiang.worker)}")
    client.get(LIST)
    with django_assert_num_queries(2):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("token", ["", "unknown", "00" * 32, "令牌", "\x00\xff"])
def test_what_is_no_token_is_refused(cast: Cast, token: str) -> None:
    with pytest.raises(AuthenticationFailed):
        looked_up(token)


def test_a_role_that_ended_opens_nothing_to_an_open_token(cast: Cast) -> None:
    here = cast.chengxiang
    client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(here.worker)}")
    assert client.get(LIST).status_code == 200
    RoleGrant.objects.filter(user=here.worker).update(starts_on=timezone.localdate() - timedelta(days=3))
    end_grant(grant=RoleGrant.objects.get(user=here.worker), by=here.system_admin)
    assert client.get(LIST).status_code in (401, 403)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_in_between_costs_no_answer(cast: Cast) -> None:
    token = token_of(cast.chengxiang.worker)
    assert looked_up(token) == cast.chengxiang.worker
    connection.connection.close()
    assert looked_up(token) == cast.chengxiang.worker
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    killer = connection.copy()
    with killer.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    killer.close()
    assert looked_up(token) == cast.chengxiang.worker
