"""Bar: a rare two-character word, first page and count, against ``icontains``; and nothing may be missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.bench.bars import Bar, interleaved

WORKER = "zhoumin"
RARE = "白蚁"
ALSO = ("野猪", "独居老人", "助餐", "电梯", "11幢2单元", "梯", "XQ-CX", "报销")
"""Words whose recall is looked at too: rare, long, common, digits, one character, Latin letters."""
TIMES, NAIVE_TIMES = 60, 2
OF_ICONTAINS = 40.0


def bars() -> Iterator[Bar]:
    from alliance.lib.pagination import capped_count, page
    from needs.models import Need
    from people.models import User

    user = User.objects.get(username=WORKER)
    mine = Need.objects.visible_to(user)

    def ours() -> None:
        found = mine.search(RARE)
        page(found)
        capped_count(found)

    def plain() -> None:
        found = mine.filter(search_text__icontains=RARE)
        list(found.order_by("-created_at", "-id")[:25])
        found.count()

    medians = interleaved(
        {
            f"search {RARE}": (ours, TIMES),
            f"icontains {RARE}": (plain, NAIVE_TIMES),
        }
    )
    yield Bar("search/icontains", medians[f"icontains {RARE}"] / medians[f"search {RARE}"], OF_ICONTAINS)
    yield Bar("search recall", 100 * recall(mine), 100.0, "%")


def recall(mine: Any) -> float:
    """The worst share found over all words; a row too many counts as badly as one missed."""
    worst = 1.0
    for word in (RARE, *ALSO):
        found = set(mine.search(word).values_list("id", flat=True))
        there = set(mine.filter(search_text__icontains=word).values_list("id", flat=True))
        print(f"    {word}: {len(found):,} found, {len(there):,} there", flush=True)
        assert there, f"{word} is in no need: the texts do not fit the measurement"
        worst = min(worst, len(found & there) / len(found | there))
    return worst
