"""Forms only parse and carry what was typed; services decide whether it is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import DomainError, Invalid
from notifications.cards import CardKind
from notifications.services import Choices, Topic
from notifications.states import QUIET_FROM, QUIET_UNTIL, Channel, Pace


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """A service's refusal at the fields it names; what has no field here goes above the form."""
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, texts in (fields or {"": [error.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))


class CardForm(forms.Form):
    """One answer, and a few words if the kind of card takes them."""

    answer = forms.CharField(label=_("您的回复"), required=False, widget=forms.RadioSelect)
    note = forms.CharField(label=_("还想说的"), required=False, strip=False)

    def __init__(self, kind: CardKind, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"].widget = forms.RadioSelect(choices=kind.options)
        if not kind.note_allowed:
            del self.fields["note"]


class TextForm(forms.Form):
    """The wording of one part."""

    text = forms.CharField(label=_("文本"), required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


def _half_hours(between: tuple[time, time]) -> list[tuple[str, str]]:
    moments = [time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 30)]
    return [(f"{one:%H:%M}", f"{one.hour}:{one:%M}") for one in moments if between[0] <= one <= between[1]]


class PreferencesForm(forms.Form):
    """When each topic may go out on each channel, and the quiet hours."""

    starts = forms.ChoiceField(label=_("从晚上"), choices=_half_hours(QUIET_FROM))
    ends = forms.ChoiceField(label=_("到第二天早上"), choices=_half_hours(QUIET_UNTIL))

    def __init__(
        self, topics: Sequence[Topic], channels: Sequence[Channel], *args: Any, usual: bool = True, **options: Any
    ) -> None:
        """``usual``: the installation has quiet hours, so that everybody has some; else one may go without."""
        super().__init__(*args, **options)
        if not usual:
            for name in ("starts", "ends"):
                field: Any = self.fields[name]
                field.required, field.choices = False, [("", _("不设")), *field.choices]
        self.named = {(one.name, way): f"{one.name}-{way}" for one in topics for way in one.channels if way in channels}
        labels = {one.name: one.label for one in topics}
        for (topic, way), name in self.named.items():
            label = _("%(topic)s：%(channel)s") % {"topic": labels[topic], "channel": way.label}
            self.fields[name] = forms.ChoiceField(label=label, choices=Pace.choices, initial=Pace.NOW)

    def paces(self) -> Choices:
        """What was chosen, by topic and channel."""
        return {key: self.cleaned_data[name] for key, name in self.named.items() if name in self.cleaned_data}

    def hours(self) -> tuple[time | None, time | None]:
        """The quiet hours chosen."""
        starts, ends = (self.cleaned_data.get(name) for name in ("starts", "ends"))
        return (time.fromisoformat(starts) if starts else None, time.fromisoformat(ends) if ends else None)

    def rows(self) -> list[dict[str, Any]]:
        """By topic, its fields."""
        found: dict[str, list[forms.BoundField]] = {}
        for (topic, _way), name in self.named.items():
            found.setdefault(topic, []).append(self[name])
        return [{"topic": topic, "fields": fields} for topic, fields in found.items()]
