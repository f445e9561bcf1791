"""The staff's list over the API: pages by cursor, filters, search, one's own area."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from needs.models import Need
from needs.presenting import LIST_FIELDS
from needs.presenting import rows as presented
from needs.services.assigning import assign_need
from needs.services.handling import accept_need
from people.models import User
from tests.api.calls import NEEDS, problem
from tests.cast import Cast, api_of, fresh, say_need
from tests.needs.ways import WAYS, WHY, in_hand, member_unit

pytestmark = pytest.mark.django_db


def test_pages_follow_one_another_by_cursor_without_gap(cast: Cast) -> None:
    made = [say_need(cast.chengxiang.home).pk for _time in range(7)]
    Need.objects.update(created_at=timezone.now())
    client, seen, cursor = api_of(cast.chengxiang.clerk), [], ""
    for _turn in range(9):
        page = client.get(NEEDS, {"size": 2, "cursor": cursor}).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize(("size", "rows"), [("1", 1), ("100", 4), ("0", 1), ("-5", 1), ("9999", 4), ("x", 4), ("", 4)])
def test_the_size_of_a_page_is_kept_in_bounds(cast: Cast, size: str, rows: int) -> None:
    for _time in range(4):
        say_need(cast.chengxiang.home)
    assert len(api_of(cast.chengxiang.clerk).get(NEEDS, {"size": size}).json()["results"]) == rows


@pytest.mark.parametrize("cursor", ["x", "翻页", "AAAA", "A" * 9000])
def test_a_made_up_cursor_is_400(cast: Cast, cursor: str) -> None:
    problem(api_of(cast.chengxiang.clerk).get(NEEDS, {"cursor": cursor}), 400, "invalid")


def test_the_list_is_filtered(cast: Cast) -> None:
    here = cast.chengxiang
    lamp = say_need(here.home, words="楼道灯坏了")
    cover = say_need(here.next_door, words="井盖松了")
    late = say_need(here.home, words="车位不够")
    accept_need(pk=late.pk, by=here.worker)
    Need.objects.filter(pk=late.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    client = api_of(here.clerk)

    def found(**asked: str) -> set[int]:
        return {row["id"] for row in client.get(NEEDS, asked).json()["results"]}

    assert found() == {lamp.pk, cover.pk, late.pk}
    assert found(state="in_progress") == {late.pk}
    assert found(area=here.next_door.pk) == {cover.pk}
    assert found(q="井盖") == {cover.pk}
    assert found(q=lamp.number) == {lamp.pk}
    assert found(overdue="true") == {late.pk}
    assert found(q="井盖", state="in_progress") == set()
    problem(client.get(NEEDS, {"state": "lost"}), 400, "invalid")


@pytest.mark.parametrize("q", ["'", "\\", "a&b|!c", ":*", "字" * 500, "%", "👵", "'; DROP TABLE needs_need; --"])
def test_any_search_term_is_an_answer(cast: Cast, q: str) -> None:
    say_need(cast.chengxiang.home)
    assert api_of(cast.chengxiang.clerk).get(NEEDS, {"q": q}).status_code == 200


def test_a_page_costs_three_statements_however_long_it_is(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _time in range(12):
        say_need(cast.chengxiang.home)
    client = api_of(cast.chengxiang.clerk)
    client.get(NEEDS)
    with django_assert_max_num_queries(4):
        assert len(client.get(NEEDS).json()["results"]) == 12


def test_everybody_sees_ones_own_area_in_the_list(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    rows = {place: say_need(place).pk for place in (here.home, here.next_door, here.street, there.home)}
    expected: dict[User, set[int]] = {
        here.worker: {rows[here.home]},
        here.neighbour: {rows[here.next_door]},
        here.leader: {rows[here.home], rows[here.next_door], rows[here.street]},
        there.clerk: {rows[there.home]},
    }
    for person, seen in expected.items():
        assert {row["id"] for row in api_of(person).get(NEEDS).json()["results"]} == seen


def test_a_row_says_in_whose_hands_since_when_until_when_as_page_and_list_do(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    here = cast.chengxiang
    made = {name: way.go(cast) for name, way in WAYS.items()}
    helped = made["with_unit"] = in_hand(cast)
    unit = member_unit(here)
    assign_need(pk=helped.pk, by=fresh(here.worker), why=WHY, to_unit_id=unit.pk)
    client = api_of(here.clerk)
    client.get(NEEDS)
    with django_assert_max_num_queries(5):  # one more for the calendar, where an answer is waited for
        rows = {row["id"]: row for row in client.get(NEEDS).json()["results"]}
    needs = Need.objects.select_related(*LIST_FIELDS).in_bulk(rows)
    shown = {row["pk"]: row for row in presented(needs.values(), here.clerk)}
    for name, need in made.items():
        found = rows[need.pk]["hand"]
        assert found == client.get(f"{NEEDS}{need.pk}/").json()["hand"], name
        if needs[need.pk].is_over:
            assert found is None, name
            continue
        on_page = shown[need.pk]["hand"]
        names = {on_page["name"], on_page["unit"], unit.name if on_page["name"] == unit.short_name else ""}
        assert found["name"] in names - {""}, name
        assert parse_datetime(found["since"]) == on_page["at"], name
    told = {name: rows[made[name].pk]["hand"]["name"] for name in ("sent_up", "at_leader", "with_unit", "finished")}
    assert told == {
        "sent_up": here.street.name,
        "at_leader": f"{here.street.name}分管领导",
        "with_unit": here.worker.name,
        "finished": "居民，等评价",
    }
    assert rows[helped.pk]["hand"]["unit"] == unit.name and rows[made["in_hand"].pk]["hand"]["unit"] is None
    untils = {name for name, need in made.items() if (rows[need.pk]["hand"] or {}).get("until")}
    assert untils == {"pending", "sent_up", "at_leader", "in_hand", "in_hand_at_street", "finished", "with_unit"}
