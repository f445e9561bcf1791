"""Forms only parse and carry what was typed; services decide whether it is right."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deadlines.services.calendar import MOST_PERIODS
from deadlines.services.workday_file import NAME_LENGTH

MOST_BYTES = 300_000


class DayForm(forms.Form):
    """One day."""

    working = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("1", _("上班")), ("0", _("休息"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选上班还是休息。"), "invalid_choice": _("请选上班还是休息。")},
    )
    name = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("如“国庆节”“国庆节调休”"),
        error_messages={"max_length": _("说明请不要超过%(limit_value)s个字。")},
    )


class FileForm(forms.Form):
    """A list of days to look at first."""

    file = forms.FileField(
        label=_("文件"),
        error_messages={"required": _("请选一个CSV文件。"), "empty": _("这个文件是空的。")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    fill = forms.BooleanField(
        label=_("其余的日子"),
        required=False,
        help_text=_("文件里是全年的安排：没列出的日子按周一到周五，这一年就录完了"),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件太大了。一年的安排只有几百行，请检查是不是选错了文件。"))
        return file


class SureForm(forms.Form):
    """The same list, looked at and wanted."""

    text = forms.CharField(strip=False, widget=forms.HiddenInput)
    fill = forms.BooleanField(required=False, widget=forms.HiddenInput)


class HoursForm(forms.Form):
    """From … to …, one pair a row; an empty row is no period."""

    starts = forms.TimeField(
        label=pgettext_lazy("office hours", "上班"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("office hours", "下班"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name, text in (("starts", _("请填上班时间。")), ("ends", _("请填下班时间。"))):
            if not self.errors and any(given.values()) and given.get(name) is None:
                self.add_error(name, text)
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("下班时间要晚于上班时间。"))
        return given


class HoursFormSet(forms.BaseFormSet):
    """The periods of a working day."""

    def clean(self) -> None:
        """A span that begins before another ends is told so where it stands."""
        spans = sorted(
            (form.cleaned_data["starts"], form.cleaned_data["ends"], number)
            for number, form in enumerate(self.forms)
            if not form.errors and form.cleaned_data.get("starts") and form.cleaned_data.get("ends")
        )
        for earlier, later in pairwise(spans):
            if later[0] < earlier[1]:
                said = _("和第%(n)d段不能重叠，请错开。") % {"n": earlier[2] + 1}
                self.forms[later[2]].add_error("starts", said)

    def periods(self) -> list[tuple[time, time]]:
        """What was filled in."""
        pairs = [(form.cleaned_data.get("starts"), form.cleaned_data.get("ends")) for form in self.forms]
        return [(starts, ends) for starts, ends in pairs if starts is not None and ends is not None]


HoursForms = forms.formset_factory(HoursForm, formset=HoursFormSet, extra=1, max_num=MOST_PERIODS, validate_max=True)
