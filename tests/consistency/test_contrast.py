"""Colours: every pair that docs/design.md promises, worked out from the style sheets in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
DARK = "@media screen and (prefers-color-scheme: dark)"
TEXT, EDGE = 4.5, 3.0
SURFACES = ("paper", "surface", "surface-2")
MEANINGS = ("red", "ok", "warn", "late", "info")


def _pairs() -> list[tuple[str, str, float]]:
    """(in front, behind, at least) as names of tokens."""
    pairs = [(ink, behind, TEXT) for ink in ("ink", "ink-2", "ink-3", "info", "red-strong") for behind in SURFACES]
    pairs += [(ink, behind, TEXT) for ink in ("red", "ok", "warn", "late", "gold") for behind in SURFACES[:2]]
    pairs += [(ink, f"{meaning}-soft", TEXT) for meaning in MEANINGS for ink in (meaning, "ink", "ink-2")]
    pairs += [("on-red", "red", TEXT), ("on-red", "red-strong", TEXT), ("on-info", "info", TEXT)]
    return pairs + [("edge", behind, EDGE) for behind in (*SURFACES, "red-soft", "info-soft")]


def _block(text: str, opening: str) -> str:
    """What stands between the braces after ``opening``."""
    start = text.index("{", text.index(opening)) + 1
    depth, end = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[start : end - 1]


def _plain(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.DOTALL)


def _tokens(theme: str) -> dict[str, str]:
    text = _plain("tokens.css")
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", _block(text, ":root")))
    if theme == "dark":
        found.update(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", _block(_block(text, DARK), ":root")))
    return found


def _light(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    dark, bright = sorted((_light(one), _light(other)))
    return (bright + 0.05) / (dark + 0.05)


def _rules(text: str) -> list[tuple[list[str], dict[str, str]]]:
    """Selectors and declarations of the plain rules in ``text``."""
    return [
        (
            [one.strip() for one in selectors.split(",")],
            {name.strip(): value.strip() for name, _, value in (part.partition(":") for part in body.split(";"))},
        )
        for selectors, body in re.findall(r"([^{}]+){([^{}]*)}", text)
    ]


def _declared(text: str, selector: str) -> dict[str, str]:
    """What ``selector`` itself is given; a later rule wins."""
    found: dict[str, str] = {}
    for selectors, declarations in _rules(text):
        if selector in selectors:
            found.update(declarations)
    return found


def _colour(tokens: dict[str, str], value: str) -> str:
    return tokens[value.removeprefix("var(--").removesuffix(")")]


def test_the_arithmetic_is_right() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_tokens_can_be_read(theme: str) -> None:
    tokens = _tokens(theme)
    poor = [
        f"{front} on {behind}: {contrast(tokens[front], tokens[behind]):.2f} < {least}"
        for front, behind, least in _pairs()
        if contrast(tokens[front], tokens[behind]) < least
    ]
    assert not poor, "\n".join(poor)


@pytest.mark.parametrize("state", ["", ":hover"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_big_action_can_be_read(theme: str, state: str) -> None:
    """Its words and its smaller line, at rest and under the pointer."""
    text = _plain("public.css")
    at_night = _block(text, DARK)
    by_day = text.replace(at_night, "")
    sheets = [by_day] if theme == "light" else [by_day, at_night]
    own: dict[str, str] = {}
    line: dict[str, str] = {}
    for sheet in sheets:
        own |= _declared(sheet, ".big") | (_declared(sheet, f".big{state}") if state else {})
        line |= _declared(sheet, ".big span")
    tokens = _tokens(theme)
    ground = _colour(tokens, own["background"])
    for words in (own["color"], line.get("color", own["color"])):
        assert contrast(_colour(tokens, words), ground) >= TEXT, (words, own["background"])


def test_at_night_the_big_action_is_an_ember() -> None:
    """A whole tile of the bright red would be the lightest thing on a dark page."""
    at_night = _block(_plain("public.css"), DARK)
    for selector in (".big", ".big:hover"):
        assert _declared(at_night, selector)["background"] == "var(--red-soft)"


def test_a_style_sheet_closes_what_it_opens() -> None:
    for path in CSS.rglob("*.css"):
        text = _plain(str(path.relative_to(CSS)))
        assert text.count("{") == text.count("}"), path
