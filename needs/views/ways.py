"""The ways to go on with a need, in the order in which they stand on its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound
from needs import wording
from needs.forms import triage as forms
from needs.models import Need
from needs.services import call_back as calling
from needs.services import extension_clock, extensions, finishing
from needs.states import Verb
from needs.views.errand_ways import ERRAND, called_off
from needs.views.listing_ways import LISTED
from needs.views.steps import Step, by_words
from needs.views.triage_ways import HELP, TRIAGE
from people.models import User

AGAIN, SETTLED, GRANTED, REFUSED = "again", "settled", "granted", "refused"


def _called_back(pk: int, by: User, version: int, form: Any) -> Any:
    words = form.cleaned_data["words"]
    return calling.call_back(pk=pk, by=by, version=version, words=words, settled=form.choice == SETTLED)


def _decide(pk: int, by: User, version: int, form: Any) -> Any:
    need = Need.objects.visible_to(by).filter(pk=pk).first()
    asked = extensions.latest_extension(need) if need else None
    if asked is None:
        raise NotFound
    granted, words = form.choice == GRANTED, form.cleaned_data["words"]
    return extensions.decide_extension(pk=asked.pk, by=by, granted=granted, words=words, version=version)


def _decides(need: Need, user: User) -> bool:
    asked = extensions.waiting_extension(need)
    return asked is not None and asked.asked_by_id != user.pk


def _asked(need: Need) -> dict[str, str]:
    """Who asked for how much more, and why."""
    asked = extensions.waiting_extension(need)
    if asked is None:
        return {}
    facts = {"who": asked.asked_by.name, "before": wording.day(asked.before), "until": wording.day(asked.until)}
    line = gettext("%(who)s申请从%(before)s延到%(until)s") % facts
    if last := extension_clock.last_day(asked):
        line = gettext("%(line)s，请在%(day)s前审批") % {"line": line, "day": wording.day(last)}
    return {"line": line, "said": asked.reason}


def _let_go(need: Need) -> dict[str, str]:
    """Who is let go when it is done: whoever runs the errand, the unit that was asked."""
    lines = [called_off(need).get("line", "")]
    if need.unit:
        lines.append(
            gettext("请了%(unit)s帮忙，还没有回复办好：这样办，就不用它帮了，会告诉它。") % {"unit": need.unit}
        )
    said = "".join(line for line in lines if line)
    return {"line": said} if said else {}


DECISIONS = (
    Step(
        name="call_back",
        verb=Verb.CALL_BACK,
        label=_("回访"),
        hint=_("请您打电话问问居民办得怎么样，把说的记下来，再定怎么办。"),
        buttons=(
            (AGAIN, _("交街道再办"), _("回到街道，等受理；居民看到“转到街道重新办，等接手”。")),
            (SETTLED, _("谈好了，办结"), _("这件事到此办结；居民看到“分管领导给您打过电话，谈好办结”。")),
        ),
        done=_("回访记下了。"),
        form=forms.CallBackForm,
        tone="main",
        unfolded=True,
        take=_called_back,
    ),
    Step(
        name="decide",
        verb=Verb.GRANT,
        label=_("审批延期"),
        buttons=(
            (GRANTED, _("同意延期"), _("居民收到新的日子。")),
            (REFUSED, _("不同意"), _("还按原来的日子，居民不知道申请过。")),
        ),
        done=_("批好了，已经告诉申请的人。"),
        form=forms.DecideForm,
        tone="main",
        unfolded=True,
        open_to=_decides,
        about=_asked,
        take=_decide,
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
        about=_let_go,
        take=by_words(finishing.finish_need),
    ),
)
WAYS = {step.name: step for step in (*DECISIONS, *ERRAND, *HELP, *TRIAGE, *LISTED)}
