"""Text as phones send it."""

from __future__ import annotations

import pytest

from alliance.lib.text import clean, first_line, fold


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  灯坏了\n", "灯坏了"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("灯\x00坏\x1b[31m了", "灯坏[31m了"),
        ("\u202e反过来\u200b的\ufeff", "反过来的"),
        ("制表\t符留下", "制表\t符留下"),
        ("\u3000\u3000", ""),
        ("👨‍👩‍👧 一家", "👨👩👧 一家"),
    ],
)
def test_what_cannot_be_seen_goes_and_words_stay(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("１３８　００００", "138 0000"),
        ("ＡbＣ", "abc"),
        ("湘湖  路\n17号", "湘湖 路 17号"),
        ("㈱①", "(株)1"),
        ("", ""),
    ],
)
def test_folded_text_is_compared_without_width_case_and_spacing(typed: str, folded: str) -> None:
    assert fold(typed) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("楼道灯坏了。晚上看不见台阶！", "楼道灯坏了"),
        ("楼道灯坏了\n请来修", "楼道灯坏了"),
        ("字" * 40, "字" * 29 + "…"),
        ("字" * 30, "字" * 30),
        (
            "三幢门口那块地天天有车横着停，我推婆婆的轮椅出不来，说过好几次了也没人管",
            "三幢门口那块地天天有车横着停，我推婆婆的轮椅出不来…",
        ),
        ("喂，" + "字" * 40, "喂，" + "字" * 27 + "…"),
        ("。。。", "。。。"),
        ("？救命", "？救命"),
    ],
)
def test_the_title_is_the_first_sentence(words: str, title: str) -> None:
    assert first_line(words) == title
