"""The ways to go on with a need, in the order in which they stand on its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from needs.forms import triage as forms
from needs.services import call_back as calling
from needs.services import finishing
from needs.states import Verb
from needs.views.steps import Step, by_words
from people.models import User

SETTLED = "settled"


def _called_back(pk: int, by: User, version: int, form: Any) -> Any:
    words = form.cleaned_data["words"]
    return calling.call_back(pk=pk, by=by, version=version, words=words, settled=form.choice == SETTLED)


WAYS = {
    step.name: step
    for step in (
        Step(
            name="call_back",
            verb=Verb.CALL_BACK,
            label=_("回访"),
            hint=_("居民说没解决，请您打电话问问，把说的记下来，再定怎么办。"),
            buttons=(("again", _("交街道再办")), (SETTLED, _("谈好了，办结"))),
            done=_("回访记下了。"),
            form=forms.CallBackForm,
            tone="main",
            unfolded=True,
            take=_called_back,
        ),
        Step(
            name="finish",
            verb=Verb.FINISH,
            label=_("办好了"),
            hint=_("写怎么办的、结果怎样。居民会收到，并请居民评价；这件事就不在您手里了。"),
            button=_("办好了，请居民评价"),
            done=_("已告诉居民办好了，等居民评价。"),
            form=forms.ToResidentForm,
            tone="finish",
            take=by_words(finishing.finish_need),
        ),
    )
}
