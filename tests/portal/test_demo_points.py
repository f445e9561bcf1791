"""The demo's points: a statement that explains itself, six things on the shelf, one picked up and one waiting."""

from __future__ import annotations

import pytest

from needs.models import Wish
from points.models import Account, Redemption, Reward
from points.services.verifying import compare
from portal.demo import alliances, giving, helping, loading
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
    assert f"圆梦：{giving.READ.item}" in page and Wish.objects.get(item=giving.READ.item).number in page
    assert Reward.objects.on_shelf().count() == len(giving.THINGS) == 6
    assert sorted(Redemption.objects.values_list("state", flat=True)) == ["done", "held"]
    assert compare()[1] == []


def test_nothing_is_said_to_be_fulfilled_that_the_wall_still_shows() -> None:
    hoped = {hope.item for hope in helping.WISHES}
    done = {label.partition("：")[2] for _days, label, _amount in giving.DONE}
    assert not hoped & done
