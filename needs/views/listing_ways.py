"""列入需求清单, 移出: what everybody may read of a need."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from needs.forms import triage as forms
from needs.models import Need
from needs.services import publishing
from needs.states import Verb
from needs.views.steps import Step, by_all
from people.models import User


def _unlist(pk: int, by: User, version: int, form: Any) -> Any:
    return publishing.unlist_need(pk=pk, by=by, version=version)


def _stands(need: Need) -> dict[str, str]:
    return {"line": gettext("现在写的是"), "said": need.listed_words}


LISTED = (
    Step(
        name="list",
        verb=Verb.LIST,
        label=_("列入需求清单"),
        hint=_("大家看得到：您写的这一句、类别、社区、办没办好。不写是谁，也不写原话。居民看得到列进去了。"),
        done=_("列进去了，大家看得到。"),
        form=forms.ListForm,
        take=by_all(publishing.list_need),
    ),
    Step(
        name="unlist",
        verb=Verb.UNLIST,
        label=_("移出需求清单"),
        done=_("移出来了，大家看不到了。"),
        form=forms.PlainForm,
        about=_stands,
        take=_unlist,
    ),
)
