"""Forms only parse and carry what was typed; services decide whether it is right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PhoneForm(forms.Form):
    """Where to send the code. ``website`` is a trap that people never see."""

    phone = forms.CharField(label=_("手机号"), required=False)
    website = forms.CharField(required=False)
    altcha = forms.CharField(required=False, widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """The six digits: one field, so that pasting and the phone's own suggestion work."""

    code = forms.CharField(label=_("验证码"), required=False)


class WelcomeForm(forms.Form):
    """The consent without which no account is made, and how to call somebody."""

    name = forms.CharField(label=_("怎么称呼您"), required=False)
    consent = forms.BooleanField(label=_("我看过告知，同意给我建账号"), required=False)
    notice_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Required in the eyes of the page; the service says what is missing, all at once.
        self.fields["consent"].widget.attrs["aria-required"] = "true"


class NameForm(forms.Form):
    """How to call somebody."""

    name = forms.CharField(label=_("怎么称呼您"), required=False)
