"""Who was there: codes that turn, lists, paper; hours and points once, and never by oneself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from points.models import Transfer
from tests.cast import Cast, Street
from tests.volunteers.things import begun, comer, day, drafted, joined, volunteer
from volunteers import codes
from volunteers.models import Attendance, Hours, Post, SignUp, Slot
from volunteers.services import attending, hours, noting
from volunteers.services.activities import publish_activity
from volunteers.services.slots import Place
from volunteers.states import How, SignUpState

pytestmark = pytest.mark.django_db


def duty(street: Street, **changes: Any) -> Post:
    """A post of service on a day ahead."""
    row = drafted(street, kind="duty", title="路口值守", **changes)
    slot = day(row, street.worker, posts=[Place(capacity=5, is_service=True)])
    publish_activity(pk=row.pk, by=street.worker, version=None)
    return slot.posts.get()


def helper(street: Street) -> Any:
    person = comer()
    volunteer(person, street.home)
    return person


def code_now(slot: Slot) -> str:
    return codes.code(slot.pk, codes.step_of(timezone.now()))


def test_the_code_turns_and_yesterdays_is_worth_nothing(cast: Cast) -> None:
    now = timezone.now()
    step = codes.step_of(now)
    assert codes.fits(7, codes.code(7, step), now) == codes.fits(7, codes.code(7, step - 1), now) == How.CODE
    assert codes.fits(7, codes.digits(7, step - 3), now) == How.DIGITS
    for wrong in (
        codes.code(7, step - 2),
        codes.code(7, step - 2880),
        codes.code(8, step),
        codes.code(7, step + 1),
        "",
    ):
        assert codes.fits(7, wrong, now) == ""
    assert codes.fits(7, codes.code(7, step), now + timedelta(hours=1)) == "", "the server's clock alone counts"


def test_checking_in_twice_is_once(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=0.2)
    first = attending.check_in(slot=slot.pk, by=row.person, code=code_now(slot))
    again = attending.check_in(slot=slot.pk, by=row.person, code="whatever")
    assert first.pk == again.pk and Attendance.objects.count() == 1
    assert SignUp.objects.get(pk=row.pk).state == SignUpState.ATTENDED


def test_a_wrong_code_a_stranger_and_somebody_who_waits_are_sent_to_the_desk(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    with pytest.raises(RuleBroken):
        attending.check_in(slot=post.slot_id, by=row.person, code="1")
    slot = begun(post, hours_ago=0.2)
    with pytest.raises(Invalid):
        attending.check_in(slot=slot.pk, by=row.person, code="000000")
    with pytest.raises(RuleBroken):
        attending.check_in(slot=slot.pk, by=comer(), code=code_now(slot))
    with pytest.raises(NotAllowed):
        attending.slot_to_run(slot.pk, row.person)
    with pytest.raises((NotFound, NotAllowed)):
        noting.note_present(slot=slot.pk, by=cast.xiasha.worker, signups=[row.pk], paper=False)


def test_confirmed_by_another_it_is_hours_and_points_once(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=3.2, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=False)
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.worker) == hours.Confirmed(0, 1), "whoever noted it"
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary).done == 1
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary).done == 0
    made = Hours.objects.get(person=row.person)
    assert (made.minutes, made.with_points) == (180, True)
    assert Transfer.objects.get(source=made.source).amount == 30


def test_paper_wants_a_second_person_and_earns_the_same(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=4, lasted=3)
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=True)
    found = hours.confirm_day(slot=slot.pk, by=worker)
    assert (found.done, found.others) == (0, 1), "not by whoever copied it"
    assert hours.confirm_day(slot=slot.pk, by=secretary).done == 1
    assert Transfer.objects.filter(account__person=row.person).aggregate(n=Sum("amount"))["n"] == 30


def test_noted_too_late_it_is_hours_and_no_points(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=24 * 20, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=True)
    hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary)
    assert Hours.objects.get(person=row.person).with_points is False
    assert not Transfer.objects.filter(account__person=row.person).exists()


def test_nobody_confirms_their_own(cast: Cast) -> None:
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    post = duty(cast.chengxiang)
    volunteer(worker, cast.chengxiang.home)
    row = joined(post, worker)
    slot = begun(post, hours_ago=4, lasted=3)
    assert noting.note_present(slot=slot.pk, by=worker, signups=[row.pk], paper=False) == 0
    noting.note_present(slot=slot.pk, by=secretary, signups=[row.pk], paper=False)
    assert hours.confirm_day(slot=slot.pk, by=worker).others == 1
    assert hours.confirm_day(slot=slot.pk, by=secretary).others == 1
    assert hours.confirm_day(slot=slot.pk, by=cast.chengxiang.clerk).done == 1
    assert not Transfer.objects.exists(), "whoever works there earns no points: it is their job"


def test_a_day_is_eight_hours_however_long_it_was(cast: Cast) -> None:
    person = helper(cast.chengxiang)
    for lasted in (6, 6):
        post = duty(cast.chengxiang)
        row = joined(post, person)
        start = 13 if lasted == 6 and not Hours.objects.exists() else 6.5
        slot = begun(post, hours_ago=start, lasted=lasted)
        noon = timezone.localtime().replace(hour=1 if start == 13 else 9, minute=0, second=0, microsecond=0)
        noon -= timedelta(days=1)
        Slot.objects.filter(pk=slot.pk).update(starts=noon, ends=noon + timedelta(hours=lasted))
        SignUp.objects.filter(pk=row.pk).update(during=(noon, noon + timedelta(hours=lasted)))
        noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=True)
        hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary)
    assert list(Hours.objects.order_by("pk").values_list("minutes", flat=True)) == [360, 120]


def test_a_correction_is_a_further_row_with_a_word(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=4, lasted=3)
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[row.pk], paper=False)
    hours.confirm_day(slot=slot.pk, by=cast.chengxiang.secretary)
    made, worker = Hours.objects.get(), cast.chengxiang.worker
    for minutes, why in ((25 * 60, "写错了"), (45, "写错了"), (60, "")):
        with pytest.raises(Invalid):
            hours.correct_hours(pk=made.pk, by=cast.chengxiang.clerk, minutes=minutes, why=why)
    with pytest.raises(NotFound):
        hours.correct_hours(pk=made.pk, by=cast.xiasha.clerk, minutes=60, why="写错了")
    with pytest.raises(NotAllowed):
        hours.correct_hours(pk=made.pk, by=worker, minutes=60, why="写错了")
    fixed = hours.correct_hours(pk=made.pk, by=cast.chengxiang.clerk, minutes=60, why="早走了")
    assert fixed.minutes == -120 and hours.minutes_of(row.person) == 60


def test_whoever_did_not_come_may_say_why_and_somebody_else_answers(cast: Cast) -> None:
    post = duty(cast.chengxiang)
    row = joined(post, helper(cast.chengxiang))
    slot = begun(post, hours_ago=4, lasted=3)
    worker, secretary = cast.chengxiang.worker, cast.chengxiang.secretary
    noting.note_missing(slot=slot.pk, by=worker, signups=[row.pk])
    noting.appeal(pk=row.pk, by=row.person, version=None, words="我去了，没有签到")
    with pytest.raises(NotAllowed):
        noting.answer_appeal(pk=row.pk, by=worker, version=None, excuse=True)
    noting.answer_appeal(pk=row.pk, by=secretary, version=None, excuse=True)
    assert SignUp.objects.get(pk=row.pk).state == SignUpState.CANCELLED
