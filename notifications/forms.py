"""Forms only parse and carry what was typed; services decide whether it is right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import DomainError, Invalid
from notifications.cards import CardKind


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """A service's refusal at the fields it names; what has no field here goes above the form."""
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, texts in (fields or {"": [error.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))


class CardForm(forms.Form):
    """One answer, and a few words if the kind of card takes them."""

    answer = forms.CharField(label=_("您的回复"), required=False, widget=forms.RadioSelect)
    note = forms.CharField(label=_("还想说的"), required=False, strip=False)

    def __init__(self, kind: CardKind, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"].widget = forms.RadioSelect(choices=kind.options)
        if not kind.note_allowed:
            del self.fields["note"]


class TextForm(forms.Form):
    """The wording of one part."""

    text = forms.CharField(label=_("文本"), required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
