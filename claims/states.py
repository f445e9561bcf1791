"""States of offers and claims and the table of a claim's steps: pure names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow
from people.states import COMMUNITY_ROLES, STREET_ROLES, Role


class OfferState(models.TextChoices):
    """An offer is open until it is taken up wholly and done, withdrawn, or its window has passed."""

    OPEN = "open", _("可认领")
    CLOSED = "closed", _("已结束")


class Ending(models.TextChoices):
    """Why an offer closed."""

    FULFILLED = "fulfilled", _("都完成了")
    WITHDRAWN = "withdrawn", _("撤下了")
    LAPSED = "lapsed", _("到期了")


class ClaimState(models.TextChoices):
    """One claim, from the tap to the thanks."""

    CLAIMED = "claimed", _("已认领")
    DELIVERING = "delivering", _("送达中")
    AWAITING = "awaiting", _("待确认")
    COMPLETED = "completed", _("已完成")
    RETURNED = "returned", _("已退回")
    EXPIRED = "expired", _("没来得及送到")


ON_THE_WAY = (ClaimState.CLAIMED, ClaimState.DELIVERING)
"""Somebody has it in hand and has not brought it yet."""
LIVE = (ClaimState.CLAIMED, ClaimState.DELIVERING, ClaimState.AWAITING)
"""Somebody has it in hand."""
HOLDING = (*LIVE, ClaimState.COMPLETED)
"""A share is taken: it cannot be claimed again."""


class Party(models.TextChoices):
    """What somebody is to a claim."""

    CLAIMER = "claimer", _("认领的人")
    KEEPER = "keeper", _("社区")
    RECEIVER = "receiver", _("收的人")
    CLOCK = "clock", _("到期")


class Verb(models.TextChoices):
    """Everything that can happen to a claim."""

    CLAIM = "claim", _("我来认领")
    SEND = "send", _("开始送")
    DELIVER = "deliver", _("报告送达")
    CONFIRM = "confirm", _("代确认")
    NOT_THERE = "not_there", _("没收到")
    RETURN = "return", _("退回认领")
    RELEASE = "release", _("收回")
    EXPIRE = "expire", _("没来得及送到")


KEEPERS = frozenset(COMMUNITY_ROLES | STREET_ROLES | {Role.GRID_LEAD, Role.GRID_FULL}) - {Role.LEADER}
"""Roles that accompany and confirm where the offer is from."""

_C, _D, _A = ClaimState.CLAIMED, ClaimState.DELIVERING, ClaimState.AWAITING


def _step(verb: Verb, source: ClaimState, target: ClaimState, *parties: Party) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(parties), label=verb.label)


CLAIM_WORKFLOW = Workflow(
    initial=ClaimState.CLAIMED,
    final=[ClaimState.COMPLETED, ClaimState.RETURNED, ClaimState.EXPIRED],
    transitions=[
        _step(Verb.SEND, _C, _D, Party.CLAIMER, Party.KEEPER),
        _step(Verb.DELIVER, _C, _A, Party.CLAIMER, Party.KEEPER),
        _step(Verb.DELIVER, _D, _A, Party.CLAIMER, Party.KEEPER),
        _step(Verb.RETURN, _C, ClaimState.RETURNED, Party.CLAIMER),
        _step(Verb.RETURN, _D, ClaimState.RETURNED, Party.CLAIMER),
        _step(Verb.RELEASE, _C, ClaimState.RETURNED, Party.KEEPER),
        _step(Verb.RELEASE, _D, ClaimState.RETURNED, Party.KEEPER),
        _step(Verb.EXPIRE, _C, ClaimState.EXPIRED, Party.CLOCK),
        _step(Verb.EXPIRE, _D, ClaimState.EXPIRED, Party.CLOCK),
        _step(Verb.CONFIRM, _A, ClaimState.COMPLETED, Party.KEEPER),
        _step(Verb.CONFIRM, _D, ClaimState.COMPLETED, Party.RECEIVER),
        _step(Verb.NOT_THERE, _A, _D, Party.KEEPER),
    ],
)
