"""What could be talked about and is not on the agenda yet, each taken on by one tap; and points a place up or down.

Locks: the meeting, then topics by key (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from meetings.models import AgendaItem, Meeting, Topic
from meetings.services.agenda import (
    MOST,
    Point,
    insert_points,
    list_topic,
    order_points,
    point_of,
    points_of,
    waiting_topics,
)
from meetings.services.held import hold
from meetings.states import MeetingVerb
from people.models import User


def proposals(meeting: Meeting) -> list[Point]:
    """What could be taken on now, what is late first; also what somebody took off before."""
    there = set(meeting.agenda.exclude(subject="").values_list("subject", flat=True))
    waiting = Topic.objects.waiting().filter(area_id=meeting.area_id).order_by("raised_at", "pk")[:MOST]
    found = [point for point in points_of(meeting, list(waiting)) if point.subject not in there]
    return sorted(found, key=lambda point: not point.first)


@transaction.atomic
def take_on(*, meeting: int, by: User, version: int | None, subject: str) -> AgendaItem:
    """列入议程. Raises as ``hold``; ``RuleBroken`` (it has been settled meanwhile, or stands there; too many)."""
    row = hold(Meeting, meeting, by, MeetingVerb.AGENDA, version)
    topics = waiting_topics(row)
    point = next((one for one in points_of(row, topics) if one.subject == subject), None)
    if point is None:
        raise RuleBroken(_("这一项已经办了，或者列进了别的会，不用再列。"))
    if row.agenda.filter(subject=subject).exists():
        raise RuleBroken(_("这一项已经在议程里了。"))
    if row.agenda.count() >= MOST:
        raise RuleBroken(_("议程太多了，请先去掉几项。"))
    insert_points(row, [point], by)
    for topic in topics:
        if topic.subject == subject:
            list_topic(topic, row, by=by)
    row.move_to(MeetingVerb.AGENDA, actor=by, changes={"by_hand": True}, params={"added": 1})
    found: AgendaItem = row.agenda.get(subject=subject)
    return found


@transaction.atomic
def shift_point(*, meeting: int, by: User, version: int | None, item: int, up: bool) -> None:
    """A place up or down; at its end it stays. Raises as ``order_points``."""
    row = hold(Meeting, meeting, by, MeetingVerb.AGENDA, version)
    point_of(row, item)
    keys = list(row.agenda.values_list("pk", flat=True))
    place = keys.index(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(keys):
        keys[place], keys[other] = keys[other], keys[place]
        order_points(meeting=meeting, by=by, version=version, items=keys)
