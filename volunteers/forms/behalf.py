"""代居民报名: which day, who, with how many."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.forms.acts import ActForm


class EnrolForm(ActForm):
    """``posts``: pairs of key and words; ``together``: seats that one sign-up may take."""

    post = forms.TypedChoiceField(label=_("哪一场"), coerce=int)
    name = forms.CharField(label=_("姓名"), required=False, help_text=_("只有主办的人看得到，活动过后就删"))
    phone = forms.CharField(
        label=_("手机号"),
        required=False,
        help_text=_("短信发到这里"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    companions = forms.TypedChoiceField(label=_("同行的大人"), coerce=int, required=False)
    told = forms.BooleanField(
        label=_("告知"), required=False, help_text=_("告诉过本人：姓名和手机号只用来报名、通知；本人口头同意")
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, posts: Any = (), together: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post: Any = self.fields["post"]
        post.choices = posts
        companions: Any = self.fields["companions"]
        companions.choices = [(n, _("没有") if not n else _("%(n)d人") % {"n": n}) for n in range(together)]
        if together == 1:
            del self.fields["companions"]

    def given(self) -> dict[str, Any]:
        return {**super().given(), "companions": self.cleaned_data.get("companions") or 0}
