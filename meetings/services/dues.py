"""What falls due: the invitations, the day before, the end of the meeting, its minutes; of action items the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from meetings.models import ActionItem, Meeting
from meetings.states import ActionState, MeetingState

CALL, TOMORROW, OVER, CHASE = "meetings.call", "meetings.tomorrow", "meetings.over", "meetings.minutes"
SOON, LATE, SHIFT = "meetings.action_soon", "meetings.action_late", "meetings.shift"
CALL_BEFORE = 5
"""Working days before a meeting of a series on which everybody is invited, unless somebody did before."""
CHASE_AFTER, CHASES = 3, 3
"""After so many working days without minutes the office is reminded, and again, so many times."""
MORNING = time(9)


def follow_meeting(meeting: Meeting) -> None:
    """What falls due of ``meeting`` follows it as it stands now. Not for what handles a due: it ends its own."""
    drop_dues(subject=meeting.subject)
    plan_meeting_dues(meeting)


def plan_meeting_dues(meeting: Meeting) -> None:
    """What comes next of ``meeting``, in its present state."""
    now = timezone.now()
    moments: dict[str, datetime] = {}
    if meeting.state == MeetingState.DRAFT and meeting.series_id is not None:
        moments = {CALL: max(call_at(meeting), _at(timezone.localdate() + timedelta(days=1)))}
        if moments[CALL] >= meeting.starts:
            return
    elif meeting.state == MeetingState.CALLED:
        moments = {TOMORROW: meeting.starts - timedelta(days=1), OVER: meeting.ends}
    elif meeting.state == MeetingState.HELD:
        moments = {CHASE: chase_at(timezone.localdate())}
    add_dues(new_due(meeting, kind, when) for kind, when in moments.items() if when > now or kind == OVER)


def call_at(meeting: Meeting) -> datetime:
    """When everybody is to be invited."""
    return _at(calendar().next_working(timezone.localdate(meeting.starts), -CALL_BEFORE))


def chase_at(day: date) -> datetime:
    """When the minutes are asked for, counted from ``day``."""
    return _at(calendar().next_working(day, CHASE_AFTER))


def new_due(meeting: Meeting, kind: str, when: datetime, *, turn: int = 1) -> NewDue:
    key = f"{kind}:{meeting.pk}:{meeting.version}:{turn}"
    params = {"starts": time_of(meeting), "turn": turn}
    return NewDue(kind, meeting.subject, when, key, label=meeting.title, area_code=meeting.area_id, params=params)


def time_of(meeting: Meeting) -> str:
    """Its beginning as dues name it, whatever offset it was given with."""
    return meeting.starts.astimezone(UTC).isoformat()


def follow_action(action: ActionItem) -> None:
    """The reminders follow the day as it stands now; of what is done there are none."""
    drop_dues(subject=action.subject)
    if action.state != ActionState.OPEN:
        return
    today, dues = timezone.localdate(), []
    before = calendar().next_working(action.due_on, -1)
    if before > today:
        dues.append(_due(action, SOON, before))
    dues.append(_due(action, LATE, max(action.due_on + timedelta(days=1), today)))
    add_dues(dues)


def _due(action: ActionItem, kind: str, day: date) -> NewDue:
    key = f"{kind}:{action.pk}:{action.version}"
    params = {"due_on": action.due_on.isoformat()}
    return NewDue(kind, action.subject, _at(day), key, label=action.what, area_code=action.area_id, params=params)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))
