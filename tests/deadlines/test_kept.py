"""按时情况: what ended in time and what did not, and no praise beside what is late and still open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.deadlines.boards import page, start

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")


def test_in_time_or_not_is_counted_by_kind_and_community_and_never_by_person(cast: Cast) -> None:
    from deadlines.models import Stage
    from deadlines.selectors import Filter, kept
    from deadlines.services.stages import stop_stage
    from tests.cast import fresh

    here = cast.chengxiang
    for number in (1, 2, 3):
        stage = start(here, number, here.worker)
        if number == 3:
            Stage.objects.filter(pk=stage.pk).update(due_at=timezone.now() - timedelta(days=1))
        stop_stage(kind=stage.kind, subject=stage.subject, void=number == 4)
    void = start(here, 4)
    stop_stage(kind=void.kind, subject=void.subject, void=True)
    old = start(here, 5)
    stop_stage(kind=old.kind, subject=old.subject)
    Stage.objects.filter(pk=old.pk).update(stopped_at=timezone.now() - timedelta(days=40))
    rows = kept(fresh(here.party_office), Filter())
    assert rows == [{"kind": "test.reply", "place": here.home.code, "met": 2, "breached": 1, "late": 0}]
    text = page(here.party_office, "kept")
    assert "共3件，按时2件" in text and "超期1件" in text
    assert here.worker.name not in text
    assert kept(fresh(here.neighbour), Filter()) == []


def test_nobody_reads_that_all_was_in_time_while_something_overdue_still_runs(cast: Cast) -> None:
    from deadlines.models import Stage
    from deadlines.services.stages import stop_stage

    here = cast.chengxiang
    for number in range(1, 7):
        stage = start(here, number, here.worker)
        if number < 6:
            stop_stage(kind=stage.kind, subject=stage.subject)
    text = page(here.party_office, "kept")
    assert "办完的都没超期" in text and "还没办完" not in text and "flag ok" in text
    Stage.objects.filter(pk=stage.pk).update(due_at=timezone.now() - timedelta(days=1))
    text = page(here.party_office, "kept")
    assert "办完的都没超期" in text and "另有1件已超期、还没办完" in text
    assert "flag ok" not in text and "due done" not in text, "no green beside what is late"
