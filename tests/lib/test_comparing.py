"""What changed between two texts, as one reads it."""

from __future__ import annotations

import random

import pytest

from alliance.lib.comparing import GONE, LEFT_OUT, MOST_LINES, MOST_SIGNS, NEW, SAME, compare

LONG = [f"第{n}条 这一条没有改。" for n in range(1, 21)]


def _told(before: str, after: str) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in compare(before, after)]


def test_equal_texts_say_nothing() -> None:
    assert compare("一\n二", "一\n二") == []
    assert compare("", "") == []


def test_a_changed_line_stands_under_the_old_one_with_the_signs_that_changed() -> None:
    lines = compare("第二条 每季度碰一次头。", "第二条 每两个月碰一次头。")
    assert [line.kind for line in lines] == [GONE, NEW]
    assert [text for text, changed in lines[0].parts if changed] == ["季度"]
    assert [text for text, changed in lines[1].parts if changed] == ["两个月"]


def test_lines_of_nothing_in_common_are_not_marked_sign_by_sign() -> None:
    lines = compare("甲乙丙丁", "一二三四")
    assert all(not changed for line in lines for _text, changed in line.parts)


def test_what_is_the_same_is_left_out_but_for_a_line_around() -> None:
    after = [*LONG[:10], "插进来的一条。", *LONG[10:]]
    found = _told("\n".join(LONG), "\n".join(after))
    assert found == [
        (LEFT_OUT, ""),
        (SAME, LONG[9]),
        (NEW, "插进来的一条。"),
        (SAME, LONG[10]),
        (LEFT_OUT, ""),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_was_added_or_dropped_is_missed(seed: int) -> None:
    """Of any two texts: what stands as gone and as new, with what is the same, makes up both."""
    chance = random.Random(seed)
    pool = [f"第{n}行" for n in range(12)]
    old, new = (chance.choices(pool, k=chance.randrange(0, 15)) for _side in range(2))
    found = compare("\n".join(old), "\n".join(new), around=99)
    if old == new:
        assert found == []
        return
    assert [line.text for line in found if line.kind in (SAME, GONE)] == old
    assert [line.text for line in found if line.kind in (SAME, NEW)] == new


def test_very_long_lines_take_no_time() -> None:
    before, after = "甲乙" * 10_000, "乙甲" * 10_000
    assert [line.kind for line in compare(before, after)] == [GONE, NEW]


def test_texts_of_very_many_lines_are_shown_whole_one_below_the_other() -> None:
    before, after = ["甲", "乙"] * (MOST_LINES // 4), ["乙", "丙"] * (MOST_LINES // 4)
    assert SAME in {kind for kind, _text in _told("\n".join(before), "\n".join(after))}, "so many are compared"
    after.append("丁")
    found = _told("\n".join(before), "\n".join(after))
    assert found == [*((GONE, line) for line in before), *((NEW, line) for line in after)]
    assert compare("\n".join(after * 9), "\n".join(after * 9)) == []


def test_texts_of_very_many_signs_are_shown_whole_as_well() -> None:
    lines = ["甲" * 300] * (MOST_SIGNS // 602)
    assert LEFT_OUT in {kind for kind, _text in _told("\n".join(lines), "\n".join([*lines, "乙"]))}
    found = _told("\n".join(lines * 2), "\n".join([*lines * 2, "乙"]))
    assert {kind for kind, _text in found} == {GONE, NEW}
