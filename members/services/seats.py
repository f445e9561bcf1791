"""Liaisons' seats: who may speak for a unit, between which dates. Seats are audited as grants are."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.privacy import blind_index, clean_phone
from alliance.lib.text import clean, fold
from audit.services import record
from audit.states import Action
from members.models import Liaison, MemberUnit
from members.permissions import seats_unit
from members.services.checked import save_checked
from people.models import User
from people.services.accounts import PHONE_MESSAGE, create_user, refuse_phone_account
from people.services.limits import take
from people.states import SignIn

LOOKUPS = (30, 3600)


@transaction.atomic
def seat_liaison(
    *,
    unit: MemberUnit,
    user: User,
    by: User | None,
    title: str = "",
    is_second: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Liaison:
    """``user`` speaks for ``unit`` from ``starts_on`` (today) until before ``ends_on`` (open).

    ``by=None`` is the installation. A unit has at most one first and one second liaison at a time. Raises
    ``NotAllowed``, ``Invalid`` (a resident's account, which a code to a phone opens; dates that clash).
    """
    if by is not None and not seats_unit(by, unit):
        raise NotAllowed
    refuse_phone_account(user)
    seat = Liaison(unit=unit, user=user, title=clean(title), is_second=is_second, ends_on=ends_on)
    seat.starts_on = starts_on or timezone.localdate()
    save_checked(seat, raced=_("这段时间已有联络员，请先给原来的填上结束日期。"))
    _record(Action.GRANT, seat, by)
    return seat


def seat_person(
    *,
    unit: MemberUnit,
    name: str,
    phone: str,
    by: User,
    title: str = "",
    is_second: bool = False,
    starts_on: date | None = None,
) -> Liaison:
    """Seat somebody known by name and phone; an account is made unless the phone has one with a password.

    The answer tells whether a phone is registered and under which name: at most 30 such questions an hour per
    person, each in the audit log, also when the seat is refused. Hence not in one transaction with it. Raises as
    ``seat_liaison``, ``Invalid`` for a wrong phone or one registered under another name, and ``TooMany``.
    """
    digits = clean_phone(phone, message=PHONE_MESSAGE)
    if not clean(name):
        raise Invalid({"name": [_("请填写联络员的姓名。")]})
    if not seats_unit(by, unit):
        raise NotAllowed
    take("seat-lookup", str(by.pk), limit=LOOKUPS[0], seconds=LOOKUPS[1])
    user = _look_up(digits, unit, by)
    if user and fold(user.name) != fold(name):
        raise Invalid({"name": [_("这个手机号登记的是另一个姓名，请核对。")]})
    with transaction.atomic():
        # Liaisons sign in by phone, so nobody types this. It must not be the phone, which is encrypted.
        # The account has no right and no password of its own (hence ``by=None``); the seat's entry names ``by``.
        user = user or create_user(username=f"liaison-{secrets.token_hex(5)}", name=name, phone=digits, area=unit.area)
        return seat_liaison(unit=unit, user=user, by=by, title=title, is_second=is_second, starts_on=starts_on)


def _look_up(digits: str, unit: MemberUnit, by: User) -> User | None:
    known = User.objects.filter(phone_index=blind_index("phone", digits), is_active=True)
    # A resident's own account stays a resident's.
    registered = known.filter(sign_in=SignIn.PASSWORD)
    user: User | None = registered.order_by("pk").first()
    params = {"unit": unit.pk, "found": user is not None}
    record(Action.LOOKUP, actor=by, subject=f"u:{user.pk}" if user else "", area_code=unit.area_id, params=params)
    return user


@transaction.atomic
def end_seat(*, pk: int, by: User, on: date | None = None) -> Liaison:
    """End a seat: ``on`` (today) is the first day without it; the day it began means it was never in force.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (already ended), ``Invalid`` (before it began).
    """
    seat = Liaison.objects.visible_to(by).locked(pk)
    if not seats_unit(by, seat.unit):
        raise NotAllowed
    today = timezone.localdate()
    if seat.ends_on is not None and seat.ends_on <= today:
        raise RuleBroken(_("这个人已经不再担任联络员。"))
    day = on or today
    if day < seat.starts_on:
        raise Invalid({"ends_on": [_("结束日期不能早于开始日期。")]})
    seat.ends_on = day
    save_checked(seat, raced=_("这段时间已有联络员，请先给原来的填上结束日期。"))
    _record(Action.GRANT_ENDED, seat, by)
    return seat


def seats_of(user: User, on: date | None = None) -> list[Liaison]:
    """The seats ``user`` holds on ``on`` (today), with their units; first seats before second ones."""
    held = Liaison.objects.active(on).filter(user_id=user.pk)
    return list(held.select_related("unit").order_by("is_second", "unit__pinyin", "id"))


def _record(action: Action, seat: Liaison, by: User | None) -> None:
    params = {
        "seat": "second_liaison" if seat.is_second else "liaison",
        "unit": seat.unit_id,
        "starts_on": seat.starts_on.isoformat(),
        "ends_on": seat.ends_on.isoformat() if seat.ends_on else "",
    }
    record(action, actor=by, subject=f"u:{seat.user_id}", area_code=seat.unit.area_id, params=params)
