"""What is typed when a file comes in. The rules are the services'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Area
from transfers.states import Mode


class UploadForm(forms.Form):
    """A table, and where it belongs if there is a choice."""

    area = forms.ChoiceField(label=_("导入到"))
    file = forms.FileField(
        label=_("文件"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": _("请先选一个文件。"), "empty": _("文件是空的。")},
    )

    def __init__(self, places: Sequence[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = [(area.pk, area.name) for area in places]
        if len(places) == 1:
            field.initial, field.widget = places[0].pk, forms.HiddenInput()


class ModeForm(forms.Form):
    """What is done with rows that are registered already."""

    mode = forms.ChoiceField(label=_("已登记的"), choices=Mode.choices, initial=Mode.UPDATE, widget=forms.RadioSelect)
