"""Reading a zip from outside: never more of a part than the zip itself has said it holds.

``zipfile`` unpacks a part whole before it compares the size, and bzip2 and LZMA have no bound at all. So the table of
contents is read with it and nothing else; parts are inflated here, piece by piece, and end where their size ends.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from zipfile import ZipInfo

PIECE = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_LOCAL_SIZE, _IS_ENCRYPTED, _IS_UTF8 = 30, 0x1, 0x800


class Unreadable(Exception):
    """The zip is damaged, packed in another way than deflate, or holds more than it says."""


class Parts:
    """The parts of a zip. Raises ``Unreadable`` if there is no table of contents, or one of over ``most`` parts."""

    def __init__(self, content: bytes, *, most: int) -> None:
        self._content = memoryview(content)
        # Counted twice over, since a zip may hold another one. Each entry read takes memory, so this comes first.
        if content.count(_ENTRY) > 2 * most:
            raise Unreadable
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.entries: list[ZipInfo] = archive.infolist()
        except Exception as error:  # a damaged table of contents may raise anything
            raise Unreadable from error

    def read(self, entry: ZipInfo) -> bytes:
        """What the part holds. Raises ``Unreadable``; check ``entry.file_size`` before."""
        return b"".join(self._pieces(entry))

    def check(self, entry: ZipInfo) -> None:
        """Unpack the part and keep nothing of it. Raises ``Unreadable``."""
        for _piece in self._pieces(entry):
            pass

    def _pieces(self, entry: ZipInfo) -> Iterator[bytes]:
        """The part in pieces: exactly as long as the table of contents says, and with its sum."""
        if entry.compress_type not in _METHODS or entry.flag_bits & _IS_ENCRYPTED:
            raise Unreadable
        packed, left, total = self._packed(entry), entry.file_size, 0
        for piece in inflated(packed, left) if entry.compress_type == zipfile.ZIP_DEFLATED else _cut(packed):
            left -= len(piece)
            total = zlib.crc32(piece, total)
            if left < 0:
                raise Unreadable
            yield piece
        if left or total != entry.CRC:
            raise Unreadable

    def _packed(self, entry: ZipInfo) -> memoryview:
        """The packed bytes of the part, behind a heading that says the same name."""
        start = entry.header_offset
        head = bytes(self._content[start : start + _LOCAL_SIZE]) if start >= 0 else b""
        if len(head) < _LOCAL_SIZE or not head.startswith(_LOCAL):
            raise Unreadable
        length, extra = (int.from_bytes(head[place : place + 2], "little") for place in (26, 28))
        start += _LOCAL_SIZE
        name = bytes(self._content[start : start + length])
        if name.decode("utf-8" if entry.flag_bits & _IS_UTF8 else "cp437", "replace") != entry.orig_filename:
            raise Unreadable
        start += length + extra
        packed = self._content[start : start + entry.compress_size]
        if len(packed) != entry.compress_size:
            raise Unreadable
        return packed


def inflated(packed: memoryview, most: int) -> Iterator[bytes]:
    """``packed`` unpacked, in pieces, at most one byte more than ``most``. Raises ``Unreadable`` if it is damaged."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for fed in (*_cut(packed), b""):
            while not stream.eof and most >= 0:
                piece = stream.decompress(fed, min(PIECE, most + 1))  # never 0: that would be without a bound
                most -= len(piece)
                if piece:
                    yield piece
                fed = stream.unconsumed_tail
                if not fed and not piece:
                    break
    except zlib.error as error:
        raise Unreadable from error
    if not stream.eof:
        raise Unreadable


def _cut(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), PIECE):
        yield bytes(packed[start : start + PIECE])


def repacked(parts: Iterable[tuple[str, bytes]]) -> io.BytesIO:
    """A zip of exactly these parts, for a reader that takes only zips and does not look."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    stream.seek(0)
    return stream
