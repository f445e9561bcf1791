"""The form of a robot. Its secrets go one way: what is stored never comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Robot
from notifications.states import RobotKind


def _secret(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


class RobotForm(forms.Form):
    """Which group, on which platform, with which key."""

    area = forms.ChoiceField(label=_("街道或社区"), help_text=_("这里的事和下面社区的事，都告诉这个群"))
    name = forms.CharField(label=_("群名"), max_length=40)
    kind = forms.ChoiceField(label=_("平台"), choices=RobotKind.choices)
    secret = _secret(_("密钥"), _("地址里 key= 或 access_token= 后面的那一段"))
    sign_secret = _secret(_("加签密钥"), _("钉钉选了加签的才填，以 SEC 开头"))
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, robot: Robot | None, areas: Sequence[tuple[str, str]], data: Any = None) -> None:
        given = (
            {"name": robot.name, "is_active": robot.is_active, "version": robot.version} if robot else {"version": 0}
        )
        super().__init__(data, initial=given, label_suffix="")
        if robot is None:
            area: Any = self.fields["area"]
            area.choices = areas
            return
        del self.fields["area"], self.fields["kind"]
        self.fields["secret"].help_text = _("不改就空着。填了新的，旧的就不用了。")

    def clean_version(self) -> int:
        return self.cleaned_data.get("version") or 0
