"""Files as they are sent: good ones, and every bad one we know of."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HANGZHOU = ((30.0, 16.0, 24.0), (120.0, 12.0, 36.0))
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """``image`` as a file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def photo(width: int = 64, height: int = 48, form: str = "JPEG", colour: Any = "seagreen") -> bytes:
    """A small good photo."""
    return encoded(Image.new("RGB", (width, height), colour), form)


def upload(data: bytes, name: str = "楼道.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def with_exif(orientation: int = 1) -> bytes:
    """A photo 64 × 48, red on its left half, that tells where it was taken and how the phone was held."""
    image = Image.new("RGB", (64, 48), "blue")
    image.paste((200, 0, 0), (0, 0, 32, 48))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "PhoneMaker"
    latitude, longitude = HANGZHOU
    exif.get_ifd(0x8825).update({1: "N", 2: latitude, 3: "E", 4: longitude})
    return encoded(image, exif=exif, comment=b"written by PhoneMaker", quality=95)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _rows(width: int, height: int, channels: int) -> Iterator[bytes]:
    packer, row = zlib.compressobj(9), b"\x00" * (1 + width * channels)
    for _row in range(height):
        yield packer.compress(row)
    yield packer.flush()


def big_png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A PNG of so many pixels in some hundred kilobytes, made without ever holding the picture.

    It is whole, unless it is told to carry only so many ``rows``.
    """
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = b"".join(_rows(width, height if rows is None else rows, 4))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
