"""A need of which nothing is heard for five working days: its resident is told so, once in a silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import Invalid
from deadlines.models import Due, WorkDay
from deadlines.services.calendar import calendar
from deadlines.services.sweep import sweep
from members.models import Alliance
from members.services import create_alliance, update_alliance
from needs.models import Need
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.handling import add_note, reply_to_resident
from needs.services.silence import QUIET, break_silences, plan_lines
from needs.services.waiting import ask_resident
from notifications.models import Message
from tests.cast import Cast, fresh, say_need
from tests.needs.ways import in_hand, now

pytestmark = pytest.mark.django_db


@contextmanager
def later(working_days: int, hour: int = 10) -> Iterator[None]:
    """So many working days from today, at that hour."""
    day = calendar().next_working(timezone.localdate(), working_days)
    moment = timezone.make_aware(datetime.combine(day, time(hour)))
    with time_machine.travel(moment, tick=False):
        yield


def lines(need: Need) -> int:
    return Message.objects.filter(rule="needs.NeedStillOpen", channel="sms", subject_label=need.number).count()


def run() -> int:
    """What is new on the list; everything on it is done."""
    found = plan_lines()
    sweep()
    return found


def test_after_five_working_days_the_resident_hears_once(cast: Cast) -> None:
    need, waits = in_hand(cast), say_need(cast.chengxiang.home)
    for days, count in ((4, 0), (5, 1), (6, 1), (30, 1)):
        with later(days):
            run()
            assert [lines(one) for one in (need, waits)] == [count, count], days
    assert Due.objects.filter(kind=QUIET, state="done").count() == 2
    text = Message.objects.get(rule="needs.NeedStillOpen", channel="sms", subject_label=need.number)
    assert text.recipient_key and need.number in str(text.params)


def test_words_to_the_resident_end_a_silence_and_inside_notes_do_not(cast: Cast) -> None:
    here, need, other = cast.chengxiang, in_hand(cast), in_hand(cast)
    with later(3):
        reply_to_resident(pk=need.pk, by=fresh(here.worker), words="配件到了就换")
        add_note(pk=other.pk, by=fresh(here.worker), words="问过物业")
    with later(5):
        run()
        assert (lines(need), lines(other)) == (0, 1)
    with later(8):
        run()
        assert (lines(need), lines(other)) == (1, 1), "the next silence has a line of its own"


def test_what_is_done_taken_back_or_waits_for_the_resident_is_left_alone(cast: Cast) -> None:
    here = cast.chengxiang
    done, back, asked, control = (in_hand(cast) for _n in range(4))
    finish_need(pk=done.pk, by=here.worker, words="换好了")
    withdraw(token=back.link_token)
    ask_resident(pk=asked.pk, by=here.worker, words="哪一幢？")
    with later(7):
        assert run() == 1
    assert [lines(one) for one in (done, back, asked, control)] == [0, 0, 0, 1]


def test_what_happens_after_it_was_planned_is_seen_before_it_is_sent(cast: Cast) -> None:
    here, need, control = cast.chengxiang, in_hand(cast), in_hand(cast)
    with later(5):
        plan_lines()
        reply_to_resident(pk=need.pk, by=fresh(here.worker), words="配件到了就换")
        sweep()
    assert (lines(need), lines(control)) == (0, 1)
    assert Due.objects.get(kind=QUIET, label=need.number).state == "cancelled"


def test_handled_again_after_a_crash_it_is_said_once(cast: Cast) -> None:
    need = in_hand(cast)
    with later(5):
        run()
        break_silences(list(Due.objects.filter(kind=QUIET)))
    assert lines(now(need)) == 1


def test_the_alliance_says_how_long_and_whether(cast: Cast) -> None:
    here, need, there = cast.chengxiang, in_hand(cast), say_need(cast.xiasha.home)
    alliance = create_alliance(area=here.street, name="平常心党建联盟", quiet_days=2, by=None)
    with later(2):
        run()
        assert (lines(need), lines(there)) == (1, 0)
    Alliance.objects.filter(pk=alliance.pk).update(quiet_days=0)
    second = in_hand(cast)
    with later(6):
        run()
        assert (lines(second), lines(there)) == (0, 1)
    said = {"name": alliance.name, "brand": "", "office_name": "秘书处", "founded_on": None, "intro": ""}
    changed = update_alliance(pk=alliance.pk, by=here.party_office, quiet_days=9, **said)
    assert changed.quiet_days == 9
    with pytest.raises(Invalid):
        update_alliance(pk=alliance.pk, by=here.party_office, quiet_days=61, **said)


def test_days_off_do_not_count_and_nothing_is_planned_on_one(cast: Cast) -> None:
    need = in_hand(cast)
    first = calendar().next_working(timezone.localdate(), 1)
    WorkDay.objects.update_or_create(day=first, defaults={"working": False})
    with time_machine.travel(timezone.make_aware(datetime.combine(first, time(10))), tick=False):
        assert run() == 0
    with later(4):
        run()
        assert lines(need) == 0, "the day decreed off was no working day"
    with later(5):
        run()
        assert lines(need) == 1


def test_nobody_is_woken(cast: Cast) -> None:
    need = in_hand(cast)
    with later(5, hour=6):
        plan_lines()
        assert not Due.objects.filter(kind=QUIET, due_at__lte=timezone.now()).exists()
    with later(5, hour=22):
        break_silences(list(Due.objects.filter(kind=QUIET)))
        text = Message.objects.get(rule="needs.NeedStillOpen", channel="sms", subject_label=need.number)
        assert text.not_before is not None and text.not_before > timezone.now()
