"""延期: once, before the day, no longer than at first, and granted by somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Stage, WorkDay
from deadlines.services.calendar import calendar
from deadlines.worktime import LOCAL
from needs.models import Extension, Need
from needs.services.answers import answer_need
from needs.services.extensions import ask_extension, decide_extension, latest, waiting_extensions
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.handling import accept_need, reply_to_resident
from needs.services.triage import escalate_need
from needs.services.waiting import ask_resident, resume_need
from needs.states import Audience, ExtensionState, Verb
from notifications.models import Message
from people.models import User
from tests.cast import Cast, api_of, fresh, say_need
from tests.needs.ways import WHY, in_hand, in_hand_at_street, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return in_hand(cast)


def later(need: Need, days: int = 3) -> date:
    assert need.reply_by is not None
    return need.reply_by + timedelta(days=days)


def ask(need: Need, by: User, **changes: Any) -> Extension:
    return ask_extension(**{"pk": need.pk, "by": by, "until": later(need), "reason": "等配件", **changes})


def told(rule: str) -> set[str]:
    rows = Message.objects.filter(rule=f"needs.{rule}", channel="inapp", state="sent")
    return set(rows.values_list("recipient_key", flat=True))


def test_asked_it_waits_for_the_secretary(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker, version=need.version)
    assert (asked.state, asked.before, asked.until) == (ExtensionState.WAITING, need.reply_by, later(need))
    event = need.events.get(verb=Verb.EXTEND)
    assert (event.why, event.words, event.audience) == ("等配件", "", Audience.STAFF)
    assert now(need).reply_by == need.reply_by, "nothing is extended yet"
    assert told("ExtensionAsked") == {f"u:{here.secretary.pk}"}


def test_a_secretary_who_asks_waits_for_the_street_and_so_does_the_street(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    ask(need, here.secretary)
    assert told("ExtensionAsked") == {f"u:{here.section_head.pk}", f"u:{here.party_office.pk}"}
    Message.objects.all().delete()
    ask(in_hand_at_street(cast), here.section_head)
    assert told("ExtensionAsked") == {f"u:{here.party_office.pk}"}


def test_granted_the_promise_moves_and_everybody_hears(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    decide_extension(pk=asked.pk, by=here.secretary, granted=True, words="抓紧", version=now(need).version)
    found = now(need)
    stage = Stage.objects.running().get(subject=f"need:{need.pk}")
    assert found.reply_by == later(need) == stage.due_on
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.words) == (ExtensionState.GRANTED, here.secretary, "抓紧")
    event = found.events.get(verb=Verb.GRANT)
    assert (event.why, event.words, event.params["reply_by"]) == ("抓紧", "", str(later(need)))
    assert told("ExtensionGranted") == {f"u:{here.worker.pk}"} and not told("ExtensionAsked")
    assert Message.objects.filter(rule="needs.PromiseExtended", channel="sms").count() == 1
    with pytest.raises(RuleBroken, match="只能延期一次"):
        ask(found, here.worker)


def test_refused_nothing_moves_and_one_may_ask_again(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    decide_extension(pk=asked.pk, by=here.party_office, granted=False, words="先答复一次")
    assert now(need).reply_by == need.reply_by
    assert told("ExtensionRefused") == {f"u:{here.worker.pk}"}
    assert not Message.objects.filter(rule="needs.PromiseExtended").exists()
    assert need.events.get(verb=Verb.REFUSE).audience == Audience.STAFF
    ask(need, here.worker)


def test_twice_at_once_is_once(cast: Cast, need: Need) -> None:
    asked = ask(need, cast.chengxiang.worker)
    with pytest.raises(RuleBroken, match="等审批"):
        ask(need, cast.chengxiang.grid_full)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            need=need, asked_by=asked.asked_by, before=asked.before, until=asked.until, reason="绕过"
        )


def test_nobody_grants_their_own_and_the_database_says_so_too(cast: Cast, need: Need) -> None:
    asked = ask(need, cast.chengxiang.secretary)
    with pytest.raises(NotAllowed, match="请别人审批"):
        decide_extension(pk=asked.pk, by=cast.chengxiang.secretary, granted=True)
    asked.refresh_from_db()
    assert asked.state == ExtensionState.WAITING
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=asked.pk).update(
            state="granted", decided_by=cast.chengxiang.secretary, decided_at=timezone.now()
        )


def test_it_is_decided_once(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    decide_extension(pk=asked.pk, by=here.secretary, granted=False)
    with pytest.raises(RuleBroken, match="不用再批"):
        decide_extension(pk=asked.pk, by=here.section_head, granted=True)
    assert now(need).reply_by == need.reply_by


def test_a_stale_page_decides_nothing(cast: Cast, need: Need) -> None:
    asked = ask(need, cast.chengxiang.worker)
    with pytest.raises(Conflict):
        decide_extension(pk=asked.pk, by=cast.chengxiang.secretary, granted=True, version=need.version)


@pytest.mark.parametrize("days", [-400, -1, 0])
def test_the_new_day_is_later(cast: Cast, need: Need, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        ask(need, cast.chengxiang.worker, until=later(need, days))
    assert set(refused.value.fields) == {"until"}
    with pytest.raises(Invalid):
        ask(need, cast.chengxiang.worker, until=None)


def test_no_more_working_days_again_than_at_first(cast: Cast, need: Need) -> None:
    assert need.reply_by is not None
    last = calendar().next_working(need.reply_by, 5)
    assert latest(now(need)) == last
    with pytest.raises(Invalid) as refused:
        ask(need, cast.chengxiang.worker, until=last + timedelta(days=1))
    assert "不能比原来的还长" in str(refused.value.fields["until"][0])
    ask(need, cast.chengxiang.worker, until=last)


def test_a_promise_for_the_same_day_may_become_the_next(cast: Cast) -> None:
    need = accept_need(pk=say_need(cast.chengxiang.home).pk, by=cast.chengxiang.worker, reply_by=timezone.localdate())
    assert latest(now(need)) == calendar().next_working(timezone.localdate(), 1)


def test_waiting_for_the_resident_does_not_lengthen_what_was_promised_at_first(cast: Cast, need: Need) -> None:
    """The clock stands while the resident is waited for: the day moves, and what may be added stays as it was."""
    first, worker = need.reply_by, fresh(cast.chengxiang.worker)
    assert first is not None and need.accepted_at is not None
    ask_resident(pk=need.pk, by=worker, words="哪一幢？")
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        resume_need(pk=need.pk, by=worker)
        resumed = now(need).reply_by
        assert resumed is not None and resumed > first
        assert latest(now(need)) == calendar().next_working(resumed, 5)


def test_taken_up_again_the_new_promise_counts(cast: Cast, need: Need) -> None:
    worker, clerk = fresh(cast.chengxiang.worker), fresh(cast.chengxiang.clerk)
    finish_need(pk=need.pk, by=worker, words="灯换好了")
    answer_need(token=need.link_token, outcome="unsolved")
    until = calendar().next_working(timezone.localdate(), 2)
    accept_need(pk=need.pk, by=clerk, reply_by=until)
    assert latest(now(need)) == calendar().next_working(until, 2)


@pytest.mark.parametrize("reason", ["", " \u200b", "字" * 501])
def test_a_reason_is_needed_and_has_an_end(cast: Cast, need: Need, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(need, cast.chengxiang.worker, reason=reason)
    assert set(refused.value.fields) == {"reason"}


def test_answered_late_or_waiting_there_is_nothing_to_extend(cast: Cast) -> None:
    here = cast.chengxiang
    answered, waiting, late = in_hand(cast), in_hand(cast), in_hand(cast)
    reply_to_resident(pk=answered.pk, by=here.worker, words="在看")
    Need.objects.filter(pk=answered.pk).update(done_by=None)  # as it was before replies named a day
    ask_resident(pk=waiting.pk, by=here.worker, words="哪一幢？")
    Need.objects.filter(pk=late.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    for need, says in ((answered, "已经答复"), (waiting, "时间停着"), (late, "已经过了")):
        with pytest.raises(RuleBroken, match=says):
            ask(need, here.worker)


def test_it_is_dropped_when_the_need_is_answered_ended_or_goes_elsewhere(cast: Cast) -> None:
    here = cast.chengxiang
    ways: list[Any] = [
        lambda need: reply_to_resident(pk=need.pk, by=here.worker, words="在看"),
        lambda need: finish_need(pk=need.pk, by=here.worker, words="好了"),
        lambda need: escalate_need(pk=need.pk, by=here.worker, why=WHY),
        lambda need: withdraw(token=need.link_token),
    ]
    for way in ways:
        need = in_hand(cast)
        asked = ask(need, here.worker)
        way(need)
        asked.refresh_from_db()
        assert asked.state == ExtensionState.DROPPED
        with pytest.raises(RuleBroken, match="不用批了"):
            decide_extension(pk=asked.pk, by=here.secretary, granted=True)
    assert not told("ExtensionAsked") and not waiting_extensions(fresh(here.secretary))


def test_granting_while_the_clock_stands_waits_and_what_overtook_it_is_refused(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    ask_resident(pk=need.pk, by=here.worker, words="哪一幢？")
    with pytest.raises(RuleBroken, match="时间停着"):
        decide_extension(pk=asked.pk, by=here.secretary, granted=True)
    resume_need(pk=need.pk, by=here.worker)
    Need.objects.filter(pk=need.pk).update(reply_by=asked.until)
    with pytest.raises(RuleBroken, match="不用再延"):
        decide_extension(pk=asked.pk, by=here.secretary, granted=True)
    decide_extension(pk=asked.pk, by=here.secretary, granted=False)


def test_the_inbox_of_approvals_shows_what_is_mine_to_decide(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.secretary)
    assert waiting_extensions(fresh(here.secretary)) == [], "one's own waits for others"
    assert waiting_extensions(fresh(here.section_head)) == [asked]
    (row,) = api_of(here.section_head).get("/api/v1/approvals/").json()
    assert row["title"] == need.title and row["who"] == f"{here.home.name}，{here.secretary.name}申请"
    assert row["url"].endswith(f"/admin/needs/need/{need.pk}/change/") and "等配件" in row["detail"]
    for person in (here.worker, here.clerk, here.leader, here.grid_part, here.neighbour, cast.xiasha.secretary):
        assert waiting_extensions(fresh(person)) == []
    with pytest.raises(NotFound):
        decide_extension(pk=asked.pk, by=cast.xiasha.section_head, granted=True)
    with pytest.raises(NotAllowed):
        decide_extension(pk=asked.pk, by=here.leader, granted=True)


def test_over_the_turn_of_the_year_it_counts_monday_to_friday(cast: Cast) -> None:
    """2027 is not announced: no rows, a warning elsewhere, and never an exception."""
    here = cast.chengxiang
    assert not WorkDay.objects.filter(day__year=2027).exists()
    with time_machine.travel(datetime(2026, 12, 28, 10, tzinfo=LOCAL), tick=False):
        need = accept_need(pk=say_need(here.home).pk, by=fresh(here.worker))
        assert need.reply_by == calendar().next_working(date(2026, 12, 28), 5)
        assert need.reply_by.year == 2027
        last = latest(now(need))
        assert calendar().working_days_between(need.reply_by, last) == 5
        assert all(not calendar().is_known(need.reply_by + timedelta(days=n)) for n in range(7))
        asked = ask(need, fresh(here.worker), until=last)
        decide_extension(pk=asked.pk, by=fresh(here.secretary), granted=True)
        ask_resident(pk=need.pk, by=fresh(here.worker), words="哪一幢？")
    with time_machine.travel(datetime(2027, 1, 4, 9, tzinfo=LOCAL), tick=False):
        resume_need(pk=need.pk, by=fresh(here.worker))
        stage = Stage.objects.running().get(subject=f"need:{need.pk}")
        assert now(need).reply_by == stage.due_on and stage.due_on > last
        assert calendar().is_working(stage.due_on)
