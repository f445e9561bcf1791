"""Accounts, the roles they hold, and who holds a role somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.privacy import blind_index, clean_phone
from alliance.lib.text import clean, fold
from people.models import Area, RoleGrant, User
from people.permissions import may_change_account
from people.signals import account_changed, grant_changed
from people.states import Role, SignIn

PHONE_MESSAGE = _("手机号应为11位数字；座机请带区号。")
MAY_GRANT = frozenset({Role.SYSTEM_ADMIN})
"""Accounts and roles are given by system administrators; they never give themselves another administrator's role."""
CLASH = _("这段时间已有这个角色，或与管理员的角色冲突，请先结束原来的。")


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str | None = None,
    phone: str = "",
    email: str = "",
    is_demo: bool = False,
    area: Area | None = None,
    by: User | None = None,
) -> User:
    """A new account without any right. ``by=None`` is the installation itself.

    ``area`` is the account's home, whose administrators keep it: by default the widest area of ``by``, none for the
    installation. Raises ``Invalid`` (user name taken, weak password, wrong phone or e-mail) and ``NotAllowed`` (no
    system administrator of that area; a demo account where the demo is off).
    """
    home = area or (_widest(by) if by else None)
    if (by is not None and not (home and by.roles_at(home.pk) & MAY_GRANT)) or (is_demo and not settings.DEMO):
        raise NotAllowed
    digits = clean_phone(phone, message=PHONE_MESSAGE) if phone else ""
    user = User(username=fold(username), name=clean(name), phone=digits, is_demo=is_demo, area=home)
    user.email = _checked_email(email)
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


def _checked_email(email: str) -> str:
    """``email`` as it is kept. Raises ``Invalid``."""
    text = fold(email)
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise Invalid({"email": [_("邮箱地址不对，请写成 name@example.cn 这样。")]}) from error
    return text


def _widest(by: User) -> Area | None:
    """The widest area in which ``by`` makes accounts."""
    codes = sorted(by.areas_of(*MAY_GRANT), key=lambda code: (len(code), code))
    return Area.objects.get(pk=codes[0]) if codes else None


def check_password_of(username: str, name: str, password: str) -> None:
    """Whether ``password`` would do for an account still to be made. Raises ``Invalid``."""
    _check_password(password, User(username=fold(username), name=clean(name)))


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
    if locked.name != clean(name):
        locked.name = clean(name)
        locked.save(update_fields=["name"])
        account_changed.send(User, user=locked, by=by, change="renamed")
    return locked


@transaction.atomic
def change_email(*, user: User, by: User, email: str) -> User:
    """Change where reminders go besides the inbox; empty for nowhere. Raises ``NotAllowed``, ``Invalid``."""
    locked: User = User.objects.locked(user.pk)
    if by.pk != locked.pk or not by.has_role(*MAY_GRANT):
        _require_may_change(by, locked)
    text = _checked_email(email)
    if locked.email != text:
        locked.email = text
        locked.save(update_fields=["email"])
        account_changed.send(User, user=locked, by=by, change="email_changed")
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
    end_sessions(locked)
    account_changed.send(User, user=locked, by=by, change="password_changed")
    return locked


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """Set one's own new password; every other session and token of the account ends.

    Raises ``Invalid`` (too weak, or the one before: whoever gave a first password would keep knowing it).
    """
    locked: User = User.objects.locked(user.pk)
    _check_password(password, locked)
    if locked.check_password(password):
        raise Invalid({"password": [_("新密码不能和原来的一样，请另想一个。")]})
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

    Ends the person's open sessions. Raises ``NotAllowed`` (no right in this area, oneself, or an account of other
    areas) and ``Invalid`` (a second role beside an administrator's, dates out of order, a resident's account).
    """
    locked: User = User.objects.locked(user.pk)
    _require_may_grant(by, locked, area.code)
    refuse_phone_account(locked)
    if by is not None and not User.objects.visible_to(by).filter(pk=locked.pk).exists():
        raise NotAllowed
    first = starts_on or timezone.localdate()
    # One that ended the day it began was a mistake: the same role from the same day is the same row, given again.
    empty = RoleGrant.objects.filter(user=locked, role=role, area=area, starts_on=first, ends_on=first).first()
    grant = empty or RoleGrant(user=locked, role=role, area=area, starts_on=first)
    grant.granted_by, grant.note, grant.ends_on = by, note, ends_on
    _save_checked(grant)
    end_sessions(locked)
    grant_changed.send(RoleGrant, grant=grant, by=by, change="given")
    return grant


def refuse_phone_account(user: User) -> None:
    """An office is held with a password. Raises ``Invalid`` for an account that a code to a phone opens."""
    if user.sign_in == SignIn.PHONE:
        raise Invalid({"user": [_("这是居民用手机号登录的账号，不能担任工作。请给他另建一个有用户名和密码的账号。")]})


def _save_checked(grant: RoleGrant) -> None:
    try:
        grant.full_clean()
        with transaction.atomic():
            grant.save()
    except ValidationError as error:
        fields = dict(error.message_dict)
        general = fields.pop(NON_FIELD_ERRORS, [])
        raise Invalid({**fields, "role": [*fields.get("role", []), *general]} if general else fields) from error
    except IntegrityError as error:
        raise Invalid({"role": [CLASH]}) from error


@transaction.atomic
def end_grant(*, grant: RoleGrant, by: User, on: date | None = None) -> RoleGrant:
    """End ``grant`` on ``on`` (today), or sooner than planned; a mistake may end the day it began. Ends the sessions.

    Raises ``NotAllowed``, ``RuleBroken`` (already ended) and ``Invalid`` (before it began, later than planned).
    """
    locked: RoleGrant = RoleGrant.objects.locked(grant.pk)
    _require_may_grant(by, locked.user, locked.area_id)
    today = timezone.localdate()
    if locked.ends_on is not None and locked.ends_on <= today:
        raise RuleBroken(_("这个角色已经结束。要再担任，请另授一次。"))
    day = on or today
    if day < locked.starts_on:
        raise Invalid({"ends_on": [_("结束日期不能早于开始日期。")]})
    if locked.ends_on is not None and day > locked.ends_on:
        raise Invalid({"ends_on": [_("结束日期只能提前。要延长，请到期后另授一次。")]})
    locked.ends_on = day
    _save_checked(locked)
    end_sessions(locked.user)
    grant_changed.send(RoleGrant, grant=locked, by=by, change="ended")
    return locked


@transaction.atomic
def set_active(*, user: User, by: User, active: bool) -> User:
    """Switch an account on or off; off ends its sessions. Raises ``NotAllowed``."""
    locked: User = User.objects.locked(user.pk)
    _require_may_change(by, locked)
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    end_sessions(locked)
    account_changed.send(User, user=locked, by=by, change="switched_on" if active else "switched_off")
    return locked


def _require_may_grant(by: User | None, user: User, area_code: str) -> None:
    if by is None:
        return
    if by.pk == user.pk or not (by.roles_at(area_code) & MAY_GRANT):
        raise NotAllowed


def _require_may_change(by: User, user: User) -> None:
    if not may_change_account(by, user):
        raise NotAllowed


def end_sessions(user: User) -> None:
    """End every open session and token of ``user``, a locked row."""
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


def places_of(roles: Iterable[str], area_code: str) -> list[tuple[int, str]]:
    """Who works in ``area_code`` or an area within it, as keys of people with the codes. One query."""
    grants = RoleGrant.objects.active().filter(role__in=list(roles), area__code__startswith=area_code)
    return list(grants.filter(user__is_active=True).values_list("user_id", "area_id"))
