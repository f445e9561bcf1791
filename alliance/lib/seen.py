"""The tick beside a warning about words that outsiders read (``alliance.lib.public_text``)."""

from __future__ import annotations

from typing import Any

from django import forms

from alliance.lib.public_text import Warned


class Checkbox(forms.CheckboxInput):
    """A tick that says what it was set beside; templates know it by its name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class SeenField(forms.CharField):
    """A tick beside a warning; ticked, it sends the mark of the words that were warned about."""

    widget = Checkbox


def ask_for_tick(form: forms.BaseForm, warned: Warned) -> None:
    """The tick of ``form`` is about the words as they are now, and nobody has set it."""
    if "seen_warnings" not in form.fields:
        return
    form.fields["seen_warnings"].widget.attrs["value"] = warned.mark
    again: Any = form.data
    again = again.copy()
    again.pop(form.add_prefix("seen_warnings"), None)
    form.data = again
