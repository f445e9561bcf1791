"""What falls due of meetings and action items, and days off that are decreed later.

Locks: meetings by key, topics by key, action items by key (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.services.calendar import calendar, hold_calendar
from deadlines.services.dues import NewDue, add_dues
from deadlines.states import DueState, Reason
from meetings import messages
from meetings.models import ActionItem, Invitee, Meeting
from meetings.services.agenda import fill_agenda
from meetings.services.dues import (
    CALL,
    CHASE,
    CHASES,
    LATE,
    OVER,
    SHIFT,
    SOON,
    TOMORROW,
    chase_at,
    follow_meeting,
    new_due,
    plan_meeting_dues,
    time_of,
)
from meetings.services.held import held_by_key
from meetings.services.meetings import call_locked
from meetings.services.planning import fill_all, move_off
from meetings.services.telling import tell_doer, tell_invited, tell_keepers, tell_office
from meetings.states import AHEAD, ActionState, MeetingState, MeetingVerb

Ended = Mapping[int, tuple[DueState, str]]
ROUND = timedelta(days=31)
"""How far from its day by the rule a meeting may have been moved by days off."""


def _key(due: Due) -> int:
    return int(due.subject.partition(":")[2])


def _others(dues: Sequence[Due], done: set[int]) -> Ended:
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if due.pk not in done}


def _meetings(dues: Sequence[Due], *states: str) -> dict[int, Meeting]:
    """By due: its meeting, locked, where it is in one of ``states`` and at the time it was planned for."""
    held = held_by_key(Meeting, {_key(due) for due in dues})
    found = {due.pk: held.get(_key(due)) for due in dues}
    return {
        due.pk: row
        for due in dues
        if (row := found[due.pk]) is not None and row.state in states and time_of(row) == due.params.get("starts")
    }


def call(dues: Sequence[Due]) -> Ended:
    """Everybody is invited, unless nobody is on the list: then the office has to look."""
    rows = _meetings(dues, MeetingState.DRAFT)
    for row in rows.values():
        fill_all(row, by=None)
        if Invitee.objects.asked().filter(meeting=row).exists():
            call_locked(row, by=None)
            plan_meeting_dues(row)
        else:
            tell_keepers(row, messages.MeetingWithoutGuests, turn="nobody")
    return _others(dues, set(rows))


def tomorrow(dues: Sequence[Due]) -> Ended:
    """A day before: whoever did not say that they stay away."""
    rows = _meetings(dues, MeetingState.CALLED)
    for row in rows.values():
        tell_invited(row, messages.MeetingTomorrow, all_of_them=False)
    return _others(dues, set(rows))


def over(dues: Sequence[Due]) -> Ended:
    """It is over: the minutes are waited for."""
    rows = _meetings(dues, MeetingState.CALLED)
    for row in rows.values():
        row.move_to(MeetingVerb.HOLD, actor=None)
        plan_meeting_dues(row)
    return _others(dues, set(rows))


def chase(dues: Sequence[Due]) -> Ended:
    """No minutes yet: the office is reminded, and again."""
    rows = _meetings(dues, MeetingState.HELD)
    for due in dues:
        row = rows.get(due.pk)
        turn = int(due.params.get("turn", 1))
        if row is None:
            continue
        tell_keepers(row, messages.MinutesWanted, turn=f"minutes:{turn}")
        if turn < CHASES:
            add_dues([new_due(row, CHASE, chase_at(timezone.localdate()), turn=turn + 1)])
    return _others(dues, set(rows))


def _actions(dues: Sequence[Due]) -> dict[int, ActionItem]:
    """By due: its action item, locked, where it is open and due on the day it was planned for."""
    held = held_by_key(ActionItem, {_key(due) for due in dues})
    found = {}
    for due in dues:
        row = held.get(_key(due))
        if row is not None and row.state == ActionState.OPEN and row.due_on.isoformat() == due.params.get("due_on"):
            found[due.pk] = row
    return found


def soon(dues: Sequence[Due]) -> Ended:
    """A working day before: whoever has it in hand, kindly."""
    rows = _actions(dues)
    for row in rows.values():
        tell_doer(row, messages.ActionSoon)
    return _others(dues, set(rows))


def late(dues: Sequence[Due]) -> Ended:
    """The day has passed: the office hears of it, and it stands first on the next agenda."""
    coming = _next_meetings(_key(due) for due in dues)
    rows = _actions(dues)
    for meeting in coming:
        fill_agenda(meeting, by=None)
    for row in rows.values():
        tell_office(row, messages.ActionLate)
    return _others(dues, set(rows))


def _next_meetings(keys: Iterable[int]) -> list[Meeting]:
    """Where they are talked about next, locked by key before the action items."""
    found = set()
    for action in ActionItem.objects.filter(pk__in=list(keys)).select_related("meeting"):
        ahead = Meeting.objects.ahead().filter(area_id=action.area_id, starts__gt=action.meeting.starts)
        if action.meeting.series_id is not None:
            ahead = ahead.filter(Q(series=action.meeting.series_id) | Q(series__isnull=True))
        found.add(ahead.order_by("starts", "pk").values_list("pk", flat=True).first())
    rows = held_by_key(Meeting, found - {None})
    return [row for row in rows.values() if row.state in AHEAD]


def days_changed(first: date, last: date) -> None:
    """Days are off that were not, or the other way round. Whoever changed them holds the calendar, and must not wait
    for meetings: a due of its own looks at them afterwards."""
    if first == date.min:
        return
    params = {"first": first.isoformat(), "last": last.isoformat()}
    add_dues([NewDue(SHIFT, "calendar:0", None, f"{SHIFT}:{uuid4()}", params=params)])


def shift(dues: Sequence[Due]) -> Ended:
    """Drafts of a series go where the rule has them by now; of what people have been told of the office hears."""
    for due in dues:
        first, last = (date.fromisoformat(due.params[name]) for name in ("first", "last"))
        near = Q(of_day__range=(first - ROUND, last + ROUND)) | Q(starts__date__range=(first, last))
        keys = Meeting.objects.ahead().filter(near, series__isnull=False).values_list("pk", flat=True)
        rows = held_by_key(Meeting, keys)
        hold_calendar()
        cal = calendar()
        drafts = [row for row in rows.values() if row.state == MeetingState.DRAFT]
        for row in move_off(drafts, cal):
            follow_meeting(row)
        for row in rows.values():
            day = timezone.localdate(row.starts)
            if row.state == MeetingState.CALLED and first <= day <= last and not cal.is_working(day):
                tell_keepers(row, messages.MeetingOnDayOff, turn=f"off:{day}")
    return {}


LONG = timedelta(days=3650)
KINDS = (
    DueKind(CALL, label=_("发会议通知"), handle=call, grace=timedelta(days=4)),
    DueKind(TOMORROW, label=_("提醒明天的会议"), handle=tomorrow, grace=timedelta(hours=20)),
    DueKind(OVER, label=_("会议结束"), handle=over, grace=LONG),
    DueKind(CHASE, label=_("提醒写会议纪要"), handle=chase, grace=timedelta(days=7)),
    DueKind(SOON, label=_("提醒行动项快到期"), handle=soon, grace=timedelta(days=1)),
    DueKind(LATE, label=_("提醒行动项过了期限"), handle=late, grace=LONG),
    DueKind(SHIFT, label=_("放假调整后会议改期"), handle=shift, grace=LONG),
)
