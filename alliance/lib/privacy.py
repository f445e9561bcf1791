"""Personal data: encrypted columns, blind indexes to find by, masks to show.

Keys live outside the database (``PRIVACY_KEYS``: the first encrypts, all decrypt; ``PRIVACY_INDEX_KEY``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from alliance.lib.errors import Invalid, Text
from alliance.lib.text import fold

_COMPOUND_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "夏侯",
    "尉迟",
    "皇甫",
    "公孙",
    "慕容",
    "令狐",
    "端木",
    "东方",
)
_ADDRESSES = tuple(
    "阿婆 大伯 大妈 大爷 大叔 大姐 大哥 阿姨 叔叔 伯伯 奶奶 爷爷 外婆 外公 师傅 先生 女士 小姐 老师 同学 邻居".split()  # noqa: SIM905
)
_DEMO = "（演示）"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")
_NUMBERS = re.compile(r"\d(?:[ \-]?\d){6,}[\dxX]?")


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """``text`` encrypted under the newest key; empty stays empty, so that absence can be told."""
    return _cipher(tuple(settings.PRIVACY_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """The text behind ``token``. Raises ``InvalidToken`` if none of the keys fits: never the ciphertext itself."""
    return _cipher(tuple(settings.PRIVACY_KEYS)).decrypt(token.encode()).decode() if token else ""


def decrypt_or_none(token: str) -> str | None:
    """As ``decrypt``, None for a token of unknown keys (a cookie from before a change of keys)."""
    try:
        return decrypt(token)
    except (InvalidToken, ValueError):
        return None


def rotate(token: str) -> str:
    """``token`` re-encrypted under the newest key."""
    return _cipher(tuple(settings.PRIVACY_KEYS)).rotate(token.encode()).decode() if token else ""


def is_newest(token: str) -> bool:
    """Whether ``token`` is under the newest key already; the empty one needs none."""
    try:
        if token:
            _cipher(tuple(settings.PRIVACY_KEYS[:1])).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def blind_index(purpose: str, value: str) -> str:
    """A keyed digest (43 characters) by which equal values are found without being stored.

    ``purpose`` keeps the indexes of different columns from being joined.
    """
    if not value:
        return ""
    key = settings.PRIVACY_INDEX_KEY.encode()
    digest = hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """A text column that is ciphertext in the database and plain text in Python. Cannot be searched: use an index."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if isinstance(value, str) else value

    def get_lookup(self, lookup_name: str) -> Any:
        # Two encryptions of one text differ, so a comparison would silently find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def clean_phone(text: str, *, message: Text) -> str:
    """``text`` as digits: full-width digits, spaces, dashes and +86 are fine. Raises ``Invalid`` with ``message``."""
    digits = re.sub(r"[\s\-—()（）.]", "", fold(text, 60))
    digits = re.sub(r"^(\+|00)86", "", digits)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    raise Invalid({"phone": [message]})


def spaced(phone: str) -> str:
    """138 0000 0102: a mobile number as one reads it aloud."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 and phone[0] == "1" else phone


def mask_phone(phone: str) -> str:
    """138****5678; of a landline only the last four digits stay."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 and phone[0] == "1" else f"****{phone[-4:]}"


def without_numbers(text: str) -> str:
    """``text`` without numbers one could call or be known by: phones and identity cards, however they are spaced."""
    return _NUMBERS.sub("…", text)


def mask_name(name: str) -> str:
    """王* / 王*明 / 欧阳**; the surname stays, a form of address (赵阿婆, 小顾) names nobody and stays whole."""
    name, demo = name.strip().removesuffix(_DEMO), _DEMO if name.strip().endswith(_DEMO) else ""
    return (name if _is_address(name) else _masked(name)) + demo


def mask_paper_name(name: str) -> str:
    """王*明, of what a paper calls somebody: a form of address on it is that person's name, and does not stay whole."""
    return _masked(name.strip().removesuffix(_DEMO))


def _is_address(name: str) -> bool:
    return (len(name) == 2 and name[0] in "小老阿") or name.endswith(_ADDRESSES)


def _masked(name: str) -> str:
    if len(name) < 2:
        return name
    head = 2 if name.startswith(_COMPOUND_SURNAMES) else 1
    rest = name[head:]
    return name[:head] + ("*" * len(rest) if head == 2 or len(rest) == 1 else "*" * (len(rest) - 1) + rest[-1])
