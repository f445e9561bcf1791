"""Forms of the desk about activities that a unit organises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from resources.forms.acts import CLOCK, CLOCK_WRONG, ActForm, NearDay, ReasonForm
from resources.models import Resource
from resources.presenting.halls import hall_named
from volunteers.models import Activity
from volunteers.states import ActivityKind

WORDS = ("kind", "title", "summary", "place", "bring", "contact", "phone")


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text)


class WordsForm(ActForm):
    """What is said of the activity."""

    kind = forms.ChoiceField(label=_("类别"), choices=ActivityKind.choices)
    title = _line(_("名称"), _("例如：手机摄影课"))
    summary = forms.CharField(
        label=_("做什么"),
        required=False,
        help_text=_("不写个人的姓名和住址"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = _line(_("集合地点"), _("例如：文化家园一楼"))
    bring = _line(_("请带"), _("例如：水杯、老花镜"))
    contact = _line(_("联系"), _("例如：社工小许"))
    phone = _line(_("联系电话"), _("单位的电话，大家都看得到"))

    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def words(self) -> dict[str, Any]:
        """What the service takes of the words, and the tick beside them."""
        return {name: self.cleaned_data[name] for name in (*WORDS, "seen_warnings")}


class ProposeForm(WordsForm):
    """提出一个活动: the words, one day and how many may come."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = NearDay(label=_("哪天"))
    opens = forms.TimeField(label=_("几点开始"), widget=CLOCK, error_messages=CLOCK_WRONG)
    closes = forms.TimeField(label=_("几点结束"), widget=CLOCK, error_messages=CLOCK_WRONG)
    capacity = forms.IntegerField(
        label=_("名额"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("请填一个数。")},
    )
    hall = forms.TypedChoiceField(
        label=_("约场地"), coerce=int, required=False, empty_value=None, help_text=_("共享仓里的，按上面的时间一起约")
    )

    def __init__(self, *args: Any, halls: Sequence[Resource] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hall: Any = self.fields["hall"]
        hall.choices = [("", _("不用约")), *((one.pk, hall_named(one)) for one in halls)]
        if not halls:
            del self.fields["hall"]

    def span(self) -> tuple[datetime, datetime]:
        said = self.cleaned_data
        starts, ends = (datetime.combine(said["on"], said[name]) for name in ("opens", "closes"))
        return timezone.make_aware(starts), timezone.make_aware(ends)


class OffForm(ReasonForm):
    """取消活动."""

    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))


def first_words(row: Activity) -> dict[str, Any]:
    """What the form of an activity shows first."""
    return {**{name: getattr(row, name) for name in WORDS}, "version": row.version}
