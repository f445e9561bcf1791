"""统一社会信用代码: form and check character."""

from __future__ import annotations

import random

import pytest
from django.core.exceptions import ValidationError

from members.uscc import ALPHABET, check_character, is_valid, normalise, validate_uscc

REAL = ("91350100M000100Y43", "91110000101623741K")


def _weighted_sum(first: str) -> int:
    """Written apart from the product: the standard's table of weights, digit by digit."""
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    return sum(ALPHABET.index(character) * weight for character, weight in zip(first, weights, strict=True))


@pytest.mark.parametrize("code", REAL)
def test_published_codes_are_valid(code: str) -> None:
    assert is_valid(code)
    validate_uscc(code)


def test_a_sum_divisible_by_31_asks_for_a_zero() -> None:
    """The common bug leaves out the last modulo and asks for a character that does not exist."""
    numbers = random.Random(31)
    firsts = ("91" + "".join(numbers.choice("0123456789") for _ in range(15)) for _ in range(2000))
    divisible = [first for first in firsts if _weighted_sum(first) % 31 == 0]
    assert len(divisible) > 20
    for first in divisible:
        assert check_character(first) == "0"
        assert is_valid(first + "0")


def test_check_characters_agree_with_the_standards_table() -> None:
    numbers = random.Random(7)
    for _ in range(500):
        first = "91330109" + "".join(numbers.choice(ALPHABET) for _ in range(9))
        assert check_character(first) == ALPHABET[-_weighted_sum(first) % 31]


@pytest.mark.parametrize("code", REAL)
def test_every_single_mistyped_character_is_noticed(code: str) -> None:
    for place in range(18):
        for other in ALPHABET.replace(code[place], ""):
            assert not is_valid(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "typed",
    [
        "９１３５０１００Ｍ０００１００Ｙ４３",
        " 91350100m000100y43 ",
        "9135 0100 M000 1000 Y43".replace("1000 ", "100"),
        "91350100-M000100Y4-3",
    ],
)
def test_full_width_lower_case_spaces_and_dashes_are_fine(typed: str) -> None:
    assert normalise(typed) == REAL[0]
    validate_uscc(typed)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91350100M000100Y4", "现在是17位"),
        ("91350100M000100Y433", "现在是19位"),
        ("91350100M000100Y44", "校验不符"),
        ("91350100I000100Y43", "校验不符"),
        ("9135O100M000100Y43", "校验不符"),
        ("一二三四五六七八九十一二三四五六七八", "校验不符"),
    ],
)
def test_a_wrong_code_is_refused_with_what_to_do(code: str, words: str) -> None:
    assert not is_valid(normalise(code))
    with pytest.raises(ValidationError) as refused:
        validate_uscc(code)
    assert words in refused.value.messages[0]
