"""What is typed on the page 时限与提醒. Services decide whether it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deadlines.models import StageRule
from deadlines.services.settings import FIRST, LAST, MOST_STEPS, Step
from deadlines.states import Audience, Unit

EMPTY_ROWS = 2
NUMBER = {"required": _("请填一个整数。"), "invalid": _("请填一个整数。")}


class LimitForm(forms.Form):
    """A number and its unit."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    amount = forms.IntegerField(
        label=_("时限"), error_messages=NUMBER, widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1})
    )
    unit = forms.ChoiceField(label=_("单位"), choices=Unit.choices)
    running = forms.BooleanField(label=_("正在计时的也按新的时限算"), required=False)

    @classmethod
    def of(cls, rule: StageRule) -> LimitForm:
        given = {"version": rule.version, "amount": rule.amount, "unit": rule.unit, "running": True}
        return cls(prefix="limit", initial=given)


class StepForm(forms.Form):
    """One rung; a row without a number is none."""

    offset = forms.IntegerField(
        label=_("到期后第几个工作日（提前填负数）"),
        required=False,
        error_messages=NUMBER,
        widget=forms.NumberInput(attrs={"min": FIRST, "max": LAST}),
    )
    audience = forms.ChoiceField(label=_("提醒谁"), choices=Audience.choices)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)


StepFormSet = forms.formset_factory(StepForm, extra=EMPTY_ROWS, max_num=MOST_STEPS + EMPTY_ROWS, absolute_max=40)


def steps_form(given: Mapping[str, Any] | None = None, steps: list[Step] | None = None) -> Any:
    """The rungs as a form: as typed, or as they are."""
    if given is not None:
        return StepFormSet(given, prefix="steps")
    initial = [{"offset": step.offset, "audience": step.audience, "is_active": step.is_active} for step in steps or []]
    return StepFormSet(prefix="steps", initial=initial)


def steps_of(forms: Any) -> list[Step]:
    """The rungs typed."""
    rows = [form.cleaned_data for form in forms]
    return [
        Step(row["offset"], row["audience"], row["is_active"]) for row in rows if row and row.get("offset") is not None
    ]
