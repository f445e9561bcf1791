"""Documents from outside (PDF, Word, Excel): checked, never changed, and never run: they are only ever saved.

Only ``.pdf``, ``.docx`` and ``.xlsx``. What the first bytes say has to agree with the name. An Office file is looked
at before anything is unpacked: how many parts, how large unpacked, whether it brings macros or calls a template from
outside. What a PDF hides in packed streams cannot be seen here; so documents are handed out to be saved, not shown.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid
from alliance.lib.unpacking import Parts, Unreadable

MAX_BYTES = 10 * 1024 * 1024
MAX_PARTS = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_TYPES = 1024 * 1024
HEAD = TAIL = 2048
_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
}
MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject[^/]*|vbadata\.xml|[^/]*\.(exe|dll|js|vbs|bat|cmd|scr))$|(^|/)activex/", re.I
)
TEMPLATES = re.compile(
    rb"attachedTemplate[^>]*TargetMode\s*=\s*[\"']External|TargetMode\s*=\s*[\"']External[^>]*"
    rb"attachedTemplate",
    re.I,
)
PDF_ACTS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")


@dataclass(frozen=True)
class Paper:
    """A document as it was sent."""

    data: bytes
    suffix: str

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.suffix]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read_document(upload: UploadedFile[Any], name: str) -> Paper:
    """The document in ``upload``, checked.

    Raises ``Invalid`` on ``documents`` with what to do: another kind of file, too big, damaged, with macros.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in CONTENT_TYPES:
        raise _refused(
            _("“%(name)s”收不了。请选 PDF、Word（docx）或 Excel（xlsx）文件；旧格式请先另存为新格式。"), name
        )
    size = upload.size or 0
    if size <= 0:
        raise _refused(_("“%(name)s”是空的，请重新选一次。"), name)
    if size > MAX_BYTES:
        raise _refused(_("“%(name)s”有%(size)s MB，一个文件最大10 MB。"), name, size=f"{size / 1024 / 1024:.0f}")
    upload.seek(0)
    head = upload.read(HEAD)
    if CONTENT_TYPES[suffix] not in _sniffed(head):
        raise _not_what_it_says(name)
    upload.seek(0)
    data = upload.read()
    if suffix == ".pdf":
        _check_pdf(data, name)
    else:
        _check_office(data, suffix, name)
    return Paper(data, suffix)


def _refused(text: str, name: str, **params: Any) -> Invalid:
    return Invalid({"documents": [text % {"name": name, **params}]})


def _not_what_it_says(name: str) -> Invalid:
    return _refused(_("“%(name)s”里面不是它写的格式。请用原来的软件打开，另存一份再传。"), name)


def _damaged(name: str) -> Invalid:
    return _refused(_("“%(name)s”打不开，可能没有传完整。请重新选一次，或换一份。"), name)


def _acts(name: str) -> Invalid:
    return _refused(_("“%(name)s”里有宏或脚本，收不了。请另存为不带宏的文件再传。"), name)


def _sniffed(head: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _check_pdf(data: bytes, name: str) -> None:
    if not data.startswith(b"%PDF-"):
        raise _not_what_it_says(name)
    if b"%%EOF" not in data[-TAIL:]:
        raise _damaged(name)
    if PDF_ACTS.search(data):
        raise _acts(name)


def _check_office(data: bytes, suffix: str, name: str) -> None:
    """Look at the list of parts first; unpack, in bounds, only what that list allows."""
    try:
        parts = Parts(data, most=MAX_PARTS)
        if len(parts.entries) > MAX_PARTS or sum(part.file_size for part in parts.entries) > MAX_UNPACKED:
            raise _refused(_("“%(name)s”展开以后太大了。请删去大图或拆成几份再传。"), name)
        names = {part.filename for part in parts.entries}
        if MAIN_PART[suffix] not in names or "[Content_Types].xml" not in names:
            raise _not_what_it_says(name)
        if any(MACRO_PARTS.search(part) for part in names) or _calls_out(parts):
            raise _acts(name)
        for part in parts.entries:  # verifies every part's size and sum
            parts.check(part)
    except Unreadable as error:
        raise _damaged(name) from error


def _calls_out(parts: Parts) -> bool:
    """Whether its list of types names macros, or a template is fetched from outside."""
    for part in parts.entries:
        is_types, is_links = part.filename == "[Content_Types].xml", part.filename.endswith(".rels")
        if not (is_types or is_links):
            continue
        if part.file_size > MAX_TYPES:
            return True
        text = parts.read(part)
        if is_types and (b"macroenabled" in text.lower() or b"<!DOCTYPE" in text):
            return True
        if is_links and TEMPLATES.search(text):
            return True
    return False
