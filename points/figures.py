"""How amounts are written: 20, 0.6."""

from __future__ import annotations

from points.states import TENTHS


def said(amount: int) -> str:
    """Tenths as points: whole ones without a fraction."""
    whole, part = divmod(abs(amount), TENTHS)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def signed(amount: int) -> str:
    """As ``said``, with a plus where something came in."""
    return f"+{said(amount)}" if amount > 0 else said(amount)
