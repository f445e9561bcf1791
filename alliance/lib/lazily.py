"""Words with a number in them, said in the reader's language even where a class body says them."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy


def _filled(text: Any, **values: object) -> str:
    return str(text) % values


filled = lazy(_filled, str)
"""``filled(_("最多%(n)d字"), n=500)``: ``%`` by itself would settle the language when the module is read."""
