"""Forms of several lines: milestones, measures, scores. Empty lines are no lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from alliance.lib.seen import SeenField
from projects.states import Consequence
from resources.forms.acts import DAY_WRONG, ActForm, NearDay

LEAST, SPARE = 4, 2


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text)


def _weight(number: int) -> forms.IntegerField:
    return forms.IntegerField(label=_("第%(n)d项占比（%%）") % {"n": number}, required=False)


class PlanForm(ActForm):
    """排节点."""

    def __init__(self, *args: Any, steps: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = range(1, max(LEAST, len(steps) + SPARE) + 1)
        for number in self.lines:
            known = steps[number - 1] if number <= len(steps) else None
            self.fields[f"name{number}"] = _line(
                _("第%(n)d个节点") % {"n": number}, _("例如：完成招标") if number == 1 else ""
            )
            self.fields[f"weight{number}"] = _weight(number)
            self.fields[f"due{number}"] = forms.DateField(
                label=_("第%(n)d个在哪天前") % {"n": number}, required=False, widget=DAY, error_messages=DAY_WRONG
            )
            if known is not None:
                said = {"name": known.name, "weight": known.weight, "due": known.due_on}
                self.initial.update({f"{name}{number}": value for name, value in said.items()})

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        rows = [
            {"name": name, "weight": found.get(f"weight{number}"), "due_on": found.get(f"due{number}")}
            for number in self.lines
            if (name := found.get(f"name{number}"))
        ]
        return {"milestones": rows}


class ScaleForm(ActForm):
    """定考核办法."""

    def __init__(self, *args: Any, yardsticks: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = range(1, max(LEAST, len(yardsticks) + 1) + 1)
        for number in self.lines:
            self.fields[f"name{number}"] = _line(
                _("第%(n)d项考核什么") % {"n": number}, _("例如：满意度、质量、价格、数量") if number == 1 else ""
            )
            self.fields[f"weight{number}"] = _weight(number)
            if number <= len(yardsticks):
                one = yardsticks[number - 1]
                self.initial.update({f"name{number}": one.name, f"weight{number}": one.weight})

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        rows = [
            {"name": name, "weight": found.get(f"weight{number}") or 0}
            for number in self.lines
            if (name := found.get(f"name{number}"))
        ]
        return {"yardsticks": rows}


class PastDay(NearDay):
    """A day of the project: it may have begun longer ago than five years. That it is not before, the service says."""

    farthest = timedelta(days=20 * 366)


class AssessForm(ActForm):
    """考核 of one period; ``wrong``: assessments that it may put right."""

    first_day = PastDay(label=_("从哪天"))
    last_day = PastDay(label=_("到哪天"), initial=timezone.localdate)

    def __init__(
        self, *args: Any, yardsticks: Sequence[Any], wrong: Iterable[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = [one.name for one in yardsticks]
        for number, one in enumerate(yardsticks, start=1):
            said = {"name": one.name, "weight": one.weight}
            self.fields[f"points{number}"] = forms.DecimalField(
                label=_("%(name)s（占%(weight)d%%）得几分") % said, required=False, help_text=_("0到100")
            )
            self.fields[f"evidence{number}"] = _line(
                _("%(name)s的依据") % said, _("例如：问卷60份") if number == 1 else ""
            )
        self.fields["consequence"] = forms.ChoiceField(label=_("怎么处理"), choices=Consequence.choices)
        self.fields["words"] = forms.CharField(
            label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["seen_warnings"] = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
        self.fields["client_key"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
        if choices := [(str(pk), label) for pk, label in wrong]:
            self.fields["replaces"] = forms.TypedChoiceField(
                label=_("更正哪一次"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("不是更正")), *choices],
            )

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        scores = [
            {"name": name, "points": found.get(f"points{number}"), "evidence": found.get(f"evidence{number}", "")}
            for number, name in enumerate(self.names, start=1)
        ]
        names = ("first_day", "last_day", "consequence", "words", "client_key", "seen_warnings")
        return {**{name: found.get(name) for name in names}, "replaces": found.get("replaces"), "scores": scores}
