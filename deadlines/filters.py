"""What is typed on the page 到期与提醒."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

REASON_LENGTH = 200
Choices = list[tuple[str, Any]]


class BoardFilter(forms.Form):
    """Filters above the lists; a select without choices is not shown."""

    kind = forms.ChoiceField(label=_("事项"), required=False)
    community = forms.ChoiceField(label=_("社区"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args: Any, kinds: Choices, areas: Choices, states: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = {"kind": (_("全部事项"), kinds), "community": (_("全部社区"), areas), "state": (_("全部状态"), states)}
        for name, (all_of_them, choices) in offers.items():
            if choices:
                self.fields[name].choices = [("", all_of_them), *choices]  # type: ignore[attr-defined]
            else:
                del self.fields[name]


class ReasonForm(forms.Form):
    """Why something is called off."""

    reason = forms.CharField(
        label=_("为什么取消"),
        max_length=REASON_LENGTH,
        error_messages={"required": _("请写一句为什么取消，以后查得到。")},
        widget=forms.TextInput(attrs={"placeholder": _("例如：居民已经当面答复")}),
    )
