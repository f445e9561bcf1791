"""Text as people type it on phones: full-width digits, stray spaces, invisible characters."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"\s+")
FOLD_LIMIT = 4000


def visible(text: str) -> str:
    """``text`` without control and invisible characters."""
    return _INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """``text`` without control and invisible characters, line ends unified, ends trimmed. Words stay as they are."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fold(text: str, limit: int = FOLD_LIMIT) -> str:
    """The form in which texts are compared and searched: NFKC, lower case, single spaces.

    Only the first ``limit`` characters count: NFKC sorts runs of combining marks in quadratic time, so that a
    long made-up text would stop the process.
    """
    return _SPACES.sub(" ", clean(unicodedata.normalize("NFKC", text[:limit]))).lower()


def first_line(text: str, length: int = 30) -> str:
    """A one-sentence title: the first sentence of ``text``; a long one ends with an ellipsis behind its last whole
    phrase within ``length`` characters, or there, where no comma stands in its second half.
    """
    sentence = re.split(r"[。！？!?\n；;]", clean(text), maxsplit=1)[0].strip() or clean(text)
    if len(sentence) <= length:
        return sentence
    head = sentence[: length - 1]
    comma = max(head.rfind(sign) for sign in "，、")
    return (head[:comma] if comma >= length // 2 else head) + "…"
