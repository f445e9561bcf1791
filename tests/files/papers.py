"""Documents to send: real ones, and every way of not being one."""

from __future__ import annotations

import io
import zipfile

TYPES = '<?xml version="1.0"?><Types><Override PartName="/{main}" ContentType="{kind}"/></Types>'
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def office(form: str = "docx", *, kind: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """A Word or Excel file as small as can be, with further ``parts``; ``kind`` is the type it declares."""
    main = MAIN[form]
    declared = kind or (DOCX if form == "docx" else XLSX)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", TYPES.format(main=main, kind=declared))
        packed.writestr(main, "<document>章程</document>")
        for name, data in (parts or {}).items():
            packed.writestr(name, data)
    return buffer.getvalue()


def packed(**parts: bytes) -> bytes:
    """Some zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as one:
        for name, data in parts.items():
            one.writestr(name, data)
    return buffer.getvalue()


def packed_with_a_flaw() -> bytes:
    """A Word file one of whose parts is not what was packed."""
    whole = packed(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document>whole</document>"})
    return whole.replace(b"<document>whole", b"<document>wh0le")
