"""纪要: typed, or the signed paper."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.signing import ScanField
from resources.forms.acts import ActForm


class PaperField(ScanField):
    """签字的纪要: photos of it, or a PDF."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.label = _("签字的纪要")


class MinutesForm(ActForm):
    """``base``: the revision it was written on."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("纪要"),
        required=False,
        strip=False,
        help_text=_("参会的都看得到，不写居民的姓名、电话和住址。上传了签字的纪要，这里可以不写"),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    scan = PaperField(help_text=_("拍照或扫描件，图片最多6张，PDF最多5个，一个不超过10兆"))
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
