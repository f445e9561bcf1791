"""Ask somebody by a link to take a seat: a new one, or the one that is handed over (交接).

Offering sends a text message to a number somebody typed. So it is limited and logged like ``seat_person``, outside
the transaction: a refused try counts as well. The phone is forgotten with the answer.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.privacy import blind_index
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from deadlines.services.dues import NewDue, add_dues, drop_dues
from members import messages
from members.models import Liaison, MemberUnit, SeatOffer
from members.permissions import may_offer_seat
from members.services.checked import save_checked
from members.services.seats import LOOKUPS
from members.states import OfferState
from notifications.services import card_url, make_card, queue
from people.models import User
from people.services.limits import DAY, take
from people.services.phone_sign_in import mobile

CARD = "members.seat"
EXPIRE, FORGET = "members.seat_offer_over", "members.seat_offer_name"
LASTS, NAME_KEPT, FARTHEST = timedelta(days=14), timedelta(days=30), timedelta(days=180)
PER_PHONE = (5, DAY)
MOST_WORDS = 300
ALREADY_ASKED = _("已经请了一位，正等答复。要换人请先撤回。")
OVER = _("这份邀请已经结束，不能再改。")


def subject_of(offer: SeatOffer) -> str:
    """The offer as the subject of its card and its dues."""
    return f"seat_offer:{offer.pk}"


def offer_seat(
    *,
    unit_id: int,
    by: User,
    name: str,
    phone: str,
    title: str = "",
    is_second: bool = False,
    starts_on: date | None = None,
    hands_over: int | None = None,
    words: str = "",
) -> SeatOffer:
    """Ask ``name`` by a text message to speak for the unit from ``starts_on`` (today); with ``hands_over``, in place of
    whoever has that seat.

    By whoever seats people there; a liaison may hand over their own seat, the first one also ask somebody to be the
    second. Raises ``NotFound``, ``NotAllowed``, ``TooMany``, ``Invalid`` (name, phone, date, seat taken, somebody asked
    already) and ``RuleBroken`` (the seat to hand over has ended).
    """
    digits = _typed(name, phone, words)
    unit = MemberUnit.objects.visible_to(by).filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    _allowed(by, unit, hands_over, is_second)
    _count(by, unit, digits)
    with transaction.atomic():
        unit = MemberUnit.objects.visible_to(by).locked(unit_id)
        given = _allowed(by, unit, hands_over, is_second, lock=True)
        offer = SeatOffer(unit=unit, name=clean(name), title=clean(title), words=clean(words), created_by=by)
        offer.is_second, offer.hands_over = given.is_second if given else is_second, given
        offer.phone, offer.phone_index = digits, blind_index("phone", digits)
        offer.starts_on = starts_on or timezone.localdate()
        offer.expires_at = timezone.now() + LASTS
        _require_sense(offer)
        _end_overdue(unit)
        save_checked(offer, raced=ALREADY_ASKED)
        _send(offer)
    return offer


def resend_seat_offer(*, pk: int, by: User) -> SeatOffer:
    """Another link, for 14 days from now; the old one is dead. Raises as ``offer_seat``, ``RuleBroken`` (settled)."""
    found = SeatOffer.objects.visible_to(by).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise NotFound
    _require_settles(by, found)
    if found.state != OfferState.OPEN or not found.phone:
        raise RuleBroken(OVER)
    _count(by, found.unit, found.phone)
    with transaction.atomic():
        found.expires_at = timezone.now() + LASTS
        _send(found)  # the card first: whoever answers holds it before the offer
        offer = _held(found)
        _require_settles(by, offer)
        offer.expires_at = found.expires_at
        offer.save(update_fields=["expires_at"])
    return offer


@transaction.atomic
def withdraw_seat_offer(*, pk: int, by: User) -> SeatOffer:
    """Take an offer back; its link says so. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (settled)."""
    found = SeatOffer.objects.visible_to(by).filter(pk=pk).first()
    if found is None:
        raise NotFound
    offer = _held(found)
    _require_settles(by, offer)
    settle(offer, OfferState.WITHDRAWN)
    drop_dues(subject=subject_of(offer), kind=EXPIRE)
    return offer


def settle(offer: SeatOffer, state: OfferState, *, seat: Liaison | None = None) -> None:
    """End ``offer`` (locked): its phone goes at once, the name of somebody who took no seat after 30 days.

    The due that ends it is the caller's to drop (a due does not cancel itself), as the last lock of the transaction.
    """
    offer.state, offer.seat, offer.answered_at = state, seat, timezone.now()
    offer.phone = offer.phone_index = ""
    offer.save(update_fields=["state", "seat", "answered_at", "phone", "phone_index"])
    if seat is None:
        forget_later(offer)


def forget_later(offer: SeatOffer) -> None:
    """What still says who was asked goes 30 days after ``offer`` ended."""
    key = f"{FORGET}:{offer.pk}:{offer.answered_at:%Y%m%d}"
    add_dues([NewDue(FORGET, subject_of(offer), timezone.now() + NAME_KEPT, key, **_place(offer))])


def withdraw_offers_of(unit: MemberUnit) -> list[SeatOffer]:
    """The unit (locked) is leaving: its open offers end. Returns them."""
    rows = SeatOffer.objects.filter(unit=unit, state=OfferState.OPEN).order_by("pk")
    offers = list(rows.select_for_update(of=("self",), no_key=True))
    for offer in offers:
        settle(offer, OfferState.WITHDRAWN)
    for offer in offers:
        drop_dues(subject=subject_of(offer), kind=EXPIRE)
    return offers


@transaction.atomic
def forget_asked(*, user: User) -> None:
    """Whoever deletes their account is asked for nothing any more: the offers sent to their phone end.

    Of those that ended and still have the phone (a merge took them back), it goes as well.
    """
    if user.phone_index:
        rows = SeatOffer.objects.filter(phone_index=user.phone_index).order_by("pk")
        for offer in rows.select_for_update(of=("self",), no_key=True):
            if offer.state == OfferState.OPEN:
                settle(offer, OfferState.DECLINED)
            SeatOffer.objects.filter(pk=offer.pk).update(name="", words="", phone="", phone_index="")


def _held(offer: SeatOffer) -> SeatOffer:
    """The offer locked and open, its unit locked before it. Raises ``NotFound``, ``RuleBroken``."""
    MemberUnit.objects.locked(offer.unit_id)
    held: SeatOffer = SeatOffer.objects.filter(unit_id=offer.unit_id).locked(offer.pk)
    if held.state != OfferState.OPEN:
        raise RuleBroken(OVER)
    return held


def _send(offer: SeatOffer) -> None:
    """A card of its own, its link by text message, and a day on which it ends by itself."""
    digits = offer.phone
    card, token = make_card(
        kind=CARD,
        subject=subject_of(offer),
        recipient=digits,
        area_code=offer.unit.area_id,
        expires_at=offer.expires_at,
    )
    queue(messages.seat_offered(offer, card_url(token)), occurrence=f"seat offer card {card.pk}", phones=[digits])
    drop_dues(subject=subject_of(offer), kind=EXPIRE)
    add_dues([NewDue(EXPIRE, subject_of(offer), offer.expires_at, f"{EXPIRE}:{card.pk}", **_place(offer))])


def _place(offer: SeatOffer) -> dict[str, Any]:
    return {"label": str(offer.unit)[:60], "area_code": offer.unit.area_id}


def _allowed(
    by: User, unit: MemberUnit, hands_over: int | None, is_second: bool, *, lock: bool = False
) -> Liaison | None:
    """The seat that is handed over. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``."""
    seat: Liaison | None = None
    if hands_over is not None:
        rows = Liaison.objects.filter(unit=unit)
        seat = rows.locked(hands_over) if lock else rows.filter(pk=hands_over).first()
        if seat is None:
            raise NotFound
    if not may_offer_seat(by, unit, hands_over=seat, is_second=is_second):
        raise NotAllowed(_("您现在不能替这个单位请联络员。请联系街道党建办。"))
    if seat is not None and seat.ends_on is not None and seat.ends_on <= timezone.localdate():
        raise RuleBroken(_("这个席位已经结束，不用交接，直接请新的联络员就行。"))
    return seat


def _require_settles(by: User, offer: SeatOffer) -> None:
    """Whoever may make such an offer now may send it again or take it back."""
    if not may_offer_seat(by, offer.unit, hands_over=offer.hands_over, is_second=offer.is_second):
        raise NotAllowed(_("您现在不能替这个单位请联络员。请联系街道党建办。"))


def _count(by: User, unit: MemberUnit, digits: str) -> None:
    take("seat-lookup", str(by.pk), limit=LOOKUPS[0], seconds=LOOKUPS[1])
    take("seat-offer", digits, limit=PER_PHONE[0], seconds=PER_PHONE[1], message=_("今天给这个手机号发得太多了。"))
    record(Action.LOOKUP, actor=by, area_code=unit.area_id, params={"unit": unit.pk})


def _typed(name: str, phone: str, words: str) -> str:
    """The phone as digits. Raises ``Invalid`` with everything that is wrong at once."""
    errors: dict[str, list[Text]] = {}
    digits = ""
    if not clean(name):
        errors["name"] = [_("请填写要请的人的姓名。")]
    try:
        digits = mobile(phone)
    except Invalid as error:
        errors |= error.fields
    if len(clean(words)) > MOST_WORDS:
        errors["words"] = [_("最多%(n)d字，请写短一点。") % {"n": MOST_WORDS}]
    if errors:
        raise Invalid(errors)
    return digits


def _require_sense(offer: SeatOffer) -> None:
    """Dates, and whether the seat is free on that day. Raises ``Invalid``."""
    today, start = timezone.localdate(), offer.starts_on
    if not today <= start <= today + FARTHEST:
        raise Invalid({"starts_on": [_("请选今天到半年内的一天。")]})
    if offer.hands_over is not None:
        if offer.hands_over.starts_on > start:
            raise Invalid(
                {"starts_on": [_("原联络员从%(day)s起才在任，请选那天以后。") % {"day": offer.hands_over.starts_on}]}
            )
        if offer.hands_over.user.phone_index == offer.phone_index:
            raise Invalid({"phone": [_("这是原联络员自己的手机号，请填接任的人的。")]})
        return
    held = Liaison.objects.filter(unit=offer.unit, is_second=offer.is_second)
    if any(seat.ends_on is None or seat.ends_on > start for seat in held):
        raise Invalid({"starts_on": [_("这段时间已有联络员。要换人，请从那个席位交接。")]})


def _end_overdue(unit: MemberUnit) -> None:
    """What expired and was not swept yet is in nobody's way."""
    rows = SeatOffer.objects.filter(unit=unit, state=OfferState.OPEN, expires_at__lte=timezone.now()).order_by("pk")
    for offer in rows.select_for_update(of=("self",), no_key=True):
        settle(offer, OfferState.EXPIRED)
