"""The ways to go on with an agreement, in the order of its page; its open amendment has the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.models import User
from projects import services
from projects.admin.amendment_acts import ADDED_ACTS, on_paper, silent
from projects.admin.ending_acts import ASKED, BY_TWO, ending_acts
from projects.forms import acts as forms
from projects.models import Agreement
from projects.permissions import agreement_abilities
from projects.services.ending import may_review
from projects.services.fields import colleagues
from projects.states import PaperVerb
from resources.admin.acts import Act, simply
from resources.forms.acts import ActForm


def _paper(service: Callable[..., Any]) -> Callable[[int, User, int, Any], Any]:
    """The service takes every field of the form, for the agreement itself."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return service(of=Agreement, pk=pk, by=by, version=version, **form.given())

    return take


def _people(row: Any, user: User) -> dict[str, Any]:
    people = [(one.pk, one.name) for one in colleagues(row.area_id)]
    return {"people": people, "initial": {"commissioner": row.commissioner_id}}


def _present(row: Any, user: User) -> dict[str, Any]:
    return {"parties": [(party.pk, party.name) for party in row.parties.all() if party.left_on is None]}


def _show(is_public: bool) -> Callable[[int, User, int, Any], Any]:
    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return services.show_agreement(pk=pk, by=by, version=version, is_public=is_public)

    return take


ACTS = (
    Act(
        name="send",
        verb=PaperVerb.SEND,
        label=_("请单位确认"),
        take=_paper(services.send_paper),
        done=_("送出去了，单位会收到短信。"),
        hint=_("送出去以后正文就定了，要改得先收回。"),
        tone="main",
        unfolded=True,
    ),
    Act(
        name="approve",
        verb=PaperVerb.APPROVE,
        label=_("同意签约"),
        take=_paper(services.approve_paper),
        done=_("同意了，可以签约。"),
        tone="main",
        unfolded=True,
    ),
    Act(
        name="refuse",
        verb=PaperVerb.REFUSE,
        label=_("退回修改"),
        button=_("退回给拟稿的"),
        take=_paper(services.refuse_paper),
        done=_("退回了。"),
        form=forms.WordsForm,
    ),
    Act(
        name="on_paper",
        verb=PaperVerb.CONFIRM,
        label=_("登记书面确认"),
        button=_("记下这家的确认"),
        take=on_paper,
        done=_("记下了。"),
        form=forms.PaperForm,
        hint=_("只用于没有联络员的单位。"),
        fits=lambda row, user: bool(silent(row)),
        arguments=lambda row, user: {"asks": silent(row)},
    ),
    Act(
        name="recall",
        verb=PaperVerb.RECALL,
        label=_("收回修改"),
        button=_("收回来改"),
        take=_paper(services.recall_paper),
        done=_("收回了，可以改。"),
        form=forms.WordsForm,
    ),
    *ending_acts(agreement_abilities, services.agree_to_end, services.keep_agreement, _("结束了，各方会收到消息。")),
    Act(
        name="review",
        verb=PaperVerb.REVIEW,
        label=_("期满评估"),
        button=_("写下评估"),
        take=simply(services.review_agreement),
        done=_("写下了。"),
        form=forms.ReviewForm,
        fits=lambda row, user: may_review(row),
    ),
    Act(
        name="renew",
        verb=PaperVerb.REVIEW,
        label=_("续签"),
        button=_("照这份拟一份新的"),
        take=simply(services.renew_agreement),
        done=_("新的一份拟好了，请看一遍再送单位确认。"),
        form=forms.RenewForm,
        fits=lambda row, user: bool(row.review),
    ),
    Act(
        name="close",
        verb=PaperVerb.ASK_CLOSE,
        label=_("申请结项"),
        take=simply(services.ask_close),
        done=ASKED,
        form=forms.WordsForm,
        hint=BY_TWO,
        fits=lambda row, user: bool(row.review),
    ),
    *ADDED_ACTS,
    Act(
        name="appoint",
        verb=PaperVerb.APPOINT,
        label=_("换专员"),
        button=_("换成这位"),
        take=simply(services.appoint_commissioner),
        done=_("换好了。"),
        form=forms.AppointForm,
        arguments=_people,
    ),
    Act(
        name="show",
        verb=PaperVerb.SHOW,
        label=_("公开正文"),
        take=_show(True),
        done=_("公开了。单位都同意列名的，大家看得到全文。"),
        fits=lambda row, user: not row.is_public,
        form=ActForm,
    ),
    Act(
        name="hide",
        verb=PaperVerb.SHOW,
        label=_("不公开正文"),
        take=_show(False),
        done=_("不公开了，还可以核对。"),
        fits=lambda row, user: row.is_public,
    ),
    Act(
        name="leave",
        verb=PaperVerb.LEAVE,
        label=_("一方退出"),
        button=_("登记退出"),
        take=simply(services.leave_agreement),
        done=_("记下了。"),
        form=forms.LeaveForm,
        fits=lambda row, user: len(_present(row, user)["parties"]) > 1,
        arguments=_present,
    ),
    Act(
        name="end",
        verb=PaperVerb.ASK_END,
        label=_("申请提前终止"),
        button=_("申请终止这份协议"),
        tone="danger",
        take=simply(services.ask_end),
        done=ASKED,
        form=forms.WordsForm,
        hint=BY_TWO,
    ),
    Act(
        name="drop",
        verb=PaperVerb.DROP,
        label=_("不签了"),
        button=_("这份不签了"),
        tone="danger",
        take=_paper(services.drop_paper),
        done=_("不签了。"),
        form=forms.WordsForm,
    ),
)
