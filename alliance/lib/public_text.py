"""What must not stand in words that outsiders read: the person's own name, a phone, an identity number.

A warning, never a wall: a shop's hotline may be meant. The form comes back once with what was found, and one tick
sends it as it is. The tick carries the mark of the very words it was about: other words are looked at anew.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from alliance.lib.privacy import blind_index, mask_name
from alliance.lib.text import fold

_GAP = r"[\s\-‐‑–—_.,·•、，/()]{0,3}"
_MOBILE = re.compile(rf"(?<!\d)1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!{_GAP}\d)")
_LANDLINE = re.compile(rf"(?<!\d)0(?:{_GAP}\d){{9,11}}(?!{_GAP}\d)")
_LOCAL = re.compile(r"(?<![\d.])[2-9]\d{2,3}[\s\-]?\d{4}(?![\d.元])")
_IDENTITY = re.compile(rf"(?<!\d)(\d(?:{_GAP}\d){{16}}{_GAP}[\dx])(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905
)
_OLDEST = date(1900, 1, 1)
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_DEMO = "（演示）"
_CALLED = re.compile(r".[伯叔婶姨嫂姐哥妈爷奶婆]|\d.*")
"""李伯, 8岁男孩: what somebody is called, and no name either."""

SEEN_WORDS, MARK_LENGTH = "seen_words", 20

NAME: Text = _("好像写了本人的姓名，外面的人会看到，请改成称呼，如“李伯”。")
PHONE: Text = _("好像写了电话号码，外面的人会看到。")
IDENTITY: Text = _("好像写了身份证号，外面的人会看到。")


class Warned(Invalid):
    """Nothing is wrong for certain: whoever wrote it looks again and ticks ``seen_warnings``, or changes the words.

    ``mark`` is what the tick sends back (over the API: ``fields.seen_words``). ``wrong``: what is wrong besides, by
    field, so that nobody hears it in two rounds.
    """

    code = "warned"

    def __init__(self, found: Iterable[Text], mark: str, wrong: Mapping[str, list[Text]] | None = None) -> None:
        fields: dict[str, list[Text]] = {**(wrong or {}), "seen_warnings": list(found), SEEN_WORDS: [mark]}
        super().__init__(fields, message=_("外面看得到的话里好像有个人信息，请再看一眼。"))
        self.mark = mark


def warnings(texts: Iterable[str], names: Iterable[str] = ()) -> list[Text]:
    """What looks personal in ``texts``, a sentence for each kind; ``names`` are those stored with the case.

    A form of address (赵阿婆, 小顾) names nobody and is no name here.
    """
    folded = [fold(text) for text in texts if text]
    found: list[Text] = []
    if any(name in re.sub(r"\s", "", text) for name in _whole(names) for text in folded):
        found.append(NAME)
    spelt = [text.translate(_NUMERALS) for text in folded]
    without = [_IDENTITY.sub(_unless_personal, text) for text in spelt]
    if any(_has_phone(text) for text in without):
        found.append(PHONE)
    if without != spelt:
        found.append(IDENTITY)
    return found


def require_seen(
    texts: Collection[str],
    names: Collection[str] = (),
    *,
    seen: str,
    wrong: Mapping[str, list[Text]] | None = None,
) -> None:
    """Raises ``Warned`` with what ``warnings`` finds, unless ``seen`` is the mark of exactly these words and names.

    ``wrong``: what is wrong by field anyway; it is said with the warning.
    """
    found = warnings(texts, names)
    if found and not hmac.compare_digest(seen.encode(), seen_mark(texts, names).encode()):
        raise Warned(found, seen_mark(texts, names), wrong)


def seen_mark(texts: Collection[str], names: Collection[str] = ()) -> str:
    """A mark of the words somebody was warned about. Nothing can be read from it."""
    return blind_index("seen-words", "\n".join([*map(fold, texts), "", *map(fold, names)]))[:MARK_LENGTH]


def _whole(names: Iterable[str]) -> Iterator[str]:
    """``names`` that name somebody, folded as the texts are."""
    for name in names:
        plain = name.strip().removesuffix(_DEMO).strip()
        if len(plain) > 1 and mask_name(plain) != plain and not _CALLED.fullmatch(plain):
            yield re.sub(r"\s", "", fold(plain))


def _has_phone(text: str) -> bool:
    plain = re.sub(r"(?<!\d)(?:\+|00)?86(?=[\s\-]*1[3-9])", "", text)
    if _MOBILE.search(plain) or _LANDLINE.search(plain):
        return True
    return any(not _is_day(found) for found in _LOCAL.findall(plain))


def _is_day(digits: str) -> bool:
    """20261206 is a day and no number one calls."""
    bare = re.sub(r"\D", "", digits)
    try:
        return len(bare) == 8 and date(int(bare[:4]), int(bare[4:6]), int(bare[6:])).year < 2100
    except ValueError:
        return False


def _unless_personal(found: re.Match[str]) -> str:
    """Eighteen signs stay if they are no identity number."""
    number = re.sub(r"[^\dx]", "", found[0])
    return " " if _checks(number) or _has_birthday(number) else found[0]


def _checks(number: str) -> bool:
    """Whether the last sign is the checksum of the seventeen before it (GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return number[17] == "10x98765432"[total % 11]


def _has_birthday(number: str) -> bool:
    """Whether it begins with a province and a day on which somebody alive was born: a wrong last sign hides nobody."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return number[:2] in _PROVINCES and _OLDEST <= born <= timezone.localdate()
