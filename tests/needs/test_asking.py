"""Asked again once after three working days, taken as silence after ten; an answer ends both."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from deadlines.models import Due, WorkDay
from deadlines.services.calendar import calendar
from deadlines.services.sweep import sweep_all
from deadlines.states import DueState, Reason
from needs.models import Answer, Need
from needs.services.answers import answer_need
from needs.services.asking import ASK_AGAIN, LAPSE, last_day
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.states import Outcome, State, Verb
from notifications.models import Message
from people.models import RoleGrant
from tests.cast import Cast, say_need

pytestmark = pytest.mark.django_db

LOCAL = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def need(cast: Cast) -> Need:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    finish_need(pk=need.pk, by=cast.chengxiang.worker, words="灯换好了")
    return Need.objects.get(pk=need.pk)


def due_of(need: Need, kind: str) -> Due:
    return Due.objects.filter(subject=f"need:{need.pk}", kind=kind).latest("pk")


def asked_days_ago(need: Need, days: int) -> Need:
    """The question was put ``days`` days ago, and its dues with it."""
    Need.objects.filter(pk=need.pk).update(finished_at=timezone.now() - timedelta(days=days))
    need = Need.objects.get(pk=need.pk)
    cal = calendar()
    remind = cal.opening(cal.next_working(timezone.localdate(need.finished_at), 3))
    Due.objects.filter(subject=f"need:{need.pk}", kind=ASK_AGAIN).update(due_at=remind)
    last = last_day(need, cal)
    lapse = Due.objects.filter(subject=f"need:{need.pk}", kind=LAPSE)
    lapse.update(due_at=cal.end_of(last), key=f"{LAPSE}:{need.pk}:{need.rounds}:{last}")
    return need


def reminders() -> int:
    return Message.objects.filter(rule="needs.AnswerAsked").count()


@pytest.mark.parametrize(
    ("finished", "remind", "lapse"),
    [
        # A Friday: three working days are Wednesday morning; ten end on Friday in two weeks.
        ("2026-03-06T15:00", "2026-03-11T08:30", "2026-03-21T00:00"),
        # Before the spring festival (15 to 23 February 2026 free, 14 and 28 February worked).
        ("2026-02-12T10:00", "2026-02-24T08:30", "2026-03-05T00:00"),
        # Over the turn of the year: of 2027 nobody has said anything yet, so the week counts.
        ("2026-12-30T09:00", None, None),
    ],
)
def test_days_are_counted_by_the_working_calendar(
    cast: Cast, finished: str, remind: str | None, lapse: str | None
) -> None:
    RoleGrant.objects.update(starts_on="2020-01-01")
    with time_machine.travel(datetime.fromisoformat(finished).replace(tzinfo=LOCAL), tick=False):
        need = say_need(cast.chengxiang.home)
        accept_need(pk=need.pk, by=cast.chengxiang.worker)
        finish_need(pk=need.pk, by=cast.chengxiang.worker, words="好了")
    again, end = due_of(need, ASK_AGAIN).due_at.astimezone(LOCAL), due_of(need, LAPSE).due_at.astimezone(LOCAL)
    cal = calendar()
    start = date.fromisoformat(finished[:10])
    assert cal.working_days_between(start, again.date()) == 3
    assert cal.working_days_between(start, end.date() - timedelta(days=1)) == 10
    assert 8 <= again.hour < 21
    if remind and lapse:
        assert (f"{again:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}") == (remind, lapse)


def test_nothing_happens_before_its_day(need: Need) -> None:
    sweep_all()
    assert not reminders() and not Answer.objects.exists()
    assert Need.objects.get(pk=need.pk).state == State.TO_ANSWER


def test_reminded_once_however_often_it_is_swept(need: Need) -> None:
    asked_days_ago(need, 7)
    sweep_all()
    Due.objects.filter(kind=ASK_AGAIN).update(state=DueState.WAITING, ended_at=None)
    sweep_all()
    assert reminders() == 1
    assert Need.objects.get(pk=need.pk).state == State.TO_ANSWER


def test_after_ten_working_days_silence_is_silence(need: Need) -> None:
    asked_days_ago(need, 40)
    sweep_all()
    now = Need.objects.get(pk=need.pk)
    assert now.state == State.CLOSED and now.ended_at
    answer = Answer.objects.get(need=need)
    assert (answer.outcome, answer.satisfaction, answer.words) == (Outcome.SILENT, "", "")
    assert now.events.filter(verb=Verb.LAPSE).count() == 1
    # The reminder would have come after the end: it is not sent any more.
    assert not reminders()


def test_who_asked_to_be_forgotten_is_forgotten_when_nobody_answers(need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(erase_on_end=True)
    asked_days_ago(need, 40)
    sweep_all()
    assert Need.objects.get(pk=need.pk).contact_phone == ""


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.UNSOLVED])
def test_an_answer_takes_both_off_the_list(need: Need, outcome: str) -> None:
    answer_need(token=need.link_token, outcome=outcome)
    asked_days_ago(need, 40) if outcome == Outcome.SOLVED else Due.objects.update(due_at=timezone.now())
    sweep_all()
    assert not reminders() and Answer.objects.count() == 1
    for kind in (ASK_AGAIN, LAPSE):
        assert (due_of(need, kind).state, due_of(need, kind).last_error) == (DueState.CANCELLED, Reason.STOPPED)


def test_a_due_of_an_earlier_round_closes_nothing(cast: Cast, need: Need) -> None:
    """Even one that was put back on the list by hand."""
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    accept_need(pk=need.pk, by=cast.chengxiang.clerk)
    finish_need(pk=need.pk, by=cast.chengxiang.clerk, words="再换了一次")
    Due.objects.filter(kind__in=[ASK_AGAIN, LAPSE], params__round=1).update(
        state=DueState.WAITING, ended_at=None, due_at=timezone.now() - timedelta(seconds=1)
    )
    sweep_all()
    assert Need.objects.get(pk=need.pk).state == State.TO_ANSWER
    assert not reminders()


def test_days_that_are_decreed_free_meanwhile_are_given_to_the_resident(need: Need) -> None:
    need = asked_days_ago(need, 25)
    last = last_day(need)
    assert last < timezone.localdate()
    # Nobody has worked since: the tenth working day is yet to come.
    first, days = timezone.localdate() - timedelta(days=8), range(9)
    for one in (first + timedelta(days=n) for n in days):
        WorkDay.objects.update_or_create(day=one, defaults={"working": False, "name": "演示放假"})
    for one in (timezone.localdate(need.finished_at) + timedelta(days=n) for n in range(1, 16)):
        WorkDay.objects.update_or_create(day=one, defaults={"working": False, "name": "演示放假"})
    assert last_day(need) > timezone.localdate()
    sweep_all()
    assert Need.objects.get(pk=need.pk).state == State.TO_ANSWER
    moved = due_of(need, LAPSE)
    assert moved.state == DueState.WAITING and moved.due_at == calendar().end_of(last_day(need))
    sweep_all()
    assert Due.objects.undone().filter(kind=LAPSE).count() == 1


def test_a_reminder_that_is_swept_at_night_waits_for_the_morning(need: Need) -> None:
    asked_days_ago(need, 7)
    night = timezone.localtime().replace(hour=23, minute=30)
    dues: list[Any] = [due_of(need, ASK_AGAIN)]
    from needs.services.asking import ask_again

    with time_machine.travel(night, tick=False):
        assert not ask_again(dues)
        message = Message.objects.get(rule="needs.AnswerAsked", channel="sms")
        local = timezone.localtime(message.not_before)
    assert (local.hour, local.date()) == (8, night.date() + timedelta(days=1))
