"""Which photos are taken, what is left of them, and what one is told about the others."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from alliance.lib.errors import Invalid
from files.images import Picture, read_photo, shown_name
from tests.files.pictures import HEIC, SVG, big_png, encoded, photo, upload, with_exif

ROOT = Path(__file__).resolve().parents[2]


def _taken(data: bytes, name: str = "楼道.jpg") -> Picture:
    return read_photo(upload(data, name), name)


def _refusal(data: bytes, name: str = "楼道.jpg") -> str:
    with pytest.raises(Invalid) as refused:
        _taken(data, name)
    (text,) = refused.value.fields["photos"]
    assert name in str(text), "the sentence names the file"
    return str(text)


def _opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_become_jpeg(form: str) -> None:
    picture = _taken(photo(form=form))
    assert _opened(picture).format == "JPEG"
    assert (picture.width, picture.height) == (64, 48)


def test_a_png_named_jpg_is_taken_for_what_it_is() -> None:
    assert _taken(photo(form="PNG"), "截屏.jpg").width == 64


def test_a_photo_without_an_extension_is_taken() -> None:
    assert _taken(photo(), "1000012345").width == 64


def test_a_long_side_is_cut_to_2560_and_the_thumbnail_to_480() -> None:
    picture = _taken(photo(4000, 1000))
    assert (picture.width, picture.height) == (2560, 640)
    assert Image.open(io.BytesIO(picture.thumbnail)).size == (480, 120)


def test_place_and_phone_are_gone() -> None:
    sent = with_exif()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825), "control: the sent photo says where it was taken"
    picture = _taken(sent)
    for data in (picture.data, picture.thumbnail):
        kept = Image.open(io.BytesIO(data))
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Exif" not in data
        assert b"PhoneMaker" not in data


def test_a_photo_taken_with_the_phone_on_its_side_stands_upright() -> None:
    picture = _taken(with_exif(orientation=6))
    assert (picture.width, picture.height) == (48, 64)
    red, _green, blue = _opened(picture).convert("RGB").getpixel((24, 5))
    assert red > 150 > 60 > blue, "what was left is on top"


def test_transparent_parts_become_white() -> None:
    picture = _taken(encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), "图.png")
    assert _opened(picture).getpixel((20, 20)) == (255, 255, 255)


def test_sixteen_bits_of_grey_stay_grey() -> None:
    grey = Image.frombytes("I;16", (16, 16), b"\x00\x80" * 256)
    value = _opened(_taken(encoded(grey, "PNG"), "灰.png")).convert("L").getpixel((8, 8))
    assert 120 <= value <= 136


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(form: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:])
    red, _green, blue = _opened(_taken(data)).getpixel((20, 20))
    assert red > 200 > 50 > blue


def test_what_was_hung_onto_a_photo_is_cut_off() -> None:
    tail = b"<script>alert('tail')</script>PK\x03\x04" + b"A" * 2000
    assert b"alert" not in _taken(photo() + tail).data
    assert b"alert" not in _taken(encoded(Image.new("RGB", (9, 9)), comment=tail)).data


@pytest.mark.parametrize(
    "data",
    [SVG, b"GIF89a/*" + b"\x00" * 40 + b"*/=alert(1)", b"%PDF-1.7 ...", b"<html><script>x</script></html>", b"hello"],
    ids=["svg", "gif and script", "pdf", "html", "text"],
)
def test_what_is_not_a_photo_is_refused_whatever_its_name(data: bytes) -> None:
    assert "不是照片" in _refusal(data)


def test_a_program_in_a_photos_clothes_is_refused() -> None:
    assert "打不开" in _refusal(b"\xff\xd8\xff<script>alert(1)</script>" + b"\x00" * 100)


@pytest.mark.parametrize("name", ["照片.exe", "照片.svg", "照片.jpg.html", "照片.gif"])
def test_a_good_photo_with_a_foreign_extension_is_refused(name: str) -> None:
    assert "不是照片" in _refusal(photo(), name)


def test_heic_is_refused_with_a_way_out() -> None:
    assert "截屏" in _refusal(HEIC, "IMG_0012.HEIC")


def test_an_empty_file_is_refused() -> None:
    assert "空的" in _refusal(b"")


def test_twenty_megabytes_are_refused_with_their_number() -> None:
    assert "20 MB" in _refusal(photo() + b"\x00" * (20 * 1024 * 1024))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_photo_cut_short_on_its_way_is_refused(share: float) -> None:
    noise = Image.effect_noise((200, 150), 80)
    for form in ("JPEG", "PNG", "WEBP"):
        data = encoded(noise, form)
        assert "重新选一次" in _refusal(data[: int(len(data) * share)])


def test_fifty_megapixels_are_refused() -> None:
    assert "像素太多" in _refusal(big_png(10_000, 5_000))


def test_two_hundred_megapixels_are_refused() -> None:
    assert "像素太多" in _refusal(big_png(20_000, 10_000, rows=1))


def test_a_thread_of_pixels_is_refused() -> None:
    assert "像素太多" in _refusal(big_png(20_001, 1))


MEASURE = """
import re, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from PIL import Image
from django.core.files.uploadedfile import SimpleUploadedFile
from alliance.lib.errors import Invalid
from files.images import read_photo
Image.MAX_IMAGE_PIXELS = None

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

data = Path(sys.argv[1]).read_bytes()
before = peak()
if sys.argv[2] == "naive":
    Image.open(sys.argv[1]).convert("RGB")
else:
    try:
        read_photo(SimpleUploadedFile("a.png", data), "a.png")
    except Invalid:
        pass
print((peak() - before) // 1024)
"""
measured = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")


def _megabytes(data: bytes, how: str, folder: Path) -> int:
    """How much memory a process of its own needs at most for reading ``data``."""
    path = folder / "sent"
    path.write_bytes(data)
    command = [sys.executable, "-c", MEASURE, str(path), how]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout)


@measured
def test_a_bomb_costs_no_memory(tmp_path: Path) -> None:
    bomb = big_png(10_000, 5_000)
    assert len(bomb) < 1024 * 1024
    assert _megabytes(bomb, "naive", tmp_path) > 180, "control: decoded, it needs four bytes a pixel"
    assert _megabytes(bomb, "ours", tmp_path) < 20


@measured
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_the_biggest_photo_taken_stays_under_300_megabytes(form: str, tmp_path: Path) -> None:
    data = big_png(8_000, 5_000) if form == "PNG" else encoded(Image.new("RGBA", (4_000, 3_000)), "WEBP", method=0)
    assert _megabytes(data, "ours", tmp_path) < 300


def test_of_a_thousand_damaged_photos_each_is_taken_or_refused_in_words() -> None:
    seed = 20261121
    print("seed", seed)
    chance = random.Random(seed)
    noise = Image.effect_noise((48, 40), 60)
    sources = [with_exif(3), encoded(noise), encoded(noise, "PNG"), encoded(noise, "WEBP")]
    for _round in range(1000):
        data = bytearray(chance.choice(sources))
        for _hit in range(chance.randint(1, 12)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 4))
        try:
            assert _taken(bytes(data)).width <= 2560
        except Invalid as refused:
            assert refused.fields["photos"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\wang\\楼道.jpg", "楼道.jpg"),
        ("楼道\n\u202egpj.jpg", "楼道 gpj.jpg"),
        ("", "照片"),
        ("长" * 200 + ".jpg", "长" * 72 + ".jpg"),
    ],
)
def test_names_are_fit_to_be_shown(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown
