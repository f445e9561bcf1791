"""The demo's points: a statement that explains itself, six things on the shelf, one picked up and one waiting."""

from __future__ import annotations

import pytest

from points.models import Account, Redemption, Reward
from points.services.verifying import compare
from portal.demo import alliances, giving, loading
from tests.cast import browser_of

pytestmark = pytest.mark.django_db


def test_a_volunteer_reads_where_every_point_came_from() -> None:
    loading.load_areas()
    people = loading.load_people()
    alliances.load_alliances()
    giving.load_points(people)
    who = Account.objects.get(kind="person").person
    assert who is not None
    page = browser_of(who).get("/my/points/").content.decode()
    assert all(label in page for _days, label, _amount in giving.DONE)
    assert Reward.objects.on_shelf().count() == len(giving.THINGS) == 6
    assert sorted(Redemption.objects.values_list("state", flat=True)) == ["done", "held"]
    assert compare()[1] == []
