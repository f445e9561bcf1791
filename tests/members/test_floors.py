"""Numbers in names count as numbers, written in characters or in digits."""

from __future__ import annotations

from members.floors import name_key


def _sorted(names: list[str]) -> list[str]:
    """By their key, however they stood before."""
    mixed = [*names[1::2], *names[::2]]
    assert mixed != names
    return sorted(mixed, key=name_key)


def test_branches_stand_in_the_order_of_their_numbers() -> None:
    rows = ["第一党支部", "第二党支部", "第三党支部", "第十党支部", "第十二党支部", "第二十一党支部"]
    assert _sorted(rows) == rows
    digits = ["第1网格党支部", "第2网格党支部", "第10网格党支部"]
    assert _sorted(digits) == digits


def test_names_without_numbers_stand_by_their_sound() -> None:
    rows = ["安桥党支部", "北山党支部", "湖滨党支部"]
    assert _sorted(rows) == rows
    assert sorted(["湖滨第二支部", "北山第三支部", "湖滨第一支部"], key=name_key) == [
        "北山第三支部",
        "湖滨第一支部",
        "湖滨第二支部",
    ]
