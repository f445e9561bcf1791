"""统一社会信用代码 (GB 32100-2015): 18 characters, the last of which checks the others."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alliance.lib.text import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V, Z."""
FORMAT = rf"^[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}$"
"""Registry and kind of body, six digits of its district, nine of the body, one check character."""
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def normalise(text: str) -> str:
    """As people type it: full-width, lower case, with spaces or dashes. Empty stays empty."""
    return re.sub(r"[\s\-－—]", "", fold(text)).upper()


def check_character(first: str) -> str:
    """The 18th character to ``first`` (17 characters of ``ALPHABET``)."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    # Without the last modulo a sum divisible by 31 would ask for character 31, which does not exist.
    return ALPHABET[(31 - total % 31) % 31]


def is_valid(code: str) -> bool:
    """Whether the normalised ``code`` has the right form and check character."""
    return bool(re.fullmatch(FORMAT, code)) and check_character(code[:17]) == code[17]


def validate_uscc(code: str) -> None:
    """Raises ``ValidationError`` saying what to do; normalises first."""
    code = normalise(code)
    if len(code) != 18:
        raise ValidationError(
            _("统一社会信用代码应为18位，现在是%(count)s位。"),
            code="uscc_length",
            params={"count": len(code)},
        )
    if not is_valid(code):
        raise ValidationError(_("统一社会信用代码校验不符，请对照证照再核对一遍。"), code="uscc_check")
