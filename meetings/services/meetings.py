"""One meeting: planned, changed, called, moved, held, called off.

Locks: the meeting, its invitees, topics by key, bookings by key, dues last (docs/locking.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, RuleBroken, constraint_of
from meetings import messages
from meetings.models import Invitee, Meeting
from meetings.services.agenda import listed_topics, release_topics
from meetings.services.checked import checked, kept_area, require_time, unit_in, words
from meetings.services.dues import follow_meeting
from meetings.services.held import hold
from meetings.services.inviting import forget_answers, invite_all
from meetings.services.planning import NUMBER_KIND, fill_all
from meetings.services.telling import tell_invited, tell_raiser
from meetings.services.venue import let_room_go
from meetings.states import MeetingVerb
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from resources.models import Booking
from resources.states.booking import LIVE

FIELDS = ("kind", "title", "place")


def plan_meeting(
    *,
    client_key: UUID,
    by: User,
    area: str,
    starts: datetime,
    ends: datetime,
    unit: int | None = None,
    **values: Any,
) -> Meeting:
    """加一次会, of no series; a second tap finds the first.

    Raises ``NotFound`` (no such place), ``NotAllowed``, ``Invalid`` by field, ``Conflict`` (a key used otherwise).
    """
    first = _already(client_key, by)
    if first is not None:
        return first
    place = kept_area(area, by)
    text = checked({"kind": "", "title": "", "place": "", **values})
    require_time(starts, ends)
    host = unit_in(place.pk, unit)
    try:
        with transaction.atomic():
            row = Meeting(client_key=client_key, area=place, unit=host, planned_by=by, by_hand=True, **text)
            row.starts, row.ends = starts, ends
            street = Area.objects.get(pk=place.pk[:STREET_LENGTH])
            row.number = next_number(NUMBER_KIND, street, timezone.localdate())
            row.save(force_insert=True)
            row.write_event(verb=MeetingVerb.PLAN, actor=by, source="", target=row.state, note="")
            if host is not None:
                Invitee.objects.create(meeting=row, unit=host)
    except IntegrityError as error:
        first = _already(client_key, by) if constraint_of(error) == "meeting_client_key_once" else None
        if first is None:
            raise
        return first
    row.just_made = True
    return row


def _already(key: UUID, by: User) -> Meeting | None:
    row = Meeting.objects.filter(client_key=key).first()
    if row is not None and row.planned_by_id != by.pk:
        raise Conflict
    return row


@transaction.atomic
def edit_meeting(*, pk: int, by: User, version: int | None, **values: Any) -> Meeting:
    """修改 what is said of it (``FIELDS``, ``unit`` and ``booking`` by key); whoever is invited hears of another place.

    Raises as ``hold``; ``Invalid`` by field.
    """
    row = hold(Meeting, pk, by, MeetingVerb.EDIT, version)
    text = checked({name: value for name, value in values.items() if name in FIELDS})
    if "unit" in values:
        text["unit"] = unit_in(row.area_id, values["unit"])
    if "booking" in values:
        text["booking"] = _booking(row, by, values["booking"])
    changed = {name: value for name, value in text.items() if getattr(row, name) != value}
    if not changed:
        return row
    row.move_to(MeetingVerb.EDIT, actor=by, changes={**changed, "by_hand": True})
    if "place" in changed and row.called_at is not None:
        tell_invited(row, messages.MeetingMoved)
    return row


def _booking(row: Meeting, by: User, pk: int | None) -> Booking | None:
    """What was booked for this meeting, and stands. Raises ``Invalid`` on ``booking``."""
    if pk is None:
        return None
    found = Booking.objects.visible_to(by).filter(pk=pk, subject=row.subject, state__in=LIVE).first()
    if found is None:
        raise Invalid({"booking": [_("请选为这次会议预约的场地。")]})
    return found


@transaction.atomic
def move_meeting(*, pk: int, by: User, version: int | None, starts: datetime, ends: datetime) -> Meeting:
    """改期: answers to the old time count no more, and everybody is asked again; the room of the old time is let go.

    Raises as ``hold``; ``Invalid``.
    """
    row = hold(Meeting, pk, by, MeetingVerb.MOVE, version)
    require_time(starts, ends)
    if (starts, ends) == (row.starts, row.ends):
        return row
    changes: dict[str, Any] = {"starts": starts, "ends": ends, "by_hand": True, "booking": None}
    if row.called_at is not None:
        changes["called_at"] = timezone.now()
    row.move_to(MeetingVerb.MOVE, actor=by, changes=changes)
    let_room_go(row, by=by)
    if row.called_at is not None:
        forget_answers(row)
        invite_all(row)
    follow_meeting(row)
    return row


@transaction.atomic
def call_meeting(*, pk: int, by: User, version: int | None) -> Meeting:
    """发通知: everybody on the list is invited. Raises as ``hold``; ``RuleBroken`` (nobody is on the list; it is
    past)."""
    row = hold(Meeting, pk, by, MeetingVerb.CALL, version)
    if row.ends <= timezone.now():
        raise RuleBroken(_("开会的时间已经过了，请先改期。"))
    fill_all(row, by=by)
    if not Invitee.objects.asked().filter(meeting=row).exists():
        raise RuleBroken(_("还没有请人，请先加参会的单位或人。"))
    call_locked(row, by=by)
    follow_meeting(row)
    return row


def call_locked(row: Meeting, *, by: User | None) -> None:
    """The locked ``row``, whose list and agenda are filled."""
    row.move_to(MeetingVerb.CALL, actor=by, changes={"called_at": timezone.now()})
    invite_all(row)
    for topic in listed_topics(row):
        tell_raiser(topic, messages.TopicListed)


@transaction.atomic
def hold_meeting(*, pk: int, by: User, version: int | None) -> Meeting:
    """会已开, said before the clock does. Raises as ``hold``; ``RuleBroken`` (not begun)."""
    row = hold(Meeting, pk, by, MeetingVerb.HOLD, version)
    if row.starts > timezone.now():
        raise RuleBroken(_("会还没有开始。"))
    row.move_to(MeetingVerb.HOLD, actor=by)
    follow_meeting(row)
    return row


@transaction.atomic
def call_off_meeting(*, pk: int, by: User, version: int | None, why: str) -> Meeting:
    """取消, with words; topics wait for another meeting, its room is let go. Whoever was invited is told, unless it is
    past.

    Raises as ``hold``; ``Invalid`` without words.
    """
    row = hold(Meeting, pk, by, MeetingVerb.CALL_OFF, version)
    text = words(why, "why", _("请写一句为什么取消。"), 200)
    release_topics(row, by=by)
    changes = {"ended_at": timezone.now(), "ended_why": text}
    row.move_to(MeetingVerb.CALL_OFF, actor=by, note=text, changes=changes)
    let_room_go(row, by=by)
    if row.called_at is not None and row.ends > timezone.now():
        tell_invited(row, messages.MeetingOff)
    follow_meeting(row)
    return row
