"""What a service refused, said on the form: at the field it names, else above the form."""

from __future__ import annotations

from django import forms

from alliance.lib.errors import DomainError, Invalid
from alliance.lib.public_text import SEEN_WORDS, Warned
from alliance.lib.seen import ask_for_tick


def add_errors(form: forms.BaseForm, error: DomainError) -> None:
    """Show ``error`` at the fields it names; what has no field here goes above the form. A warning wants its tick."""
    if isinstance(error, Warned):
        ask_for_tick(form, error)
    fields = {k: v for k, v in error.fields.items() if k != SEEN_WORDS} if isinstance(error, Invalid) else {}
    for name, texts in (fields or {"": [error.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
