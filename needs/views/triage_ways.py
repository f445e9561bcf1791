"""Where else a need may go: to somebody else, up, back, or to whom it really belongs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict
from deadlines.worktime import Calendar
from needs.forms import triage as forms
from needs.models import Need
from needs.presenting.under_way import running_errand
from needs.services import assigning, errands, extensions, triage, waiting
from needs.services.limits import default_reply_by
from needs.states import ExtensionState, State, Verb
from needs.views.errand_ways import ends_help, unit_leaves
from needs.views.steps import Step, by_all, by_why, by_words
from people.models import User


def _communities(need: Need, user: User) -> dict[str, Any]:
    return {"communities": [(area.code, area.name) for area in triage.communities_for(need)]}


USUAL = "_usual_day"


def usual_day(need: Need, cal: Calendar | None = None) -> date | None:
    """The day proposed for a promise; None where one is promised. Asked once for a page. ``cal``: as read before."""
    if USUAL not in need.__dict__:
        need.__dict__[USUAL] = None if need.reply_by else default_reply_by(cal)
    found: date | None = need.__dict__[USUAL]
    return found


def _assignees(need: Need, user: User) -> dict[str, Any]:
    return {
        "people": [(row.id, row.label) for row in assigning.assignees(need, user)],
        "units": [(unit.pk, str(unit)) for unit in assigning.units_to_ask(need)],
        "decides": need.state == State.PENDING,
        "usual": usual_day(need),
    }


def _assign(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.cleaned_data
    decided = {name: given[name] for name in ("reply_by", "nature", "urgent") if name in given}
    category = given.get("category")
    return assigning.assign_need(
        pk=pk,
        by=by,
        version=version,
        why=given["why"],
        seen_warnings=given["seen_warnings"],
        category_id=category.pk if category else None,
        **form.target(),
        **decided,
    )


def _extend(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.cleaned_data
    return extensions.ask_extension(pk=pk, by=by, version=version, until=given["until"], reason=given["reason"])


def _extended(need: Need) -> bool:
    """More time is asked for or was granted: once for a need."""
    return need.extensions.filter(state__in=[ExtensionState.WAITING, ExtensionState.GRANTED]).exists()


def _resume(pk: int, by: User, version: int, form: Any) -> Any:
    return waiting.resume_need(pk=pk, by=by, version=version)


def _errand(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.cleaned_data
    if given["client_key"] is None:
        raise Conflict
    return errands.publish_errand(
        need_pk=pk,
        by=by,
        version=version,
        client_key=given["client_key"],
        what=given["what"],
        where=given["where"],
        handover=given["handover"],
        seen_warnings=given["seen_warnings"],
    )


HELP = (
    Step(
        name="ask",
        verb=Verb.ASK,
        label=_("请居民补充"),
        hint=_("居民会收到；等居民补充时，答复的日子先停住。"),
        button=_("发给居民，停住时间"),
        done=_("已请居民补充，时间停住了。"),
        form=forms.ToResidentForm,
        tone="tell",
        take=by_words(waiting.ask_resident),
    ),
    Step(
        name="resume",
        verb=Verb.RESUME,
        label=_("恢复计时"),
        hint=_("不等了，接着办；剩下的时间从现在接着算。"),
        done=_("接着计时了。"),
        form=forms.PlainForm,
        take=_resume,
    ),
    Step(
        name="extend",
        verb=Verb.EXTEND,
        label=_("申请延期"),
        hint=_("一件事只能延一次，由别人审批；批了才告诉居民新的日子。"),
        done=_("延期申请交上去了，等审批。"),
        form=forms.ExtendForm,
        open_to=lambda need, user: not _extended(need),
        take=_extend,
    ),
)
"""While it is in hand."""
TRIAGE = (
    Step(
        name="assign",
        verb=Verb.ASSIGN,
        label=_("转给…"),
        hint=_("转给同事，由他接着办；请单位协助，仍由经办人答复居民。"),
        button=_("转过去"),
        done=_("转过去了，已经告诉接手的人。"),
        form=forms.AssignForm,
        arguments=_assignees,
        about=unit_leaves,
        take=_assign,
    ),
    Step(
        name="errand",
        verb=Verb.ERRAND,
        label=_("转跑腿"),
        hint=_("急的小事，马上发出去，谁先接谁跑；不用审批。"),
        button=_("发出去"),
        done=_("跑腿发出去了，有人接单就告诉您。"),
        form=forms.ErrandForm,
        open_to=lambda need, user: running_errand(need)[0] is None,
        take=_errand,
    ),
    Step(
        name="escalate",
        verb=Verb.ESCALATE,
        label=_("上报街道"),
        hint=_("社区办不了的，报给街道。街道接手前，居民看到“社区已报街道”。"),
        done=_("已上报街道。"),
        about=ends_help,
        take=by_why(triage.escalate_need),
    ),
    Step(
        name="send_back",
        verb=Verb.SEND_BACK,
        label=_("退回社区"),
        hint=_("社区能办的，退给社区。"),
        done=_("已退回社区。"),
        form=forms.SendBackForm,
        arguments=_communities,
        about=ends_help,
        take=by_all(triage.send_back_need),
    ),
    Step(
        name="return",
        verb=Verb.RETURN,
        label=_("不该我办，另派人"),
        hint=_("不该由您办的，接手不久可以交出来，还在这一级，由大家另外安排。"),
        done=_("已交出来，等别人接手。"),
        open_to=lambda need, user: triage.may_return(need),
        about=ends_help,
        take=by_why(triage.return_need),
    ),
    Step(
        name="decline",
        verb=Verb.DECLINE,
        label=_("不予受理"),
        hint=_("不归这里管的，告诉居民该找哪里。"),
        done=_("已告诉居民该找哪里。"),
        form=forms.DeclineForm,
        tone="off",
        about=ends_help,
        take=by_all(triage.decline_need),
    ),
)
