"""Two clerks on one need: one step is taken, the other is told. A naive variant shows that the race is real."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, RuleBroken
from deadlines.models import Stage
from needs.models import Extension, Need
from needs.services.assigning import assign_need
from needs.services.extensions import ask_extension, decide_extension
from needs.services.following import supplement
from needs.services.handling import accept_need
from needs.services.triage import decline_need, escalate_need, return_need
from needs.services.units import unit_hand_back, unit_report
from needs.services.waiting import ask_resident, resume_need
from needs.states import Office, State, Verb
from people.models import User
from tests.cast import Cast, at_once, fresh, say_need
from tests.needs.ways import WHY, in_hand, member_unit, now

CLERKS = 8
Step = Callable[[User], Any]


def _people(cast: Cast) -> list[User]:
    here = cast.chengxiang
    return [fresh(here.worker), fresh(here.secretary), fresh(here.grid_lead), fresh(here.grid_full)] * 2


def _steps(cast: Cast, pk: int, version: int | None) -> list[Step]:
    """Four different things that eight people want to do with the same need."""
    to = cast.chengxiang.clerk.pk
    kinds: list[Step] = [
        lambda by: accept_need(pk=pk, by=by, version=version),
        lambda by: assign_need(pk=pk, by=by, why=WHY, to_user_id=to, version=version),
        lambda by: escalate_need(pk=pk, by=by, why=WHY, version=version),
        lambda by: decline_need(pk=pk, by=by, reason="petition", words="请找信访部门", version=version),
    ]
    return [kinds[n % 4] for n in range(CLERKS)]


@pytest.mark.parametrize("turn", range(3))
def test_of_eight_who_decide_otherwise_one_wins_and_the_rest_are_told(cast: Cast, turn: int) -> None:
    need, people = say_need(cast.chengxiang.home), _people(cast)
    steps = _steps(cast, need.pk, 1)
    results = at_once(lambda n: steps[n](people[n]), CLERKS)
    assert sum(isinstance(result, Need) for result in results) == 1, results
    assert sum(isinstance(result, Conflict) for result in results) == CLERKS - 1, results
    found = now(need)
    assert found.version == 2 and found.events.count() == 2
    running = Stage.objects.running().filter(subject=f"need:{need.pk}").count()
    assert running == (0 if found.is_over else 1)


def _naive(pk: int, changes: dict[str, Any], gate: threading.Barrier) -> bool:
    """Reads, decides, then writes: what the services must not be. ``gate`` widens the gap."""
    with transaction.atomic():
        need = Need.objects.get(pk=pk)
        gate.wait(timeout=30)
        if need.version != 1 or need.state != State.PENDING:
            return False
        Need.objects.filter(pk=pk).update(**changes)
        return True


def test_control_without_the_locked_row_several_decide(cast: Cast) -> None:
    need, moment = say_need(cast.chengxiang.home), timezone.now()
    changes: list[dict[str, Any]] = [
        {"office": Office.STREET, "version": 2},
        {"state": State.NOT_ACCEPTED, "declined": "petition", "ended_at": moment, "version": 2},
    ]
    gate = threading.Barrier(CLERKS)
    results = at_once(lambda n: _naive(need.pk, changes[n % 2], gate), CLERKS)
    assert results.count(True) > 1


def test_two_superiors_decide_once(cast: Cast) -> None:
    here, need = cast.chengxiang, in_hand(cast)
    assert need.reply_by is not None
    until = need.reply_by + timedelta(days=3)
    asked = ask_extension(pk=need.pk, by=here.worker, until=until, reason="等配件")
    who = [fresh(here.secretary), fresh(here.section_head)] * 4
    results = at_once(lambda n: decide_extension(pk=asked.pk, by=who[n], granted=n % 2 == 0), 8)
    assert sum(isinstance(result, Extension) for result in results) == 1, results
    assert sum(isinstance(result, RuleBroken) for result in results) == 7, results
    asked.refresh_from_db()
    assert (asked.state == "granted") == (now(need).reply_by == until)
    assert need.events.filter(verb__in=[Verb.GRANT, Verb.REFUSE]).count() == 1


def test_asked_by_eight_at_once_there_is_one_request(cast: Cast) -> None:
    need, people = in_hand(cast), _people(cast)
    assert need.reply_by is not None
    until = need.reply_by + timedelta(days=2)
    results = at_once(lambda n: ask_extension(pk=need.pk, by=people[n], until=until, reason="等配件"), 8)
    assert sum(isinstance(result, Extension) for result in results) == 1, results
    assert all(isinstance(result, Extension | RuleBroken) for result in results), results
    assert Extension.objects.count() == 1


def test_the_resident_adds_while_the_office_goes_on(cast: Cast) -> None:
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=cast.chengxiang.worker, words="哪一幢？")
    by = fresh(cast.chengxiang.secretary)
    work: list[Callable[[], Any]] = [
        lambda: supplement(token=need.link_token, words="6幢2单元"),
        lambda: resume_need(pk=need.pk, by=by),
    ]
    results = at_once(lambda n: work[n % 2](), 4)
    assert not [result for result in results if isinstance(result, Exception) and not isinstance(result, RuleBroken)]
    assert need.events.filter(verb=Verb.RESUME).count() == 1
    assert Stage.objects.running().get(subject=f"need:{need.pk}").paused_at is None


def test_the_unit_reports_while_the_need_is_taken_elsewhere(cast: Cast) -> None:
    here = cast.chengxiang
    unit = member_unit(here)
    need = in_hand(cast)
    assign_need(pk=need.pk, by=here.worker, why=WHY, to_unit_id=unit.pk)
    work: list[Callable[[], Any]] = [
        lambda: unit_report(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, words="药送到了"),
        lambda: unit_hand_back(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, why="不行"),
        lambda: return_need(pk=need.pk, by=fresh(here.worker), why=WHY),
        lambda: escalate_need(pk=need.pk, by=fresh(here.secretary), why=WHY),
    ]
    results = at_once(lambda n: work[n](), 4)
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, RuleBroken | Conflict)], results
    assert now(need).unit is None
    assert need.events.filter(verb__in=[Verb.REPORT, Verb.HAND_BACK]).count() <= 1
