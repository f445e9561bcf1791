"""The agenda: it builds itself by reading downward, and whoever keeps the meeting orders it.

Locks: the meeting, then topics by key (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from meetings import messages
from meetings.models import ActionItem, AgendaItem, Meeting, Topic
from meetings.services.checked import words
from meetings.services.held import hold
from meetings.services.telling import tell_raiser
from meetings.states import MeetingVerb, TopicState, TopicVerb
from needs.models import Need, Wish
from people.models import User
from people.querysets import within
from projects.models import Agreement, Project
from projects.states import LIVE_PROJECTS, AgreementState

MOST, MOST_TITLE, MOST_RESULT = 60, 80, 500
EXPIRING = timedelta(days=30)
DROPPED = "dropped"
"""Under which name the history says what somebody took off: it does not come back by itself."""


@dataclass(frozen=True)
class Point:
    """Something to talk about. ``first``: before everything else."""

    title: str
    subject: str
    first: bool = False


def fill_agenda(meeting: Meeting, *, by: User | None) -> int:
    """Put on the agenda of the locked ``meeting`` what has come up since; returns how many points are new.

    What was not done in time stands before everything else. Points that stand already stay where they are, and what
    only counts (``lines:``) is counted again.
    """
    there = {item.subject: item for item in meeting.agenda.all()}
    taken_off = set(meeting.events.filter(params__has_key=DROPPED).values_list(f"params__{DROPPED}", flat=True))
    topics = [one for one in waiting_topics(meeting) if one.subject not in taken_off]
    points = points_of(meeting, topics)
    for point in points:
        known = there.get(point.subject)
        if known is not None and known.title != point.title and point.subject.startswith("lines:"):
            AgendaItem.objects.filter(pk=known.pk).update(title=point.title)
    new = [point for point in points if point.subject not in there and point.subject not in taken_off]
    new = new[: max(MOST - len(there), 0)]
    insert_points(meeting, new, by)
    listed = {point.subject for point in new}
    for topic in topics:
        if topic.subject in listed:
            list_topic(topic, meeting, by=by)
    return len(new)


def points_of(meeting: Meeting, topics: Sequence[Topic]) -> list[Point]:
    """All there is to talk about by now, on the agenda or not: ``topics``, and what is read downward."""
    with override(settings.LANGUAGE_CODE):
        return [*_actions(meeting), *(Point(one.title, one.subject) for one in topics), *_lines(meeting)]


def insert_points(meeting: Meeting, new: Sequence[Point], by: User | None) -> None:
    rows = [AgendaItem(meeting=meeting, position=0, title=p.title, subject=p.subject, by=by) for p in new]
    AgendaItem.objects.bulk_create(rows)
    first = [row for row, point in zip(rows, new, strict=True) if point.first]
    last = [row for row, point in zip(rows, new, strict=True) if not point.first]
    keys = {row.pk for row in rows}
    _number([*first, *(row for row in meeting.agenda.all() if row.pk not in keys), *last])


def _number(rows: Sequence[AgendaItem]) -> None:
    for place, row in enumerate(rows, 1):
        row.position = place
    AgendaItem.objects.bulk_update(rows, ["position"])


def waiting_topics(meeting: Meeting) -> list[Topic]:
    """Those that wait where it meets, the oldest first, locked by key."""
    rows = Topic.objects.waiting().filter(area_id=meeting.area_id).order_by("pk")
    held = list(rows.select_related("unit", "raised_by").select_for_update(of=("self",), no_key=True)[:MOST])
    return sorted(held, key=lambda one: (one.raised_at, one.pk))


def _actions(meeting: Meeting) -> Iterator[Point]:
    """What earlier meetings of the series (or of none) resolved and nobody has done, what is late first."""
    day = timezone.localdate(meeting.starts)
    rows = ActionItem.objects.open().filter(area_id=meeting.area_id).exclude(meeting=meeting)
    if meeting.series_id is not None:
        rows = rows.filter(Q(meeting__series=meeting.series_id) | Q(meeting__series__isnull=True))
    for one in rows.select_related("unit", "office").order_by("due_on", "pk")[:MOST]:
        late = one.due_on < day
        title = _("上次没销号：%(what)s") if late else _("上次商定：%(what)s")
        yield Point((title % {"what": one.what})[:MOST_TITLE], one.subject, first=late)


def _lines(meeting: Meeting) -> Iterator[Point]:
    """Counts of what waits elsewhere; never whose it is, since guests read the agenda."""
    codes, today = {meeting.area_id}, timezone.localdate()
    needs = Need.objects.in_areas(frozenset(codes)).overdue().count()
    wishes = Wish.objects.filter(within(codes)).claimable().count()
    running = Agreement.objects.filter(within(codes), state=AgreementState.RUNNING)
    ending = running.filter(runs_until__range=(today, today + EXPIRING)).count()
    projects = Project.objects.filter(within(codes), state__in=LIVE_PROJECTS)
    due = projects.filter(ends_on__lte=today + EXPIRING).count()
    if needs:
        yield Point(_("还没办好的诉求：%(n)d件") % {"n": needs}, "lines:needs")
    if wishes:
        yield Point(_("还没人认领的微心愿：%(n)d个") % {"n": wishes}, "lines:wishes")
    if ending:
        yield Point(_("一个月内到期的共建协议：%(n)d份") % {"n": ending}, "lines:agreements")
    if due:
        yield Point(_("一个月内到期的共建项目：%(n)d个") % {"n": due}, "lines:projects")


def list_topic(topic: Topic, meeting: Meeting, *, by: User | None) -> None:
    """The locked ``topic`` is on the agenda; whoever raised it hears of it once the meeting is called."""
    topic.move_to(TopicVerb.LIST, actor=by, changes={"meeting": meeting})
    if meeting.called_at is not None:
        tell_raiser(topic, messages.TopicListed)


def release_topics(meeting: Meeting, *, by: User | None) -> None:
    """Those that were not answered wait for another meeting."""
    for topic in listed_topics(meeting):
        topic.move_to(TopicVerb.UNLIST, actor=by, changes={"meeting": None})


def listed_topics(meeting: Meeting) -> list[Topic]:
    """Topics on the agenda, locked by key."""
    rows = Topic.objects.filter(meeting=meeting, state=TopicState.LISTED).select_related("unit", "raised_by")
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


@transaction.atomic
def refresh_agenda(*, meeting: int, by: User, version: int | None) -> int:
    """收集议程: what has come up since. Raises as ``hold``; returns how many points are new."""
    row = hold(Meeting, meeting, by, MeetingVerb.AGENDA, version)
    found = fill_agenda(row, by=by)
    if found:
        row.move_to(MeetingVerb.AGENDA, actor=by, params={"added": found})
    return found


@transaction.atomic
def add_point(*, meeting: int, by: User, version: int | None, title: str, minutes: int | None = None) -> AgendaItem:
    """加一项. Raises as ``hold``; ``Invalid``, ``RuleBroken`` (too many)."""
    row = hold(Meeting, meeting, by, MeetingVerb.AGENDA, version)
    text = words(title, "title", gettext_lazy("请写议什么。"), MOST_TITLE)
    if minutes is not None and not 1 <= minutes <= 600:
        raise Invalid({"minutes": [gettext_lazy("请填1到600分钟。")]})
    if row.agenda.count() >= MOST:
        raise RuleBroken(gettext_lazy("议程太多了，请先去掉几项。"))
    last = row.agenda.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(meeting=row, position=last + 1, title=text, minutes=minutes, by=by)
    row.move_to(MeetingVerb.AGENDA, actor=by, changes={"by_hand": True}, params={"added": 1})
    return item


@transaction.atomic
def drop_point(*, meeting: int, by: User, version: int | None, item: int) -> None:
    """去掉一项; its topic waits for another meeting. Raises as ``hold``; ``NotFound``."""
    row = hold(Meeting, meeting, by, MeetingVerb.AGENDA, version)
    found = point_of(row, item)
    for topic in listed_topics(row):
        if topic.subject == found.subject:
            topic.move_to(TopicVerb.UNLIST, actor=by, changes={"meeting": None})
    found.delete()
    row.move_to(MeetingVerb.AGENDA, actor=by, changes={"by_hand": True}, params={DROPPED: found.subject})


@transaction.atomic
def order_points(*, meeting: int, by: User, version: int | None, items: Sequence[int]) -> None:
    """排顺序: ``items`` in their new order; those not named follow as they were. Raises as ``hold``; ``NotFound``."""
    row = hold(Meeting, meeting, by, MeetingVerb.AGENDA, version)
    rows = {item.pk: item for item in row.agenda.all()}
    if not set(items) <= set(rows):
        raise NotFound
    _number([rows[key] for key in dict.fromkeys([*items, *rows])])
    row.move_to(MeetingVerb.AGENDA, actor=by, changes={"by_hand": True})


def point_of(meeting: Meeting, pk: int) -> AgendaItem:
    """Raises ``NotFound``."""
    found: AgendaItem | None = meeting.agenda.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
