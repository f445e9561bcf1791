"""What every form does with typed text, and how Django's own refusals are worded."""

from __future__ import annotations

import pytest
from django import forms
from django.utils import translation


class Little(forms.Form):
    name = forms.CharField(max_length=5)
    note = forms.CharField(required=False, strip=False, min_length=2)
    floor = forms.IntegerField(required=False, max_value=99)


@pytest.mark.parametrize("typed", ["灯\x00坏了", "\u202e灯坏\u200b了\ufeff", "灯坏了\x07"])
def test_signs_nobody_can_see_are_left_out_not_refused(typed: str) -> None:
    form = Little({"name": typed, "note": f"{typed}\n"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "灯坏了"
    assert form.cleaned_data["note"] == "灯坏了\n"


def test_what_remains_empty_is_empty() -> None:
    form = Little({"name": "\x00\u200b", "note": "\x00"})
    assert list(form.errors) == ["name"]


def test_refusals_are_worded_our_way() -> None:
    with translation.override("zh-hans"):
        form = Little({"name": "一二三四五六七", "note": "一", "floor": "100"})
        said = {name: list(texts) for name, texts in form.errors.items()}
    assert said == {
        "name": ["最多5个字，现在有7个，请删短一些。"],
        "note": ["至少2个字，现在有1个。"],
        "floor": ["最大填99。"],
    }
