"""What units answered before answers said which unit spoke: the migration completes them, as the owner."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from needs.models import NeedEvent
from needs.services.assigning import assign_need
from needs.services.units import answers_of_unit, unit_hand_back, unit_report
from needs.states import Audience, Verb
from tests.cast import Cast, fresh, say_need
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import asked

pytestmark = pytest.mark.django_db
MIGRATION = import_module("needs.migrations.0013_answers_of_a_unit")
FORGET = "UPDATE needs_needevent SET params = params - 'unit_id' WHERE verb IN ('report', 'hand_back')"


def test_each_goes_to_the_unit_that_was_asked_last_before_it(cast: Cast, as_owner: Any) -> None:
    here = cast.chengxiang
    need, own = asked(here), unit_of(here)
    other, theirs = another_unit(here)
    unit_hand_back(pk=need.pk, by=fresh(here.liaison), unit_id=own.pk, why="我们的人在外面")
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=other.pk, why="他们有梯子")
    unit_report(pk=need.pk, by=fresh(theirs), unit_id=other.pk, words="他们家换好了")
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=own.pk, why="再看一眼")
    written = NeedEvent.objects.filter(verb__in=(Verb.REPORT, Verb.HAND_BACK)).order_by("pk")
    as_written = [event.params for event in written]
    as_owner.execute(FORGET)
    assert not answers_of_unit(by=fresh(here.liaison), unit_id=own.pk).exists()
    for _again in range(2):
        as_owner.execute(MIGRATION.NAME_THE_UNIT)
    said = [answers_of_unit(by=fresh(by), unit_id=unit.pk) for by, unit in ((here.liaison, own), (theirs, other))]
    assert [[row.words for row in rows] for rows in said] == [["我们的人在外面"], ["他们家换好了"]]
    assert [event.params for event in written.all()] == as_written


def test_what_says_its_unit_stays_and_what_nobody_was_asked_for_is_left_alone(cast: Cast, as_owner: Any) -> None:
    here = cast.chengxiang
    need, own = asked(here), unit_of(here)
    unit_report(pk=need.pk, by=fresh(here.liaison), unit_id=own.pk, words="换好了")
    said = {"at": need.created_at, "verb": Verb.REPORT, "target": need.state, "audience": Audience.STAFF}
    merged = NeedEvent.objects.create(need_id=need.pk, params={"unit": "另一家", "unit_id": own.pk + 99}, **said)
    alone = say_need(here.home)
    lost = NeedEvent.objects.create(need_id=alone.pk, params={"unit": "不知道哪家"}, **said)
    as_owner.execute(MIGRATION.NAME_THE_UNIT)
    assert NeedEvent.objects.get(pk=merged.pk).params["unit_id"] == own.pk + 99
    assert NeedEvent.objects.get(pk=lost.pk).params == {"unit": "不知道哪家"}


def test_the_checks_and_the_index_of_the_migrations_hold(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'need_unit_why_has_unit'")
        assert cursor.fetchall() == [(True,)]
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'needevent_unit_answers'::regclass")
        assert cursor.fetchall() == [(True,)]
