"""Photos from strangers: checked, then drawn anew, so that nothing of the sent file remains but its pixels.

Memory is bounded: the number of pixels is read from the header before anything is decoded, JPEG is decoded at
reduced scale, everything else is flattened strip by strip, and a process decodes one picture at a time.
"""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from alliance.lib.errors import Invalid
from alliance.lib.text import clean

MAX_BYTES = 10 * 1024 * 1024
MAX_EDGE = 20_000
MEGAPIXEL = 1_000_000
MAX_PIXELS = {"JPEG": 40 * MEGAPIXEL, "MPO": 40 * MEGAPIXEL, "PNG": 40 * MEGAPIXEL, "WEBP": 12 * MEGAPIXEL}
"""By format, so that none needs 300 MB: a WebP is decoded with four copies of itself, and no camera writes it."""
CONTENT_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
PHOTO_SIDE, THUMBNAIL_SIDE = 2560, 480
PHOTO_QUALITY, THUMBNAIL_QUALITY = 85, 80
STRIP_PIXELS = 2 * MEGAPIXEL
HEAD = 4096
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_decoding = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A photo drawn anew as JPEG, without anything but its pixels."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def shown_name(name: str) -> str:
    """The name as sent, fit to be shown: no folders, line breaks or invisible characters, at most 76 long."""
    path = PurePosixPath(" ".join(clean(name.replace("\\", "/")).split()))
    suffix = path.suffix[:8]
    return (path.stem[: 76 - len(suffix)] + suffix) or _("照片")


def read_photo(upload: UploadedFile[Any], name: str) -> Picture:
    """The photo in ``upload``, upright, at most 2560 pixels wide and high, of nothing but pixels.

    Raises ``Invalid`` on ``photos`` with what to do: too many bytes or pixels, HEIC, not a photo, damaged.
    """
    _check_size(upload.size or 0, name)
    upload.seek(0)
    head = upload.read(HEAD)
    _check_kind(head, name)
    upload.seek(0)
    try:
        # Pillow looks at no other format, and reads no more than the header here.
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as image:
            _check_header(image, head, name)
            with _decoding:
                return _drawn_anew(image)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except Exception as error:  # decoders raise what they like at damaged data; to the person it is one thing
        raise _refused(_("“%(name)s”打不开，可能没有传完整。请重新选一次，或换一张。"), name) from error


def _refused(text: str, name: str, **params: Any) -> Invalid:
    return Invalid({"photos": [text % {"name": name, **params}]})


def _check_size(size: int, name: str) -> None:
    if size <= 0:
        raise _refused(_("“%(name)s”是空的，请重新选一次。"), name)
    if size > MAX_BYTES:
        megabytes = f"{size / 1024 / 1024:.0f}"
        text = _("“%(name)s”有%(size)s MB，一张照片最大10 MB。请选小一点的，或先截屏再上传。")
        raise _refused(text, name, size=megabytes)


def _check_kind(head: bytes, name: str) -> None:
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        raise _refused(_("“%(name)s”是 HEIC 格式，这里打不开。请先截屏再上传，或转成 JPG。"), name)
    # A phone may send a photo without any extension; a wrong one is never a slip of a camera.
    extension = PurePosixPath(name).suffix.lower()
    if extension and extension not in EXTENSIONS:
        raise _not_a_photo(name)
    if not _sniffed(head) & set(CONTENT_TYPES.values()):
        raise _not_a_photo(name)


def _sniffed(head: bytes) -> set[str]:
    """Every content type that the first bytes may be."""
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _check_header(image: Image.Image, head: bytes, name: str) -> None:
    """The two opinions agree, and there are not too many pixels. Nothing has been decoded yet."""
    form = image.format or ""
    if CONTENT_TYPES[form] not in _sniffed(head):
        raise _not_a_photo(name)
    if image.width * image.height > MAX_PIXELS[form] or max(image.size) > MAX_EDGE:
        raise _too_many_pixels(name)


def _not_a_photo(name: str) -> Invalid:
    return _refused(_("“%(name)s”不是照片。请选 JPG、PNG 或 WebP 格式的照片。"), name)


def _too_many_pixels(name: str) -> Invalid:
    return _refused(_("“%(name)s”的像素太多。请用普通清晰度重拍，或先截屏再上传。"), name)


def _drawn_anew(image: Image.Image) -> Picture:
    image.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
    image.load()
    photo = _flattened(image)
    photo.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS)
    turn = UPRIGHT.get(_orientation(image))
    photo = photo.transpose(turn) if turn is not None else photo
    small = photo.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(photo, PHOTO_QUALITY), _jpeg(small, THUMBNAIL_QUALITY), photo.width, photo.height)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged EXIF is thrown away with the rest of it
        return 1


def _flattened(image: Image.Image) -> Image.Image:
    """A new RGB picture, on white where ``image`` is transparent, reduced by a whole factor if it is big.

    Works in strips: a full-size copy for every conversion would need several times the memory of the picture.
    """
    factor = max(1, max(image.size) // PHOTO_SIDE)
    rows = max(1, STRIP_PIXELS // image.width // factor) * factor
    target = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)), "white")
    for top in range(0, image.height, rows):
        strip = _on_white(image.crop((0, top, image.width, min(top + rows, image.height))))
        target.paste(strip.reduce(factor), (0, top // factor))
    return target


def _on_white(strip: Image.Image) -> Image.Image:
    if strip.mode in {"I", "I;16", "I;16B", "I;16L", "F"}:
        # 16 bits of grey; a plain conversion would clip everything above 255 to white.
        strip = strip.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not strip.has_transparency_data:
        return strip.convert("RGB")
    white = Image.new("RGBA", strip.size, "white")
    white.alpha_composite(strip.convert("RGBA"))
    return white.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
