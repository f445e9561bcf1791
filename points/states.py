"""Kinds of accounts and of postings, and what each posting moves from where to where: pure names.

Amounts are whole numbers of **tenths of a point**: half an hour at a coefficient of 1.2 is worth 0.6.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow

TENTHS = 10
"""Tenths in a point."""


class Kind(models.TextChoices):
    """Whose account it is: somebody's, or one of the four that everybody of a street shares."""

    PERSON = "person", _("个人")
    ISSUED = "issued", _("发放")
    HELD = "held", _("冻结")
    SPENT = "spent", _("已兑换")
    EXPIRED = "expired", _("已到期")


SHARED = (Kind.ISSUED, Kind.HELD, Kind.SPENT, Kind.EXPIRED)
"""Nobody waits for their rows: lines are appended and folded into the balance later."""


class Posting(models.TextChoices):
    """Why points move."""

    AWARD = "award", _("得分")
    HOLD = "hold", _("兑换")
    SPEND = "spend", _("已领取")
    RELEASE = "release", _("退回")
    EXPIRE = "expire", _("到期")
    REVERSE = "reverse", _("冲正")
    CLOSE = "close", _("销户")


FLOWS = {
    Posting.AWARD: (Kind.ISSUED, Kind.PERSON),
    Posting.HOLD: (Kind.PERSON, Kind.HELD),
    Posting.SPEND: (Kind.HELD, Kind.SPENT),
    Posting.RELEASE: (Kind.HELD, Kind.PERSON),
    Posting.EXPIRE: (Kind.PERSON, Kind.EXPIRED),
    Posting.CLOSE: (Kind.PERSON, Kind.EXPIRED),
    Posting.REVERSE: (Kind.PERSON, Kind.ISSUED),
}
"""From → to. A trigger of the database refuses any other."""
BACKWARD = {Posting.RELEASE: Posting.HOLD, Posting.REVERSE: Posting.AWARD}
"""Postings that take another one back, line by line."""


class CorrectionState(models.TextChoices):
    """How a question about one's account stands."""

    ASKED = "asked", _("等答复")
    MENDED = "mended", _("已更正")
    KEPT = "kept", _("核对无误")


class Sort(models.TextChoices):
    """What a reward is."""

    GOODS = "goods", _("物品")
    SERVICE = "service", _("服务")


class Shelf(models.TextChoices):
    """Whether a reward can be had."""

    ON = "on", _("可兑换")
    OFF = "off", _("已下架")


class RedemptionState(models.TextChoices):
    HELD = "held", _("待领取")
    DONE = "done", _("已核销")
    VOID = "void", _("已失效")


class RedemptionVerb(models.TextChoices):
    """Everything that can happen to an exchange."""

    REDEEM = "redeem", _("兑换")
    WRITE_OFF = "write_off", _("核销")
    CANCEL = "cancel", _("取消兑换")
    CALL_OFF = "call_off", _("收回")
    LAPSE = "lapse", _("没来领取")


class Side(models.TextChoices):
    """What somebody is to an exchange."""

    HOLDER = "holder", _("本人")
    DESK = "desk", _("核销的一方")
    OFFICE = "office", _("街道社区")
    CLOCK = "clock", _("到期")


_H, _D, _V = RedemptionState.HELD, RedemptionState.DONE, RedemptionState.VOID


def _step(verb: RedemptionVerb, target: RedemptionState, *sides: Side) -> Transition:
    return Transition(verb=verb, source=_H, target=target, actors=frozenset(sides), label=verb.label)


REDEMPTION_WORKFLOW = Workflow(
    initial=_H,
    final=[_D, _V],
    transitions=[
        _step(RedemptionVerb.WRITE_OFF, _D, Side.DESK),
        _step(RedemptionVerb.CANCEL, _V, Side.HOLDER),
        _step(RedemptionVerb.CALL_OFF, _V, Side.OFFICE),
        _step(RedemptionVerb.LAPSE, _V, Side.CLOCK),
    ],
)
