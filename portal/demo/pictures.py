"""Pictures of the demo's projects: drawn, calm, in the colours of the tokens, each with 演示 written on it. Nobody and
no place is in them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from math import pi, sin

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

WIDE, HIGH, FINE = 960, 600, 2
"""In pixels; drawn ``FINE`` times as large, so that edges come out smooth."""
SURFACE, INK, INK_2, RED, GOLD = "#ffffff", "#1d2129", "#4a5260", "#b3211f", "#866112"
OK, OK_SOFT, INFO, INFO_SOFT, WARN_SOFT = "#0f6d4f", "#e8f4ee", "#1a5b9c", "#e9f1fa", "#fdf3e1"
# 演 and 示 as strokes in a square of a hundred: the demo needs no font of the machine it runs on.
YAN = (
    *(((8, 14), (22, 26)), ((4, 42), (18, 52)), ((6, 92), (24, 66))),
    *(((62, 4), (66, 14)), ((34, 32), (34, 20), (96, 20), (96, 32))),
    *(((44, 34), (86, 34)), ((40, 46), (40, 76), (90, 76), (90, 46), (40, 46))),
    *(((65, 34), (65, 76)), ((40, 61), (90, 61)), ((52, 80), (36, 96)), ((78, 80), (96, 96))),
)
SHI = (
    *(((22, 14), (78, 14)), ((6, 40), (94, 40)), ((50, 40), (50, 94), (38, 86))),
    *(((28, 56), (10, 82)), ((72, 56), (92, 82))),
)


class Sheet:
    """What is drawn on; all lengths as of the finished picture."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (WIDE * FINE, HIGH * FINE), ground)
        self.pen = ImageDraw.Draw(self.image)

    def _at(self, points: Sequence[float]) -> list[float]:
        return [point * FINE for point in points]

    def disc(self, x: float, y: float, r: float, fill: str) -> None:
        self.pen.ellipse(self._at((x - r, y - r, x + r, y + r)), fill=fill)

    def ring(self, x: float, y: float, r: float, colour: str, width: float) -> None:
        self.pen.ellipse(self._at((x - r, y - r, x + r, y + r)), outline=colour, width=round(width * FINE))

    def box(self, x: float, y: float, x2: float, y2: float, fill: str, r: float = 0) -> None:
        self.pen.rounded_rectangle(self._at((x, y, x2, y2)), radius=r * FINE, fill=fill)

    def half(self, x: float, y: float, r: float, fill: str) -> None:
        """The lower half of a disc."""
        self.pen.pieslice(self._at((x - r, y - r, x + r, y + r)), 0, 180, fill=fill)

    def line(self, *points: float, colour: str, width: float) -> None:
        """With round ends and corners."""
        self.pen.line(self._at(points), fill=colour, width=round(width * FINE), joint="curve")
        for place in range(0, len(points), 2):
            self.disc(points[place], points[place + 1], width / 2, colour)

    def jpeg(self) -> bytes:
        stream = io.BytesIO()
        self.image.resize((WIDE, HIGH), Image.Resampling.LANCZOS).save(stream, "JPEG", quality=88)
        return stream.getvalue()


def _scene(ground: str, hill: str) -> Sheet:
    """A sun of rings around one middle, and a hill to stand on."""
    sheet = Sheet(ground)
    for r in (150, 112, 74):
        sheet.ring(760, 150, r, hill, 10)
    sheet.disc(760, 150, 34, hill)
    sheet.disc(380, 1950, 1500, hill)
    return sheet


def _bowl(sheet: Sheet) -> None:
    for x, y in ((420, 190), (480, 160), (540, 190)):
        waves = [(x + 12 * sin(n * pi / 6), y + n * 9) for n in range(13)]
        sheet.line(*(value for point in waves for value in point), colour=INK_2, width=7)
    sheet.half(480, 330, 170, RED)
    sheet.box(296, 318, 664, 344, RED, 13)
    sheet.box(420, 488, 540, 514, RED, 10)
    sheet.line(690, 250, 560, 318, colour=GOLD, width=10)


def _block(sheet: Sheet, x: int, top: int, colour: str, columns: int = 3) -> None:
    sheet.box(x, top, x + 46 * columns + 22, 520, colour, 8)
    for row in range((500 - top) // 62):
        for column in range(columns):
            left, upper = x + 20 + 46 * column, top + 26 + 62 * row
            sheet.box(left, upper, left + 26, upper + 34, SURFACE, 4)


def _houses(sheet: Sheet) -> None:
    _block(sheet, 240, 260, INFO)
    _block(sheet, 420, 180, INK_2)
    _block(sheet, 600, 300, GOLD, 2)
    sheet.line(210, 520, 760, 520, colour=INK, width=10)


def _train(sheet: Sheet) -> None:
    sheet.box(260, 270, 710, 450, OK, 46)
    for left in range(298, 640, 92):
        sheet.box(left, 312, left + 70, 370, SURFACE, 12)
    sheet.box(260, 396, 710, 410, SURFACE)
    for x in (340, 430, 540, 630):
        sheet.disc(x, 462, 28, INK)
        sheet.disc(x, 462, 10, SURFACE)
    sheet.line(190, 500, 790, 500, colour=INK_2, width=10)


def _scales(sheet: Sheet) -> None:
    sheet.line(480, 150, 480, 500, colour=INK_2, width=14)
    sheet.line(330, 210, 630, 210, colour=INK_2, width=12)
    sheet.disc(480, 150, 20, GOLD)
    for x in (330, 630):
        sheet.line(x - 66, 350, x, 210, x + 66, 350, colour=INK_2, width=5)
        sheet.half(x, 350, 74, GOLD)
    sheet.box(400, 494, 560, 520, INK_2, 10)


SCENES: dict[str, tuple[str, str, Callable[[Sheet], None]]] = {
    "清厢之旅": (INFO_SOFT, "#cfe0f1", _train),
    "美厢生活": (OK_SOFT, "#c8e2d5", _houses),
    "厢气厨房": (WARN_SOFT, "#f3e0bd", _bowl),
    "鼎力相助": (INFO_SOFT, "#cfe0f1", _scales),
}
"""By project: the ground, the hill, what stands on it."""


def _mark(sheet: Sheet) -> None:
    """演示, where it stays however the picture is cut."""
    sheet.box(252, 90, 368, 150, SURFACE, 30)
    for left, strokes in ((274, YAN), (314, SHI)):
        for stroke in strokes:
            points = [value for x, y in stroke for value in (left + x * 0.32, 104 + y * 0.32)]
            sheet.line(*points, colour=INK_2, width=2.4)


def picture_of(name: str) -> SimpleUploadedFile:
    """The picture of the project called so, as if somebody had uploaded it."""
    ground, hill, draw = SCENES[name]
    sheet = _scene(ground, hill)
    draw(sheet)
    _mark(sheet)
    return SimpleUploadedFile("demo.jpg", sheet.jpeg(), "image/jpeg")
