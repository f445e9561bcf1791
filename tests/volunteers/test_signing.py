"""Seats, the line, and who may not come."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from deadlines.services.sweep import sweep
from notifications.models import Message
from tests.cast import Cast
from tests.volunteers.things import begun, comer, day, drafted, joined, published, volunteer
from volunteers.models import Post, SignUp, SignUpEvent
from volunteers.services import signing
from volunteers.services.activities import call_off_activity, call_off_slot, publish_activity
from volunteers.services.dues import LAPSE, REMIND_DAY
from volunteers.services.party import Party
from volunteers.services.seats import place_in_line
from volunteers.services.signing import sign_up
from volunteers.services.slots import Place, set_capacity
from volunteers.states import SignUpState

pytestmark = pytest.mark.django_db


def test_a_seat_is_taken_and_a_second_tap_finds_it(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    by, key = comer(), uuid4()
    first = sign_up(post=post.pk, by=by, client_key=key)
    again = sign_up(post=post.pk, by=by, client_key=key)
    assert (first.state, first.just_made, again.pk, again.just_made) == (SignUpState.CONFIRMED, True, first.pk, False)
    assert Post.objects.get(pk=post.pk).taken == 1
    assert SignUpEvent.objects.filter(signup=first).count() == 1


def test_whoever_comes_when_it_is_full_waits_and_is_offered_the_seat_of_who_leaves(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=2)
    first, _second = joined(post, comer()), joined(post, comer())
    sun, later = comer("孙大伯"), comer("赵阿婆")
    waiting, behind = joined(post, sun), joined(post, later)
    assert [place_in_line(one) for one in (waiting, behind)] == [1, 2]
    signing.cancel(pk=first.pk, by=first.person)
    waiting.refresh_from_db()
    assert waiting.state == SignUpState.OFFERED and waiting.answer_by is not None
    assert Post.objects.get(pk=post.pk).taken == 2, "kept for whoever was asked"
    with pytest.raises(NotFound):
        signing.accept(pk=waiting.pk, by=later)
    assert signing.accept(pk=waiting.pk, by=sun).state == SignUpState.CONFIRMED
    behind.refresh_from_db()
    assert place_in_line(behind) == 1
    assert Message.objects.filter(rule="volunteers.SeatOffered").exists()


def test_a_seat_nobody_confirms_goes_to_the_next(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    first = joined(post, comer())
    slow, next_one = joined(post, comer()), joined(post, comer())
    signing.cancel(pk=first.pk, by=first.person)
    SignUp.objects.filter(pk=slow.pk).update(answer_by=timezone.now() - timedelta(minutes=1))
    Due.objects.filter(kind=LAPSE).update(due_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(RuleBroken):
        signing.accept(pk=slow.pk, by=slow.person)
    sweep()
    slow.refresh_from_db()
    next_one.refresh_from_db()
    assert (slow.state, next_one.state) == (SignUpState.WAITING, SignUpState.OFFERED)
    assert place_in_line(slow) == 1, "last, and still in the line"
    signing.cancel(pk=next_one.pk, by=next_one.person)
    assert SignUp.objects.get(pk=slow.pk).state == SignUpState.OFFERED


def test_a_party_takes_a_seat_for_each_and_children_need_a_guardian(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=4)
    by = comer()
    with pytest.raises(Invalid) as refused:
        joined(post, by, ages=[8])
    assert "guardian_ok" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        joined(post, by, myself=False, ages=[8], guardian_ok=True)
    assert "myself" in refused.value.fields, "a child does not come alone"
    assert joined(post, by, companions=1, ages=[8], guardian_ok=True).seats == 3
    assert joined(post, comer(), companions=1).state == SignUpState.WAITING, "one seat is not two"
    assert joined(post, comer()).state == SignUpState.CONFIRMED, "who fits has the one that nobody could use"
    with pytest.raises(Invalid):
        joined(post, comer(), companions=9)


def test_one_is_not_in_two_places_at_one_time(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    by = comer()
    joined(post, by)
    with pytest.raises(Conflict) as refused:
        joined(post, by)
    assert "已经报过" in str(refused.value.message)
    other, _post = published(cast.chengxiang, title="手机摄影课", starts=24)
    slot = day(other, cast.chengxiang.worker, starts=49, posts=[Place(capacity=5)])
    with pytest.raises(Conflict) as refused:
        joined(slot.posts.get(), by)
    assert row.title in str(refused.value.message)


def test_nobody_signs_up_too_late_or_for_what_is_not_open(cast: Cast) -> None:
    row, post = published(cast.chengxiang, starts=10, closes_hours=12)
    with pytest.raises(RuleBroken) as refused:
        joined(post, comer())
    assert row.phone in str(refused.value.message)
    draft = drafted(cast.chengxiang)
    slot = day(draft, cast.chengxiang.worker)
    with pytest.raises(NotFound):
        joined(slot.posts.get(), comer())


def test_nobody_cancels_after_it_began_nor_for_somebody_else(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    mine = joined(post, comer())
    with pytest.raises(NotFound):
        signing.cancel(pk=mine.pk, by=comer())
    with pytest.raises(NotAllowed):
        signing.cancel(pk=mine.pk, by=cast.chengxiang.worker)
    begun(post, hours_ago=0.1)
    with pytest.raises(RuleBroken):
        signing.cancel(pk=mine.pk, by=mine.person)


def test_calling_it_off_tells_everybody_and_nobody_is_signed_up_any_more(cast: Cast) -> None:
    row, post = published(cast.chengxiang, capacity=1)
    here, waits = joined(post, comer()), joined(post, comer())
    call_off_activity(pk=row.pk, by=cast.chengxiang.worker, version=None, words="台风来了")
    assert {SignUp.objects.get(pk=one.pk).state for one in (here, waits)} == {SignUpState.CANCELLED}
    assert Message.objects.filter(rule="volunteers.ActivityCalledOff").values("recipient_key").distinct().count() == 2
    assert not Due.objects.undone().filter(subject=f"slot:{post.slot_id}").exists()
    with pytest.raises(RuleBroken):
        joined(post, comer())


def test_one_day_of_several_is_called_off(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    other = day(row, cast.chengxiang.worker, starts=72)
    joined(post, comer())
    call_off_slot(pk=post.slot_id, by=cast.chengxiang.worker, version=None, words="下雨")
    assert joined(other.posts.get(), comer()).state == SignUpState.CONFIRMED
    with pytest.raises(RuleBroken):
        joined(post, comer())


def test_more_places_go_to_the_line_and_never_fewer_than_are_taken(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=2)
    joined(post, comer()), joined(post, comer())
    waiting = joined(post, comer())
    with pytest.raises(Invalid):
        set_capacity(post=post.pk, by=cast.chengxiang.worker, version=None, capacity=1)
    set_capacity(post=post.pk, by=cast.chengxiang.worker, version=None, capacity=3)
    assert SignUp.objects.get(pk=waiting.pk).state == SignUpState.OFFERED


def test_a_post_of_service_wants_a_volunteer_with_its_paper_and_an_insurance_where_it_is_risky(cast: Cast) -> None:
    row = drafted(cast.chengxiang, kind="patrol", title="巡河", risky=True)
    slot = day(row, cast.chengxiang.worker, posts=[Place(capacity=3, is_service=True, needs="lifeguard")])
    publish_activity(pk=row.pk, by=cast.chengxiang.worker, version=None)
    post, by = slot.posts.get(), comer()
    for said in ("志愿者", "救生员证", "保险"):
        with pytest.raises(RuleBroken) as refused:
            joined(post, by)
        assert said in str(refused.value.message)
        if said == "志愿者":
            me = volunteer(by, cast.chengxiang.home)
        elif said == "救生员证":
            me.qualifications.create(kind="lifeguard", noted_by=cast.chengxiang.worker)
    me.insurances.create(
        area=cast.chengxiang.street,
        insurer="人保",
        policy_number="P1",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=30),
        noted_by=cast.chengxiang.worker,
    )
    assert joined(post, by).state == SignUpState.CONFIRMED


def test_the_day_before_everybody_who_comes_is_reminded_once(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    joined(post, comer()), joined(post, comer())
    Due.objects.filter(kind=REMIND_DAY).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep()
    sweep()
    found = Message.objects.filter(rule="volunteers.ActivityTomorrow").values("recipient_key").distinct()
    assert found.count() == 1, "who waits is not reminded"


def test_a_party_of_somebody_else_is_not_seen(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    mine = joined(post, comer())
    assert not SignUp.objects.visible_to(cast.xiasha.worker).filter(pk=mine.pk).exists()
    assert not SignUp.objects.visible_to(comer()).filter(pk=mine.pk).exists()
    assert SignUp.objects.visible_to(cast.chengxiang.worker).filter(pk=mine.pk).exists()
    assert Party().seats == 1
