"""Residents' accounts: opened with a proven phone and a consent, renamed, signed out everywhere, erased."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, Text
from alliance.lib.privacy import blind_index
from alliance.lib.registry import contributions
from alliance.lib.text import clean
from people.models import Consent, User
from people.services.accounts import end_sessions
from people.services.consents import consents_of, current_notice, record_consent, withdraw_all
from people.services.phone_sign_in import account_of, asleep_account, mobile, verify_code
from people.signals import account_changed
from people.states import Purpose, SignIn

NOTICE = "account"
MAX_NAME = 30


@transaction.atomic
def open_account(*, phone: str, name: str, consented: bool, notice_version: int) -> User:
    """The account of ``phone`` (digits, proven a moment ago), made with the consent to the notice ``account``.

    Of two at once one makes it and both get it. One that is asleep is closed for it. Raises ``Invalid`` (no consent,
    another version, a long name) and ``NotAllowed`` (switched off).
    """
    notice = current_notice(NOTICE)
    _check(name, consented, notice_version, notice.version)
    _close_asleep(phone)
    user = account_of(phone) or _make(phone, name, by=None)
    locked: User = User.objects.locked(user.pk)
    if awaits_consent(locked):
        key = f"u:{locked.pk}"
        record_consent(notice=notice, subject_key=key, source=key, channel="web", area_code="")
        if clean(name) and locked.name != clean(name):
            locked.name = clean(name)
            locked.save(update_fields=["name"])
    return locked


@transaction.atomic
def prepare_account(*, phone: str, by: User | None, name: str = "") -> User:
    """The account of ``phone`` for somebody whom ``by`` gives something to do (a seat), or enters for something at
    their own word: found, or made, without a ``name`` unless they said it. One that is there keeps its own.

    ``by=None`` is the installation. The consent is asked for at the first entry (``awaits_consent``). One that is
    asleep is closed for it: what was said with the phone before may be another's. Raises ``Invalid`` (no mobile
    number), ``NotAllowed`` (switched off).
    """
    digits = mobile(phone)
    _close_asleep(digits)
    return account_of(digits) or _make(digits, name, by=by)


def awaits_consent(user: User) -> bool:
    """Whether nobody has agreed to anything for this account yet: it was made for them, and never entered."""
    key = f"u:{user.pk}"
    given = Consent.objects.filter(subject_key=key, source=key, withdrawn_at__isnull=True)
    return user.sign_in == SignIn.PHONE and not given.exists()


def _make(phone: str, name: str, *, by: User | None) -> User:
    """A new account of ``phone``, made by ``by`` or by its owner (None); of two at once one makes it, both get it."""
    user = User(
        username=f"phone-{secrets.token_hex(12)}",
        name=clean(name),
        phone=phone,
        phone_index=blind_index("phone", phone),
        sign_in=SignIn.PHONE,
    )
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        found = account_of(phone)
        if found is None:
            raise
        return found
    account_changed.send(User, user=user, by=by or user, change="created")
    return user


def _close_asleep(phone: str) -> None:
    """Another's account may be behind a number that was not used for long: it loses the phone, and is closed."""
    found = asleep_account(phone)
    if found is None:
        return
    old: User = User.objects.locked(found.pk)
    if old.phone_index != found.phone_index or not old.is_asleep:
        return
    _empty(old)
    account_changed.send(User, user=old, by=None, change="switched_off")


def _empty(locked: User) -> None:
    locked.name = locked.phone = locked.phone_index = locked.email = ""
    locked.is_active = False
    locked.save(update_fields=["name", "phone", "phone_index", "email", "is_active"])
    end_sessions(locked)


def _check(name: str, consented: bool, version: int, current: int) -> None:
    errors: dict[str, list[Text]] = {}
    if len(clean(name)) > MAX_NAME:
        errors["name"] = [_("称呼请不要超过%(n)d个字。") % {"n": MAX_NAME}]
    if not consented:
        errors["consent"] = [_("同意的话，请在这里打勾；不同意就不建账号，仍可用编号和查询码查。")]
    elif version != current:
        errors["consent"] = [_("告知有更新，请再看一遍，同意的话重新打勾。")]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def call_me(*, user: User, name: str) -> User:
    """Change one's own form of address; empty is fine. Raises ``NotAllowed`` (no resident), ``Invalid`` (too long)."""
    locked = _own(user)
    if len(clean(name)) > MAX_NAME:
        raise Invalid({"name": [_("称呼请不要超过%(n)d个字。") % {"n": MAX_NAME}]})
    if locked.name != clean(name):
        locked.name = clean(name)
        locked.save(update_fields=["name"])
        account_changed.send(User, user=locked, by=locked, change="renamed")
    return locked


@transaction.atomic
def leave_everywhere(*, user: User) -> User:
    """End every session and token of one's own account, on all devices."""
    locked: User = User.objects.locked(user.pk)
    end_sessions(locked)
    account_changed.send(User, user=locked, by=locked, change="sessions_ended")
    return locked


def erase_with_code(*, user: User, code: str, ip: str) -> None:
    """``erase_account`` for whoever types the code that was sent for it.

    Not for use inside a transaction. Raises as ``verify_code``; ``NotAllowed`` for an account with a password.
    """
    if user.sign_in != SignIn.PHONE:
        raise NotAllowed
    verify_code(phone=user.phone, code=code, ip=ip, purpose=Purpose.ERASE)
    erase_account(user=user)


@transaction.atomic
def erase_account(*, user: User) -> None:
    """Empty and close the account of a resident who has just proven the phone once more.

    What the apps above keep of the person is theirs to delete, or to mark for deletion (``my.erase``: user → None,
    in this transaction). Consents are withdrawn, sessions end. Raises ``NotAllowed`` for an account with a password.
    """
    locked = _own(user)
    for erase in contributions("my.erase"):
        erase(locked)
    consents = Consent.objects.filter(pk__in=[consent.pk for consent in consents_of(locked)])
    withdraw_all(consents, by=locked)
    # Whoever signs in with this phone later is somebody new: no key leads from the phone to what was agreed.
    consents.update(subject_key=f"u:{locked.pk}")
    _empty(locked)
    account_changed.send(User, user=locked, by=locked, change="erased")


def _own(user: User) -> User:
    locked: User = User.objects.locked(user.pk)
    if locked.sign_in != SignIn.PHONE or not locked.is_active:
        raise NotAllowed
    return locked
