"""Forms of documents. They carry what was typed; services decide whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from files.models import Attachment
from members.models import Alliance
from members.states import DocumentKind

ACCEPT = ".pdf,.docx,.xlsx"


class FilesField(forms.FileField):
    """Several documents; they are read from the request and held for a day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ACCEPT})
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(
            label=_("附件"),
            required=False,
            widget=widget,
            help_text=_("PDF、Word（docx）、Excel（xlsx），一个不超过10 MB，最多5个"),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """They are looked at one by one where they are held."""
        return data


class DetailsForm(forms.Form):
    """What a document is."""

    kind = forms.ChoiceField(label=_("类别"), choices=DocumentKind.choices, widget=forms.RadioSelect, required=False)
    title = forms.CharField(label=_("标题"), max_length=60, required=False)
    is_public = forms.BooleanField(label=_("公开展示：发布以后，谁都能在联盟主页上看"), required=False)


class DraftForm(forms.Form):
    """A draft of the next version."""

    text = forms.CharField(
        label=_("正文"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}), max_length=20_000
    )
    change = forms.CharField(label=_("改了什么"), required=False, max_length=200, help_text=_("一两句，单位一看就明白"))
    effective_on = forms.DateField(label=_("施行日期"), required=False, widget=DAY)
    documents = FilesField()
    drop = forms.MultipleChoiceField(label=_("去掉附件"), required=False, widget=forms.CheckboxSelectMultiple)
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, there: list[Attachment], first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop: Any = self.fields["drop"]
        drop.choices = [(str(row.pk), row.name) for row in there]
        if not there:
            del self.fields["drop"]
        if first:
            del self.fields["change"]


class NewDocumentForm(DetailsForm):
    """A document and the first draft of it."""

    alliance = forms.ModelChoiceField(Alliance.objects.none(), label=_("党建联盟"), empty_label=None)
    text = forms.CharField(
        label=_("正文"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}), max_length=20_000
    )
    effective_on = forms.DateField(label=_("施行日期"), required=False, widget=DAY)
    documents = FilesField()
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    field_order = ("alliance", "kind", "title", "text", "effective_on", "documents", "is_public", "hold_key")
