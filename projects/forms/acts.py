"""The small forms by which an agreement goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from projects.forms.signing import ScanField
from resources.forms.acts import DAY_WRONG, ActForm, ReasonForm


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DAY, error_messages=DAY_WRONG, **options)


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


class WordsForm(ReasonForm):
    """Words that all parties read."""


class PaperForm(ActForm):
    """书面确认 of a unit for which nobody speaks online."""

    ask = forms.ChoiceField(label=_("哪个单位"))
    words = _words(_("是什么纸质材料"), _("哪一份、谁给的、放在哪里，例如：盖章的确认函，校长办公室交来，党建办存"))
    scan = ScanField(help_text=_("拍照或扫描件，图片最多6张，PDF最多5个，一个不超过10兆；没有的不传"))
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, asks: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["ask"]
        field.choices = [(str(pk), name) for pk, name in asks]
        self.fields["scan"].label = _("材料的照片")


class AppointForm(ActForm):
    """换专员."""

    commissioner = forms.TypedChoiceField(label=_("专员"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["commissioner"]
        field.choices = [("", _("还没定")), *((str(pk), name) for pk, name in people)]


class LeaveForm(ActForm):
    """一方退出."""

    party = forms.TypedChoiceField(label=_("哪个单位"), coerce=int)
    left_on = _day(_("退出日期"), initial=timezone.localdate)
    words = _words(_("为什么"), _("各方看得到"))

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["party"]
        field.choices = [(str(pk), name) for pk, name in parties]


class ReviewForm(ActForm):
    """期满评估."""

    words = _words(_("办得怎么样"), _("做成了什么、差在哪里；写了才能续签、结项"))


class RenewForm(ActForm):
    """续签 for another term."""

    starts_on = _day(_("从哪天起"))
    ends_on = _day(_("到哪天止"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AmendForm(ActForm):
    """拟定补充协议."""

    words = _words(_("补充什么"))
    new_ends_on = _day(_("期限改到哪天"), required=False, help_text=_("期限不变的不填"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
