"""The form of the next version of the rules. It carries what was typed; the service decides whether it is right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.admin import DAY
from points.figures import said as in_words
from points.models import Rule
from points.states import TENTHS

IN_POINTS = ("hour", "day_most", "wish", "errand")
WHOLE = ("step_minutes", "day_minutes", "organiser_percent", "keep_years", "notice_days", "pick_up_days")
MOST_LINES = 20


def _label(name: str) -> Any:
    field: Any = Rule._meta.get_field(name)
    return field.verbose_name


class RuleForm(forms.Form):
    """Filled in as ``present`` is. What is empty stays as it is now."""

    starts_on = forms.DateField(label=gettext_lazy("从哪天起"), widget=DAY)
    ends_on = forms.DateField(
        label=gettext_lazy("到哪天止"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("一直用就空着；到这天就不算了"),
    )
    coefficients = forms.CharField(
        label=gettext_lazy("系数"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一个：名称、空格、百分之几"),
    )

    def __init__(self, *args: Any, present: Rule, **kwargs: Any) -> None:
        self.present = present
        first = {name: in_words(getattr(present, name)) for name in IN_POINTS}
        first |= {name: getattr(present, name) for name in WHOLE}
        first["coefficients"] = "\n".join(f"{one['name']} {one['percent']}" for one in present.coefficients)
        super().__init__(*args, **{"label_suffix": "", "initial": first, **kwargs})
        for name in IN_POINTS:
            self.fields[name] = forms.DecimalField(label=_label(name), decimal_places=1, max_digits=8, min_value=0)
        for name in WHOLE:
            self.fields[name] = forms.IntegerField(label=_label(name), min_value=0, max_value=32_767)
        self.fields["organiser_percent"].label = _("组织者多百分之几")

    def groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The fields below their headings."""
        return (
            (_("什么时候"), ("starts_on", "ends_on")),
            (_("做一件事"), ("errand", "wish")),
            (_("服务时长"), ("hour", "step_minutes", "day_minutes", "day_most", "organiser_percent", "coefficients")),
            (_("用到什么时候"), ("keep_years", "notice_days", "pick_up_days")),
        )

    def said(self) -> dict[str, Any]:
        """What the service takes: tenths, and coefficients with the keys they have had so far."""
        given = self.cleaned_data
        numbers = {name: int(given[name] * TENTHS) for name in IN_POINTS} | {name: given[name] for name in WHOLE}
        days = {"starts_on": given["starts_on"], "ends_on": given["ends_on"]}
        return {**days, "coefficients": self._coefficients(given["coefficients"]), **numbers}

    def _coefficients(self, typed: str) -> list[dict[str, Any]]:
        known = {one["name"]: one["key"] for one in self.present.coefficients}
        found = []
        for line in [one.strip() for one in typed.splitlines() if one.strip()][:MOST_LINES]:
            name, _space, figure = line.rpartition(" ")
            percent = figure.strip().rstrip("%")
            number = int(percent) if percent.isascii() and percent.isdigit() and len(percent) < 6 else None
            found.append({"key": known.get(name.strip(), name.strip()), "name": name.strip(), "percent": number})
        return found


class WithdrawForm(forms.Form):
    """Why a version that has not begun is withdrawn."""

    why = forms.CharField(
        label=gettext_lazy("为什么撤回"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
