"""Meetings in the demo: 北山's quarter, from the series that its rules name; one held, with what came of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from meetings.models import ActionItem, Invitee, Meeting, Series
from meetings.services.actions import set_action
from meetings.services.agenda import add_point
from meetings.services.answering import answer_invitation
from meetings.services.dues import follow_action
from meetings.services.extracts import show_extract
from meetings.services.meetings import call_meeting, hold_meeting
from meetings.services.minutes import note_result, send_minutes, write_minutes
from meetings.services.planning import plan_one
from meetings.services.presence import note_present
from meetings.services.rules import rule_of
from meetings.services.series import Invited, set_up_series
from meetings.services.topics import raise_topic
from meetings.states import Coming
from members.models import Body, Liaison
from people.models import Area, User
from portal.demo import alliance_data as data
from portal.demo import cast

SPACE = UUID("5d0e9a57-1f6b-4a0c-9d55-0c7f5a1be912")
HELD_AGO = 20
"""Days since the meeting that was held."""
AHEAD_FIRST = 12
"""In how many days it was called before it was moved back: so far that the one after it was not planned yet."""
TOPIC = "老旧小区非机动车停放和充电（演示）"
RESULTS = ("先在上保片区划40个车位，12月底前划好（演示）。", "健康讲座每月一场，诊所轮流来讲（演示）。")
ACTIONS = (("公布三处充电点的位置（演示）", 6, 2), ("排好明年健康讲座的日程（演示）", 30, 0))
"""What, in how many days it was due when it was resolved, and how many days ago that day is (0: still ahead)."""
MINUTES = "\n".join(
    (
        "一、到会单位交流了本季度的服务情况。",
        "二、议定非机动车停放先从上保片区做起。",
        "三、健康讲座由诊所轮流承担。",
        "（演示）",
    )
)
EXTRACT = "议定两件事：非机动车停放先从上保片区划车位做起；健康讲座每月一场。（演示）"


def load_meetings() -> None:
    """Series set up through the services people use, whose meetings make themselves; all of it is invented."""
    by = User.objects.get(username="linshan")
    groups = [_of_group(by, name, number) for number, name in enumerate(data.BS_GROUPS)]
    for number, zone in enumerate(data.BS_ZONES):
        _of_zone(by, zone, number)
    _consultation(by)
    _fair(by)
    _held(by, groups[0])
    _called(by, groups[1])


def _key(*parts: object) -> UUID:
    return uuid5(SPACE, "/".join(str(part) for part in parts))


def _at(days: int, hour: int = 14, minute: int = 0) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _series(by: User, area: str, title: str, *, invited: Invited, **said: Any) -> Series:
    first = timezone.localdate(said["starts"])
    usual: dict[str, Any] = {"rule": rule_of("quarter", first, 8), "minutes": 90, **said}
    return set_up_series(
        client_key=_key(area, title), by=by, area=area, title=f"{title}（演示）", invited=invited, **usual
    )


def _of_group(by: User, name: str, number: int) -> Series:
    group = Body.objects.get(area=cast.BEISHAN, name=f"{name}组")
    return _series(
        by,
        cast.BEISHAN,
        f"{name}界别季度交流",
        invited=Invited(bodies=[group.pk]),
        kind="group",
        starts=_at(AHEAD_FIRST + (8 * number - 3 if number else 0), 14, 30),
        place="街道党群服务中心三楼（演示）",
    )


def _of_zone(by: User, zone: str, number: int) -> Series:
    community = Area.objects.get(parent=cast.BEISHAN, name=f"{zone}社区")
    body = Body.objects.get(area=community, name=f"{zone}片区")
    return _series(
        by,
        community.pk,
        f"{zone}社区党建联席会议",
        invited=Invited(bodies=[body.pk], offices=[community.pk]),
        kind="joint",
        starts=_at(10 + 5 * number, 9, 30),
        place=f"{zone}社区议事厅（演示）",
    )


def _consultation(by: User) -> Series:
    supervisors = Body.objects.get(area=cast.BEISHAN, name="监督团")
    offices = [area.pk for area in Area.objects.filter(parent=cast.BEISHAN)]
    return _series(
        by,
        cast.BEISHAN,
        "监督团季度协商会",
        invited=Invited(bodies=[supervisors.pk], offices=offices),
        kind="consult",
        starts=_at(26),
        place="街道会议室（演示）",
    )


def _fair(by: User) -> Series:
    return _series(
        by,
        cast.BEISHAN,
        "项目展示交流大会",
        invited=Invited(),
        kind="fair",
        rule="FREQ=YEARLY;COUNT=3",
        starts=_at(60, 14),
        minutes=180,
        everybody=True,
        place="街道文体中心（演示）",
    )


def _first_of(series: Series) -> Meeting:
    return Meeting.objects.filter(series=series).earliest("starts")


def _held(by: User, series: Series) -> None:
    """The group's last meeting: a topic, answers, who was there, minutes, two things to do, one of them late."""
    row = _first_of(series)
    raiser = User.objects.get(username="xiayu")
    topic = raise_topic(client_key=_key("topic"), by=raiser, area=cast.BEISHAN, title=TOPIC)
    add_point(meeting=row.pk, by=by, version=None, title="健康讲座怎么排（演示）", minutes=20)
    call_meeting(pk=row.pk, by=by, version=None)
    _answers(row)
    row = _into_the_past(row, series)
    row = hold_meeting(pk=row.pk, by=by, version=None)
    coming = row.invitees.filter(dropped_at__isnull=True).exclude(answer=Coming.STAYS_AWAY).order_by("pk")
    note_present(meeting=row.pk, by=by, invitees=list(coming.values_list("pk", flat=True)[:18]), how="paper")
    items = {item.subject: item.pk for item in row.agenda.all()}
    own = next(pk for subject, pk in items.items() if not subject)
    note_result(meeting=row.pk, by=by, version=None, item=items[topic.subject], result=RESULTS[0])
    note_result(meeting=row.pk, by=by, version=None, item=own, result=RESULTS[1])
    unit = coming.filter(unit__isnull=False).first()
    for what, within, ago in ACTIONS:
        due_on = timezone.localdate() + timedelta(days=within)
        doer = {"unit": unit.unit_id} if unit and ago else {"office": cast.BEISHAN}
        given: Any = {"client_key": _key("action", what), "meeting": row.pk, "by": by, "version": None, **doer}
        action = set_action(what=what, due_on=due_on, **given)
        if ago:
            _made_late(action, ago)
    write_minutes(meeting=row.pk, by=by, base=0, text=MINUTES)
    send_minutes(meeting=row.pk, by=by, version=None)
    show_extract(meeting=row.pk, by=by, version=None, words=EXTRACT)
    plan_one(series.pk)


def _into_the_past(row: Meeting, series: Series) -> Meeting:
    """As ``history`` does with needs: the meeting was some weeks ago, and its series began with it."""
    back = timedelta(days=HELD_AGO + (timezone.localdate(row.starts) - timezone.localdate()).days)
    called_at = row.starts - back - timedelta(days=7)
    began = series.starts - back
    Series.objects.filter(pk=series.pk).update(starts=began)
    moments = {"starts": row.starts - back, "ends": row.ends - back, "of_day": timezone.localdate(began)}
    Meeting.objects.filter(pk=row.pk).update(called_at=called_at, **moments)
    Invitee.objects.filter(meeting=row, answered_at__isnull=False).update(answered_at=called_at + timedelta(days=1))
    return Meeting.objects.get(pk=row.pk)


def _made_late(action: ActionItem, ago: int) -> None:
    """It was due some days ago; its reminders know, which are those of another version."""
    due_on = timezone.localdate() - timedelta(days=ago)
    row = ActionItem.objects.filter(pk=action.pk)
    row.update(due_on=due_on, first_due_on=due_on, version=action.version + 1)
    follow_action(ActionItem.objects.get(pk=action.pk))


def _called(by: User, series: Series) -> None:
    """The next group's meeting: everybody has been invited, some have answered."""
    row = _first_of(series)
    add_point(meeting=row.pk, by=by, version=None, title="迎新年文艺交流怎么办（演示）", minutes=30)
    call_meeting(pk=row.pk, by=by, version=None)
    _answers(row)


def _answers(row: Meeting) -> None:
    """Liaisons of the demo say whether they come: most do, some send somebody, one stays away."""
    seats = {seat.unit_id: seat.user for seat in Liaison.objects.select_related("user").order_by("pk")}
    asked = row.invitees.filter(unit__in=seats, dropped_at__isnull=True).order_by("pk")
    for place, one in enumerate(asked):
        answer = (Coming.COMES, Coming.COMES, Coming.STAND_IN, Coming.STAYS_AWAY)[place % 4]
        stand_in = "办公室同事（演示）" if answer == Coming.STAND_IN else ""
        answer_invitation(pk=one.pk, by=seats[one.unit_id], answer=answer, stand_in=stand_in)
