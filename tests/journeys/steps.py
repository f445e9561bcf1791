"""The resident's three small steps and the doors around them, as somebody walks them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, WORDS
from tests.files.pictures import HANGZHOU, encoded

COMMUNITY = "330109001048"
PLACE = "湘湖路小区 6幢2单元"
NAME, TELEPHONE = "赵阿婆", "13805710001"


def photo_with_gps() -> dict[str, Any]:
    """A photo as a phone takes it: with the place and the maker written inside."""
    image = Image.new("RGB", (640, 480), "slategray")
    ImageDraw.Draw(image).rectangle((60, 120, 300, 400), fill="darkgoldenrod")
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    latitude, longitude = HANGZHOU
    exif.get_ifd(0x8825).update({1: "N", 2: latitude, 3: "E", 4: longitude})
    return a_file("楼道.jpg", encoded(image, exif=exif))


def a_file(name: str, data: bytes, kind: str = "image/jpeg") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": data}


def tells_nothing(data: bytes) -> bool:
    """Whether a photo says neither where nor with what it was taken."""
    with Image.open(io.BytesIO(data)) as image:
        return not dict(image.getexif()) and b"PhoneMaker" not in data


def say_what(page: Page, words: str = WORDS, photo: dict[str, Any] | None = None) -> None:
    page.goto("/say/")
    page.fill("[name=words]", words)
    if photo:
        page.set_input_files("[name=photos]", photo)
    page.click("button:has-text('下一步')")
    page.wait_for_url("**/say/where/")


def say_where(page: Page, place: str = PLACE, spot: str = "") -> None:
    page.select_option("[name=community]", COMMUNITY)
    page.fill("[name=place]", place)
    page.fill("[name=spot]", spot)
    page.click("button:has-text('下一步')")
    page.wait_for_url("**/say/contact/")


def say_who(page: Page, name: str = NAME, phone: str = TELEPHONE, *, consent: bool = True) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=phone]", phone)
    page.set_checked("[name=consent]", consent)


def proven(page: Page) -> None:
    """The form has shown that a person's browser fills it."""
    expect(page.locator("input[name=altcha]")).not_to_have_value("")


def submit(page: Page) -> None:
    page.click("form button:has-text('提交')")


def say(page: Page, words: str = WORDS) -> None:
    """All three steps, without a photo."""
    say_what(page, words)
    say_where(page)
    say_who(page)
    submit(page)
    expect(page.locator("h1")).to_have_text("收到了，谢谢您")


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/admin/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("#login-form button")
