"""Liaisons' seats: who may speak for a unit, between which dates. Seats are audited as grants are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members import messages
from members.models import Liaison, MemberUnit, SeatOffer
from members.permissions import seats_unit
from members.services.checked import save_checked
from notifications.services import queue
from people.models import User
from people.services.limits import take
from people.services.phone_sign_in import mobile
from people.services.residents import prepare_account
from people.states import SignIn

LOOKUPS = (30, 3600)
LISTED = (2000, 86_400)
SEAT_TAKEN = _("这段时间已有联络员，请先给原来的填上结束日期。")


@transaction.atomic
def seat_liaison(
    *,
    unit: MemberUnit,
    user: User,
    by: User | None,
    name: str = "",
    title: str = "",
    is_second: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Liaison:
    """``user``, whom the unit calls ``name``, speaks for ``unit`` from ``starts_on`` (today) until before ``ends_on``.

    ``by=None`` is the installation. A unit has at most one first and one second liaison at a time. Whoever signs in
    by phone is told how to come in. Raises ``NotAllowed``, ``Invalid`` (a closed account; dates that clash).
    """
    if by is not None and not seats_unit(by, unit):
        raise NotAllowed
    locked: User = User.objects.locked(user.pk)
    if not locked.is_active:
        raise Invalid({"user": [_("这个账号停用了，请核对手机号。")]})
    seat = Liaison(unit=unit, user=locked, name=clean(name), title=clean(title), is_second=is_second, ends_on=ends_on)
    seat.starts_on = starts_on or timezone.localdate()
    save_checked(seat, raced=SEAT_TAKEN)
    record_seat(Action.GRANT, seat, by)
    if by is not None and locked.sign_in == SignIn.PHONE:
        queue(messages.seat_given(seat), occurrence=f"seat {seat.pk}", users=[locked])
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
    """Seat somebody known by name and mobile phone: the account entered by codes to it, made if there is none.

    What residents call themselves is neither asked nor shown: the seat has a name of its own. Every seat sends a text
    message, so at most 30 an hour per person, each try in the audit log, also when the seat is refused. Hence not in
    one transaction with it. Raises as ``seat_liaison``, ``Invalid`` for a wrong phone, and ``TooMany``.
    """
    digits = mobile(phone)
    if not clean(name):
        raise Invalid({"name": [_("请填写联络员的姓名。")]})
    if not seats_unit(by, unit):
        raise NotAllowed
    take("seat-lookup", str(by.pk), limit=LOOKUPS[0], seconds=LOOKUPS[1])
    record(Action.LOOKUP, actor=by, area_code=unit.area_id, params={"unit": unit.pk})
    with transaction.atomic():
        user = prepare_account(phone=digits, by=by)
        return seat_liaison(
            unit=unit, user=user, by=by, name=name, title=title, is_second=is_second, starts_on=starts_on
        )


@transaction.atomic
def seat_listed(
    *,
    unit: MemberUnit,
    name: str,
    phone: str,
    by: User,
    title: str = "",
    is_second: bool = False,
    starts_on: date | None = None,
) -> Liaison:
    """As ``seat_person``, for a seat of an imported list: 2,000 a day per person, in the transaction of the import."""
    digits = mobile(phone)
    if not clean(name):
        raise Invalid({"name": [_("请填写联络员的姓名。")]})
    if not seats_unit(by, unit):
        raise NotAllowed
    take("seat-listed", str(by.pk), limit=LISTED[0], seconds=LISTED[1])
    record(Action.LOOKUP, actor=by, area_code=unit.area_id, params={"unit": unit.pk})
    user = prepare_account(phone=digits, by=by)
    return seat_liaison(unit=unit, user=user, by=by, name=name, title=title, is_second=is_second, starts_on=starts_on)


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
    save_checked(seat, raced=SEAT_TAKEN)
    record_seat(Action.GRANT_ENDED, seat, by)
    return seat


@transaction.atomic
def leave_seats(*, user: User) -> int:
    """The account is closed for good: its seats end today, and their names go. Returns how many had not ended."""
    held = list(Liaison.objects.select_for_update(of=("self",), no_key=True).filter(user=user).order_by("pk"))
    today, ended = timezone.localdate(), 0
    for seat in held:
        seat.name = ""
        if seat.ends_on is None or seat.ends_on > today:
            seat.ends_on = max(today, seat.starts_on)
            ended += 1
            record_seat(Action.GRANT_ENDED, seat, None)
        seat.save(update_fields=["name", "ends_on"])
    SeatOffer.objects.filter(seat__in=held).update(name="", words="")
    return ended


def seats_of(user: User, on: date | None = None) -> list[Liaison]:
    """The seats ``user`` holds on ``on`` (today), with their units; first seats before second ones."""
    held = Liaison.objects.active(on).filter(user_id=user.pk)
    return list(held.select_related("unit").order_by("is_second", "unit__sorted_as", "id"))


def speakers_of(counts: Mapping[int, int]) -> dict[int, int]:
    """``counts`` by unit, added up for each person who speaks for any of them today. One query."""
    seats = Liaison.objects.active().filter(unit_id__in=counts, user__is_active=True)
    found: dict[int, int] = {}
    for person, unit in seats.values_list("user_id", "unit_id"):
        found[person] = found.get(person, 0) + counts[unit]
    return found


def record_seat(action: Action, seat: Liaison, by: User | None) -> None:
    """Write down that a seat was given or ended."""
    params = {
        "seat": "second_liaison" if seat.is_second else "liaison",
        "unit": seat.unit_id,
        "starts_on": seat.starts_on.isoformat(),
        "ends_on": seat.ends_on.isoformat() if seat.ends_on else "",
    }
    record(action, actor=by, subject=f"u:{seat.user_id}", area_code=seat.unit.area_id, params=params)
