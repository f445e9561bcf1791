"""A kind of resource."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.models import ResourceKind


class KindForm(forms.ModelForm):
    class Meta:
        model = ResourceKind
        fields = ("name", "name_en", "parent", "form", "advantage", "pool", "position", "is_active")
        help_texts = {
            "parent": _("大类不选；小类选它属于哪个大类"),
            "position": _("数字小的排在前面"),
            "is_active": _("不用了就去掉勾，登记过的资源还在"),
        }

    def _post_clean(self) -> None:
        """The rules are the service's; here nothing is asked of the row."""

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
