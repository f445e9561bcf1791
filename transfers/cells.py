"""Cells that leave the house: text that a spreadsheet would run as a formula is made plain text."""

from __future__ import annotations

from typing import Any

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins with one of these may be run as a formula, also where a full-width sign is folded."""
GUARD = "'"


def safe(value: Any) -> Any:
    """``value`` as it may stand in a sheet or a CSV: a text that would be a formula gets ``'`` in front.

    Numbers and dates are values and stay. A text that stands behind blanks only is guarded as well, since some
    programs trim before they look.
    """
    if isinstance(value, str) and value.lstrip(" \u3000\u00a0\ufeff\u200b").startswith(STARTS):
        return GUARD + value
    return value


def unguarded(text: str) -> str:
    """``text`` as it was before ``safe``: a file that was exported and comes in again."""
    return text[1:] if text.startswith(GUARD) and safe(text[1:]) == text else text
