"""The worker: portions, leases, and being killed in between. Beside it, one that does not look whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from alliance.lib.importing import Applied
from members.models import MemberUnit
from tests.cast import Cast, browser_of
from tests.transfers.tables import unit_row, unit_table, upload
from transfers.models import ImportBatch, ImportRow
from transfers.services import rows, working
from transfers.services.importing import confirm_import, drop_import, undo_import
from transfers.states import BatchState, Mode, Result


class Killed(BaseException):
    """As a worker that is gone: nobody handles it."""


@pytest.fixture
def confirmed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> ImportBatch:
    monkeypatch.setattr(working, "WRITTEN", 4)
    clerk = cast.chengxiang.clerk
    batch = upload(clerk, cast.chengxiang.street, unit_table(*(unit_row(number) for number in range(1, 11))))
    confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)
    return batch


def _die_at(monkeypatch: pytest.MonkeyPatch, fatal: str) -> None:
    plain = rows._done

    def done(row: ImportRow, applied: Applied) -> None:
        if applied.before["now"]["name"] == fatal:
            assert MemberUnit.objects.filter(name=fatal).exists(), "it is written already, in this transaction"
            raise Killed
        plain(row, applied)

    monkeypatch.setattr(rows, "_done", done)


def _count() -> int:
    return MemberUnit.objects.filter(name__startswith="第").count()


def _lapse(batch: ImportBatch) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(leased_until=timezone.now() - timedelta(minutes=1))


def test_a_killed_worker_leaves_whole_portions_and_the_next_one_goes_on(
    confirmed: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _die_at(patched, "第7小学")
        with pytest.raises(Killed):
            working.work_all()
    assert _count() == 4, "the portion it died in is undone"
    confirmed.refresh_from_db()
    assert confirmed.done == 4 and confirmed.state == BatchState.APPLYING
    assert working.work_all() == 0, "its lease still runs"
    _lapse(confirmed)
    working.work_all()
    confirmed.refresh_from_db()
    assert confirmed.state == BatchState.DONE and _count() == 10 and confirmed.counts["result_done"] == 10


def test_whoever_kills_every_worker_is_given_up(confirmed: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    _die_at(monkeypatch, "第1小学")
    for _time in range(working.MOST_DEATHS + 1):
        with pytest.raises(Killed):
            working.work_all()
        _lapse(confirmed)
    working.work_all()
    confirmed.refresh_from_db()
    assert confirmed.state == BatchState.FAILED and _count() == 0


def test_an_import_that_was_given_up_half_way_is_taken_back(
    confirmed: ImportBatch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _die_at(patched, "第7小学")
        for _time in range(working.MOST_DEATHS + 1):
            with pytest.raises(Killed):
                working.work_all()
            _lapse(confirmed)
        working.work_all()
    confirmed.refresh_from_db()
    assert confirmed.state == BatchState.FAILED and _count() == 4
    page = browser_of(cast.chengxiang.clerk).get(reverse("admin:transfer_import", args=[confirmed.pk]))
    assert "确认撤销" in page.content.decode()
    undo_import(pk=confirmed.pk, by=cast.chengxiang.clerk)
    working.work_all()
    confirmed.refresh_from_db()
    assert confirmed.state == BatchState.UNDONE and _count() == 0
    with pytest.raises(RuleBroken):
        undo_import(pk=confirmed.pk, by=cast.chengxiang.clerk)


def test_one_that_wrote_nothing_or_was_cleared_away_is_not_taken_back(confirmed: ImportBatch, cast: Cast) -> None:
    for changes in (
        {"counts": {}},
        {"counts": {"result_failed": 3}},
        {"counts": {"result_done": 3}, "purged_at": timezone.now()},
    ):
        ImportBatch.objects.filter(pk=confirmed.pk).update(state=BatchState.FAILED, **changes)
        with pytest.raises(RuleBroken):
            undo_import(pk=confirmed.pk, by=cast.chengxiang.clerk)


@pytest.fixture
def in_the_way(confirmed: ImportBatch) -> Iterator[Callable[[], None]]:
    """Somebody else imports the same there and does not come to an end, until this is called."""
    kind = working.importer(confirmed.kind)
    assert kind is not None
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '20ms'")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        place = f"{kind.key}:{confirmed.area_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [working.KIND_LOCK, place])

    def out_of_the_way() -> None:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")  # its end of the session may take a moment

    yield out_of_the_way
    other.close()
    connection.close()  # what was set goes with it


def test_waiting_for_a_lock_is_nobodys_death(confirmed: ImportBatch, in_the_way: Callable[[], None]) -> None:
    for _time in range(working.MOST_DEATHS + 2):
        assert working.work_all() == 0
        confirmed.refresh_from_db()
        assert (confirmed.last_error, confirmed.deaths) == (working.WAITED, 0)
        assert confirmed.leased_until is not None, "it comes again after a pause"
        _lapse(confirmed)
    in_the_way()
    working.work_all()
    confirmed.refresh_from_db()
    assert confirmed.state == BatchState.DONE and _count() == 10


def test_who_dies_after_waiting_is_counted(confirmed: ImportBatch, in_the_way: Callable[[], None]) -> None:
    working.work_all()
    for deaths in (0, 1):
        _lapse(confirmed)
        assert working._take() is not None
        confirmed.refresh_from_db()
        assert confirmed.deaths == deaths


def test_a_worker_that_lost_its_turn_writes_nothing(confirmed: ImportBatch) -> None:
    batch = working._take()
    assert batch is not None
    kind = working.importer(batch.kind)
    assert kind is not None
    late = working.Work(batch, kind)
    _lapse(confirmed)
    working.work_all()
    assert _count() == 10
    with pytest.raises(working.Overtaken):
        working._portion(late)
    assert _count() == 10 and not ImportRow.objects.exclude(result=Result.DONE).exists()


def test_without_the_look_whose_turn_it_is_a_late_worker_writes_into_another_state(
    confirmed: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the attempt and the state not asked, the late worker ends an import a second time."""
    batch = working._take()
    assert batch is not None
    kind = working.importer(batch.kind)
    assert kind is not None
    late = working.Work(batch, kind)
    _lapse(confirmed)
    working.work_all()
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.UNDONE)
    rows, _do = working._next(late)
    assert not rows
    working._finish(late)  # what ``_portion`` does behind its guard
    confirmed.refresh_from_db()
    assert confirmed.state == BatchState.DONE, "an import that was taken back looks imported"


def test_what_is_dropped_while_it_is_looked_at_stays_dropped(cast: Cast) -> None:
    from transfers.services.importing import start_import

    clerk = cast.chengxiang.clerk
    content = unit_table(unit_row(1))
    batch = start_import(by=clerk, kind="units", area=cast.chengxiang.street, name="a.xlsx", content=content)
    taken = working._take()
    assert taken is not None
    kind = working.importer(taken.kind)
    assert kind is not None
    work = working.Work(taken, kind)
    drop_import(pk=batch.pk, by=clerk)
    with pytest.raises(working.Overtaken):
        working._portion(work)
    batch.refresh_from_db()
    assert batch.state == BatchState.DROPPED


def test_two_workers_never_hold_one_import(confirmed: ImportBatch) -> None:
    assert working._take() is not None
    assert working._take() is None
    ImportBatch.objects.filter(pk=confirmed.pk).update(leased_until=Now() - timedelta(seconds=1))
    assert working._take() is not None


def test_a_row_that_raises_what_nobody_expected_fails_alone(
    confirmed: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = MemberUnit.full_clean

    def full_clean(unit: MemberUnit, **options: Any) -> None:
        if unit.name == "第5小学":
            raise ValueError("13812345678")
        plain(unit, **options)

    monkeypatch.setattr(MemberUnit, "full_clean", full_clean)
    working.work_all()
    confirmed.refresh_from_db()
    assert confirmed.counts["result_failed"] == 1 and _count() == 9


def test_the_time_of_a_portion_holds_although_some_of_it_was_written_together(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    known = [unit_row(number) for number in range(1, 7)]
    confirm_import(pk=upload(clerk, street, unit_table(*known)).pk, by=clerk, mode=Mode.UPDATE)
    working.work_all()
    changed = [unit_row(number, note="新备注") for number in range(1, 7)]
    batch = upload(clerk, street, unit_table(*changed, unit_row(7), unit_row(8)))
    confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)
    monkeypatch.setattr(rows, "PORTION_SECONDS", 0)
    assert working.work_all() == 7, "two new ones first, then six by themselves"
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE and batch.counts["result_done"] == 8
