"""预约: from the wish for a time to the place in the calendar. What is free is decided on the locked resource.

Every writer takes the resources it holds in the order of their keys, the booked one among them, before anything
else; the database refuses what would overlap all the same (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, NotFound
from alliance.lib.public_text import require_seen
from deadlines.services.dues import NewDue, add_dues
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from resources import messages
from resources.models import Booking, Hold, Resource
from resources.permissions import disposes, gives
from resources.reach import Reach, reach_of
from resources.services.clashes import Mine, clash
from resources.services.moving import subject_of
from resources.services.people import tell_bookers, tell_giving_side
from resources.services.refusals import Wanted, require_allowed, require_booker, require_sense
from resources.states import BookingState, BookingVerb, Form

NUMBER_KIND = "YY"
LAPSE, BEFORE = "resources.lapse", "resources.before"
REMIND = timedelta(days=1)
SOONEST = timedelta(hours=1)
"""So long at least there is to answer."""
TAKEN = _("这个时间刚被别人约走了，请另选一个时间。")
TAKEN_PART = _("其中“%(name)s”这个时间有人约了，请另选一个时间，或者只约别的那几间。")
TOO_FEW = {
    Form.PIECES: _("这段时间只剩%(left)d件，不够%(wanted)d件。"),
    Form.VISIT: _("这段时间只剩%(left)d位，不够%(wanted)d位。"),
}


@dataclass(frozen=True)
class Booker:
    """Who books: a unit, an office, or (neither) the person who taps."""

    unit: int | None = None
    office: str | None = None


def book(
    *,
    client_key: UUID,
    by: User,
    resource: int,
    starts: datetime,
    ends: datetime,
    purpose: str,
    booker: Booker = Booker(),
    quantity: int = 1,
    people: int | None = None,
    subject: str = "",
    subject_label: str = "",
    place: str = "",
    seen_warnings: str = "",
) -> Booking:
    """Book ``resource`` from ``starts`` until before ``ends``; a second tap with
    the same ``client_key`` finds the first.

    Stands at once where nobody is to be asked, or where who books gives it too; else the giver answers, at the latest
    when one could still cancel. ``subject``: the upper app's key of what it is for (``need:12``).
    ``place``: where somebody comes to, read by the giver once it stands.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (by field: in the past, over midnight, closed, too long, too far
    ahead, too many), ``Warned`` (the purpose looks personal, unless ``seen_warnings``), ``RuleBroken`` (not usable,
    suspended, paused, 战时), ``Conflict`` (taken; the key was used).
    """
    wanted = Wanted(starts, ends, quantity, people, purpose, subject, subject_label, place)
    first = _already(client_key, by, resource, booker, wanted)
    if first is not None:
        return first
    try:
        with transaction.atomic():
            return _book(client_key, by, resource, booker, wanted.tidy(), seen_warnings)
    except IntegrityError as error:
        first = _already(client_key, by, resource, booker, wanted)
        if first is None:
            raise _refused(error) from error
        return first


def _already(key: UUID, by: User, resource: int, booker: Booker, wanted: Wanted) -> Booking | None:
    row = Booking.objects.filter(client_key=key).select_related("resource").first()
    if row is None:
        return None
    asked = (by.pk, resource, booker.unit, booker.office, wanted.starts, wanted.ends, wanted.quantity, wanted.people)
    stored = (row.by_id, row.resource_id, row.unit_id, row.office_id, row.starts, row.ends, row.quantity, row.people)
    if stored != asked:
        raise Conflict(_("这次预约已经提交过了。要再约一次，请重新打开页面。"))
    return row


def _refused(error: IntegrityError) -> Exception:
    """The database's last word in ours."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return Conflict(TAKEN) if name in {"hold_no_two_at_once", "hold_within_quantity"} else error


def hold_all(pk: int, by: User) -> Reach:
    """The resource ``by`` sees with all it takes to have it, its stations too, locked in the order of keys."""
    seen = Resource.objects.visible_to(by).filter(pk=pk).first()
    if seen is None:
        raise NotFound
    keys = reach_of(seen).keys
    rows = Resource.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    locked = {row.pk: row for row in rows}
    reach = reach_of(locked[pk])
    if reach.keys != keys:
        raise Conflict
    return reach


def _book(key: UUID, by: User, pk: int, booker: Booker, wanted: Wanted, seen: str) -> Booking:
    reach = hold_all(pk, by)
    row = reach.row
    unit, office = require_booker(row, by, unit=booker.unit, office=booker.office)
    require_sense(reach, wanted)
    require_seen([wanted.purpose], [by.name], seen=seen)
    require_allowed(reach, by, unit=unit, office=office, wanted=wanted)
    _require_free(row, reach.leaves, wanted, lambda one: _same(one, by, unit, office))
    booking = _store(key, by, row, unit, office, wanted)
    _hold(booking, row, reach.leaves)
    _remind(booking)
    if booking.state == BookingState.ASKED:
        tell_giving_side(booking, messages.BookingAsked, but=by)
    else:
        tell_giving_side(booking, messages.BookingMade, but=by)
        tell_bookers(booking, messages.BookingStands, but=by)
    return booking


def _same(booking: Booking, by: User, unit: MemberUnit | None, office: Area | None) -> bool:
    """Whether it was made by the same unit, office or person."""
    if unit is not None:
        return booking.unit_id == unit.pk
    return booking.office_id == office.pk if office is not None else booking.person_id == by.pk


def _require_free(row: Resource, parts: Sequence[Resource], wanted: Wanted, mine: Mine) -> None:
    during = _buffered(row, wanted)
    for part in parts:
        rows = Hold.objects.filter(resource=part, live=True, during__overlap=during)
        taken = list(rows.select_related("booking__resource"))
        if row.kind.form == Form.SPACE:
            if taken:
                own = clash(row, taken, (wanted.starts, wanted.ends), mine)
                raise Conflict(own or (TAKEN if part.pk == row.pk else TAKEN_PART % {"name": part.name}))
            continue
        most = max(
            (sum(h.quantity for h in taken if max(one.during.lower, during.lower) in h.during) for one in taken),
            default=0,
        )
        if most + wanted.quantity > part.quantity:
            found = {"left": max(0, part.quantity - most), "wanted": wanted.quantity}
            raise Conflict(TOO_FEW[Form(row.kind.form)] % found)


def _buffered(row: Resource, wanted: Wanted) -> DateTimeTZRange:
    """The time that is kept from others: with what the room needs before and after."""
    edge = timedelta(minutes=row.buffer_minutes)
    return DateTimeTZRange(wanted.starts - edge, wanted.ends + edge, "[)")


def _store(key: UUID, by: User, row: Resource, unit: MemberUnit | None, office: Area | None, wanted: Wanted) -> Booking:
    own = gives(by, row) or disposes(by, row)
    at_once = own or not row.asks_first
    street = Area.objects.get(pk=row.area_id[:STREET_LENGTH])
    booking = Booking(client_key=key, resource=row, street_code=street.pk, unit=unit, office=office, by=by)
    booking.person = by if unit is None and office is None else None
    booking.starts, booking.ends, booking.quantity = wanted.starts, wanted.ends, wanted.quantity
    booking.people, booking.purpose = wanted.people, wanted.purpose
    booking.subject, booking.subject_label = wanted.subject, wanted.subject_label
    booking.place = (wanted.place or None) if row.kind.form == Form.VISIT else None
    booking.number = next_number(NUMBER_KIND, street, timezone.localdate())
    booking.state = BookingState.BOOKED if at_once else BookingState.ASKED
    booking.answer_by = None if at_once else _answer_by(row, wanted.starts)
    if own:
        booking.decided_by, booking.decided_at = by, timezone.now()
    booking.save(force_insert=True)
    booking.write_event(verb=BookingVerb.ASK, actor=by, source="", target=booking.state, note="")
    booking.just_made = True
    return booking


def _answer_by(row: Resource, starts: datetime) -> datetime:
    """Who asked learns of it while there is time for something else: before one can no longer cancel, or, where that is
    too near, before it begins.
    """
    early = starts - timedelta(hours=row.cancel_hours)
    return early if early >= timezone.now() + SOONEST else starts


def _hold(booking: Booking, row: Resource, parts: Sequence[Resource]) -> None:
    during = _buffered(row, Wanted(booking.starts, booking.ends))
    exclusive = row.kind.form == Form.SPACE
    Hold.objects.bulk_create(
        Hold(booking=booking, resource=part, during=during, quantity=booking.quantity, exclusive=exclusive)
        for part in parts
    )


def _remind(booking: Booking) -> None:
    """What falls due: unanswered in time it lapses; a day before, whoever booked is reminded."""
    dues = []
    if booking.state == BookingState.ASKED:
        dues.append(_due(LAPSE, booking, booking.answer_by or booking.starts))
    if booking.starts - REMIND > timezone.now():
        dues.append(_due(BEFORE, booking, booking.starts - REMIND))
    if dues:
        add_dues(dues)


def _due(kind: str, booking: Booking, when: datetime) -> NewDue:
    place = booking.resource.area_id
    return NewDue(kind, subject_of(booking), when, f"{kind}:{booking.pk}", label=booking.number, area_code=place)
