"""What is said about agreements. Polite words: units are guests. No message carries what staff wrote."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass, in_source_language
from notifications.states import Channel
from projects.models import Agreement, Amendment, Paper

NAME = frozenset({"name"})
SAMPLE = {
    "number": "GJ-CX-20261123-0003",
    "name": _("清厢之旅"),
    "office": _("某某街道"),
    "who": _("某某街道中心小学"),
    "day": _("11月28日"),
    "link": "https://tongxin.example/n/…/",
}
LINK = frozenset({"link"})


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class AgreementToConfirm(MessageClass):
    """A unit is asked whether the text is right."""

    label = _("请单位确认协议")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("请您看看协议“%(name)s”，没有问题就确认")
    body = _("%(office)s送来，编号%(number)s。想改的，也请点开说一声。")
    sms = _("%(office)s请您确认共建协议“%(name)s”，点开就能看全文、答复：%(link)s")
    sample = _sample("number", "name", "office", "link")
    must = NAME | LINK
    secret = LINK


class AgreementToConfirmAgain(AgreementToConfirm):
    """Nothing was said for some days."""

    label = _("再请单位看看协议")
    title = _("温馨提醒：协议“%(name)s”等您看看")
    sms = _("温馨提醒：共建协议“%(name)s”等您看看，点开就能答复：%(link)s")


class AgreementToApprove(MessageClass):
    """Every unit has confirmed."""

    label = _("协议等审批")
    title = _("协议“%(name)s”单位都确认了，等您审批")
    body = _("编号%(number)s，同意后可以签约。")
    sample = _sample("number", "name")
    must = NAME


class AgreementDeclined(MessageClass):
    """A unit would have it otherwise."""

    label = _("告诉拟定的人单位想改一改")
    title = _("%(who)s想改一改协议“%(name)s”")
    body = _("编号%(number)s，想改什么，点开看。")
    sample = _sample("number", "name", "who")
    must = NAME | {"who"}


class AgreementRefused(MessageClass):
    """Back to whoever wrote it."""

    label = _("告诉拟定的人协议退回了")
    title = _("协议“%(name)s”退回修改")
    body = _("编号%(number)s，为什么，点开看。")
    sample = _sample("number", "name")
    must = NAME


class AgreementApproved(MessageClass):
    """It may be signed."""

    label = _("告诉拟定的人可以签约了")
    title = _("协议“%(name)s”可以签约了")
    body = _("编号%(number)s。签好以后，请登记日期、地点，上传盖章页。")
    sample = _sample("number", "name")
    must = NAME


class AgreementSigned(MessageClass):
    """It stands."""

    label = _("告诉各方协议签好了")
    title = _("协议“%(name)s”签好了，谢谢您")
    body = _("编号%(number)s，从现在起正文不会再改动。")
    sample = _sample("number", "name")
    must = NAME


class AgreementTakenBack(MessageClass):
    """The text a unit was sent is not asked about any more."""

    label = _("告诉单位协议先收回")
    title = _("协议“%(name)s”先收回，改好再请您看")
    body = _("编号%(number)s，现在不用答复。")
    sample = _sample("number", "name")
    must = NAME


class AgreementDropped(MessageClass):
    """It is not signed at all."""

    label = _("告诉单位这份不签了")
    title = _("协议“%(name)s”不签了，谢谢您看过")
    body = _("编号%(number)s，不用再答复。")
    sample = _sample("number", "name")
    must = NAME


class AgreementEndsSoon(MessageClass):
    """A month before."""

    label = _("提醒协议快到期")
    title = _("温馨提醒：协议“%(name)s”%(day)s到期")
    body = _("编号%(number)s。续签还是结项，可以商量起来了。")
    sample = _sample("number", "name", "day")
    must = NAME | {"day"}


class AgreementIsOver(MessageClass):
    """The day after."""

    label = _("提醒期满评估")
    title = _("协议“%(name)s”到期了，请评估")
    body = _("编号%(number)s。写下办得怎么样，再续签或者结项。")
    sample = _sample("number", "name")
    must = NAME


class AgreementEnded(MessageClass):
    """It does not run any more."""

    label = _("告诉各方协议结束了")
    title = _("协议“%(name)s”结束了，谢谢您")
    body = _("编号%(number)s，情况点开看。")
    sample = _sample("number", "name")
    must = NAME


class AgreementToEnd(MessageClass):
    """One colleague asks that it ends."""

    label = _("协议等同意结束")
    title = _("有同事申请结束协议“%(name)s”，请您看看")
    body = _("编号%(number)s。为什么，点开看；同意了才结束。")
    sample = _sample("number", "name")
    must = NAME


class AgreementKept(MessageClass):
    """It goes on, to whoever had asked."""

    label = _("告诉申请的人协议不结束")
    title = _("协议“%(name)s”先不结束")
    body = _("编号%(number)s，为什么，点开看。")
    sample = _sample("number", "name")
    must = NAME


AT_DESK = frozenset(
    {AgreementToConfirm, AgreementToConfirmAgain, AgreementTakenBack, AgreementDropped, AgreementSigned}
)
IN_OFFICE = frozenset(
    {
        AgreementToEnd,
        AgreementKept,
        AgreementToApprove,
        AgreementDeclined,
        AgreementRefused,
        AgreementApproved,
        AgreementIsOver,
    }
)


def about(kind: type[MessageClass], paper: Paper, *, link: str = "", **more: str) -> MessageClass:
    """The message ``kind`` about an agreement or amendment. ``link`` is the card's: it goes out and is not kept."""
    agreement = paper.agreement if isinstance(paper, Amendment) else paper
    if not isinstance(agreement, Agreement):
        raise TypeError("no agreement")
    every = {"number": number_of(paper), "name": _name_of(paper), "office": agreement.area.name, **more}
    return kind(
        params={name: every[name] for name in kind.sample if name not in kind.secret},
        secrets={"link": link} if "link" in kind.secret else None,
        area_code=agreement.area_id,
        subject_label=agreement.number,
        url=_page(kind, agreement),
    )


def _name_of(paper: Paper) -> str:
    """What it is called in what is said of it: an amendment is never taken for the agreement itself."""
    if isinstance(paper, Amendment):
        named = {"name": paper.agreement.theme, "n": paper.ordinal}
        return in_source_language(_("%(name)s（补充协议%(n)d）"), named)
    return str(getattr(paper, "theme", ""))


def _page(kind: type[MessageClass], agreement: Agreement) -> str:
    """Where whoever is told goes on: a unit at its desk, staff in the workbench; of what is signed, the check page."""
    if kind in AT_DESK:
        return reverse("desk:agreement", args=[agreement.pk])
    if kind in IN_OFFICE:
        return reverse("admin:projects_agreement_change", args=[agreement.pk])
    return reverse("projects:check", args=[agreement.number])


def number_of(paper: Paper) -> str:
    """GJ-…, of an amendment GJ-…-补1."""
    if isinstance(paper, Amendment):
        return f"{paper.agreement.number}-补{paper.ordinal}"
    return str(getattr(paper, "number", ""))
