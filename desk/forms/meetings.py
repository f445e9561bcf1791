"""Forms of the desk about meetings."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from meetings.services.answering import ANSWERS
from meetings.states import Coming
from resources.forms.acts import ActForm

LABELS = dict(Coming.choices)


class ComeForm(ActForm):
    """来, 请人代, 不来."""

    invitee = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("来不来"),
        required=False,
        choices=[(one.value, LABELS[one]) for one in ANSWERS],
        widget=forms.RadioSelect,
    )
    stand_in = forms.CharField(label=_("谁来代"), required=False, help_text=_("请人代的才写，例如：办公室小张"))


class ReportForm(ActForm):
    """报办理情况."""

    said = forms.CharField(
        label=_("办得怎么样了"),
        required=False,
        strip=False,
        help_text=_("例如：临时泵排装好了，等下雨看效果。街道社区看过就销号"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TopicForm(ActForm):
    """提一个议题, for a unit to one of the offices it belongs to."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    area = forms.ChoiceField(label=_("哪里的会"), error_messages={"required": _("请选一个。")})
    title = forms.CharField(
        label=_("议什么"), required=False, help_text=_("例如：门岗改造方案；参会的都看得到，不写个人的姓名和住址")
    )
    words_why = forms.CharField(
        label=_("为什么"),
        required=False,
        strip=False,
        help_text=_("可以不写；街道社区看得到"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.choices = areas
