"""That an agreement or a project ends, as another one asked: the two answers, the same for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from projects.forms.acts import WordsForm
from projects.permissions import approves
from projects.states import PaperVerb
from resources.admin.acts import Act, simply

Take = Callable[..., Any]
BY_TWO = _("送给党建办、分管领导或者科室负责人，另一位同意了才结束。")
ASKED = _("申请了，另一位同意了才结束。")


def ending_acts(able: Take, agree: Take, keep: Take, done: Text) -> tuple[Act, ...]:
    """``able`` (person, row): their abilities, which name the way it was asked to end."""
    return (
        Act(
            name="agree_to_end",
            verb=None,
            label=_("同意结束"),
            take=simply(agree),
            done=done,
            hint=_("申请的人和为什么，写在上面。同意以后不能再开。"),
            tone="main",
            unfolded=True,
            fits=lambda row, user: bool(row.ending) and row.ending in able(user, row),
            late=lambda row, user: approves(user, row.area_id),
        ),
        Act(
            name="keep_on",
            verb=PaperVerb.KEEP_ON,
            label=_("不结束，继续办"),
            take=simply(keep),
            done=_("好的，继续办。"),
            form=WordsForm,
        ),
    )
