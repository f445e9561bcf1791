"""A kind of resource."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.models import ResourceKind


class KindForm(forms.ModelForm):
    said = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = ResourceKind
        fields = ("name", "name_en", "parent", "form", "advantage", "pool", "said", "position", "is_active")
        help_texts = {
            "parent": _("大类不选；小类选它属于哪个大类"),
            "position": _("数字小的排在前面"),
            "is_active": _("不用了就去掉勾，登记过的资源还在"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        column = ResourceKind._meta.get_field("said")
        self.fields["said"].label, self.fields["said"].help_text = column.verbose_name, column.help_text
        self.initial["said"] = "，".join(self.instance.said)

    def _post_clean(self) -> None:
        """The rules are the service's; here nothing is asked of the row."""

    def clean_said(self) -> list[str]:
        return [part for part in re.split(r"[、，,;；\s]+", self.cleaned_data["said"]) if part]

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
