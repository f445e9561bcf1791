"""A unit says that it will help while it is being merged: told to ask again, and nothing is said for a unit gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from alliance.lib.errors import Busy
from members.models import MemberUnit
from members.services.merging import leads_to, merge_units
from needs.models import Need, NeedEvent
from needs.services.assigning import assign_need
from needs.services.units import unit_will_help
from needs.states import Verb
from people.models import User
from tests.cast import Cast, at_once, fresh, say_need
from tests.claims.things import another_unit, unit_of

Answer = Callable[[Need, User, MemberUnit], Any]


def _answer_while_merging(cast: Cast, answer: Answer) -> tuple[Any, Need, MemberUnit]:
    """The unit answers while a merge is done and not committed yet: what came of it, and the need afterwards."""
    here = cast.chengxiang
    gone, speaker = another_unit(here)
    need = say_need(here.home)
    assign_need(pk=need.pk, by=fresh(here.worker), why="请贵单位帮一帮", to_unit_id=gone.pk)
    merged, may_end, over = threading.Event(), threading.Event(), threading.Event()

    def merge() -> None:
        with transaction.atomic():
            merge_units(kept_id=unit_of(here).pk, gone_id=gone.pk, by=fresh(here.clerk))
            merged.set()
            may_end.wait(timeout=30)

    def say() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '30s'")  # what comes after the wait is of interest, not how long it is
        merged.wait(timeout=30)
        try:
            return answer(need, fresh(speaker), gone)
        finally:
            over.set()

    def end() -> None:
        connection.ensure_connection()
        # Once the answer waits for the merge, or is through without waiting, the merge may commit.
        merged.wait(timeout=30)
        for _look in range(500):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                (waiting,) = cursor.fetchone()
            if waiting or over.wait(timeout=0.01):
                break
        may_end.set()

    results = at_once(lambda n: (merge, say, end)[n](), 3)
    assert results[0] is None, results[0]
    return results[1], Need.objects.get(pk=need.pk), gone


def test_whoever_answers_for_a_unit_that_is_just_merged_is_asked_to_try_again(cast: Cast) -> None:
    got, need, gone = _answer_while_merging(
        cast, lambda need, by, unit: unit_will_help(pk=need.pk, by=by, unit_id=unit.pk, words="周二来")
    )
    assert isinstance(got, Busy), got
    assert (need.unit_id, need.unit_said) == (leads_to(gone.pk), "")
    assert not NeedEvent.objects.filter(need=need, verb=Verb.WILL_HELP).exists()
    again = NeedEvent.objects.filter(need=need, verb=Verb.ASSIGN).latest("pk")
    assert need.unit_id is not None and again.params["unit_id"] == gone.pk
    speaker = User.objects.get(seats__unit=need.unit_id, username__startswith="liaison-")
    unit_will_help(pk=need.pk, by=fresh(speaker), unit_id=need.unit_id, words="周二来")
    need.refresh_from_db()
    assert need.unit_said == "周二来"


def test_control_whoever_decides_on_what_was_read_speaks_for_a_unit_that_is_gone(cast: Cast) -> None:
    def unguarded(need: Need, by: User, unit: MemberUnit) -> int:
        seen = Need.objects.get(pk=need.pk)
        assert seen.unit_id == unit.pk, "before the merge is committed nobody else sees it"
        return Need.objects.filter(pk=need.pk).update(unit_said="周二来")

    got, need, gone = _answer_while_merging(cast, unguarded)
    assert got == 1 and need.unit_said == "周二来" and need.unit_id == leads_to(gone.pk) != gone.pk
