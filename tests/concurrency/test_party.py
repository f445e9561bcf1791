"""Two organisations put under each other at once: one is; a control without the guard makes a ring of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from alliance.lib.errors import Invalid
from members.models import PartyOrganisation
from members.services import create_organisation, party, update_organisation
from members.services.party import Entry
from members.states import PartyKind
from tests.cast import Cast, at_once

TURNS = 12


def _pair(cast: Cast, turn: int) -> list[PartyOrganisation]:
    area = cast.chengxiang.home
    names = (f"第{turn}党委甲", f"第{turn}党委乙")
    return [create_organisation(entry=Entry(name=n, kind=PartyKind.COMMITTEE, area=area), by=None) for n in names]


def _each_under_the_other(cast: Cast, pair: list[PartyOrganisation]) -> list[Any]:
    def work(number: int) -> PartyOrganisation:
        mine, other = pair[number], pair[1 - number]
        entry = Entry(name=mine.name, kind=mine.kind, area=cast.chengxiang.home, parent=other)
        return update_organisation(pk=mine.pk, entry=entry, by=cast.chengxiang.clerk)

    return at_once(work, 2)


def _rings(cast: Cast, wanted: Callable[[int], bool]) -> int:
    """How many of the turns end in a ring; stops as soon as ``wanted``."""
    rings = 0
    for turn in range(TURNS):
        pair = _pair(cast, turn)
        results = _each_under_the_other(cast, pair)
        under = PartyOrganisation.objects.filter(pk__in=[row.pk for row in pair], parent__isnull=False).count()
        rings += under == 2
        if wanted(rings):
            break
        assert under == 2 or sum(isinstance(result, Invalid) for result in results) == 1
    return rings


def test_two_put_under_each_other_at_once_make_no_ring(cast: Cast) -> None:
    assert _rings(cast, lambda rings: False) == 0


def test_control_without_the_lock_they_do(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(party, "hold_chain", lambda area_code: None)
    assert _rings(cast, lambda rings: rings > 0) > 0
