"""A number in a text of a class body: the language is the reader's, not the one that was on when it was read."""

from __future__ import annotations

from django.utils.translation import override

from alliance.lib.lazily import filled
from members.forms.profile import IntroForm
from needs.forms.wishes import WishForm

CHINESE = range(0x4E00, 0x9FFF)


def test_hints_with_numbers_are_said_in_the_readers_language() -> None:
    hints = [IntroForm.base_fields["intro"].help_text] + [
        WishForm.base_fields[name].help_text for name in ("cap_yuan", "shares")
    ]
    with override("en"):
        assert not [text for text in map(str, hints) if any(ord(sign) in CHINESE for sign in text)]
    with override("zh-hans"):
        assert all(any(ord(sign) in CHINESE for sign in str(text)) for text in hints)


def test_what_is_filled_in_stands_there() -> None:
    assert str(filled("%(n)d yuan", n=500)) == "500 yuan"
