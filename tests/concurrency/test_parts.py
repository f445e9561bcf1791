"""Two say at once of which rooms their halls are made, and share no room: together they would close a ring."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import transaction

from alliance.lib.errors import Invalid
from resources import services
from resources.models import Part, Resource
from resources.services import keeping
from tests.cast import Cast, at_once, fresh
from tests.resources.things import resource_in


def _rooms(cast: Cast) -> list[tuple[int, int]]:
    """Four rooms, two of which hold the next: what would close the ring, as (whole, part)."""
    one, two, three, four = (resource_in(cast.chengxiang, name=name) for name in "甲乙丙丁")
    Part.objects.bulk_create([Part(whole=two, part=three), Part(whole=four, part=one)])
    return [(one.pk, two.pk), (three.pk, four.pk)]


def test_the_second_sees_the_first_and_is_refused(cast: Cast) -> None:
    wanted, office = _rooms(cast), cast.chengxiang.party_office

    def one(number: int) -> Resource:
        whole, part = wanted[number]
        return services.set_parts(pk=whole, by=fresh(office), version=None, parts=[part])

    results = at_once(one, 2)
    assert {type(result) for result in results} == {Resource, Invalid}
    assert Part.objects.count() == 3


def test_control_without_the_lock_they_close_a_ring(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, office = _rooms(cast), cast.chengxiang.party_office
    monkeypatch.setattr(keeping, "_hold_parts_of", lambda street: None)
    written = threading.Barrier(2)

    def one(number: int) -> Any:
        whole, part = wanted[number]
        with transaction.atomic():
            row = services.set_parts(pk=whole, by=fresh(office), version=None, parts=[part])
            written.wait(timeout=30)
        return row

    assert all(isinstance(result, Resource) for result in at_once(one, 2))
    assert Part.objects.count() == 4
