"""The code on the wall, and for which of several one signs in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """``choices``: those for whom one may sign in; of one alone nothing is asked."""

    code = forms.CharField(
        label=_("现场的六位数字"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    invitee = forms.TypedChoiceField(label=_("替谁签到"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field: Any = self.fields["invitee"]
        field.choices = list(choices)
        if len(choices) < 2:
            field.choices = [("", ""), *choices]
            field.widget = forms.HiddenInput()
