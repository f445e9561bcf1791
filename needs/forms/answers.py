"""The resident's answer: one of three, and two things that may stay empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from needs.states import Outcome, Satisfaction

ASKED = {
    Outcome.SOLVED: (_("还想说一句"), _("只算进总数，经办的人看不到。")),
    Outcome.PARTLY: (_("还差什么"), _("只给接着看这件事的人看，经办的人看不到。")),
    Outcome.UNSOLVED: (_("还想说一句"), _("经办的人看不到。要告诉接着办的人哪里没解决，交了以后在下一页补充。")),
}
"""By answer: what the line is called, and who reads it."""


class AnswerForm(forms.Form):
    """``sure``: sent from the second page, not by the first tap. ``round``: which time the question was put."""

    outcome = forms.CharField(widget=forms.HiddenInput, required=False)
    round = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sure = forms.CharField(widget=forms.HiddenInput, required=False, initial="1")
    words = forms.CharField(strip=False, required=False, widget=forms.Textarea)
    satisfaction = forms.ChoiceField(
        label=_("满意吗"), choices=Satisfaction.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, outcome: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label, hint = ASKED[Outcome(outcome)]
        self.fields["words"].label, self.fields["words"].help_text = label, hint
