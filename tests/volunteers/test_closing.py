"""The end of a day and of its hours: no names are left, no single fault keeps everybody from theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, RuleBroken
from deadlines.models import Due
from deadlines.services.sweep import sweep
from points.models import Rule, Transfer
from points.services.awarding import award
from tests.cast import Cast
from tests.volunteers.test_attending import duty, helper
from tests.volunteers.things import at, begun, comer, day, drafted, joined, published
from volunteers.models import Activity, Attendance, Hours, SignUp, Slot
from volunteers.services import hours, noting
from volunteers.services.activities import call_off_activity, finish_activity, publish_activity
from volunteers.services.checked import keys_of
from volunteers.states import ActivityState

pytestmark = pytest.mark.django_db


def _over(slot: Slot) -> None:
    Due.objects.filter(subject=f"slot:{slot.pk}").update(due_at=timezone.now() - timedelta(minutes=1))
    sweep()


@pytest.mark.parametrize("ending", ["clock", "called off", "by hand"])
def test_however_it_ends_names_go_and_everybody_has_left(cast: Cast, ending: str) -> None:
    row, post = published(cast.chengxiang)
    come, gone = (joined(post, comer(name), real_name="汤正大") for name in ("汤大伯", "赵阿婆"))
    worker = cast.chengxiang.worker
    slot = begun(post, hours_ago=1, lasted=3)
    noting.note_present(slot=slot.pk, by=worker, signups=[come.pk], paper=False)
    if ending == "called off":
        call_off_activity(pk=row.pk, by=worker, version=None, words="下大雨")
    slot = begun(post, hours_ago=5, lasted=3)
    if ending == "by hand":
        finish_activity(pk=row.pk, by=worker, version=None)
    Attendance.objects.update(came_at=slot.starts)
    assert SignUp.objects.get(pk=gone.pk).real_name == "汤正大"
    _over(slot)
    assert set(SignUp.objects.values_list("real_name", flat=True)) == {None}
    assert Attendance.objects.get().left_at == slot.ends
    ended = ActivityState.CALLED_OFF if ending == "called off" else ActivityState.DONE
    assert Activity.objects.get(pk=row.pk).state == ended


def test_whoever_came_in_the_last_moment_does_not_stop_the_end(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    come = joined(post, comer())
    slot = begun(post, hours_ago=2, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[come.pk], paper=False)
    slot = begun(post, hours_ago=4, lasted=3)
    Attendance.objects.update(came_at=slot.ends + timedelta(milliseconds=3))
    _over(slot)
    found = Attendance.objects.get()
    assert found.left_at == found.came_at


def test_a_coefficient_the_days_rule_does_not_know_is_worth_the_ordinary(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=4, lasted=3)
    Activity.objects.filter(pk=slot.activity_id).update(coefficient="typhoon")
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=True)
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary) == hours.Confirmed(1, 0)
    assert (Hours.objects.get().minutes, Transfer.objects.get().amount) == (180, 30)


def test_a_day_is_planned_only_with_a_coefficient_of_its_rule(cast: Cast) -> None:
    row = drafted(cast.chengxiang)
    day(row, cast.chengxiang.worker)
    Activity.objects.filter(pk=row.pk).update(coefficient="typhoon")
    with pytest.raises(RuleBroken, match="系数"):
        publish_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    assert "typhoon" not in keys_of(Rule.objects.get())
    with pytest.raises(RuleBroken, match="系数"):
        day(row, cast.chengxiang.worker, starts=100)


def test_one_persons_fault_keeps_nobody_else_from_their_hours(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    post = duty(cast.chengxiang)
    rows = [joined(post, helper(cast.chengxiang)) for _n in range(3)]
    slot = begun(post, hours_ago=4, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[one.pk for one in rows], paper=True)
    _spoil(rows[0])
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary) == hours.Confirmed(2, 0, 1)
    assert set(Hours.objects.values_list("person", flat=True)) == {one.person_id for one in rows[1:]}
    assert not Attendance.objects.get(signup=rows[0]).confirmed_at, "what failed is undone as a whole"
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary) == hours.Confirmed(0, 0, 1)
    assert Conflict.__name__ in caplog.text


def _spoil(row: SignUp) -> None:
    """The points of this presence stand already, with another amount: as only a fault could write them."""
    source = hours.source_of(Attendance.objects.get(signup=row))
    award(person=row.person, area_code=row.street_code, source=source, amount=1, label="错", day=at(-4).date())
