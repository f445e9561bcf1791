"""Waits end everywhere at once: what was said, what is to come, and in which order rows are locked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import services as claims
from claims.models import Claim
from deadlines.models import ChaseStep, Due, Stage, WorkDay
from deadlines.services.calendar import calendar
from deadlines.services.retention import KEPT
from deadlines.services.stages import recount_stages
from deadlines.services.sweep import sweep_all
from needs import wording
from needs.models import Errand, Need
from needs.services.answers import answer_need
from needs.services.asking import ASK_AGAIN
from needs.services.errand_clock import ERRAND_TAKE
from needs.services.errand_confirm import ERRAND_CONFIRM
from needs.services.extensions import ask_extension
from needs.services.finishing import finish_need
from needs.services.following import supplement, withdraw
from needs.services.triage import escalate_need
from needs.services.waiting import ask_resident, resume_need
from needs.services.waiting_ends import IDLE, REMIND, remind_residents, start_missing_reminders
from needs.states import EXTENSION_WAIT, FIRST_RESPONSE, REPLY, Outcome
from notifications.models import Message
from people.models import User
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.needs.running import publish, runner, take
from tests.needs.ways import WHY, in_hand, latest_of, now, told

pytestmark = pytest.mark.django_db


def waiting(cast: Cast) -> Need:
    """Its resident has been asked."""
    found = in_hand(cast)
    ask_resident(pk=found.pk, by=fresh(cast.chengxiang.worker), words="是哪一幢？")
    return now(found)


@pytest.fixture
def need(cast: Cast) -> Need:
    return waiting(cast)


ENDS: dict[str, Any] = {
    "added": lambda need, by: supplement(token=need.link_token, words="6幢"),
    "went on": lambda need, by: resume_need(pk=need.pk, by=by),
    "done": lambda need, by: finish_need(pk=need.pk, by=by, words="换好了"),
    "sent up": lambda need, by: escalate_need(pk=need.pk, by=by, why=WHY),
    "taken back": lambda need, by: withdraw(token=need.link_token),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_text_from_last_night_is_called_off_by_what_ends_the_wait(
    cast: Cast, need: Need, end: str, settings: Any
) -> None:
    settings.SMS_CHANNEL = "console"
    Need.objects.filter(pk=need.pk).update(resident=resident(need.contact_phone))
    night = timezone.localtime().replace(hour=22, minute=0)
    with time_machine.travel(night, tick=False):
        remind_residents(list(Due.objects.filter(kind=REMIND)))
    texts = Message.objects.filter(rule="needs.NeedAskedAgain", channel="sms")
    assert texts.get().state == "waiting" and told("NeedAskedAgain"), "the control: it waits for the morning"
    ENDS[end](now(need), fresh(cast.chengxiang.worker))
    assert texts.get().state == "missed" and not told("NeedAskedAgain")


def locks(sql: str, table: str) -> bool:
    return f'FROM "{table}"' in sql and "FOR NO KEY UPDATE" in sql


@pytest.mark.parametrize("end", ENDS)
def test_dues_of_the_wait_are_locked_after_every_clock(cast: Cast, need: Need, end: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        ENDS[end](need, fresh(cast.chengxiang.worker))
    said = [query["sql"] for query in asked]
    clocks = [place for place, sql in enumerate(said) if locks(sql, "deadlines_stage")]
    reminders = [place for place, sql in enumerate(said) if locks(sql, "deadlines_due") and REMIND in sql]
    assert clocks and reminders and max(clocks) < min(reminders)


def test_needs_of_all_kinds_of_clocks_are_locked_at_once_by_key(cast: Cast) -> None:
    here = cast.chengxiang
    first, second, third = (in_hand(cast) for _ in range(3))
    publish(second, here.worker)
    brought = claim_of(in_hand(cast), here.worker)
    ask_extension(pk=third.pk, by=fresh(here.worker), until=latest_of(third), reason="等配件")
    kinds = {ERRAND_TAKE, ERRAND_CONFIRM, EXTENSION_WAIT}
    found = Stage.objects.running().filter(kind__in=kinds)
    assert set(found.values_list("kind", flat=True)) == kinds, "the control"
    found = found | Stage.objects.running().filter(kind=REPLY, subject=f"need:{first.pk}")
    with CaptureQueriesContext(connection) as queries:
        recount_stages(found.values_list("pk", flat=True))
    said = [query["sql"] for query in queries]
    before = said[: next(place for place, sql in enumerate(said) if locks(sql, "deadlines_stage"))]
    (locked,) = [sql for sql in before if locks(sql, "needs_need")]
    assert re.search(r'SELECT "needs_need"."id" AS "pk" .* ORDER BY 1 ASC FOR', locked)
    named = re.search(r"IN \(([\d, ]+)\)", locked)
    assert named and {int(key) for key in named[1].split(",")} == {
        first.pk,
        second.pk,
        third.pk,
        Errand.objects.get(offer=brought.offer_id).need_id,
    }


def claim_of(need: Need, by: User) -> Claim:
    """An errand for ``need`` that is said to be there."""
    helper = runner()
    return claims.deliver(claim_id=take(publish(need, by), helper).pk, by=fresh(helper))


@pytest.mark.parametrize("end", ["confirmed", "done another way"])
def test_who_says_that_an_errand_is_there_locks_the_need_before_any_clock(cast: Cast, end: str) -> None:
    """Counting again locks the needs first: the other way round each would wait for the other."""
    here = cast.chengxiang
    claim = claim_of(in_hand(cast), here.worker)
    with CaptureQueriesContext(connection) as queries:
        if end == "confirmed":
            claims.confirm(claim_id=claim.pk, by=fresh(here.worker))
        else:
            finish_need(
                pk=Errand.objects.get(offer=claim.offer_id).need_id, by=fresh(here.worker), words="问过了，收到了"
            )
    said = [query["sql"] for query in queries]
    clocks = [place for place, sql in enumerate(said) if locks(sql, "deadlines_stage")]
    needs = [place for place, sql in enumerate(said) if locks(sql, "needs_need")]
    assert len(clocks) > 1 and min(needs) < min(clocks)


@pytest.mark.parametrize(
    ("offset", "audience", "rule"),
    [(0, "supervisor", "AcceptLate"), (1, "hands", "AcceptNow"), (0, "hands", "AcceptNow")],
)
def test_the_words_of_the_first_response_are_for_whom_the_rung_reminds(
    cast: Cast, offset: int, audience: str, rule: str
) -> None:
    ChaseStep.objects.filter(kind=FIRST_RESPONSE).exclude(offset=offset).update(is_active=False)
    ChaseStep.objects.filter(kind=FIRST_RESPONSE, offset=offset).update(audience=audience)
    say_need(cast.chengxiang.home)
    stage = Stage.objects.get(kind=FIRST_RESPONSE)
    Stage.objects.filter(pk=stage.pk).update(due_at=timezone.now() - timedelta(days=7))
    rung = Due.objects.filter(subject=f"stage:{stage.pk}", kind="deadlines.chase")
    assert rung.update(due_at=timezone.now() - timedelta(minutes=1)) == 1
    sweep_all()
    assert set(Message.objects.filter(rule__startswith="needs.Accept").values_list("rule", flat=True)) == {
        f"needs.{rule}"
    }


def decree(first: date, last: date) -> None:
    """All days between are free."""
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        WorkDay.objects.update_or_create(day=day, defaults={"working": False, "name": "演示放假"})


def asked_long_ago(need: Need) -> datetime:
    """The wait began forty days ago, and its reminders were laid out then."""
    since = timezone.now() - timedelta(days=40)
    Need.objects.filter(pk=need.pk).update(waiting_since=since)
    Due.objects.filter(kind__in=[REMIND, IDLE]).delete()
    cal = calendar()
    for kind, days in ((REMIND, 3), (IDLE, 10)):
        day = cal.next_working(timezone.localdate(since), days)
        Due.objects.create(
            kind=kind,
            subject=f"need:{need.pk}",
            key=f"{kind}:{need.pk}:{since.isoformat()}:{day}",
            params={"since": since.isoformat()},
            due_at=max(cal.opening(day), timezone.now() - timedelta(days=2)),
        )
    return since


@pytest.mark.parametrize("decreed", [True, False])
def test_days_decreed_free_move_both_reminders_of_a_wait(cast: Cast, need: Need, decreed: bool) -> None:
    since = timezone.localdate(asked_long_ago(need))
    if decreed:
        decree(since, timezone.localdate())
    sweep_all()
    for kind, days, rule in ((REMIND, 3, "NeedAskedAgain"), (IDLE, 10, "NeedStillWaiting")):
        states = list(Due.objects.filter(kind=kind).order_by("pk").values_list("state", "last_error"))
        assert states == ([("cancelled", "moved"), ("waiting", "")] if decreed else [("done", "")])
        assert Message.objects.filter(rule=f"needs.{rule}").exists() is not decreed
        if decreed:
            cal = calendar()
            assert Due.objects.undone().get(kind=kind).due_at == cal.opening(cal.next_working(since, days))


@pytest.mark.parametrize("decreed", [True, False])
def test_days_decreed_free_move_the_reminder_to_answer(cast: Cast, decreed: bool) -> None:
    need = in_hand(cast)
    finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="换好了")
    finished = timezone.now() - timedelta(days=8)
    Need.objects.filter(pk=need.pk).update(finished_at=finished)
    cal = calendar()
    day = cal.next_working(timezone.localdate(finished), 3)
    rows = Due.objects.filter(kind=ASK_AGAIN)
    rows.update(due_at=cal.opening(day), key=f"{ASK_AGAIN}:{need.pk}:1:{day}")
    if decreed:
        decree(timezone.localdate(finished), timezone.localdate())
    sweep_all()
    states = list(rows.order_by("pk").values_list("state", flat=True))
    assert states == (["cancelled", "waiting"] if decreed else ["done"])
    assert Message.objects.filter(rule="needs.AnswerAsked").exists() is not decreed
    if decreed:
        answer_need(token=need.link_token, outcome=Outcome.SOLVED)
        assert not rows.undone().exists()


@pytest.mark.parametrize("swept", [True, False])
def test_the_page_says_reminded_where_somebody_was(cast: Cast, need: Need, swept: bool) -> None:
    asked_long_ago(need)
    if swept:
        sweep_all()
    for path in (f"/admin/needs/need/{need.pk}/change/", "/admin/needs/need/?tab=open"):
        page = browser_of(cast.chengxiang.worker).get(path).content.decode()
        today = wording.day(timezone.localdate())
        said = [words for words in (f"{today}提醒过经办人", "提醒过", "日提醒经办人") if words in page]
        assert said == ([f"{today}提醒过经办人", "提醒过"] if swept else ["日提醒经办人"]), path


def left_out(need: Need) -> Iterator[tuple[str, int]]:
    yield "nothing is missing", 0
    Due.objects.filter(kind=REMIND).delete()
    yield "one was done and forgotten", 0
    Due.objects.filter(kind=IDLE).delete()
    Need.objects.filter(pk=need.pk).update(waiting_since=timezone.now() - KEPT - timedelta(days=1))
    yield "longer ago than the list remembers", 0


def test_where_no_reminder_is_missing_one_question_is_asked(cast: Cast, need: Need) -> None:
    for what, count in left_out(need):
        before = Due.objects.count()
        with CaptureQueriesContext(connection) as asked:
            assert start_missing_reminders() == count, what
        assert len(asked) == 1 and "contact_phone" not in asked[0]["sql"], what
        assert Due.objects.count() == before, what


def test_a_missing_reminder_is_laid_out_without_reading_what_was_said(cast: Cast, need: Need) -> None:
    Due.objects.filter(kind__in=[REMIND, IDLE]).delete()
    with CaptureQueriesContext(connection) as asked:
        assert start_missing_reminders() == 1
    (reading,) = [query["sql"] for query in asked if 'FROM "needs_need"' in query["sql"]]
    assert "contact_phone" not in reading and "waiting_since" in reading
    assert set(Due.objects.filter(kind__in=[REMIND, IDLE]).values_list("kind", flat=True)) == {REMIND, IDLE}
