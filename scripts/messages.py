"""The English catalogue: ``make messages`` gathers the texts of the code and compiles, ``--check`` only compares.

``locale/zh_Hans`` is small and written by hand: phrases of Django's own, said our way. It is only compiled.

Chinese is the source language, so a text's key is the Chinese sentence itself. Nothing is guessed: a changed
sentence is a new one, and waits in ``locale/en`` with an empty translation until somebody writes it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scripts.texts import Text, bare, bare_texts, placeholders, texts

FOLDER = Path("locale/en/LC_MESSAGES")
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
OWN_PO = Path("locale/zh_Hans/LC_MESSAGES/django.po")
OWN_MO = OWN_PO.with_suffix(".mo")
HEADER = [
    ("Language", "en"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
]


class English(Catalog):
    """A catalogue whose header holds no dates: what did not change makes no difference."""

    def __init__(self) -> None:
        super().__init__(locale="en", charset="utf-8", fuzzy=False)

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return HEADER

    mime_headers = property(_get_mime_headers)


class OwnChinese(English):
    """The same for Chinese, which counts everything alike."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [("Language", "zh_Hans"), HEADER[1], ("Plural-Forms", "nplurals=1; plural=0;")]

    mime_headers = property(_get_mime_headers)


def gathered(found: list[Text], known: Catalog) -> English:
    """A catalogue of exactly the texts ``found``, with the translations already ``known``."""
    catalog = English()
    for text in found:
        old = known.get(text.key, text.context)
        string = old.string if old and isinstance(old.id, tuple) == isinstance(text.ids, tuple) else None
        catalog.add(text.ids, string, locations=[(text.path, 0)], context=text.context)
    return catalog


def read() -> Catalog:
    if not PO.exists():
        return English()
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def as_po(catalog: Catalog) -> bytes:
    """Sorted by file, without line numbers and without a date."""
    lines = ["# English texts of the site. Written by people, gathered by `make messages`.", 'msgid ""', 'msgstr ""']
    lines += [f'"{name}: {value}\\n"' for name, value in HEADER]
    body = io.BytesIO()
    write_po(body, catalog, width=110, omit_header=True, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return ("\n".join(lines) + "\n\n").encode() + body.getvalue().rstrip(b"\n") + b"\n"


def as_mo(catalog: Catalog) -> bytes:
    clean = English()
    for message in catalog:
        if message.id and all(_strings(message)):
            clean.add(message.id, message.string, context=message.context)
    body = io.BytesIO()
    write_mo(body, clean)
    return body.getvalue()


def own_mo() -> bytes:
    """Django's phrases in our Chinese, compiled."""
    with OWN_PO.open("rb") as file:
        known = read_po(file, locale="zh_Hans_CN")
    clean = OwnChinese()
    for message in known:
        if message.id:
            clean.add(message.id, message.string, context=message.context)
    body = io.BytesIO()
    write_mo(body, clean)
    return body.getvalue()


def _strings(message: Message) -> tuple[str, ...]:
    strings = message.string
    return (strings,) if isinstance(strings, str) else tuple(strings or ("",))


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def wrong(message: Message) -> str:
    """What is wrong with one translation, or nothing."""
    strings = _strings(message)
    if not all(strings) or (isinstance(message.id, tuple) and len(strings) != 2):
        return "没有译文 (untranslated)"
    if message.fuzzy:
        return "待核对 (fuzzy)"
    if any(placeholders(string) != placeholders(_ids(message)[0]) for string in strings):
        return "占位符不一致 (placeholders differ)"
    if bare("".join(strings)):
        return "译文里有中文 (Chinese in the translation)"
    return ""


def problems() -> Iterator[str]:
    """Every reason why the site would not be complete in English."""
    found = list(texts())
    known = read()
    keys = {(text.key, text.context) for text in found}
    for text in found:
        if known.get(text.key, text.context) is None:
            yield f"{text.path}: {text.key!r}: 不在译文表里，请运行 make messages (missing)"
    for message in known:
        if not message.id:
            continue
        if (_ids(message)[0], message.context) not in keys:
            yield f"{_ids(message)[0]!r}: 代码里没有了，请运行 make messages (obsolete)"
        elif reason := wrong(message):
            yield f"{_ids(message)[0]!r}: {reason}"
    for message in known.obsolete.values():
        yield f"{_ids(message)[0]!r}: 代码里没有了，请运行 make messages (obsolete)"
    if OWN_PO.exists() and (not OWN_MO.exists() or OWN_MO.read_bytes() != own_mo()):
        yield f"{OWN_MO} 不是由 {OWN_PO.name} 编译的，请运行 make messages (stale)"
    if not MO.exists() or MO.read_bytes() != as_mo(known):
        yield f"{MO} 不是由 {PO.name} 编译的，请运行 make messages (stale)"


def update() -> int:
    """Write both files; returns how many translations are wanting."""
    catalog = gathered(list(texts()), read())
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalog))
    MO.write_bytes(as_mo(catalog))
    if OWN_PO.exists():
        OWN_MO.write_bytes(own_mo())
    return sum(bool(message.id) and not all(_strings(message)) for message in catalog)


def main() -> int:
    unwrapped = [
        f"{text.path}:{text.line}: {text.key!r}: 没有标记翻译 (not marked for translation)" for text in bare_texts()
    ]
    if "--check" not in sys.argv:
        print(f"{PO}: 还缺 {update()} 条译文 (translations wanting)")
    found = [*unwrapped, *problems()]
    print("\n".join(found) or "译文完整 (complete)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
