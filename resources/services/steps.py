"""What happens to a booking after it was asked for: answered, cancelled, handed over, given back, 爽约 and the word
against it.

Locks: the booking alone, since a step only ever lets time go (docs/locking.md).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken
from people.models import User
from resources import messages
from resources.models import Booking, Usage
from resources.permissions import booking_abilities, may_decide
from resources.reach import reach_of
from resources.services.moving import move
from resources.services.offering import said
from resources.services.people import tell_bookers, tell_giver, tell_giving_side
from resources.services.refusals import GRACE, require_not_reserved
from resources.states import Appeal, BookingState, BookingVerb

MOST_PEOPLE = 100_000
ALREADY = _("这一条已经登记过了。要再登记，请重新打开页面。")


def hold(pk: int, by: User, verb: str, version: int | None) -> Booking:
    """The booking locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``."""
    row: Booking = Booking.objects.visible_to(by).select_related("resource__unit", "resource__kind").locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这次预约现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in booking_abilities(by, row):
        if row.handed_at is not None and verb in {BookingVerb.CANCEL, BookingVerb.CALL_OFF}:
            raise RuleBroken(_("已经交给对方了，用完请登记归还。"))
        raise NotAllowed
    return row


@transaction.atomic
def approve_booking(*, pk: int, by: User, version: int | None) -> Booking:
    """同意. Raises as ``hold``; ``RuleBroken`` once it should have begun, and in 战时 if it is for those in command."""
    row = hold(pk, by, BookingVerb.APPROVE, version)
    if row.starts <= timezone.now() - GRACE:
        raise RuleBroken(_("约的时间已经到了，不能再答应。"))
    require_not_reserved(reach_of(row.resource), by)
    move(row, BookingVerb.APPROVE, by=by, changes=_decided(by))
    tell_bookers(row, messages.BookingStands, but=by)
    tell_giver(row, by=by)
    return row


@transaction.atomic
def refuse_booking(*, pk: int, by: User, version: int | None, words: str) -> Booking:
    """驳回, with words for whoever asked. Raises as ``hold``; ``Invalid`` without words."""
    row = hold(pk, by, BookingVerb.REFUSE, version)
    text = said(words, _("请写一句为什么不行，对方看得到。"))
    move(row, BookingVerb.REFUSE, by=by, note=text, changes=_decided(by))
    tell_bookers(row, messages.BookingRefused, but=by)
    tell_giver(row, by=by)
    return row


def _decided(by: User) -> dict[str, Any]:
    return {"decided_by": by, "decided_at": timezone.now(), "answer_by": None}


@transaction.atomic
def cancel_booking(*, pk: int, by: User, version: int | None, words: str = "") -> Booking:
    """取消, by whoever booked, until so many hours before as the giver says; what was not yet answered at any time.

    Raises as ``hold``; ``RuleBroken`` when it is too late (then one phones).
    """
    row = hold(pk, by, BookingVerb.CANCEL, version)
    last = last_to_cancel(row)
    if row.state == BookingState.BOOKED and timezone.now() > last:
        raise RuleBroken(
            _("离开始不到%(n)d小时，网上取消不了。请打电话给对方，由对方收回。") % {"n": row.resource.cancel_hours}
        )
    move(row, BookingVerb.CANCEL, by=by, note=" ".join(words.split())[:200])
    tell_giving_side(row, messages.BookingCancelled, but=by)
    return row


def last_to_cancel(row: Booking) -> Any:
    """Until when whoever booked may cancel."""
    return row.starts - timedelta(hours=row.resource.cancel_hours)


@transaction.atomic
def call_off_booking(*, pk: int, by: User, version: int | None, words: str) -> Booking:
    """收回, by the giver, with words. Raises as ``hold``; ``Invalid`` without words."""
    row = hold(pk, by, BookingVerb.CALL_OFF, version)
    text = said(words, _("请写一句为什么收回，对方看得到。"))
    move(row, BookingVerb.CALL_OFF, by=by, note=text)
    tell_bookers(row, messages.BookingCalledOff, but=by)
    tell_giver(row, by=by)
    return row


@transaction.atomic
def hand_over(*, pk: int, by: User, version: int | None) -> Booking:
    """已交给对方: the key, the chairs. Raises as ``hold``; ``RuleBroken`` before its day, or twice."""
    row = hold(pk, by, BookingVerb.HAND_OVER, version)
    if timezone.localdate(row.starts) > timezone.localdate():
        raise RuleBroken(_("还没到那一天。"))
    move(row, BookingVerb.HAND_OVER, by=by, changes={"handed_at": timezone.now()})
    tell_giver(row, by=by)
    return row


@transaction.atomic
def take_back(*, pk: int, by: User, version: int | None, people: int, client_key: UUID, words: str = "") -> Booking:
    """已用完 (已归还): with how many people it served; a second tap with the same ``client_key`` finds the first.

    Raises as ``hold``; ``Invalid``; ``RuleBroken`` before it began; ``Conflict`` (the key was used for another note).
    """
    first = _taken_back(pk, by, people, client_key)
    if first is not None:
        return first
    row = hold(pk, by, BookingVerb.TAKE_BACK, version)
    if row.starts > timezone.now():
        raise RuleBroken(_("还没开始呢。"))
    if not 0 <= people <= MOST_PEOPLE:
        raise Invalid({"people": [_("请写服务了几个人，没有就写0。")]})
    text = " ".join(words.split())[:200]
    move(row, BookingVerb.TAKE_BACK, by=by, note=text)
    tell_giver(row, by=by)
    day = timezone.localdate(row.starts)
    fresh = Usage(resource=row.resource, booking=row, day=day, people=people, words=text, by=by, client_key=client_key)
    Usage.objects.bulk_create([fresh], ignore_conflicts=True)
    if not Usage.objects.filter(booking=row).exists():  # used for something else at this moment
        raise Conflict(ALREADY)
    return row


def _taken_back(pk: int, by: User, people: int, key: UUID) -> Booking | None:
    """The booking that this tap took back before; it is held first, so that of two taps one waits for the other."""
    row: Booking = Booking.objects.visible_to(by).locked(pk)
    used = Usage.objects.filter(client_key=key).first()
    if used is None:
        return None
    if (used.booking_id, used.by_id, used.people) != (pk, by.pk, people):
        raise Conflict(ALREADY)
    return row


@transaction.atomic
def note_no_show(*, pk: int, by: User, version: int | None) -> Booking:
    """爽约: nobody came. Whoever booked is told, and may say why. Raises as ``hold``; ``RuleBroken`` too early."""
    row = hold(pk, by, BookingVerb.NO_SHOW, version)
    if row.starts > timezone.now():
        raise RuleBroken(_("还没到约的时间。"))
    move(row, BookingVerb.NO_SHOW, by=by)
    tell_bookers(row, messages.BookingNoShow)
    tell_giver(row, by=by)
    return row


@transaction.atomic
def appeal(*, pk: int, by: User, version: int | None, words: str) -> Booking:
    """说明情况: the other side's word, once. Raises as ``hold``; ``Invalid`` without words; ``RuleBroken`` twice."""
    row = hold(pk, by, BookingVerb.APPEAL, version)
    if row.appeal != Appeal.NONE:
        raise RuleBroken(_("已经说明过了，请等答复。"))
    text = said(words, _("请写一句当时的情况。"))
    move(row, BookingVerb.APPEAL, by=by, note=text, changes={"appeal": Appeal.ASKED})
    return row


@transaction.atomic
def decide_appeal(*, pk: int, by: User, version: int | None, excused: bool, words: str = "") -> Booking:
    """The street says whether it stays 爽约; never whoever noted it, said it or booked.

    Raises as ``hold``; ``RuleBroken`` without an appeal.
    """
    verb = BookingVerb.EXCUSE if excused else BookingVerb.UPHOLD
    row = hold(pk, by, verb, version)
    if row.appeal != Appeal.ASKED:
        raise RuleBroken(_("对方没有说明情况，或者已经答复过了。"))
    if not may_decide(by, row):
        raise NotAllowed(_("是您记的、您约的或您说明的，请另一位来答复。"))
    changes = {"appeal": Appeal.EXCUSED if excused else Appeal.UPHELD}
    move(row, verb, by=by, note=" ".join(words.split())[:200], changes=changes)
    tell_bookers(row, messages.AppealDecided)
    return row


def lapse(row: Booking) -> None:
    """没人答复: the time has come and nobody said yes. The caller holds ``row``."""
    move(row, BookingVerb.LAPSE, by=None)
    tell_bookers(row, messages.BookingLapsed)
