"""Names, phones and identity numbers in public words are noticed, and nothing else is."""

from __future__ import annotations

import pytest

from alliance.lib.public_text import IDENTITY, NAME, PHONE, Warned, require_seen, seen_mark, warnings

NAMES = ["王小明", "赵阿婆", "陈静（演示）", "何伯（演示）", "8岁男孩"]


@pytest.mark.parametrize(
    "text",
    [
        "打13800000102",
        "１３８００００００１０",
        "138 0000 0102",
        "138-0000-0102",
        "138．0000．0102",
        "+86 13800000102",
        "一三八零零零零零一零二",
        "0571-85021234",
        "（0571）8502 1234",
        "85021234",
    ],
)
def test_a_phone_is_noticed_however_it_is_typed(text: str) -> None:
    assert warnings([text]) == [PHONE]


@pytest.mark.parametrize("text", ["11010519491231002X", "１１０１０５１９４９１２３１００２ｘ", "110105 19491231 002X"])
def test_an_identity_number_is_known_by_its_checksum_or_by_its_birthday(text: str) -> None:
    assert warnings([text]) == [IDENTITY]
    assert warnings([text.replace("5", "6", 1).replace("５", "６", 1)]) == [IDENTITY], "a slip in one figure"


@pytest.mark.parametrize(
    "text",
    [
        "证件330109195308150028",
        "330109 19530815 0029",
        "33010919530815002Ｘ",
        "三三零一零九一九五三零八一五零零二八",
    ],
)
def test_a_slip_of_the_last_sign_makes_it_no_less_personal(text: str) -> None:
    assert warnings([text]) == [IDENTITY]


@pytest.mark.parametrize(
    "text",
    [
        "订单330109195313150028",  # no thirteenth month
        "订单330109209908150028",  # not born yet
        "订单330109170008150028",  # nobody is as old
        "订单990109195308150028",  # no such province
    ],
)
def test_eighteen_figures_without_a_birthday_are_some_other_number(text: str) -> None:
    assert IDENTITY not in warnings([text])


@pytest.mark.parametrize("text", ["给王小明的被子", "王 小 明", "陈静想要一盏灯"])
def test_the_stored_name_is_noticed(text: str) -> None:
    assert warnings([text], NAMES) == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "赵阿婆要一床被子",
        "何伯的坐垫",
        "8岁男孩",
        "20261206前送到",
        "300元以内",
        "2026-12-06",
        "15件孩子的冬衣",
        "尺码160",
        "",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert warnings([text], NAMES) == []


def test_what_was_seen_passes() -> None:
    with pytest.raises(Warned) as refused:
        require_seen(["打13800000102"], seen="")
    mark = refused.value.mark
    assert refused.value.fields == {"seen_warnings": [PHONE], "seen_words": [mark]}
    require_seen(["打13800000102"], seen=mark)
    require_seen(["打１３８００００0102 "], seen=mark)


@pytest.mark.parametrize(
    ("texts", "names"), [(["打13800000103"], []), (["打13800000102", "再说"], []), (["打13800000102"], ["金丝雀"])]
)
def test_a_tick_is_for_the_words_it_was_set_beside(texts: list[str], names: list[str]) -> None:
    mark = seen_mark(["打13800000102"])
    with pytest.raises(Warned) as again:
        require_seen(texts, names, seen=mark)
    assert again.value.mark != mark and "13800000102" not in mark


def test_plain_words_need_no_tick_and_a_made_up_one_helps_nobody() -> None:
    require_seen(["一床厚被子"], seen="")
    for made_up in ("on", "True", "标记", "x" * 20):
        with pytest.raises(Warned):
            require_seen(["打13800000102"], seen=made_up)
