"""Keyset pages: no row twice, none left out, a made-up cursor refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid
from alliance.lib.pagination import capped_count, count_label, decode_cursor, encode_cursor, page, page_by
from needs.models import Need
from tests.cast import Cast, build, say_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


def _walk(size: int, rows: str = "models") -> list[int]:
    seen, cursor = [], ""
    for _turn in range(50):
        queryset = Need.objects.all() if rows == "models" else Need.objects.values("id", "created_at")
        found = page(queryset, cursor=cursor, size=size)
        seen += [row["id"] if isinstance(row, dict) else row.pk for row in found.rows]
        cursor = found.next_cursor
        if not cursor:
            break
    return seen


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("rows", ["models", "values"])
def test_equal_instants_neither_repeat_nor_vanish(cast: Cast, size: int, rows: str) -> None:
    for _number in range(7):
        say_need(cast.chengxiang.home)
    ids = sorted(Need.objects.values_list("pk", flat=True), reverse=True)
    Need.objects.update(created_at=timezone.now())
    assert _walk(size, rows) == ids
    Need.objects.filter(pk__in=ids[:3]).update(created_at=timezone.now() - timedelta(days=1))
    assert _walk(size, rows) == [*ids[3:], *ids[:3]]


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("size", [1, 3, 7, 8])
def test_any_moment_can_order_a_list(cast: Cast, size: int, newest: bool) -> None:
    ids = [say_need(cast.chengxiang.home).pk for _number in range(7)]
    now = timezone.now()
    Need.objects.update(held_since=now)
    Need.objects.filter(pk__in=ids[4:]).update(held_since=now - timedelta(days=1))
    wanted = [*ids[4:], *ids[:4]]
    seen, cursor = [], ""
    for _turn in range(20):
        found = page_by(Need.objects.all(), "held_since", newest=newest, cursor=cursor, size=size)
        seen += [row.pk for row in found.rows]
        cursor = found.next_cursor
        if not cursor:
            break
    assert seen == (wanted[::-1] if newest else wanted)


def test_a_row_that_arrives_meanwhile_does_not_shift_the_pages(cast: Cast) -> None:
    first = [say_need(cast.chengxiang.home).pk for _number in range(4)]
    top = page(Need.objects.all(), size=2)
    say_need(cast.chengxiang.home)
    below = page(Need.objects.all(), cursor=top.next_cursor, size=2)
    assert [need.pk for need in (*top.rows, *below.rows)] == sorted(first, reverse=True)
    assert below.next_cursor == ""


def test_a_cursor_comes_back_as_it_went() -> None:
    moment = datetime(2026, 11, 21, 6, 30, 15, 123456, tzinfo=UTC)
    assert decode_cursor(encode_cursor(moment, 7)) == (moment, 7)


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "nonsense",
        "翻页",
        "AAAA",
        "\x00",
        _cursor("2026-11-21|"),
        _cursor("|7"),
        _cursor("2026-11-21T00:00:00+08:00|seven"),
        _cursor("2026-11-21T00:00:00|7"),
        _cursor("2026-13-41T00:00:00+08:00|7"),
        _cursor("9999-12-31T23:59:59-23:59|7"),
        _cursor("0001-01-01T00:00:00+23:59|7"),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_made_up_cursor_is_refused_in_words(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        page(Need.objects.all(), cursor=cursor)
    assert "cursor" in refused.value.fields


@pytest.mark.parametrize("key", [10**30, -(10**30), 0])
@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-21T00:00:00Z"])
def test_a_cursor_beyond_all_rows_is_an_answer_and_no_fault(cast: Cast, stamp: str, key: int) -> None:
    say_need(cast.chengxiang.home)
    assert len(page(Need.objects.all(), cursor=_cursor(f"{stamp}|{key}")).rows) <= 1


def test_counting_stops_at_the_cap(cast: Cast) -> None:
    for _number in range(4):
        say_need(cast.chengxiang.home)
    assert [capped_count(Need.objects.all(), cap) for cap in (2, 3, 4, 5)] == [3, 4, 4, 4]
    assert (count_label(4, 5), count_label(5, 5), count_label(6, 5)) == ("4", "5", "5+")
