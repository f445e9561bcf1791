"""The plain first page has a statement of its own; it shows what the queryset shows, to everybody."""

from __future__ import annotations

from typing import Any

import pytest

from needs.api import rows
from needs.models import Need
from people.models import User
from tests.cast import Cast, api_of, say_need

pytestmark = pytest.mark.django_db
LIST = "/api/v1/needs/"


@pytest.fixture
def needs(cast: Cast) -> None:
    for street in (cast.chengxiang, cast.xiasha):
        for area in (street.home, street.next_door, street.street):
            for _ in range(11):
                say_need(area)


def test_everybody_sees_the_same_by_both_ways(cast: Cast, needs: None) -> None:
    seen = set()
    for user in User.objects.order_by("id"):
        client = api_of(user)
        plain, general = client.get(LIST), client.get(LIST, {"size": 25})
        assert plain.status_code == general.status_code
        assert plain.json() == general.json()
        if plain.status_code == 200:
            mine = Need.objects.visible_to(User.objects.get(pk=user.pk)).order_by("-created_at", "-id")
            assert [row["id"] for row in plain.json()["results"]] == [need.pk for need in mine[:25]]
            assert bool(plain.json()["next"]) is (mine.count() > 25)
            seen.add(len(plain.json()["results"]))
    assert seen == {11, 25}


def test_a_statement_is_compiled_once_for_the_same_areas(cast: Cast, needs: None) -> None:
    rows._first_page.cache_clear()
    for user in (cast.chengxiang.worker, cast.chengxiang.secretary, cast.chengxiang.neighbour):
        api_of(user).get(LIST)
    assert rows._first_page.cache_info().misses == 2


def test_pages_follow_one_another_without_gap(cast: Cast, needs: None) -> None:
    client = api_of(cast.chengxiang.clerk)
    found: list[int] = []
    query: dict[str, Any] = {}
    while True:
        page = client.get(LIST, query).json()
        found += [row["id"] for row in page["results"]]
        if not page["next"]:
            break
        query = {"cursor": page["next"]}
    assert found == list(
        Need.objects.filter(street_code=cast.chengxiang.street.code)
        .order_by("-created_at", "-id")
        .values_list("id", flat=True)
    )
