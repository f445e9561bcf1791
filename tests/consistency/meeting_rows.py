"""Rows of the world about meetings: a series, one of its meetings as it stands after it was held, a topic, what was
resolved."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from meetings.models import Meeting
from meetings.services.agenda import add_point
from meetings.services.extracts import show_extract
from meetings.services.meetings import call_meeting, hold_meeting
from meetings.services.minutes import send_minutes, write_minutes
from meetings.services.topics import raise_topic
from tests.cast import Street
from tests.meetings.things import at, called, resolved, series


def met(here: Street) -> dict[str, Any]:
    """The 议事厅 of 万寿桥社区: held once, with minutes and an action item of the unit; the next ones ahead."""
    row = series(here)
    first = Meeting.objects.filter(series=row).earliest("starts")
    topic = raise_topic(client_key=uuid4(), by=here.worker, area=here.home.pk, title="非机动车停放和充电")
    add_point(meeting=first.pk, by=here.worker, version=None, title="收费公示")
    call_meeting(pk=first.pk, by=here.worker, version=None)
    Meeting.objects.filter(pk=first.pk).update(starts=at(-1), ends=at(-1, 16))
    held = hold_meeting(pk=first.pk, by=here.worker, version=None)
    write_minutes(meeting=held.pk, by=here.worker, base=0, text="到会九方，通过一项。")
    return {
        "meetings/shown": _shown(here),
        "meetings/series": row,
        "meetings/meeting": Meeting.objects.get(pk=held.pk),
        "meetings/invitee": held.invitees.get(),
        "meetings/topic": topic,
        "meetings/actionitem": resolved(held, here),
    }


def _shown(here: Street) -> Meeting:
    """Another one, sent, of which everybody may read an extract."""
    row = called(here, title="垃圾房协商会")
    Meeting.objects.filter(pk=row.pk).update(starts=at(-2), ends=at(-2, 16))
    hold_meeting(pk=row.pk, by=here.worker, version=None)
    write_minutes(meeting=row.pk, by=here.worker, base=0, text="议定垃圾房移位。")
    send_minutes(meeting=row.pk, by=here.worker, version=None)
    show_extract(meeting=row.pk, by=here.worker, version=None, words="议定垃圾房移到东门。")
    return Meeting.objects.get(pk=row.pk)
