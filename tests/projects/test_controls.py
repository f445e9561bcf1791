"""The controls of what the tables refuse: with the one guard off, and nothing else changed, the same statement goes
through. So it is this guard that refuses it, and not something that happens to stand in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from projects.models import Agreement, Ask, DeedRecord, Milestone, Project, Reading, Score, Story, Yardstick
from projects.services.assessing import assess_project, set_yardsticks
from projects.services.figures import record_reading
from projects.services.wording import digest, with_signing
from projects.states import DeedVerb
from tests.cast import Cast, Street, fresh
from tests.projects.attacks import refused
from tests.projects.running import running
from tests.projects.test_deeds import published, ready
from tests.projects.test_figures import _assessed, _scaled, counted
from tests.projects.test_stories import agreed, written
from tests.projects.things import approved, ask_of, say_yes, sent, signed, today, unit_of

pytestmark = pytest.mark.django_db
Statement = Callable[[], Any]


def _weights(here: Street) -> Statement:
    first = running(here, 40, 60).milestones.all()[0]
    return lambda: Milestone.objects.filter(pk=first.pk).update(weight=41)


def _without_branch(here: Street) -> Statement:
    rows = Project.objects.filter(pk=running(here, 100).pk)
    return lambda: rows.update(branch=None)


def _measures(here: Street) -> Statement:
    row = running(here, 100)
    halves: Any = [{"name": name, "weight": 50} for name in ("质量", "满意度")]
    set_yardsticks(pk=row.pk, by=fresh(here.clerk), version=None, yardsticks=halves)
    return lambda: Yardstick.objects.filter(project=row, name="质量").update(weight=40)


def _scores(here: Street) -> Statement:
    row = counted(here).project
    _scaled(here, row)
    key = "00000000-0000-4000-8000-000000000001"
    made = assess_project(client_key=key, **_assessed(here, row))  # type: ignore[arg-type]
    return lambda: Score.objects.create(assessment=made, name="多的", weight=1, points=1, evidence="无")


def _read(here: Street) -> Reading:
    one = counted(here)
    return record_reading(pk=one.project_id, by=fresh(here.clerk), indicator=one.pk, day=today(), value=8100)


def _doubled(here: Street) -> Statement:
    made = _read(here)
    return lambda: Reading.objects.create(indicator=made.indicator, period=made.period, value=1, by=here.clerk)


def _negative(here: Street) -> Statement:
    rows = Reading.objects.filter(pk=_read(here).pk)
    return lambda: rows.update(value=-1)


def _more_than_asked(here: Street) -> Statement:
    (row,) = published(here, ready(here).pk)
    said = {"satisfied": 2, "asked": 1}
    return lambda: DeedRecord.objects.create(
        deed=row, verb=DeedVerb.ASK, actor=here.clerk, target=row.state, params=said
    )


def _too_early(here: Street) -> Statement:
    rows = Story.objects.filter(pk=agreed(here, written(here)).pk)
    return lambda: rows.update(consent_on=today() - timedelta(days=1))


def _unconsented(here: Street) -> Statement:
    rows = Story.objects.filter(pk=written(here).pk)
    return lambda: rows.update(state="shown", shown_at=timezone.now())


def _ended_by_one(here: Street) -> Statement:
    rows = Agreement.objects.filter(pk=signed(here).pk)
    asked = {"ending": "end", "ending_words": "不办了", "ending_at": timezone.now(), "ending_by": here.clerk}
    return lambda: rows.update(**asked, ended_by=here.clerk)


def _stopped_by_one(here: Street) -> Statement:
    rows = Project.objects.filter(pk=running(here, 100).pk)
    asked = {"ending": "stop", "ending_words": "不办了", "ending_at": timezone.now(), "ending_by": here.clerk}
    return lambda: rows.update(**asked, ended_by=here.clerk)


def _answered_anew(here: Street) -> Statement:
    sent(here)
    ask = say_yes(unit_of(here), here.liaison)
    return lambda: Ask.objects.filter(pk=ask.pk).update(answer="no")


def _signing(row: Agreement, here: Street, text: str) -> dict[str, Any]:
    said = {"state": "running", "signed_at": timezone.now(), "signed_on": today(), "signed_place": "会议室"}
    said |= {"runs_until": row.ends_on, "signed_by": here.clerk}
    return {**said, "text": text, "sha256": digest(text)}


def _unconfirmed(here: Street) -> Statement:
    """Approved in spite of the unit that has not answered."""
    row = sent(here)
    assert not ask_of(row, unit_of(here)).answer
    said = _signing(row, here, with_signing(row.text, on=today(), place="会议室"))
    given = {"confirmed_at": timezone.now(), "approved_at": timezone.now(), "approved_by": here.party_office}
    rows = Agreement.objects.filter(pk=row.pk)
    rows.update(**given, state="to_sign")
    return lambda: rows.update(**said)


def _other_words(here: Street) -> Statement:
    row = approved(here)
    good = with_signing(row.text, on=today(), place="会议室")
    return lambda: Agreement.objects.filter(pk=row.pk).update(**_signing(row, here, good), theme="别的")


@dataclass(frozen=True)
class Guard:
    """What refuses ``statement`` in ``table``: a constraint, an index or a trigger."""

    name: str
    table: str
    statement: Callable[[Street], Statement]
    how: str = "DROP CONSTRAINT"


TRIGGER = "DISABLE TRIGGER"
GUARDS = (
    Guard("projects_milestone_whole", "projects_milestone", _weights, TRIGGER),
    Guard("project_has_commissioner_and_branch", "projects_project", _without_branch),
    Guard("projects_yardstick_hundred", "projects_yardstick", _measures, TRIGGER),
    Guard("projects_score_hundred", "projects_score", _scores, TRIGGER),
    Guard("reading_once", "projects_reading", _doubled),
    Guard("reading_not_negative", "projects_reading", _negative),
    Guard("deedrecord_asked_in_bounds", "projects_deedrecord", _more_than_asked),
    Guard("story_consent_to_these_words", "projects_story", _too_early),
    Guard("story_shown_with_consent", "projects_story", _unconsented),
    Guard("agreement_ended_by_another", "projects_agreement", _ended_by_one),
    Guard("project_ended_by_another", "projects_project", _stopped_by_one),
    Guard("projects_ask_answered", "projects_ask", _answered_anew, TRIGGER),
    Guard("projects_agreement_confirmed", "projects_agreement", _unconfirmed, TRIGGER),
    Guard("projects_agreement_same_words", "projects_agreement", _other_words, TRIGGER),
)


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_it_is_this_guard_that_refuses_it(cast: Cast, as_owner: Any, guard: Guard) -> None:
    as_owner.execute("SET ROLE tongxin_app")
    statement = guard.statement(cast.chengxiang)

    def at_once() -> None:
        statement()
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")

    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is due so far is in order
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    assert refused(at_once)
    off = f"ALTER TABLE {guard.table} {guard.how} {guard.name}"
    as_owner.execute(f"RESET ROLE; {off}; SET ROLE tongxin_app")  # of this test's transaction
    assert not refused(at_once), "the control: without it there is nothing in the way"
