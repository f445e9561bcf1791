"""What the log hears: the door (Django, axes) and the accounts below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from alliance.lib.http import client_ip
from alliance.lib.privacy import blind_index
from alliance.lib.text import fold
from audit.services import home_area, record
from audit.states import Action
from people.models import Area, Consent, RoleGrant, User
from people.signals import account_changed, area_changed, consent_withdrawn, grant_changed, sign_in_code_refused

ACCOUNT_ACTIONS = {
    "created": Action.ACCOUNT_CREATED,
    "switched_on": Action.ACCOUNT_SWITCHED,
    "switched_off": Action.ACCOUNT_SWITCHED,
    "password_changed": Action.PASSWORD_CHANGED,
    "renamed": Action.ACCOUNT_RENAMED,
    "email_changed": Action.ACCOUNT_CONTACT,
    "sessions_ended": Action.SESSIONS_ENDED,
    "erased": Action.ERASED,
}
GRANT_ACTIONS = {"given": Action.GRANT, "ended": Action.GRANT_ENDED}


def _ip(request: HttpRequest | None) -> str:
    return client_ip(request) if request else ""


def _key(user: User) -> str:
    return f"u:{user.pk}"


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    record(Action.SIGN_IN, actor=user, subject=_key(user), area_code=home_area(user), ip=_ip(request))


@receiver(user_logged_out, dispatch_uid="audit.signed_out")
def signed_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(Action.SIGN_OUT, actor=user, subject=_key(user), area_code=home_area(user), ip=_ip(request))


def _refused(action: Action, username: str, ip: str) -> None:
    """Nobody has proven who they are, so there is no actor. What was typed is kept only if it is a user name:
    people type phones and passwords into that field."""
    name = fold(username)
    user = User.objects.filter(username=name).first()
    params = {"username": name} if user else {"name_key": blind_index("audit-name", name)}
    subject = _key(user) if user else ""
    record(action, actor=None, subject=subject, area_code=home_area(user), params=params, ip=ip)


@receiver(user_login_failed, dispatch_uid="audit.sign_in_failed")
def sign_in_failed(credentials: Mapping[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    _refused(Action.SIGN_IN_FAILED, str(credentials.get("username") or ""), _ip(request))


@receiver(user_locked_out, dispatch_uid="audit.locked_out")
def locked_out(request: HttpRequest | None = None, username: str | None = None, **kwargs: Any) -> None:
    _refused(Action.LOCKOUT, username or "", _ip(request))


@receiver(sign_in_code_refused, dispatch_uid="audit.sign_in_code_refused")
def code_refused(phone: str, ip: str, locked: bool, **kwargs: Any) -> None:
    """Nobody has proven to be anybody: equal phones can be told, none can be read."""
    action = Action.LOCKOUT if locked else Action.SIGN_IN_FAILED
    record(action, actor=None, params={"phone_key": blind_index("audit-phone", phone)}, ip=ip)


@receiver(consent_withdrawn, dispatch_uid="audit.consent_withdrawn")
def consent_was_withdrawn(consent: Consent, by: User, **kwargs: Any) -> None:
    params = {"notice": consent.notice.key, "version": consent.notice.version}
    record(Action.CONSENT_WITHDRAWN, actor=by, subject=consent.source, area_code=consent.area_code, params=params)


@receiver(grant_changed, dispatch_uid="audit.grant_changed")
def grant_was_changed(grant: RoleGrant, by: User | None, change: str, **kwargs: Any) -> None:
    params = {"role": grant.role, "starts_on": str(grant.starts_on), "ends_on": str(grant.ends_on or "")}
    action, subject = GRANT_ACTIONS[change], _key(grant.user)
    record(action, actor=by, subject=subject, area_code=grant.area_id, reason=grant.note, params=params)


@receiver(account_changed, dispatch_uid="audit.account_changed")
def account_was_changed(user: User, by: User | None, change: str, **kwargs: Any) -> None:
    area = home_area(user) or home_area(by)  # nothing but the installation's own accounts has no home
    record(ACCOUNT_ACTIONS[change], actor=by, subject=_key(user), area_code=area, params={"change": change})


@receiver(area_changed, dispatch_uid="audit.area_changed")
def area_was_changed(area: Area, by: User, changes: Mapping[str, Any], **kwargs: Any) -> None:
    record(Action.AREA_CHANGED, actor=by, subject=area.pk, area_code=area.pk, params=changes)
