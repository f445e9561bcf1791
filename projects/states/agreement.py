"""States of an agreement and the table of its steps: 拟定 → 待确认 → 待签约 → 履行中 → 已结项; 已续签, 已终止.

An amendment (补充协议) goes the same way to its signing, by the same verbs.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("拟定")
    CONFIRMING = "confirming", _("待确认")
    TO_SIGN = "to_sign", _("待签约")
    RUNNING = "running", _("履行中")
    CLOSED = "closed", _("已结项")
    RENEWED = "renewed", _("已续签")
    ENDED = "ended", _("已终止")


class AmendmentState(models.TextChoices):
    DRAFT = "draft", _("拟定")
    CONFIRMING = "confirming", _("待确认")
    TO_SIGN = "to_sign", _("待签约")
    SIGNED = "signed", _("已签约")
    DROPPED = "dropped", _("不签了")


UNSIGNED = (AgreementState.DRAFT, AgreementState.CONFIRMING, AgreementState.TO_SIGN)
OPEN_STATES = (*UNSIGNED, AgreementState.RUNNING)
OPEN_AMENDMENTS = (AmendmentState.DRAFT, AmendmentState.CONFIRMING, AmendmentState.TO_SIGN)


class PaperVerb(models.TextChoices):
    """Everything that can happen to an agreement or an amendment."""

    WRITE = "write", _("拟定")
    EDIT = "edit", _("修改")
    SEND = "send", _("请单位确认")
    CONFIRM = "confirm", _("确认")
    DECLINE = "decline", _("想改一改")
    RECALL = "recall", _("收回修改")
    APPROVE = "approve", _("同意签约")
    REFUSE = "refuse", _("退回修改")
    SIGN = "sign", _("签约")
    DROP = "drop", _("不签了")
    SCAN = "scan", _("上传盖章页")
    APPOINT = "appoint", _("换专员")
    SHOW = "show", _("公开正文")
    LEAVE = "leave", _("一方退出")
    REVIEW = "review", _("期满评估")
    RENEW = "renew", _("续签")
    CLOSE = "close", _("结项")
    END = "end", _("提前终止")
    ASK_CLOSE = "ask_close", _("申请结项")
    ASK_END = "ask_end", _("申请提前终止")
    KEEP_ON = "keep_on", _("不结束，继续办")


class Ending(models.TextChoices):
    """How an agreement or a project is to end, as one colleague asks and another one agrees to: named as the verb."""

    CLOSE = PaperVerb.CLOSE, _("结项")
    END = PaperVerb.END, _("提前终止")
    FINISH = "finish", _("办完了")
    STOP = "stop", _("终止")


PAPER_ENDINGS = (Ending.CLOSE, Ending.END)
PROJECT_ENDINGS = (Ending.FINISH, Ending.STOP)


class Side(models.TextChoices):
    """What somebody is to an agreement."""

    KEEPER = "keeper", _("街道社区")
    APPROVER = "approver", _("审批的人")
    PARTY = "party", _("签约单位")
    COURSE = "course", _("事情本身")
    """Not a person: what follows from another step, such as the signing of what renews it."""


class Answer(models.TextChoices):
    """What a unit says to the text it was sent."""

    OPEN = "", _("等答复")
    YES = "yes", _("确认")
    NO = "no", _("想改一改")


class AnsweredBy(models.TextChoices):
    """How the answer came."""

    DESK = "desk", _("单位工作台")
    CARD = "card", _("短信链接")
    PAPER = "paper", _("书面")


_D, _C, _T, _R = AgreementState.DRAFT, AgreementState.CONFIRMING, AgreementState.TO_SIGN, AgreementState.RUNNING


def _step(verb: PaperVerb, source: str, target: str, *sides: Side) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(sides), label=verb.label)


def _until_signed(signed: str, dropped: str) -> list[Transition]:
    """From the first word to the signing: states of agreements and amendments have the same values up to there."""
    keeper, approver, party = Side.KEEPER, Side.APPROVER, Side.PARTY
    return [
        _step(PaperVerb.EDIT, _D, _D, keeper),
        _step(PaperVerb.SEND, _D, _C, keeper),
        _step(PaperVerb.CONFIRM, _C, _C, party, keeper),
        _step(PaperVerb.DECLINE, _C, _D, party),
        _step(PaperVerb.APPROVE, _C, _T, approver),
        _step(PaperVerb.REFUSE, _C, _D, approver),
        _step(PaperVerb.RECALL, _C, _D, keeper),
        _step(PaperVerb.RECALL, _T, _D, keeper),
        _step(PaperVerb.SIGN, _T, signed, keeper),
        *(_step(PaperVerb.DROP, state, dropped, keeper) for state in (_D, _C, _T)),
    ]


AGREEMENT_WORKFLOW = Workflow(
    initial=AgreementState.DRAFT,
    final=[AgreementState.CLOSED, AgreementState.RENEWED, AgreementState.ENDED],
    transitions=[
        *_until_signed(_R, AgreementState.ENDED),
        *(_step(PaperVerb.APPOINT, state, state, Side.KEEPER) for state in (_D, _C, _T, _R)),
        _step(PaperVerb.SCAN, _R, _R, Side.KEEPER),
        _step(PaperVerb.SHOW, _R, _R, Side.KEEPER),
        _step(PaperVerb.LEAVE, _R, _R, Side.KEEPER),
        _step(PaperVerb.REVIEW, _R, _R, Side.KEEPER),
        _step(PaperVerb.ASK_CLOSE, _R, _R, Side.KEEPER),
        _step(PaperVerb.ASK_END, _R, _R, Side.KEEPER),
        _step(PaperVerb.KEEP_ON, _R, _R, Side.KEEPER, Side.APPROVER),
        _step(PaperVerb.CLOSE, _R, AgreementState.CLOSED, Side.APPROVER),
        _step(PaperVerb.END, _R, AgreementState.ENDED, Side.APPROVER),
        _step(PaperVerb.RENEW, _R, AgreementState.RENEWED, Side.COURSE),
    ],
)

AMENDMENT_WORKFLOW = Workflow(
    initial=AmendmentState.DRAFT,
    final=[AmendmentState.SIGNED, AmendmentState.DROPPED],
    transitions=_until_signed(AmendmentState.SIGNED, AmendmentState.DROPPED),
)
