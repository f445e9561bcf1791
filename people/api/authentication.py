"""Who calls the API: the token, its owner and the owner's roles in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from people.backends import may_enter
from people.models import User

# Grants in force as in GrantQuerySet.active; a test holds the two together.
_FIND = """
    SELECT token.token_key, token.created, token.expiry,
           person.id, person.username, person.name, person.is_active, person.is_demo, person.must_change_password,
           person.session_epoch,
           ARRAY(SELECT ARRAY[held.role, held.area_id] FROM people_rolegrant AS held
                 WHERE held.user_id = person.id AND held.starts_on <= %(today)s
                   AND (held.ends_on IS NULL OR held.ends_on > %(today)s))
    FROM knox_authtoken AS token JOIN people_user AS person ON person.id = token.user_id
    WHERE token.digest = %(digest)s AND (token.expiry IS NULL OR token.expiry > %(now)s)
"""
_TOKEN_FIELDS = ("token_key", "created", "expiry")
_PERSON_FIELDS = ("id", "username", "name", "is_active", "is_demo", "must_change_password", "session_epoch")


class TokenAuthentication(KnoxTokenAuthentication):
    """Hashed, expiring tokens, found by their digest.

    Every call of the API passes here, so the statement is written by hand: a fifth of the time of three queries
    through the ORM. Nothing is remembered between calls: a revoked token and an ended role end at once, in every
    process. Columns not fetched here are deferred.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        digest, now = hash_token(token.decode("ascii", "replace")), timezone.now()
        row = _first_row(_FIND, {"digest": digest, "now": now, "today": timezone.localdate(now)})
        if row is None:
            raise AuthenticationFailed(_("令牌无效或已过期，请重新登录。"))
        split = len(_TOKEN_FIELDS)
        person = User.from_db("default", _PERSON_FIELDS, row[split:-1])
        if not may_enter(person):
            raise AuthenticationFailed(_("令牌无效或已过期，请重新登录。"))
        person.__dict__["roles"] = tuple((role, area) for role, area in row[-1])
        found = AuthToken.from_db("default", ("digest", *_TOKEN_FIELDS, "user_id"), (digest, *row[:split], person.pk))
        found.user = person
        return person, found


def _first_row(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row of a reading ``statement``, which is also the connection's health check.

    It is the first of nearly every call: where it fails on a connection that died since the last call, it is asked
    once more on a new one, as the separate check would have done at the price of a round trip.
    """
    if connection.in_atomic_block:
        return _row(statement, values)
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _row(statement, values)
    except (OperationalError, InterfaceError):
        connection.close()
        return _row(statement, values)


def _row(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
