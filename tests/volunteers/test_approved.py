"""What the office approved stays as it approved it, and a unit that is suspended organises nothing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.public_text import Warned
from members.models import MemberUnit
from members.services import suspend_unit
from notifications.models import Message
from people.models import User
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import another_unit
from tests.volunteers.things import SAID, at, comer, day, drafted, joined, published
from volunteers.models import Activity, Post, Slot
from volunteers.services import activities, seats
from volunteers.services.slots import MOST_DAYS, Place, add_slot, occurrences, set_series

pytestmark = pytest.mark.django_db


def _sent(cast: Cast) -> tuple[Activity, MemberUnit, User]:
    unit, liaison = another_unit(cast.chengxiang)
    row = activities.propose(client_key=uuid4(), by=liaison, area=cast.chengxiang.home.pk, unit=unit.pk, **SAID)
    day(row, liaison)
    return activities.send_activity(pk=row.pk, by=liaison, version=None), unit, liaison


def test_points_and_safety_are_the_offices_once_it_is_published(cast: Cast) -> None:
    row, _unit, liaison = _sent(cast)
    activities.approve_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    for name, value in (("risky", True), ("accompanied", False), ("takes_children", False), ("min_age", 3)):
        with pytest.raises(Invalid) as refused:
            activities.edit_activity(pk=row.pk, by=liaison, version=None, **{name: value})
        assert list(refused.value.fields) == [name]
        activities.edit_activity(pk=row.pk, by=cast.chengxiang.worker, version=None, **{name: value})
    activities.edit_activity(pk=row.pk, by=liaison, version=None, bring="水杯", risky=True)
    assert not Message.objects.filter(rule="volunteers.ActivityRenamed").exists()
    activities.edit_activity(pk=row.pk, by=liaison, version=None, title="另一个名称")
    assert Message.objects.filter(rule="volunteers.ActivityRenamed").exists()


def test_service_is_added_by_the_office_once_it_is_published(cast: Cast) -> None:
    row, _unit, liaison = _sent(cast)
    activities.approve_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    service = [Place(capacity=2, is_service=True)]
    with pytest.raises(Invalid):
        add_slot(activity=row.pk, by=liaison, version=None, starts=at(80), ends=at(82), posts=service)
    with pytest.raises(Invalid):
        rule = "FREQ=DAILY;COUNT=2"
        set_series(activity=row.pk, by=liaison, version=None, rule=rule, starts=at(90), minutes=60, posts=service)
    add_slot(activity=row.pk, by=liaison, version=None, starts=at(80), ends=at(82), posts=[Place(capacity=2)])
    worker = cast.chengxiang.worker
    add_slot(activity=row.pk, by=worker, version=None, starts=at(100), ends=at(102), posts=service)


def test_a_suspended_unit_organises_nothing(cast: Cast) -> None:
    row, unit, liaison = _sent(cast)
    suspend_unit(pk=unit.pk, by=fresh(cast.chengxiang.clerk), why="换届")
    with pytest.raises(RuleBroken, match="暂停"):
        activities.approve_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    Activity.objects.filter(pk=row.pk).update(state="draft")
    with pytest.raises(NotAllowed):
        activities.edit_activity(pk=row.pk, by=fresh(liaison), version=None, title="新名称")


def test_a_day_that_was_taken_from_the_plan_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        seats.look_steadily(0)


@pytest.mark.parametrize("every", ["0", "53", "-1", "1.5", "", "100000000000"])
def test_a_rule_comes_every_so_many_days(every: str) -> None:
    with pytest.raises(Invalid):
        occurrences(f"FREQ=DAILY;INTERVAL={every};COUNT=3", at(24))
    assert len(occurrences("FREQ=DAILY;INTERVAL=52;COUNT=3", at(24))) == 3


def test_empty_days_are_as_the_new_rule_says(cast: Cast) -> None:
    row, _post = published(cast.chengxiang, title="手机摄影课")
    by, rule, starts = cast.chengxiang.worker, "FREQ=DAILY;COUNT=3", at(100)
    for minutes, capacity in ((60, 10), (90, 4)):
        posts = [Place(capacity=capacity)]
        set_series(activity=row.pk, by=by, version=None, rule=rule, starts=starts, minutes=minutes, posts=posts)
    of_rule = Slot.objects.filter(activity=row, of_series=True)
    assert {(one.ends - one.starts).seconds for one in of_rule} == {90 * 60}
    assert {post.capacity for post in Post.objects.filter(slot__in=of_rule)} == {4}
    kept = of_rule.earliest("starts")
    joined(kept.posts.get(), comer())
    posts = [Place(capacity=9)]
    set_series(activity=row.pk, by=by, version=None, rule=rule, starts=starts, minutes=60, posts=posts)
    assert Slot.objects.get(pk=kept.pk).ends == kept.ends and of_rule.count() == 3


def test_an_activity_has_a_bound_of_days_however_they_were_planned(cast: Cast) -> None:
    row = drafted(cast.chengxiang)
    by, rule = cast.chengxiang.worker, f"FREQ=DAILY;COUNT={MOST_DAYS}"
    day(row, by)
    with pytest.raises(Invalid) as refused:
        posts = [Place(capacity=1)]
        set_series(activity=row.pk, by=by, version=None, rule=rule, starts=at(72), minutes=60, posts=posts)
    assert "rule" in refused.value.fields


def test_what_everybody_reads_is_looked_at_again_where_it_has_a_phone(cast: Cast) -> None:
    by, said = cast.chengxiang.worker, "找我报名 13812345678"
    with pytest.raises(Warned) as warned:
        drafted(cast.chengxiang, summary=said)
    row = drafted(cast.chengxiang, summary=said, seen_warnings=warned.value.mark)
    with pytest.raises(Warned):
        activities.edit_activity(pk=row.pk, by=by, version=None, bring=said)
    activities.edit_activity(pk=row.pk, by=by, version=None, place="文化家园一楼")
    slot = day(row, by)
    day(row, by, starts=96)
    activities.publish_activity(pk=row.pk, by=by, version=None)
    with pytest.raises(Warned):
        activities.call_off_slot(pk=slot.pk, by=by, version=None, words=said)
    with pytest.raises(Warned) as warned:
        activities.call_off_activity(pk=row.pk, by=by, version=None, words=said)
    mark = warned.value.mark
    activities.call_off_activity(pk=row.pk, by=by, version=None, words=said, seen_warnings=mark)


def test_the_desk_asks_for_a_tick_beside_such_words(cast: Cast) -> None:
    row, _unit, liaison = _sent(cast)
    activities.approve_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    browser, page = browser_of(liaison), f"/desk/activities/{row.pk}/"
    words = "找我 13812345678"
    asked = browser.post(page, {"words": words, "version": Activity.objects.get(pk=row.pk).version})
    found = re.search(r'name="seen_warnings" value="([^"]+)"', asked.content.decode())
    assert asked.status_code == 422 and found is not None
    again = {"words": words, "version": row.version + 1, "seen_warnings": found[1]}
    assert browser.post(page, again).status_code == 302


def test_a_name_is_asked_for_only_where_a_bus_or_an_insurance_does(cast: Cast) -> None:
    _row, trip = published(cast.chengxiang, kind="trip")
    _row, course = published(cast.chengxiang, kind="course", starts=240)
    by = comer()
    assert joined(trip, by, real_name="孙大伯本人").real_name == "孙大伯本人"
    with pytest.raises(Invalid) as refused:
        joined(course, by, real_name="孙大伯本人")
    assert list(refused.value.fields) == ["real_name"]
