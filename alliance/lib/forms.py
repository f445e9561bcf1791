"""What every form does with typed text, whichever app it belongs to."""

from __future__ import annotations

from typing import Any

from django import forms

from alliance.lib.text import visible


def drop_invisible_signs() -> None:
    """Text fields of all forms, the filters' of the API among them, take what can be seen.

    Phones and copied tables bring signs along that nobody can find and delete: they are left out, not refused.
    Django has no place for all forms, so its text field is told here, once.
    """
    usual = forms.CharField.to_python
    if getattr(usual, "takes_visible", False):
        return

    def to_python(self: forms.CharField, value: Any) -> str | None:
        return usual(self, visible(value) if isinstance(value, str) else value)

    to_python.takes_visible = True  # type: ignore[attr-defined]
    forms.CharField.to_python = to_python  # type: ignore[method-assign]
