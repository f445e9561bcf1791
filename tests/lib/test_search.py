"""Search finds exactly what a plain scan of the folded text would find."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib.search import lexemes, matching, query, vector
from alliance.lib.text import fold
from needs.models import Need
from tests.cast import Cast, build, say_need

SEED = 20261121
CHARACTERS = "楼道灯坏了湘湖路小区停车乱老人助餐电梯物业不开门"
ODD = [
    "'",
    "\\",
    "&",
    "|",
    "!",
    "(",
    ")",
    ":",
    "*",
    "<",
    "-",
    '"',
    "%",
    "_",
    "A",
    "b",
    "7",
    "Ｂ",
    "８",
    "é",
    "👵",
    "㎡",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


def _texts(chance: random.Random, count: int) -> list[str]:
    texts = []
    for _number in range(count):
        pool = CHARACTERS + ("".join(ODD) if chance.random() < 0.5 else "")
        letters = [chance.choice(pool) if chance.random() > 0.15 else " " for _place in range(chance.randint(2, 30))]
        texts.append("灯" + "".join(letters))
    return texts


def _store(cast: Cast, texts: list[str]) -> dict[int, str]:
    made = {}
    for text in texts:
        need = say_need(cast.chengxiang.home, words=text, place="家")
        Need.objects.filter(pk=need.pk).update(search_text=fold(text))
        need.search_text = fold(text)
        need.save(update_fields=["search_text", "search"])
        made[need.pk] = fold(text)
    return made


def test_recall_and_precision_equal_a_plain_scan(cast: Cast) -> None:
    chance = random.Random(SEED)
    stored = _store(cast, _texts(chance, 120))
    terms = set()
    for text in stored.values():
        for length in (1, 2, 3, 5):
            start = chance.randrange(max(1, len(text) - length))
            terms.add(text[start : start + length])
    terms |= {chance.choice(CHARACTERS) + chance.choice(CHARACTERS) for _time in range(60)}
    terms |= set(ODD) | {odd + "灯" for odd in ODD} | {"灯" + odd + odd for odd in ODD}
    for term in sorted(terms):
        words = fold(term).split()
        expected = {pk for pk, text in stored.items() if all(word in text for word in words)}
        found = set(matching(Need.objects.all(), term).values_list("pk", flat=True))
        assert found == expected, f"seed {SEED}: {term!r}"


def test_two_characters_are_found_where_icontains_finds_them(cast: Cast) -> None:
    _store(cast, ["楼道灯坏了", "电梯坏了", "停车难", "坏 了"])
    for term in ("坏了", "电梯", "车难", "没有"):
        scan = set(Need.objects.filter(search_text__icontains=term).values_list("pk", flat=True))
        assert set(matching(Need.objects.all(), term).values_list("pk", flat=True)) == scan


@pytest.mark.parametrize(
    "term", ["１７号", "17号", "ＸＨ", "xh", "  湘湖   路 ", "湘湖　路", "o'neill", "c:\\temp", '"引号"', "a&b|!(c):*"]
)
def test_however_it_is_typed_it_is_found(cast: Cast, term: str) -> None:
    (pk,) = _store(cast, ['湘湖 路17号 XH O\'Neill C:\\Temp "引号" a&b|!(c):*'])
    assert matching(Need.objects.all(), term).get().pk == pk


def test_words_in_any_order_must_all_be_there(cast: Cast) -> None:
    _store(cast, ["湘湖路 停车", "湘湖路 路灯"])
    assert matching(Need.objects.all(), "停车 湘湖").count() == 1
    assert matching(Need.objects.all(), "湘湖路").count() == 2
    assert matching(Need.objects.all(), "停车 路灯").count() == 0


def test_pieces_of_a_word_spread_over_a_text_are_no_hit(cast: Cast) -> None:
    _store(cast, ["甲乙 丙 乙丙"])
    assert matching(Need.objects.all(), "甲乙丙").count() == 0


def test_an_empty_term_narrows_nothing_and_an_endless_one_is_cut(cast: Cast) -> None:
    _store(cast, ["楼" * 60])
    assert matching(Need.objects.all(), " \u3000\x00").count() == 1
    assert matching(Need.objects.all(), "楼" * 10_000).count() == 1


def test_the_number_is_found_as_part_of_the_text(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    assert Need.objects.search(need.number.lower()).get() == need
    assert Need.objects.search(need.number[-6:]).get() == need


def test_search_reads_the_index_column(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        list(matching(Need.objects.all(), "路灯坏"))
    assert '"search" @@' in captured[0]["sql"]


def test_every_run_ends_with_its_last_character_alone() -> None:
    assert list(lexemes("路灯 坏")) == ["路灯", "灯", "坏"]
    assert list(lexemes("")) == []


def test_quotes_and_backslashes_are_no_syntax() -> None:
    assert vector("'\\") == "'''\\\\' '\\\\'"
    assert query("a'b") == "'a''' & '''b'"
    assert query("灯") == "'灯':*"
