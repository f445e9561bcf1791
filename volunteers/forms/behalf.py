"""代居民报名: which day, who, with how many."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.forms.acts import ActForm
from volunteers.forms.activities import ages_from


class EnrolForm(ActForm):
    """``posts``: pairs of key and words; ``together``: seats that one sign-up may take; ``children``: may come."""

    post = forms.TypedChoiceField(label=_("哪一场"), coerce=int)
    name = forms.CharField(label=_("姓名"), required=False, help_text=_("只有主办的人看得到，活动过后就删"))
    phone = forms.CharField(
        label=_("手机号"),
        required=False,
        help_text=_("短信发到这里"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    companions = forms.TypedChoiceField(label=_("同行的大人"), coerce=int, required=False)
    ages = forms.CharField(
        label=_("孩子几岁"), required=False, help_text=_("带孩子才填，例如：8、11；姓名和手机号写监护人的")
    )
    child_alone = forms.BooleanField(label=_("谁去"), required=False, help_text=_("监护人自己不去，只有孩子去"))
    guardian_ok = forms.BooleanField(
        label=_("监护人同意"), required=False, help_text=_("监护人在纸上写了姓名、手机号，签字同意；纸留在社区")
    )
    told = forms.BooleanField(
        label=_("告知"), required=False, help_text=_("告诉过本人：姓名和手机号只用来报名、通知；本人口头同意")
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, posts: Any = (), together: int = 1, children: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post: Any = self.fields["post"]
        post.choices = posts
        companions: Any = self.fields["companions"]
        companions.choices = [(n, _("没有") if not n else _("%(n)d人") % {"n": n}) for n in range(together)]
        if together == 1:
            del self.fields["companions"]
        if not children:
            del self.fields["ages"], self.fields["child_alone"], self.fields["guardian_ok"]

    def clean_ages(self) -> list[int]:
        return ages_from(self.cleaned_data["ages"])

    def given(self) -> dict[str, Any]:
        return {**super().given(), "companions": self.cleaned_data.get("companions") or 0}
