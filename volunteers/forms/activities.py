"""What people type about activities. Services decide whether it is right."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.models import Activity
from volunteers.services.party import Party
from volunteers.states import Mood
from volunteers.states.activity import NAMED

_SEPARATORS = re.compile(r"[\s、,，;；.。和岁]+")


class BareForm(forms.Form):
    """No colon after labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class JoinForm(BareForm):
    """我要报名: who comes. Sent as it stands, it signs up oneself."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    myself = forms.BooleanField(label=_("本人"), required=False, initial=True)
    companions = forms.TypedChoiceField(label=_("同行的大人"), coerce=int, required=False)
    ages = forms.CharField(
        label=_("孩子几岁"), required=False, help_text=_("带孩子才填，几个孩子写几个数，例如：8、11")
    )
    guardian_ok = forms.BooleanField(label=_("我是孩子的监护人，同意孩子参加"), required=False)
    photos = forms.BooleanField(label=_("活动照片里可以有我和同去的人"), required=False)
    real_name = forms.CharField(label=_("您的姓名"), required=False, help_text=_("坐车、买保险要用真名，过后就删。"))

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        companions: Any = self.fields["companions"]
        companions.choices = [(n, _("没有") if not n else _("%(n)d人") % {"n": n}) for n in range(activity.together)]
        if activity.together == 1:
            del self.fields["companions"]
        if not activity.takes_children:
            del self.fields["ages"], self.fields["guardian_ok"]
        if activity.kind not in NAMED:
            del self.fields["real_name"]

    def clean_ages(self) -> list[int]:
        return ages_from(self.cleaned_data["ages"])

    def party(self) -> Party:
        """Who comes, as the service takes it."""
        said = self.cleaned_data
        return Party(
            myself=bool(said.get("myself")),
            companions=said.get("companions") or 0,
            ages=said.get("ages") or (),
            guardian_ok=bool(said.get("guardian_ok")),
            real_name=said.get("real_name") or "",
        )


def ages_from(typed: str) -> list[int]:
    """8、11, in years. Raises ``ValidationError``."""
    parts = [part for part in _SEPARATORS.split(typed) if part]
    if len(parts) > 9 or not all(part.isdecimal() and len(part) <= 2 for part in parts):
        raise forms.ValidationError(_("请写岁数，例如：8、11。"))
    return [int(part) for part in parts]


class CodeForm(BareForm):
    """The code on the wall."""

    code = forms.CharField(
        label=_("现场的六位数字"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class WordsForm(BareForm):
    """A sentence, and the version that stood on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label=_("说明"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}))


class FeedbackForm(BareForm):
    """How it was."""

    mood = forms.ChoiceField(label=_("这次怎么样"), choices=Mood.choices, required=False, widget=forms.RadioSelect)
    words = forms.CharField(label=_("想说的"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}))
