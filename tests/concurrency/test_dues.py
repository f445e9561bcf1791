"""Somebody cancels a due while its handler is at work: what the handler did is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from deadlines.models import Due


@pytest.fixture
def kinds(transactional_db: None) -> Iterator[None]:
    from deadlines import kinds as declared

    before = dict(declared._kinds)
    yield
    declared._kinds.clear()
    declared._kinds.update(before)


def _elsewhere(subject: str) -> None:
    """Cancelled by another connection, and committed there."""
    from deadlines.services.dues import drop_dues

    def cancel() -> None:
        try:
            drop_dues(subject=subject)
        finally:
            connection.close()

    thread = Thread(target=cancel)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.usefixtures("kinds")
@pytest.mark.parametrize("cancelled", [True, False])
def test_what_is_cancelled_while_it_is_handled_leaves_no_trace(cancelled: bool) -> None:
    from deadlines.kinds import DueKind, register_kind
    from deadlines.models import Due
    from deadlines.services.dues import NewDue, add_dues
    from deadlines.services.sweep import sweep_all
    from people.models import NumberSequence

    def slow(dues: Sequence[Due]) -> None:
        NumberSequence.objects.create(scope="trace", value=1)
        if cancelled:
            _elsewhere("thing:1")

    register_kind(DueKind("test.slow", label="测试事项", handle=slow))
    add_dues([NewDue("test.slow", "thing:1", timezone.now(), "slow:1")])
    assert sweep_all() == (0 if cancelled else 1)
    assert NumberSequence.objects.filter(scope="trace").exists() is not cancelled
    assert Due.objects.get().state == ("cancelled" if cancelled else "done")
