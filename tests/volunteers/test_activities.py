"""An activity from the first word to its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from claims.querysets import seated_units
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.models import MemberUnit
from tests.cast import Cast
from tests.claims.things import another_unit
from tests.volunteers.things import SAID, at, begun, comer, day, drafted, joined, published
from volunteers.models import Activity, Slot
from volunteers.services import activities
from volunteers.services.proposing import change_and_send
from volunteers.services.slots import MOST_DAYS, Place, occurrences, set_series
from volunteers.states import ActivityState

pytestmark = pytest.mark.django_db


def test_a_unit_proposes_and_the_community_approves_once(cast: Cast) -> None:
    unit, liaison = another_unit(cast.chengxiang)
    row = activities.propose(client_key=uuid4(), by=liaison, area=cast.chengxiang.home.pk, unit=unit.pk, **SAID)
    day(row, liaison)
    with pytest.raises((NotAllowed, RuleBroken)):
        activities.publish_activity(pk=row.pk, by=liaison, version=None)
    activities.send_activity(pk=row.pk, by=liaison, version=None)
    assert not Activity.objects.public().filter(pk=row.pk).exists()
    with pytest.raises(NotAllowed):
        activities.approve_activity(pk=row.pk, by=liaison, version=None)
    with pytest.raises(NotFound):
        activities.approve_activity(pk=row.pk, by=cast.xiasha.worker, version=None)
    activities.approve_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    assert Activity.objects.public().get().state == ActivityState.PUBLISHED


def test_it_goes_back_with_words(cast: Cast) -> None:
    unit, liaison = another_unit(cast.chengxiang)
    row = activities.propose(client_key=uuid4(), by=liaison, area=cast.chengxiang.home.pk, unit=unit.pk, **SAID)
    day(row, liaison)
    activities.send_activity(pk=row.pk, by=liaison, version=None)
    with pytest.raises(Invalid):
        activities.return_activity(pk=row.pk, by=cast.chengxiang.worker, version=None, words=" ")
    activities.return_activity(pk=row.pk, by=cast.chengxiang.worker, version=None, words="请写几点集合")
    assert Activity.objects.get(pk=row.pk).state == ActivityState.DRAFT
    Slot.objects.filter(activity=row).update(called_off_at=timezone.now())
    with pytest.raises(RuleBroken):
        change_and_send(pk=row.pk, by=liaison, version=None, title="另一个名称")
    assert Activity.objects.get(pk=row.pk).title == row.title, "what cannot be sent is not changed either"
    Slot.objects.filter(activity=row).update(called_off_at=None)
    change_and_send(pk=row.pk, by=liaison, version=None, title="另一个名称")
    assert Activity.objects.get(pk=row.pk).state == ActivityState.PENDING


def test_nobody_proposes_for_a_unit_or_a_place_that_is_not_theirs(cast: Cast) -> None:
    unit, _liaison = another_unit(cast.chengxiang)
    for by in (cast.xiasha.liaison, comer()):
        with pytest.raises(NotAllowed):
            activities.propose(client_key=uuid4(), by=by, area=cast.chengxiang.home.pk, unit=unit.pk, **SAID)
        with pytest.raises(NotAllowed):
            activities.propose(client_key=uuid4(), by=by, area=cast.chengxiang.home.pk, **SAID)
    assert MemberUnit.objects.filter(pk__in=seated_units(cast.xiasha.liaison)).exists()


def test_what_is_typed_is_refused_by_field(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(cast.chengxiang, title="", phone="abc", together=0, min_age=9, max_age=3, kind="x")
    assert set(refused.value.fields) == {"title", "phone", "together", "max_age", "kind"}


def test_nothing_is_published_without_a_day(cast: Cast) -> None:
    row = drafted(cast.chengxiang)
    with pytest.raises(RuleBroken):
        activities.publish_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)


def test_days_are_ahead_in_order_and_once(cast: Cast) -> None:
    row, by = drafted(cast.chengxiang), cast.chengxiang.worker
    for starts, hours in ((-1, 3), (48, 0), (48, 30), (24 * 900, 2)):
        with pytest.raises(Invalid):
            day(row, by, starts=starts, hours=hours)
    with pytest.raises(Invalid):
        day(row, by, posts=[Place(capacity=0)])
    with pytest.raises(Invalid):
        day(row, by, posts=[Place(capacity=1, name="甲"), Place(capacity=2, name="甲")])
    day(row, by)
    with pytest.raises(Invalid):
        day(row, by)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=100000",
        "FREQ=DAILY;BYSECOND=1,2,3;COUNT=5",
        "FREQ=YEARLY;COUNT=3",
        "FREQ=DAILY;COUNT=x",
        "nonsense",
        "",
    ],
)
def test_a_rule_without_an_end_or_finer_than_a_day_is_refused(rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        occurrences(rule, at(24))
    assert "rule" in refused.value.fields


def test_a_rule_comes_again_at_the_same_hour_and_has_a_bound(cast: Cast) -> None:
    found = occurrences("RRULE:FREQ=WEEKLY;COUNT=8", at(24))
    assert len(found) == 8 and len({timezone.localtime(one).hour for one in found}) == 1
    assert len(occurrences(f"FREQ=DAILY;COUNT={MOST_DAYS}", at(24))) == MOST_DAYS


def test_days_with_people_outlive_a_change_of_the_rule(cast: Cast) -> None:
    row, _post = published(cast.chengxiang, kind="course", title="手机摄影课")
    by = cast.chengxiang.worker
    posts = [Place(capacity=10)]
    set_series(activity=row.pk, by=by, version=None, rule="FREQ=DAILY;COUNT=4", starts=at(100), minutes=60, posts=posts)
    kept = Slot.objects.filter(activity=row, of_series=True).order_by("starts")[1]
    joined(kept.posts.get(), comer())
    set_series(
        activity=row.pk, by=by, version=None, rule="FREQ=WEEKLY;COUNT=2", starts=at(400), minutes=60, posts=posts
    )
    left = Slot.objects.filter(activity=row, of_series=True)
    assert left.count() == 3 and left.filter(pk=kept.pk).exists()


def test_a_day_that_is_over_ends_the_activity_by_itself(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    begun(post, hours_ago=5, lasted=3)
    Due.objects.filter(subject=f"slot:{post.slot_id}").update(due_at=timezone.now() - timedelta(minutes=1))
    sweep()
    assert Activity.objects.get(pk=row.pk).state == ActivityState.DONE
