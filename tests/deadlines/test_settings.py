"""Limits and reminders are edited by whoever may, nobody is made late by it, and two windows do not swap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.deadlines.limits import KIND, rule, save, start

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")

MONDAY = "2026-11-23T10:00:00+08:00"


def recounted() -> None:
    """The sweep came by. It goes by the database's clock, which no test moves."""
    from django.db.models.functions import Now

    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all

    Due.objects.undone().filter(kind="deadlines.recount").update(due_at=Now())
    sweep_all()
    assert not Due.objects.undone().filter(kind="deadlines.recount").exists()


@time_machine.travel(MONDAY)
def test_a_longer_limit_holds_for_what_starts_and_for_what_runs_by_the_rule(cast: Cast, keeper: User) -> None:
    by_rule, chosen = start(cast, 1), start(cast, 2, due_on=timezone.localdate() + timedelta(days=30))
    before = chosen.due_at
    saved = save(keeper, 7)
    assert (saved.rule.amount, saved.rule.version, saved.recounted) == (7, 2, 2)
    recounted()
    by_rule.refresh_from_db()
    chosen.refresh_from_db()
    assert str(by_rule.due_on) == "2026-12-02" and chosen.due_at == before
    assert str(start(cast, 3).due_on) == "2026-12-02"


@time_machine.travel(MONDAY)
def test_what_runs_keeps_its_limit_if_that_is_wanted(cast: Cast, keeper: User) -> None:
    stage = start(cast)
    assert save(keeper, 7, running=False).recounted == 0
    recounted()
    before = stage.due_at
    stage.refresh_from_db()
    assert stage.due_at == before


@time_machine.travel(MONDAY)
def test_nobody_is_made_late_by_an_edit(cast: Cast, keeper: User) -> None:
    old = start(cast, 1, started_at=timezone.now() - timedelta(days=4))
    new = start(cast, 2)
    end = old.due_at
    save(keeper, 1)
    recounted()
    old.refresh_from_db()
    new.refresh_from_db()
    assert old.due_at == end > timezone.now()
    assert str(new.due_on) == "2026-11-24"


def test_what_is_late_or_paused_is_not_touched(cast: Cast, keeper: User) -> None:
    from deadlines.models import Stage
    from deadlines.services.settings import running_of
    from deadlines.services.stages import pause_stage

    late, paused = start(cast, 1), start(cast, 2)
    Stage.objects.filter(pk=late.pk).update(breached_at=timezone.now())
    pause_stage(kind=KIND, subject=paused.subject)
    assert running_of(KIND) == 0 and save(keeper, 9).recounted == 0
    for stage in (late, paused):
        stage.refresh_from_db()
        assert stage.amount == 5


def test_the_old_number_is_in_the_log_beside_the_new(cast: Cast, keeper: User) -> None:
    from audit.models import AuditEntry

    save(keeper, 3)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.subject) == ("limit_changed", keeper, KIND)
    assert entry.params == {"from": "5 work_days", "to": "3 work_days", "count": 0}
    save(keeper, 3, version=2)
    assert AuditEntry.objects.latest("pk") == entry, "the same again is no change"


def test_only_administrators_of_a_district_or_wider_change_it(cast: Cast, keeper: User) -> None:
    from deadlines.services.settings import Step, save_steps
    from tests.cast import fresh

    here = cast.chengxiang
    for person in (here.party_office, here.leader, cast.xiasha.system_admin, here.audit_admin):
        with pytest.raises(NotAllowed):
            save(fresh(person), 9)
        with pytest.raises(NotAllowed):
            save_steps(by=fresh(person), kind=KIND, steps=[Step(0, "hands")], version=1)
    assert rule().amount == 5
    assert save(keeper, 9).rule.amount == 9


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "work_days"), (-1, "hours"), (241, "work_days"), (1501, "work_hours"), (5, "years")]
)
def test_a_limit_that_cannot_be_is_refused(cast: Cast, keeper: User, amount: int, unit: str) -> None:
    with pytest.raises(Invalid):
        save(keeper, amount, unit=unit)
    assert (rule().amount, rule().unit, rule().version) == (5, "work_days", 1)


def test_no_such_stage_and_a_stale_window(cast: Cast, keeper: User) -> None:
    from deadlines.services.settings import Step, save_limit, save_steps

    with pytest.raises(NotFound):
        save_limit(by=keeper, kind="no.such", amount=1, unit="hours", version=1)
    save(keeper, 6)
    with pytest.raises(Conflict):
        save(keeper, 7, version=1)
    with pytest.raises(Conflict):
        save_steps(by=keeper, kind=KIND, steps=[Step(0, "hands")], version=1)
    assert rule().amount == 6


@time_machine.travel(MONDAY)
def test_new_rungs_are_laid_out_for_what_runs(cast: Cast, keeper: User) -> None:
    from deadlines.models import ChaseStep, Due
    from deadlines.services.settings import Step, save_steps

    stage = start(cast)
    wanted = [Step(2, "party_office"), Step(-2, "hands"), Step(0, "supervisor", is_active=False)]
    assert save_steps(by=keeper, kind=KIND, steps=wanted, version=1).recounted == 1
    assert list(ChaseStep.objects.filter(kind=KIND).values_list("offset", flat=True)) == [-2, 0, 2]
    recounted()
    chases = Due.objects.undone().filter(kind="deadlines.chase", subject=f"stage:{stage.pk}")
    assert sorted(due.params["offset"] for due in chases) == [-2, 2]
    end = stage.due_at
    stage.refresh_from_db()
    assert stage.due_at == end


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [(0, "hands", False)],
        [(0, "hands", True), (0, "supervisor", True)],
        [(-21, "hands", True)],
        [(61, "hands", True)],
        [(0, "everybody", True)],
    ],
)
def test_rungs_that_cannot_be_are_refused(cast: Cast, keeper: User, steps: list[tuple[int, str, bool]]) -> None:
    from deadlines.models import ChaseStep
    from deadlines.services.settings import Step, save_steps

    with pytest.raises(Invalid):
        save_steps(by=keeper, kind=KIND, steps=[Step(*step) for step in steps], version=1)
    assert ChaseStep.objects.filter(kind=KIND).count() == 4 and rule().version == 1
