"""The names of a meeting: past ten, whoever has not answered or did not come is folded; nobody is lost."""

from typing import Any

import pytest
from django.template.loader import render_to_string


def _page(comes: int, away: int, still: int, *, ahead: bool) -> str:
    said = ["in"] * comes + ["out"] * away + [""] * still
    rows: list[dict[str, Any]] = [
        {"name": f"共建单位{n}号", "tone": tone if ahead else tone or "out", "there": not ahead and tone == "in"}
        for n, tone in enumerate(said)
    ]
    counts = {"asked": len(rows), "comes": comes, "away": away, "open": still, "there": 0 if ahead else comes}
    context = {"meeting": None, "invitees": rows, "counts": counts, "ahead": ahead, "placed": {}}
    return render_to_string("admin/meetings/meeting/_people.html", context)


@pytest.mark.parametrize(("ahead", "shown"), [(True, 7), (False, 6)])
def test_past_ten_names_the_silent_and_the_absent_are_folded(*, ahead: bool, shown: int) -> None:
    page = _page(6, 1, 9, ahead=ahead)
    open_part, folded = page.split("<details")
    assert open_part.count("<li") == shown
    assert folded.count("<li") == 16 - shown
    assert all(page.count(f"共建单位{n}号<") + page.count(f"共建单位{n}号 <") == 1 for n in range(16))


def test_ten_names_are_not_folded() -> None:
    page = _page(3, 1, 6, ahead=True)
    assert page.count("<li") == 10
    assert "<details" not in page


def test_nothing_is_folded_where_everybody_answered() -> None:
    page = _page(11, 1, 0, ahead=True)
    assert page.count("<li") == 12
    assert "<details" not in page
