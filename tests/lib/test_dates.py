"""One way to write a moment, on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from alliance.lib.dates import day_of, iso, kept_day, kept_moment, moment
from desk.presenting import before

PAGES = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize(("days", "word"), [(0, "今天"), (1, "明天"), (-1, "昨天")])
def test_the_days_around_have_names(days: int, word: str) -> None:
    when = timezone.localtime().replace(hour=14, minute=5) + timedelta(days=days)
    assert moment(when) == f"{word} 14:05"
    with translation.override("en"):
        assert word not in moment(when) and "14:05" in moment(when)


def test_other_days_are_dates_and_another_year_is_named() -> None:
    now = timezone.localtime().replace(hour=14, minute=5)
    near = next(now + timedelta(days=off) for off in (5, -5) if (now + timedelta(days=off)).year == now.year)
    assert moment(near) == f"{near.month}月{near.day}日 14:05"
    far = now.replace(year=now.year - 2, day=1)
    assert moment(far) == f"{far.year}年{far.month}月1日 14:05"


def test_a_day_names_its_year_only_where_it_is_another() -> None:
    today = timezone.localdate()
    far = today.replace(year=today.year - 1, day=1)
    assert day_of(today) == f"{today.month}月{today.day}日" == day_of(timezone.now())
    assert day_of(far) == f"{far.year}年{far.month}月1日"
    assert (day_of(None), iso(None), iso(far)) == ("", "", far.isoformat())
    with translation.override("en"):
        assert day_of(far) == f"1 {far:%B} {far.year}"
        assert kept_day(far) == f"{far.year}年{far.month}月1日", "a message is kept in one language"
        assert kept_moment(timezone.now()).startswith(f"{today.month}月{today.day}日 ")


def test_a_moment_falls_on_the_day_it_has_here() -> None:
    late = datetime(2020, 3, 1, 20, 0, tzinfo=UTC)
    assert (iso(late), day_of(late)) == ("2020-03-02", "2020年3月2日")


def test_until_when_is_a_day_where_the_whole_day_is_left() -> None:
    now = timezone.localtime()
    last = now.replace(hour=23, minute=59, second=59)
    assert [before(last + timedelta(days=n)) for n in (0, 1)] == ["今天内", "明天内"]
    later = last + timedelta(days=5)
    assert before(later) == f"{later.month}月{later.day}日前"
    assert before(now.replace(hour=18, minute=0)) == "今天 18:00前"


def test_no_timeline_writes_its_moments_by_itself() -> None:
    for name in ("components/timeline.html", "needs/_reply.html", "admin/needs/_timeline.html"):
        assert "|date:moment_format" not in (PAGES / name).read_text(), name
