"""Meetings for tests: series and single ones, called, held, minuted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from deadlines.models import Due
from deadlines.services.sweep import sweep
from meetings.models import ActionItem, Meeting, Series
from meetings.services.actions import set_action
from meetings.services.dues import time_of
from meetings.services.inviting import add_invitee
from meetings.services.meetings import call_meeting, plan_meeting
from meetings.services.series import Invited, set_up_series
from members.models import MemberUnit
from tests.cast import Street
from tests.claims.things import alliance_of, unit_of

SAID: dict[str, Any] = {"kind": "consult", "title": "幸福议事厅", "place": "万寿桥社区议事厅"}
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3;COUNT=8"
# In weeks, because how many months fit into what is planned ahead depends on the day the tests run.
FIVE_WEEKLY = "FREQ=WEEKLY;INTERVAL=5;COUNT=6"
EIGHT_WEEKLY = "FREQ=WEEKLY;INTERVAL=8;COUNT=4"


def at(days: float, hour: int = 14) -> datetime:
    """So many days from today, at that hour."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def member(street: Street) -> MemberUnit:
    """The unit of the street's liaison, a member of the alliance."""
    alliance_of(street)
    return unit_of(street)


def series(street: Street, *, rule: str = FIVE_WEEKLY, starts: datetime | None = None, **changes: Any) -> Series:
    """The community's 议事厅, to which the liaison's unit is invited; its days stay as they are."""
    unit = member(street)
    values = {**SAID, "rule": rule, "starts": starts or at(10), "off_days": "stay", **changes}
    invited = values.pop("invited", Invited(units=[unit.pk]))
    return set_up_series(client_key=uuid4(), by=street.worker, area=street.home.pk, invited=invited, **values)


def meeting(street: Street, *, days: float = 3, **changes: Any) -> Meeting:
    """One of no series, to which the liaison's unit is invited."""
    unit, starts = member(street), at(days)
    ends = starts + timedelta(minutes=90)
    row = plan_meeting(
        client_key=uuid4(), by=street.worker, area=street.home.pk, starts=starts, ends=ends, **{**SAID, **changes}
    )
    add_invitee(meeting=row.pk, by=street.worker, version=None, unit=unit.pk)
    return Meeting.objects.get(pk=row.pk)


def called(street: Street, **changes: Any) -> Meeting:
    row = meeting(street, **changes)
    call_meeting(pk=row.pk, by=street.worker, version=None)
    return Meeting.objects.get(pk=row.pk)


def passed(row: Meeting, *, days: float = 1) -> Meeting:
    """``row`` as if it had taken place so many days ago, and the clock had seen it."""
    starts = at(-days)
    Meeting.objects.filter(pk=row.pk).update(starts=starts, ends=starts + timedelta(minutes=90))
    Meeting.objects.filter(pk=row.pk, of_day__isnull=False).update(of_day=starts.date())
    fresh = Meeting.objects.get(pk=row.pk)
    over = Due.objects.undone().filter(subject=row.subject, kind="meetings.over")
    over.update(due_at=fresh.ends, params={"starts": time_of(fresh), "turn": 1})
    sweep()
    return Meeting.objects.get(pk=row.pk)


def fall_due(subject: str, kind: str) -> int:
    """What waits for ``subject`` is due now; returns how many that were."""
    found = Due.objects.undone().filter(subject=subject, kind=kind)
    count = found.update(due_at=timezone.now() - timedelta(seconds=1))
    sweep()
    return count


def resolved(row: Meeting, street: Street, *, days: int = 5, **changes: Any) -> ActionItem:
    """What was resolved at ``row``, for the liaison's unit."""
    values = {"what": "三幢雨污管分流", "unit": unit_of(street).pk, **changes}
    due = timezone.localdate() + timedelta(days=days)
    return set_action(
        client_key=uuid4(), meeting=row.pk, by=street.worker, version=None, due_on=values.pop("due_on", due), **values
    )
