"""Two clerks at once: one figure of a period, one start, one signing, no more items than the year has. Each beside what
happens unguarded."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from alliance.lib.errors import DomainError, RuleBroken
from alliance.lib.locking import LockingQuerySet
from projects import services
from projects.models import Agreement, AgreementEvent, Deed, DeedYear, Indicator, Project, ProjectEvent, Reading
from projects.services import deeds, figures
from projects.services.figures import record_reading, set_indicator
from projects.states import PaperVerb, ProjectVerb
from tests.cast import Cast, at_once, fresh
from tests.claims.things import alliance_of
from tests.projects.running import project_in, running, steps
from tests.projects.test_deeds import published, ready
from tests.projects.things import approved, sign, today, two_units


def _two_read_before_either_writes(monkeypatch: pytest.MonkeyPatch, model: type) -> None:
    """The guard off: rows of ``model`` are read without a lock, by both before either goes on."""
    gate, locked = threading.Barrier(2), LockingQuerySet.locked

    def unlocked(rows: Any, pk: Any) -> Any:
        if rows.model is not model:
            return locked(rows, pk)
        row = rows.get(pk=pk)
        gate.wait(timeout=30)
        return row

    monkeypatch.setattr(LockingQuerySet, "locked", unlocked)


def _one_went_through(results: list[Any]) -> None:
    lost = [result for result in results if isinstance(result, Exception)]
    assert len(lost) == len(results) - 1, results
    assert all(isinstance(result, DomainError) for result in lost), lost


def _drafted(cast: Cast) -> Project:
    row = project_in(cast.chengxiang)
    services.plan_milestones(pk=row.pk, by=fresh(cast.chengxiang.clerk), version=None, milestones=steps(100))
    return row


def _start(row: Project, cast: Cast) -> list[Any]:
    by = cast.chengxiang.clerk
    return at_once(lambda _n: services.start_project(pk=row.pk, by=fresh(by), version=None), 2)


def _starts(row: Project) -> int:
    return ProjectEvent.objects.filter(project=row, verb=ProjectVerb.START).count()


def test_a_project_starts_once(cast: Cast) -> None:
    row = _drafted(cast)
    _one_went_through(_start(row, cast))
    assert _starts(row) == 1


def test_control_without_the_lock_it_starts_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = _drafted(cast)
    _two_read_before_either_writes(monkeypatch, Project)
    _start(row, cast)
    assert _starts(row) == 2


def _counted(cast: Cast) -> Indicator:
    here = cast.chengxiang
    row = running(here)
    return set_indicator(pk=row.pk, by=fresh(here.clerk), version=None, name="助餐", measure="人次", period="month")


def _record(found: Indicator, cast: Cast) -> list[Any]:
    typed: dict[str, Any] = {"pk": found.project_id, "indicator": found.pk, "day": today()}
    by = cast.chengxiang.clerk
    return at_once(lambda n: record_reading(by=fresh(by), value=8100 + n, **typed), 2)


def test_two_clerks_write_one_figure_of_a_month_and_the_second_reads_the_first(cast: Cast) -> None:
    found = _counted(cast)
    results = _record(found, cast)
    _one_went_through(results)
    stands = Reading.objects.get(indicator=found)
    (refused,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refused, RuleBroken) and str(int(stands.value)) in str(refused.message).replace(",", "")


def test_even_unlocked_the_table_holds_one_figure_of_a_month(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _counted(cast)
    _two_read_before_either_writes(monkeypatch, Project)
    _one_went_through(_record(found, cast))
    assert Reading.objects.filter(indicator=found).count() == 1


def test_control_without_lock_and_constraint_there_are_two(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, as_owner: Any
) -> None:
    found = _counted(cast)
    _two_read_before_either_writes(monkeypatch, Project)
    as_owner.execute("ALTER TABLE projects_reading DROP CONSTRAINT reading_once")  # of this test's copy
    write, looked = figures._first, threading.Barrier(2)

    def written_late(*args: Any) -> Reading:
        looked.wait(timeout=30)  # both saw that there was none
        return write(*args)

    monkeypatch.setattr(figures, "_first", written_late)
    _record(found, cast)
    assert Reading.objects.filter(indicator=found).count() == 2


def _sealed(cast: Cast) -> Agreement:
    here = cast.chengxiang
    alliance_of(here)
    return approved(here, *two_units(here))


def _signings(row: Agreement) -> int:
    return AgreementEvent.objects.filter(agreement=row, verb=PaperVerb.SIGN).count()


def test_an_agreement_is_signed_once(cast: Cast) -> None:
    row = _sealed(cast)
    _one_went_through(at_once(lambda n: sign(row, cast.chengxiang.clerk, place=f"会议室{n}"), 2))
    assert _signings(row) == 1


def test_control_without_the_lock_the_frozen_text_stands_in_the_way_and_without_the_guard_it_is_signed_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, as_owner: Any
) -> None:
    row = _sealed(cast)
    _two_read_before_either_writes(monkeypatch, Agreement)
    as_owner.execute("ALTER TABLE projects_agreement DISABLE TRIGGER USER")  # of this test's copy
    at_once(lambda n: sign(row, cast.chengxiang.clerk, place=f"会议室{n}"), 2)
    assert _signings(row) == 2


def _two_ready(cast: Cast) -> list[Deed]:
    here = cast.chengxiang
    rows = [ready(here, name=f"第{number}件") for number in range(2)]
    deeds.set_deed_year(street=here.street, year=today().year, by=fresh(here.party_office), most=1)
    return rows


def test_no_more_items_are_published_than_the_year_has(cast: Cast) -> None:
    rows = _two_ready(cast)
    _one_went_through(at_once(lambda n: published(cast.chengxiang, rows[n].pk), 2))
    assert Deed.objects.public().count() == 1


def test_control_without_lock_and_constraint_there_are_too_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, as_owner: Any
) -> None:
    rows, gate = _two_ready(cast), threading.Barrier(2)

    def unlocked(street: str, year: int) -> DeedYear:
        found = DeedYear.objects.get(street_id=street, year=year)
        gate.wait(timeout=30)
        return found

    # Both count what is published before either publishes.
    counted = threading.Barrier(2)
    hold = deeds.hold_deed

    def held_late(*args: Any, **kwargs: Any) -> Deed:
        counted.wait(timeout=30)
        return hold(*args, **kwargs)

    as_owner.execute("DROP INDEX deed_position_once")  # of this test's copy
    monkeypatch.setattr(deeds, "_year", unlocked)
    monkeypatch.setattr(deeds, "hold_deed", held_late)
    at_once(lambda n: published(cast.chengxiang, rows[n].pk), 2)
    assert Deed.objects.public().count() == 2
