"""The small forms beside each way to go on with a resource or a booking, in the workbench."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.lib.admin import DAY
from alliance.lib.seen import SeenField
from resources.states import Form

CLOCK = forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M")
DAY_WRONG = {"invalid": _("日期请写成 2026-11-28 这样。")}
CLOCK_WRONG = {"invalid": _("时间请写成 14:30 这样。")}
SPAN = re.compile(r"^(\d{1,2})[:：](\d{2})\s*[-–—~～至到]+\s*(\d{1,2})[:：](\d{2})$")
MOST_NAMED = 3
WEEK = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


class NearDay(forms.DateField):
    """A day at most five years away: further nobody means, and a calendar ends somewhere."""

    farthest = timedelta(days=5 * 366)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": DAY, "error_messages": DAY_WRONG, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and abs(value - timezone.localdate()) > self.farthest:
            raise forms.ValidationError(_("请选五年以内的一天。"))


class ActForm(forms.Form):
    """``version`` tells as what the row was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    choice = ""
    """The button that sent it, where there are several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def given(self) -> dict[str, Any]:
        """What the service takes beside the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(ActForm):
    """Words that the other side reads."""

    words = _line(_("为什么"), _("对方看得到"))


class StopForm(ReasonForm):
    """停用. ``booked``: who has booked, in words; then a tick says that they are called off."""

    call_off = forms.BooleanField(label=_("已有的预约"), required=False, widget=forms.CheckboxInput)

    def __init__(self, *args: Any, booked: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not booked:
            del self.fields["call_off"]
            return
        which = str(_("；")).join(booked[:MOST_NAMED])
        if len(booked) > MOST_NAMED:
            which = str(_("%(which)s 等") % {"which": which})
        told = ngettext(
            "有%(n)d个预约（约好的、等答复的）：%(which)s。会取消，并告诉对方",
            "有%(n)d个预约（约好的、等答复的）：%(which)s。会取消，并告诉对方",
            len(booked),
        )
        self.fields["call_off"].help_text = told % {"n": len(booked), "which": which}


class NoteForm(ActForm):
    """Words that may be left out."""

    words = _line(_("说一句"), _("可以不写，对方看得到"))


class UsedForm(ActForm):
    """已用完: how many people."""

    people = forms.IntegerField(label=_("服务了几个人"), required=False, min_value=0)
    words = _line(_("说明"), _("可以不写"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def given(self) -> dict[str, Any]:
        people = self.cleaned_data.get("people")
        return {**super().given(), "people": -1 if people is None else people}


class UseForm(UsedForm):
    """登记使用, of open houses: on which day."""

    day = NearDay(label=_("哪天"), initial=timezone.localdate)
    field_order = ("day", "people", "words")


class CloseForm(ActForm):
    """关闭几天."""

    starts_on = NearDay(label=_("从哪天"))
    ends_on = NearDay(label=_("到哪天"), help_text=_("这一天也关"))
    why = forms.CharField(label=_("为什么"), max_length=60, required=False, help_text=_("例如：检修。大家看得到"))
    call_off = forms.BooleanField(
        label=_("已有预约"), required=False, help_text=_("收回这些预约并告诉对方"), widget=forms.CheckboxInput
    )


class HoursForm(ActForm):
    """The hours of the week, a line for each day: 8:00-12:00，14:00-17:00."""

    def __init__(self, *args: Any, hours: Iterable[Any], station: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(hours)
        for number, name in enumerate(WEEK, start=1):
            said = "，".join(_span(row) for row in rows if row.weekday == number)
            self.fields[f"day{number}"] = forms.CharField(
                label=name, required=False, initial=said, max_length=80, widget=forms.TextInput
            )
            if number == 1:
                self.fields["same"] = forms.BooleanField(
                    label=_("周二到周五"), required=False, help_text=_("周二到周五和周一一样，不用再写")
                )
        usual = _("例如 8:00-12:00，14:00-17:00；不开空着。七天都空，就是随时可约")
        inside = _("例如 8:00-12:00，14:00-17:00；不开空着。七天都空，就跟着“%(station)s”") % {"station": station}
        self.fields["day1"].help_text = inside if station else usual

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        spans = []
        if found.get("same"):
            found |= {f"day{number}": found.get("day1", "") for number in range(2, 6)}
        for number in range(1, 8):
            said = re.sub(r"\s*([-–—~～至到])\s*", r"\1", found.get(f"day{number}", ""))
            for part in re.split(r"[，,、;；\s]+", said):
                if part and (match := SPAN.match(part)):
                    first, last = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
                    spans.append((number, first, last))
                elif part:
                    self.add_error(f"day{number}", _("请写成 8:00-12:00 这样，几段用逗号分开。"))
        return {"version": found.get("version"), "spans": spans}

    def given(self) -> dict[str, Any]:
        return {"spans": self.cleaned_data["spans"]}


def _span(row: Any) -> str:
    return "-".join(f"{minute // 60}:{minute % 60:02}" for minute in (row.opens, row.closes))


class PartsForm(ActForm):
    """Of which rooms it is made."""

    parts = forms.MultipleChoiceField(label=_("由哪几间合成"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, rooms: Iterable[tuple[int, str]], chosen: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parts"]
        field.choices = [(str(pk), name) for pk, name in rooms]
        field.initial = [str(pk) for pk in chosen]

    def given(self) -> dict[str, Any]:
        return {"parts": [int(key) for key in self.cleaned_data["parts"]]}


class PauseForm(ActForm):
    """暂停预约 of whoever booked."""

    until = NearDay(label=_("到哪天恢复"), required=False)
    why = _line(_("为什么"), _("对方预约时看得到"))


class BookForm(ActForm):
    """An office books: the day, from when to when, for what."""

    office = forms.ChoiceField(label=_("谁用"))
    day = NearDay(label=_("哪天"), error_messages={**DAY_WRONG, "required": _("请选哪天。")})
    begins = forms.TimeField(
        label=_("从几点"), widget=CLOCK, error_messages={**CLOCK_WRONG, "required": _("请选几点开始。")}
    )
    until_day = NearDay(label=_("哪天还"), required=False)
    finishes = forms.TimeField(
        label=_("到几点"), widget=CLOCK, error_messages={**CLOCK_WRONG, "required": _("请选几点结束。")}
    )
    purpose = forms.CharField(label=_("做什么用"), max_length=60, required=False, help_text=_("不写姓名、电话和住址"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    place = forms.CharField(
        label=_("到哪里来"),
        required=False,
        max_length=120,
        help_text=_("要对方上门的写：小区、几幢几单元几室。对方答应以后才看得到，用完就删"),
    )
    people = forms.IntegerField(label=_("大约几个人"), required=False, min_value=1)
    quantity = forms.IntegerField(label=_("几件"), required=False, min_value=1, initial=1)
    subject = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]], use: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.choices, pieces = list(offices), use == Form.PIECES
        if use != Form.VISIT:
            del self.fields["place"]
        if not pieces:
            del self.fields["until_day"], self.fields["quantity"]

    def times(self) -> tuple[datetime, datetime]:
        """From when until when; to midnight is the end of that day."""
        given = self.cleaned_data
        last = given.get("until_day") or given["day"]
        starts, ends = (
            timezone.make_aware(datetime.combine(day, clock))
            for day, clock in ((given["day"], given["begins"]), (last, given["finishes"]))
        )
        return starts, ends + timedelta(days=1) if f"{given['finishes']:%H:%M}" == "00:00" else ends


class ModeForm(forms.Form):
    """转入战时, or back."""

    street = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    to = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    why = forms.CharField(required=False)
