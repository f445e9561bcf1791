"""Forms of the desk about agreements, projects, livelihood items and the service menu."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from resources.forms.acts import ActForm, NearDay, ReasonForm

ANYWHERE, SOME = "any", "some"
NUMBER = {"invalid": _("请填一个数。")}
STALE = re.compile(r"^\d{4}-\d{2}-\d{2}(@\d{1,6})?$")
CHOOSE = {"required": _("请选一个。"), "invalid_choice": _("请选一个。")}


def _words(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, strip=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class AnswerForm(ActForm):
    """What a unit says to the text it has read: ``sha256`` names that text."""

    ask = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class YesForm(AnswerForm):
    """确认."""

    words = _words(_("说一句"))


class NoForm(AnswerForm):
    """想改一改."""

    words = _words(_("想改什么"), _("哪一条、怎么改，写得越具体越好"), 3)


class PartForm(ActForm):
    """For which unit it is said."""

    unit = forms.IntegerField(widget=forms.HiddenInput)


class LeaveForm(ReasonForm):
    """退出, or 退回认领."""

    unit = forms.IntegerField(widget=forms.HiddenInput)


class ReachForm(ActForm):
    """完成节点: when, what can be seen of it, photos."""

    milestone = forms.IntegerField(widget=forms.HiddenInput)
    done_on = NearDay(label=_("哪天完成的"), initial=timezone.localdate)
    evidence = _words(_("办成了什么"), _("一两句，大家看得到"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    photos = forms.FileField(label=_("拍张照"), required=False)
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class SeenForm(ActForm):
    """One of whose choices says as what something was seen (``projects.presenting.periods``)."""

    chosen = ""

    def stale_choice(self, value: str) -> None:
        """What was seen earlier is taken as it was sent: the service says that it is stale, and nothing is lost."""
        field: Any = self.fields[self.chosen]
        day = value.partition("@")[0]
        if STALE.match(value) and any(known.partition("@")[0] == day for known, _label in field.choices):
            field.choices = [(value if k.partition("@")[0] == day else k, label) for k, label in field.choices]

    def renew(self, choices: Iterable[tuple[str, str]]) -> None:
        """The choices as they stand by now; the one that was sent, too: sending it again is a decision."""
        field: Any = self.fields[self.chosen]
        field.choices = found = list(choices)
        again: Any = self.data
        again = again.copy()
        day = again.get(self.chosen, "").partition("@")[0]
        again[self.chosen] = next((value for value, _label in found if value.partition("@")[0] == day), "")
        self.data = again


class FigureForm(SeenForm):
    """The figure of one period. A choice is the period's first day and, behind @, as what the figure was seen."""

    chosen = "period"

    indicator = forms.IntegerField(widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("哪一期"), error_messages=CHOOSE)
    value = forms.CharField(label=_("数字"), required=False, max_length=20)
    note = forms.CharField(label=_("说明"), required=False, max_length=120, help_text=_("可以不写"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], measure: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period: Any = self.fields["period"]
        period.choices = list(periods)
        self.fields["value"].label = _("数字（%(measure)s）") % {"measure": measure}
        self.fields["value"].widget.attrs["inputmode"] = "decimal"


class ReportForm(SeenForm):
    """The month's report of a livelihood item."""

    chosen = "month"

    month = forms.ChoiceField(label=_("哪个月"), error_messages=CHOOSE)
    percent = forms.IntegerField(label=_("办到百分之几"), error_messages={**NUMBER, "required": _("请填0到100。")})
    words = _words(_("这个月办了什么"), _("一两句，大家看得到"))
    why_less = forms.CharField(
        label=_("为什么改低"), required=False, help_text=_("比这个月上次报的低才写，例如：上次多算了两台")
    )
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, months: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month: Any = self.fields["month"]
        month.choices = list(months)
        self.fields["percent"].widget.attrs["inputmode"] = "numeric"


class SignUpForm(ActForm):
    """报名 for a service of the menu: for which communities, and how."""

    unit = forms.IntegerField(widget=forms.HiddenInput)
    where = forms.ChoiceField(
        label=_("去哪里做"),
        required=False,
        choices=((ANYWHERE, _("哪里需要去哪里")), (SOME, _("只去这些社区"))),
        widget=forms.RadioSelect,
    )
    covers = forms.MultipleChoiceField(
        label=_("只去哪些社区"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("还没有的排在前面")
    )
    does = _words(_("怎么做"), _("例如：每月第一个周三上门，一次两位医生"))

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covers: Any = self.fields["covers"]
        covers.choices = list(places)

    def clean(self) -> dict[str, Any]:
        """Ticks that stand under 哪里需要去哪里 do not count."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("where") == ANYWHERE:
            given["covers"] = []
        elif given.get("where") == SOME and not given.get("covers") and "covers" not in self.errors:
            self.add_error("covers", _("请至少选一个社区。"))
        return given
