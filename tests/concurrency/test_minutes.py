"""Two secretaries on one minute: one is kept, the other is told. Beside it the race unguarded."""

from __future__ import annotations

import threading

from django.db import IntegrityError, transaction

from alliance.lib.errors import Conflict
from meetings.models import Meeting, Minutes
from meetings.services.meetings import call_meeting
from meetings.services.minutes import latest_revision, write_minutes
from meetings.services.planning import plan_ahead
from tests.cast import Cast, at_once, fresh
from tests.meetings.things import meeting, passed, series

CROWD = 6


def test_of_many_who_write_on_one_revision_one_is_kept(cast: Cast) -> None:
    here = cast.chengxiang
    row = meeting(here)
    call_meeting(pk=row.pk, by=fresh(here.worker), version=None)
    row = passed(row)
    people = [fresh(here.worker), fresh(here.secretary), fresh(here.clerk)]

    def work(n: int) -> Minutes:
        return write_minutes(meeting=row.pk, by=people[n % 3], base=0, text=f"第{n}人写的")

    results = at_once(work, CROWD)
    kept = [one for one in results if isinstance(one, Minutes)]
    assert len(kept) == 1 and all(isinstance(one, Conflict) for one in results if one not in kept), results
    assert row.minutes.get().text == kept[0].text


def test_control_without_the_lock_both_find_the_same_revision_and_only_the_table_refuses(cast: Cast) -> None:
    here = cast.chengxiang
    row, by, gate = meeting(here), here.worker, threading.Barrier(2)

    def naive(n: int) -> Minutes:
        with transaction.atomic():
            base = latest_revision(row)
            gate.wait(timeout=30)
            return Minutes.objects.create(meeting=row, revision=base + 1, text=f"第{n}人写的", by=by)

    results = at_once(naive, 2)
    assert sorted(isinstance(one, IntegrityError) for one in results) == [False, True], results


def test_the_clock_many_times_at_once_makes_each_meeting_once(cast: Cast) -> None:
    row = series(cast.chengxiang, rule="FREQ=WEEKLY;COUNT=12")
    there = Meeting.objects.filter(series=row).count()
    Meeting.objects.filter(pk=Meeting.objects.latest("of_day").pk).update(of_day="2020-01-01")  # its day is free again
    results = at_once(lambda _n: plan_ahead(), CROWD)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Meeting.objects.count() == there + 1
