"""The same file imported twice by two workers at once: each unit once; a control without the lock doubles."""

from __future__ import annotations

from typing import Any

import pytest

from members.models import MemberUnit
from tests.cast import Cast, at_once
from tests.transfers.tables import unit_row, unit_table, upload
from transfers.models import ImportBatch
from transfers.services import working
from transfers.services.importing import confirm_import, undo_import
from transfers.states import BatchState, Mode

UNITS, TURNS = 30, 6


def _both(cast: Cast, turn: int) -> int:
    """Two batches of one file, both looked at before either is imported; how many units there are then."""
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    content = unit_table(*(unit_row(number, name=f"第{turn}轮第{number}小学") for number in range(UNITS)))
    batches = [upload(clerk, street, content) for _time in range(2)]
    for batch in batches:
        confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)
    results: list[Any] = at_once(lambda number: working.work_all(), 2)
    assert not [result for result in results if isinstance(result, Exception)]
    while ImportBatch.objects.unfinished().exists():
        working.work_all()
    return MemberUnit.objects.filter(name__startswith=f"第{turn}轮").count()


def test_two_workers_with_the_same_file_add_each_unit_once(cast: Cast) -> None:
    assert [_both(cast, turn) for turn in range(3)] == [UNITS] * 3


def test_control_without_the_lock_they_add_some_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "hold_kind", lambda kind, area_code: None)
    assert any(_both(cast, turn) > UNITS for turn in range(TURNS))


def test_the_same_file_is_taken_back_by_two_workers_at_once(cast: Cast) -> None:
    assert _both(cast, 1) == UNITS
    for batch in ImportBatch.objects.filter(state=BatchState.DONE):
        undo_import(pk=batch.pk, by=cast.chengxiang.clerk)
    at_once(lambda number: working.work_all(), 2)
    while ImportBatch.objects.unfinished().exists():
        working.work_all()
    assert not MemberUnit.objects.filter(name__startswith="第1轮").exists()
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {BatchState.UNDONE}
