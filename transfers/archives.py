"""Looking at an Excel file before anything parses it: small, whole, and without what could run or reach out.

A sheet of 150 KB can unpack to a gigabyte. So the table of contents is asked first, then the parts are unpacked no
further than it says, and what would cost a parser its time is counted in the plain bytes. The parser is given these.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid, Text
from alliance.lib.unpacking import Parts, Unreadable, repacked

MOST_UNPACKED = 10 * 1024 * 1024
MOST_ENTRIES = 400
MOST_RATIO = 100
SMALL = 1024 * 1024
"""Below this nobody asks for the ratio: an empty template is repetitive too."""
MOST_CELLS = 200_000
MOST_STRINGS = 120_000
MOST_OTHER = 40_000
_TAG = re.compile(rb"<[A-Za-z]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_INSIDE = re.compile(rb"<(?:\w+:)?(?:c|v|row|is|t|f|r|si|rPr|sz|color|rFont|family|charset|scheme|phoneticPr)[\s/>]")
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MARKUP = (".xml", ".rels", ".vml")


def refused(text: Text) -> Invalid:
    """The file as a whole is not taken."""
    return Invalid({"file": [text]})


def checked_archive(content: bytes) -> io.BytesIO:
    """The workbook again, of nothing but the parts that were looked at: what parses it meets no other.

    Pictures and whatever else is no markup stay behind; a sheet that is called a picture is none. Raises ``Invalid``
    unless ``content`` is a workbook that may be parsed.
    """
    try:
        parts = Parts(content, most=MOST_ENTRIES)
        _check_contents(parts.entries)
        markup: dict[str, bytes] = {}
        for entry in parts.entries:
            if entry.filename.lower().endswith(_MARKUP):
                markup[entry.filename] = parts.read(entry)
            else:
                parts.check(entry)
        _check_parts(markup.values())
        return repacked(markup.items())
    except Unreadable as error:
        raise refused(_("文件打不开，可能没有传完整。请用Excel或WPS打开，另存为.xlsx再传。")) from error


def _check_contents(entries: list[ZipInfo]) -> None:
    """Ask the table of contents. No part is unpacked to more than it says here."""
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    names = {e.filename.lower() for e in entries}
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise refused(_("表格太大了：最多5000行。请删掉用不着的行、列和图片，或分成几个文件。"))
    if unpacked > SMALL and unpacked > packed * MOST_RATIO:
        raise refused(_("这个文件压缩得不正常，没有打开。请用Excel或WPS另存为.xlsx再传。"))
    if len(names) < len(entries) or any(e.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for e in entries):
        raise refused(_("这个文件压缩得不正常，没有打开。请用Excel或WPS另存为.xlsx再传。"))
    if any(e.flag_bits & 0x1 for e in entries):
        raise refused(_("文件有密码。请去掉密码再传。"))
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise refused(_("这不是Excel表格。请用Excel或WPS打开，另存为.xlsx再传。"))
    if any("vbaproject" in name or name.startswith("xl/macrosheets") for name in names):
        raise refused(_("文件里有宏。请另存为不带宏的.xlsx再传。"))
    if any(name.startswith("xl/externallinks") for name in names):
        raise refused(_("表格连着别的文件。请把内容“粘贴为数值”，另存后再传。"))


def _check_parts(parts: Iterable[bytes]) -> None:
    cells = strings = other = 0
    for part in parts:
        if part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:64] or _DOCTYPE.search(part):
            raise refused(_("这个文件的写法不正常，没有打开。请用Excel或WPS另存为.xlsx再传。"))
        cells += len(_CELL.findall(part))
        strings += len(_STRING.findall(part))
        other += len(_TAG.findall(part)) - len(_INSIDE.findall(part))
    if cells > MOST_CELLS or strings > MOST_STRINGS or other > MOST_OTHER:
        raise refused(_("表格太大了：最多5000行。请删掉用不着的行、列和图片，或分成几个文件。"))
