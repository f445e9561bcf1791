"""In what order names stand."""

from __future__ import annotations

import pytest

from alliance.lib.ordering import number_of, sort_key


@pytest.mark.parametrize(
    ("signs", "number"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("一百零三", 103),
        ("二〇二六", 2026),
        ("两", 2),
    ],
)
def test_chinese_numerals_are_numbers(signs: str, number: int) -> None:
    assert number_of(signs) == number


@pytest.mark.parametrize(
    "names",
    [
        ["第一党支部", "第二党支部", "第三党支部", "第十党支部", "第十一党支部", "第二十党支部"],
        ["湘湖社区一支部", "湘湖社区二支部", "湘湖社区十支部"],
        ["2号楼", "十号楼", "12号楼", "１３号楼"],
        ["安达公司", "第九小学", "四季青公司", "中心小学"],
    ],
)
def test_names_stand_by_sound_and_their_numbers_by_size(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=sort_key) == names


@pytest.mark.parametrize("name", ["四季青公司", "万达广场", "三江社区", "千岛湖"])
def test_a_numeral_that_counts_nothing_is_a_word_of_the_name(name: str) -> None:
    assert not any(sign.isdigit() for sign in sort_key(name))


@pytest.mark.parametrize("name", ["", "第", "第一", "1" * 400, "第" + "九" * 400, "Bäckerei 3", "第²号", "٣号"])
def test_whatever_a_name_is_it_has_a_key_that_fits(name: str) -> None:
    assert len(sort_key(name)) <= 300
