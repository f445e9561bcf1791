"""What becomes of an offered seat: taken or declined by its link, or over after 14 days.

Locks: the card, the account, the unit, the offer, its seats by key, dues last (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from audit.states import Action
from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.services.dues import drop_dues
from deadlines.states import DueState, Reason
from members import messages
from members.models import Liaison, MemberUnit, SeatOffer
from members.permissions import may_offer_seat
from members.services.checked import save_checked
from members.services.in_hand import in_hand
from members.services.seat_offers import CARD, EXPIRE, FORGET, LASTS, settle, subject_of
from members.services.seats import SEAT_TAKEN, record_seat
from members.states import OfferState
from notifications.cards import CardKind, CardPage
from notifications.models import CardLink
from notifications.services import queue
from people.models import User
from people.services.residents import prepare_account
from people.states import SignIn

TAKE, DECLINE = "take", "decline"
SHORT = 10
"""A longer name stands below the heading."""
NOT_GIVEN = gettext_lazy("发出邀请的人已经不再负责这件事，这份邀请不能用了。请联系单位或街道重新发一次。")
CLOSED = {
    OfferState.TAKEN: gettext_lazy("这个席位已经有人接任，谢谢您。"),
    OfferState.DECLINED: gettext_lazy("您已经回复过，谢谢您。"),
    OfferState.WITHDRAWN: gettext_lazy("这份邀请已经撤回，不用再回复。有疑问请打电话。"),
    OfferState.EXPIRED: gettext_lazy("这份邀请已经过期。还愿意的话，请联系单位或街道重新发一次。"),
}


def page(card: CardLink) -> CardPage:
    """Which unit, as what, from whom, from when, and what is in hand in numbers. Nobody's name or phone."""
    offer = SeatOffer.objects.select_related("unit__area", "created_by", "hands_over").filter(pk=_key(card)).first()
    if offer is None:
        return CardPage(_("这份邀请不在了"), closed_reason=_("不用再回复，谢谢您。"))
    facts = {"unit": str(offer.unit), "seat": seat_name(offer)}
    title = _("请您做%(unit)s的%(seat)s") % facts
    if offer.state != OfferState.OPEN:
        taken = offer.state == OfferState.TAKEN and card.answer == TAKE
        way_in = (
            _("去登录"),
            f"{reverse('portal:sign_in')}?next={reverse('desk:home')}",
            _("登录用收到短信的手机号。"),
        )
        closed = CLOSED[OfferState(offer.state)]
        return CardPage(title, closed_reason=closed, go_on=way_in if taken else None, name=facts["unit"])
    if not _still_given(offer):
        return CardPage(title, closed_reason=NOT_GIVEN, name=facts["unit"])
    if len(str(offer.unit)) > SHORT:
        title = _("请您做单位的%(seat)s") % facts
    full = [] if offer.unit.name in title else [offer.unit.name]
    lines = [*full, _("由%(who)s发出。") % {"who": messages.asked_by(offer)}, _from(offer)]
    if offer.words:
        lines.append(_("留给您的话：%(words)s") % {"words": offer.words})
    for one in in_hand(offer.unit_id):
        lines.append(_("%(what)s：%(n)d件") % {"what": one.label, "n": one.count})
    lines.append(_("联络员替单位看邻里的事、认领心愿。接任以后，用收到这条短信的手机号登录。"))
    return CardPage(title, lines=lines, name=facts["unit"])


def seat_name(offer: SeatOffer) -> str:
    """联络员, or 第二联络员."""
    return _("第二联络员") if offer.is_second else _("联络员")


def _from(offer: SeatOffer) -> str:
    day = date_format(_first_day(offer), pgettext("day of the year as a Django date format", "n月j日"))
    if offer.hands_over_id:
        return _("%(day)s起由您接任，原来的联络员到那天卸任。") % {"day": day}
    return _("%(day)s起。") % {"day": day}


def _first_day(offer: SeatOffer) -> date:
    """A day that has passed meanwhile is today: nobody spoke for the unit before they said yes."""
    return max(offer.starts_on, timezone.localdate())


def answer(card: CardLink, value: str, note: str) -> None:
    """Take the seat, or decline. Raises ``NotFound``, ``NotAllowed`` (a closed account), ``RuleBroken``."""
    offer = SeatOffer.objects.select_related("created_by").filter(pk=_key(card)).first()
    if offer is None:
        raise NotFound
    if offer.state != OfferState.OPEN:
        raise RuleBroken(CLOSED[OfferState(offer.state)])
    if value == TAKE:
        _take(offer)
    else:
        held = _hold(offer)
        settle(held, OfferState.DECLINED)
        _tell(messages.SeatDeclined, held, [held.created_by])
        drop_dues(subject=subject_of(held), kind=EXPIRE)


def _take(offer: SeatOffer) -> None:
    account = prepare_account(phone=offer.phone, by=offer.created_by)
    user: User = User.objects.locked(account.pk)
    MemberUnit.objects.locked(offer.unit_id)
    held = _hold(offer)
    start = _first_day(held)
    seats = _hold_seats(held, start)
    if not _still_given(held):
        raise RuleBroken(NOT_GIVEN)
    outgoing = next((seat for seat in seats if seat.pk == held.hands_over_id), None)
    _make_room(held, seats, outgoing, user, start)
    seat = Liaison(unit_id=held.unit_id, user=user, name=held.name, title=held.title, is_second=held.is_second)
    seat.starts_on = start
    try:
        save_checked(seat, raced=SEAT_TAKEN)
    except Invalid as error:
        raise RuleBroken(SEAT_TAKEN) from error
    record_seat(Action.GRANT, seat, held.created_by)
    settle(held, OfferState.TAKEN, seat=seat)
    queue(messages.seat_given(seat), occurrence=f"seat {seat.pk}", users=[user])
    others = {one.pk: one for one in [held.created_by, *([outgoing.user] if outgoing else [])]}
    _tell(messages.SeatTaken, held, [one for one in others.values() if one.pk != user.pk])
    drop_dues(subject=subject_of(held), kind=EXPIRE)


def _still_given(offer: SeatOffer) -> bool:
    """Whether whoever asked could ask today, or handed over their seat: it lasted until the day they named, or they
    deleted their account since.
    """
    by, seat = offer.created_by, offer.hands_over
    if may_offer_seat(by, offer.unit, hands_over=seat, is_second=offer.is_second):
        return True
    if seat is None or seat.user_id != by.pk:
        return False
    if by.sign_in == SignIn.PHONE and not by.phone_index:
        return True
    planned = timezone.localdate(offer.created_at) < offer.starts_on <= timezone.localdate()
    return planned and seat.ends_on == offer.starts_on


def _make_room(offer: SeatOffer, seats: Sequence[Liaison], outgoing: Liaison | None, user: User, start: date) -> None:
    """The old seat ends the day the new one begins; a second liaison who becomes the first is not both.

    Raises ``RuleBroken`` for somebody who has the seat already.
    """
    if outgoing is not None and outgoing.user_id == user.pk:
        raise RuleBroken(_("您现在就是这个席位的联络员，不用再接。"))
    promoted = [seat for seat in seats if seat.user_id == user.pk and seat.is_second and not offer.is_second]
    if any(seat.user_id == user.pk and seat not in promoted for seat in seats):
        raise RuleBroken(_("您已经是这个单位的联络员，不用再接。"))
    for seat in [*([outgoing] if outgoing else []), *promoted]:
        seat.ends_on = max(start, seat.starts_on)
        seat.save(update_fields=["ends_on"])
        record_seat(Action.GRANT_ENDED, seat, offer.created_by)


def _hold_seats(offer: SeatOffer, start: date) -> list[Liaison]:
    """The unit's seats that reach beyond ``start``, locked by key."""
    rows = Liaison.objects.filter(unit_id=offer.unit_id).order_by("pk").select_related("user", "unit")
    seats = rows.select_for_update(of=("self",), no_key=True)
    return [seat for seat in seats if seat.ends_on is None or seat.ends_on > start]


def _hold(offer: SeatOffer) -> SeatOffer:
    """The offer locked and still open. Raises ``NotFound`` (the unit was merged meanwhile), ``RuleBroken``."""
    rows = SeatOffer.objects.filter(unit_id=offer.unit_id).select_related("unit__area", "created_by")
    held: SeatOffer = rows.locked(offer.pk)
    if held.state != OfferState.OPEN:
        raise RuleBroken(CLOSED[OfferState(held.state)])
    return held


def _tell(kind: type[messages.SeatNews], offer: SeatOffer, people: Sequence[User]) -> None:
    for user in people:
        queue(messages.seat_news(kind, offer, user), occurrence=f"seat offer {offer.pk}", users=[user])


def _key(card: CardLink) -> int:
    return int(card.subject.partition(":")[2])


def _offers(dues: Sequence[Due]) -> dict[int, SeatOffer]:
    keys = {int(due.subject.partition(":")[2]) for due in dues}
    rows = SeatOffer.objects.filter(pk__in=keys).select_related("unit__area", "created_by").order_by("pk")
    return {offer.pk: offer for offer in rows.select_for_update(of=("self",), no_key=True)}


def expire(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """Nobody answered in 14 days: whoever asked hears it."""
    over = {pk: offer for pk, offer in _offers(dues).items() if offer.is_over}
    for offer in over.values():
        settle(offer, OfferState.EXPIRED)
        _tell(messages.SeatUnanswered, offer, [offer.created_by])
    return _others(dues, over)


def forget(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """Somebody who took no seat: the name goes, and the phone if it is still there."""
    over = {pk: offer for pk, offer in _offers(dues).items() if offer.state != OfferState.OPEN}
    gone = {pk: offer for pk, offer in over.items() if offer.seat_id is None and offer.answered_at}
    SeatOffer.objects.filter(pk__in=gone).update(name="", words="", phone="", phone_index="")
    return _others(dues, gone)


def _others(dues: Sequence[Due], done: Mapping[int, SeatOffer]) -> Mapping[int, tuple[DueState, str]]:
    missing = [due for due in dues if int(due.subject.partition(":")[2]) not in done]
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in missing}


SEAT_CARD = CardKind(
    name=CARD,
    label=gettext_lazy("请您做联络员"),
    options=((TAKE, gettext_lazy("我来做")), (DECLINE, gettext_lazy("这次不做"))),
    page=page,
    answer=answer,
    lasts=LASTS,
)
DUES = (
    DueKind(EXPIRE, label=gettext_lazy("联络员邀请到期"), handle=expire, grace=LASTS * 100),
    DueKind(FORGET, label=gettext_lazy("忘掉没有接任的人"), handle=forget, grace=LASTS * 100),
)
