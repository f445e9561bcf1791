"""What comes again makes its meetings ahead, off days off, and a changed rule moves what is empty."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from deadlines.models import WorkDay
from deadlines.services.calendar import calendar
from meetings.models import Meeting, Series
from meetings.services.agenda import add_point
from meetings.services.clock import days_changed
from meetings.services.meetings import call_meeting, call_off_meeting
from meetings.services.planning import plan_ahead
from meetings.services.series import Invited, edit_series, end_series, set_invited, set_up_series
from meetings.states import MeetingState
from members.models import Body, BodyKind, BodySeat, Membership
from notifications.models import Message
from people.models import User
from tests.cast import Cast
from tests.claims.things import another_unit
from tests.meetings.things import EIGHT_WEEKLY, FIVE_WEEKLY, QUARTERLY, SAID, at, fall_due, member, series

pytestmark = pytest.mark.django_db


def days(row: Series) -> list[date]:
    rows = Meeting.objects.filter(series=row).exclude(state=MeetingState.CALLED_OFF).order_by("starts")
    return [timezone.localdate(one.starts) for one in rows]


def rules(user: User) -> set[str]:
    return set(Message.objects.inbox_of(user).values_list("rule", flat=True))


def test_the_quarter_appears_by_itself_and_only_once(cast: Cast) -> None:
    row = series(cast.chengxiang)
    first = days(row)
    assert len(first) == 3 and first[0] == timezone.localdate() + timedelta(days=10)
    numbers = set(Meeting.objects.values_list("number", flat=True))
    assert len(numbers) == 3 and all(number.startswith("HY-") for number in numbers)
    plan_ahead()
    plan_ahead()
    assert days(row) == first
    Meeting.objects.filter(series=row).update(of_day=None, state=MeetingState.CALLED_OFF, ended_at=timezone.now())
    plan_ahead()
    assert len(days(row)) == 3, "what is not there is made"


def test_what_somebody_called_off_stays_off(cast: Cast) -> None:
    row = series(cast.chengxiang)
    gone = Meeting.objects.filter(series=row).earliest("starts")
    call_off_meeting(pk=gone.pk, by=cast.chengxiang.worker, version=None, why="大家都在防汛")
    plan_ahead()
    assert len(days(row)) == 2


def test_a_second_tap_finds_the_first_and_nobody_uses_anothers_key(cast: Cast) -> None:
    here, key = cast.chengxiang, uuid4()
    member(here)
    values = {**SAID, "rule": QUARTERLY, "starts": at(5)}
    first = set_up_series(client_key=key, by=here.worker, area=here.home.pk, **values)
    again = set_up_series(client_key=key, by=here.worker, area=here.home.pk, **values)
    assert (first.just_made, again.just_made, again.pk) == (True, False, first.pk)
    with pytest.raises(Conflict):
        set_up_series(client_key=key, by=here.clerk, area=here.home.pk, **values)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY",
        "FREQ=DAILY;COUNT=3",
        "FREQ=SECONDLY;COUNT=3",
        "FREQ=WEEKLY;COUNT=900",
        "FREQ=MONTHLY;COUNT=80",
        "",
    ],
)
def test_a_rule_ends_and_is_no_finer_than_a_week(cast: Cast, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        series(cast.chengxiang, rule=rule)
    assert set(refused.value.fields) == {"rule"} and not Series.objects.exists()


def test_what_is_typed_is_refused_by_field(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        series(cast.chengxiang, title=" ", place="", kind="x", minutes=3, off_days="never")
    assert set(refused.value.fields) == {"title", "place", "kind", "minutes", "off_days"}
    other, _liaison = another_unit(cast.xiasha)
    for invited in (Invited(units=[other.pk]), Invited(offices=[cast.xiasha.home.pk]), Invited(bodies=[999])):
        with pytest.raises(Invalid):
            series(cast.chengxiang, invited=invited)


def test_only_whoever_keeps_the_place_sets_up_and_changes(cast: Cast) -> None:
    here = cast.chengxiang
    for by in (here.neighbour, here.liaison, here.leader, cast.xiasha.worker):
        with pytest.raises(NotAllowed):
            set_up_series(client_key=uuid4(), by=by, area=here.home.pk, **SAID, rule=FIVE_WEEKLY, starts=at(3))
    row = series(here)
    for by, error in ((here.neighbour, NotAllowed), (here.liaison, NotFound), (cast.xiasha.worker, NotFound)):
        with pytest.raises(error):
            edit_series(pk=row.pk, by=by, version=None, place="别处")
    with pytest.raises(Conflict):
        edit_series(pk=row.pk, by=here.worker, version=row.version + 5, place="别处")


@pytest.mark.parametrize("off_days", ["after", "before", "stay"])
def test_it_moves_off_days_off_by_rule(cast: Cast, off_days: str) -> None:
    starts = at(20)
    off = timezone.localdate(starts)
    WorkDay.objects.update_or_create(day=off, defaults={"working": False, "name": "假"})
    row = series(cast.chengxiang, starts=starts, off_days=off_days)
    cal = calendar()
    expected = {"after": cal.next_working(off, 1), "before": cal.next_working(off, -1), "stay": off}[off_days]
    first = Meeting.objects.filter(series=row).earliest("starts")
    assert timezone.localdate(first.starts) == expected and first.of_day == off
    assert timezone.localtime(first.starts).hour == 14


def test_a_day_off_decreed_later_moves_drafts_and_tells_the_office_of_the_others(cast: Cast) -> None:
    here, starts = cast.chengxiang, at(20)
    first = timezone.localdate(starts)
    WorkDay.objects.update_or_create(day=first, defaults={"working": True, "name": ""})
    row = series(here, starts=starts, off_days="after", rule="FREQ=WEEKLY;COUNT=2")
    draft, later = Meeting.objects.filter(series=row).order_by("starts")
    WorkDay.objects.update_or_create(day=first, defaults={"working": False, "name": "新定的假"})
    days_changed(first, first)
    fall_due("calendar:0", "meetings.shift")
    draft.refresh_from_db()
    assert timezone.localdate(draft.starts) > first and draft.of_day == first
    called = timezone.localdate(later.starts)
    call_meeting(pk=later.pk, by=here.worker, version=None)
    WorkDay.objects.update_or_create(day=called, defaults={"working": False, "name": "又一天"})
    days_changed(called, called)
    fall_due("calendar:0", "meetings.shift")
    later.refresh_from_db()
    assert timezone.localdate(later.starts) == called, "nobody moves what people have written down"
    assert "meetings.MeetingOnDayOff" in rules(here.worker)


def test_a_changed_rule_moves_what_is_empty_and_keeps_what_has_content(cast: Cast) -> None:
    here = cast.chengxiang
    row = series(here)
    kept, second, _third = Meeting.objects.filter(series=row).order_by("starts")
    add_point(meeting=kept.pk, by=here.worker, version=None, title="收费公示")
    before = {kept.pk: kept.starts}
    edit_series(pk=row.pk, by=here.worker, version=None, starts=at(12, 19), rule=EIGHT_WEEKLY)
    kept.refresh_from_db()
    second.refresh_from_db()
    assert kept.starts == before[kept.pk]
    assert timezone.localtime(second.starts).hour == 19
    ahead = Meeting.objects.filter(series=row).exclude(state=MeetingState.CALLED_OFF).exclude(pk=kept.pk)
    assert [timezone.localdate(one.starts) for one in ahead.order_by("starts")] == [
        timezone.localdate(at(12)),
        *[day for day in days(row) if day > timezone.localdate(at(12))],
    ]
    assert ahead.count() == 2
    plan_ahead()
    assert ahead.count() == 2


def test_an_ended_series_takes_its_empty_drafts_along(cast: Cast) -> None:
    here = cast.chengxiang
    row = series(here)
    first = Meeting.objects.filter(series=row).earliest("starts")
    add_point(meeting=first.pk, by=here.worker, version=None, title="收费公示")
    end_series(pk=row.pk, by=here.worker, version=None)
    assert days(row) == [timezone.localdate(first.starts)]
    plan_ahead()
    assert len(days(row)) == 1


def test_a_body_brings_its_units_and_people_as_they_are_then(cast: Cast) -> None:
    here = cast.chengxiang
    unit, (second, _liaison) = member(here), another_unit(here)
    kind = BodyKind.objects.create(key="council-t", name="议事会", roles=["成员"])
    body = Body.objects.create(kind=kind, name="议事会", area=here.home)
    for given in ({"unit": unit}, {"user": here.secretary}, {"name": "沈美芳"}):
        BodySeat.objects.create(body=body, role="成员", starts_on=timezone.localdate(), **given)
    row = series(here, invited=Invited(bodies=[body.pk], offices=[here.street.pk]))
    meeting = Meeting.objects.filter(series=row).earliest("starts")
    labels = [one.label for one in meeting.invitees.all()]
    assert labels == [str(unit), str(here.secretary), "沈美芳", str(here.street)]
    set_invited(pk=row.pk, by=here.worker, version=None, invited=Invited(bodies=[body.pk], units=[second.pk]))
    assert meeting.invitees.filter(unit=second).exists()
    Membership.objects.filter(unit=second).update(left_on=timezone.localdate())
    call_meeting(pk=meeting.pk, by=here.worker, version=None)
    assert not meeting.invitees.asked().filter(unit=second).exists(), "whoever has left is not invited"
