"""登记签约, and the sealed pages: photos of them, or a PDF."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.forms.acts import ActForm, NearDay


class ScanField(forms.FileField):
    """Several files; they are read from the request and held for a day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf,.pdf"})
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(label=_("盖章页"), required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """They are looked at one by one where they are held."""
        return data


class SignForm(ActForm):
    """签约: when and where, and what was sealed."""

    signed_on = NearDay(label=_("签约日期"), initial=timezone.localdate)
    place = forms.CharField(label=_("签约地点"), required=False, help_text=_("例如：街道党群服务中心三楼会议室"))
    scan = ScanField(help_text=_("拍照或扫描件，图片最多6张，PDF最多5个，一个不超过10兆；也可以以后再传"))
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class ScanForm(ActForm):
    """上传盖章页."""

    paper = forms.ChoiceField(label=_("哪一份"))
    scan = ScanField(help_text=_("拍照或扫描件，图片最多6张，PDF最多5个，一个不超过10兆。传上去就留着，不能撤"))
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, papers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper: Any = self.fields["paper"]
        paper.choices = list(papers)
