"""Accounts, the roles they hold, and who holds a role somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.privacy import blind_index, clean_phone
from alliance.lib.text import clean, fold
from people.models import Area, RoleGrant, User
from people.signals import account_changed, grant_changed
from people.states import Role

PHONE_MESSAGE = _("手机号应为11位数字；座机请带区号。")
MAY_GRANT = frozenset({Role.SYSTEM_ADMIN})
"""Accounts and roles are given by system administrators; they never give themselves another administrator's role."""


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str | None = None,
    phone: str = "",
    is_demo: bool = False,
    by: User | None = None,
) -> User:
    """A new account without any right. ``by=None`` is the installation itself.

    Raises ``Invalid`` (user name taken, weak password, wrong phone) and ``NotAllowed`` (no system administrator; a
    demo account where the demo is off).
    """
    if (by is not None and not by.has_role(*MAY_GRANT)) or (is_demo and not settings.DEMO):
        raise NotAllowed
    digits = clean_phone(phone, message=PHONE_MESSAGE) if phone else ""
    user = User(username=fold(username), name=clean(name), phone=digits, is_demo=is_demo)
    user.phone_index = blind_index("phone", digits)
    user.must_change_password = bool(password) and not is_demo
    if password and not is_demo:
        _check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Invalid({"username": [_("这个用户名已经有人用了。")]}) from error
    account_changed.send(User, user=user, by=by, change="created")
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": error.messages}) from error


@transaction.atomic
def rename_user(*, user: User, by: User, name: str) -> User:
    """Change the name shown. Raises ``NotAllowed``, ``Invalid`` (empty)."""
    locked: User = User.objects.locked(user.pk)
    if by.pk != locked.pk or not by.has_role(*MAY_GRANT):
        _require_may_change(by, locked)
    if not clean(name):
        raise Invalid({"name": [_("请写姓名。")]})
    locked.name = clean(name)
    locked.save(update_fields=["name"])
    return locked


@transaction.atomic
def reset_password(*, user: User, by: User, password: str) -> User:
    """Give somebody who forgot theirs a first password again; it must be changed at the next sign-in.

    Raises ``NotAllowed``, ``Invalid`` (too weak).
    """
    locked: User = User.objects.locked(user.pk)
    _require_may_change(by, locked)
    _check_password(password, locked)
    locked.set_password(password)
    locked.must_change_password = True
    locked.save(update_fields=["password", "must_change_password"])
    _end_sessions(locked)
    account_changed.send(User, user=locked, by=by, change="password_changed")
    return locked


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """Set one's own new password; every other session and token of the account ends. Raises ``Invalid`` (too weak)."""
    locked: User = User.objects.locked(user.pk)
    _check_password(password, locked)
    locked.set_password(password)
    locked.must_change_password = False
    locked.save(update_fields=["password", "must_change_password"])
    AuthToken.objects.filter(user=locked).delete()
    account_changed.send(User, user=locked, by=locked, change="password_changed")
    return locked


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    area: Area,
    by: User | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
) -> RoleGrant:
    """Give ``user`` the ``role`` in ``area``. ``by=None`` is the installation itself (first administrator, demo).

    Ends the person's open sessions. Raises ``NotAllowed`` (no right in this area, or oneself) and ``Invalid``
    (a second kind of administrator, dates out of order).
    """
    locked: User = User.objects.locked(user.pk)
    _require_may_grant(by, locked, area.code)
    grant = RoleGrant(user=locked, role=role, area=area, granted_by=by, note=note, ends_on=ends_on)
    grant.starts_on = starts_on or timezone.localdate()
    try:
        grant.full_clean()
        with transaction.atomic():
            grant.save()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    except IntegrityError as error:
        raise Invalid({"role": [_("系统、安全、审计三种管理员不能由一人兼任。")]}) from error
    _end_sessions(locked)
    grant_changed.send(RoleGrant, grant=grant, by=by, change="given")
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, by: User, on: date | None = None) -> RoleGrant:
    """End ``grant`` on ``on`` (today); a mistake may end the day it began. Ends the person's sessions.

    Raises ``NotAllowed`` and ``Invalid`` (before it began).
    """
    locked: RoleGrant = RoleGrant.objects.locked(grant.pk)
    _require_may_grant(by, locked.user, locked.area_id)
    day = on or timezone.localdate()
    if day < locked.starts_on:
        raise Invalid({"ends_on": [_("结束日期不能早于开始日期。")]})
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    _end_sessions(locked.user)
    grant_changed.send(RoleGrant, grant=locked, by=by, change="ended")
    return locked


@transaction.atomic
def set_active(*, user: User, by: User, active: bool) -> User:
    """Switch an account on or off; off ends its sessions. Raises ``NotAllowed``."""
    locked: User = User.objects.locked(user.pk)
    _require_may_change(by, locked)
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    _end_sessions(locked)
    account_changed.send(User, user=locked, by=by, change="switched_on" if active else "switched_off")
    return locked


def _require_may_grant(by: User | None, user: User, area_code: str) -> None:
    if by is None:
        return
    if by.pk == user.pk or not (by.roles_at(area_code) & MAY_GRANT):
        raise NotAllowed


def _require_may_change(by: User, user: User) -> None:
    """An account is in the hands of whoever may give every role it holds; without a role, of any who may give one."""
    areas = user.grants.active().values_list("area_id", flat=True)
    if by.pk == user.pk or not by.has_role(*MAY_GRANT):
        raise NotAllowed
    if not all(by.roles_at(area) & MAY_GRANT for area in areas):
        raise NotAllowed


def _end_sessions(user: User) -> None:
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    AuthToken.objects.filter(user=user).delete()


def holders(roles: Iterable[str], area_code: str) -> list[User]:
    """The people who hold one of ``roles`` in ``area_code`` or in an area around it, narrowest area first."""
    prefixes = [area_code[:length] for length in range(4, len(area_code) + 1)]
    grants = (
        RoleGrant.objects.active()
        .filter(role__in=list(roles), area_id__in=prefixes, user__is_active=True)
        .select_related("user")
    )
    ordered = sorted(grants, key=lambda grant: -len(grant.area_id))
    return list(dict.fromkeys(grant.user for grant in ordered))
