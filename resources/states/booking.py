"""States of a booking and the table of its steps: 等答复 → 已预约 → 已使用; 已取消, 已驳回, 爽约."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class BookingState(models.TextChoices):
    ASKED = "asked", _("等答复")
    BOOKED = "booked", _("已预约")
    USED = "used", _("已使用")
    CANCELLED = "cancelled", _("已取消")
    REFUSED = "refused", _("已驳回")
    NO_SHOW = "no_show", _("爽约")


LIVE = (BookingState.ASKED, BookingState.BOOKED)
"""Time and pieces are held for it."""


class BookingVerb(models.TextChoices):
    """Everything that can happen to a booking."""

    ASK = "ask", _("预约")
    APPROVE = "approve", _("同意")
    REFUSE = "refuse", _("驳回")
    CANCEL = "cancel", _("取消预约")
    CALL_OFF = "call_off", _("收回预约")
    HAND_OVER = "hand_over", _("已交给对方")
    TAKE_BACK = "take_back", _("已用完")
    NO_SHOW = "no_show", _("没有来")
    APPEAL = "appeal", _("说明情况")
    UPHOLD = "uphold", _("维持爽约")
    EXCUSE = "excuse", _("不算爽约")
    LAPSE = "lapse", _("没人答复，作废")


class Asker(models.TextChoices):
    """What somebody is to a booking."""

    BOOKER = "booker", _("预约的一方")
    GIVER = "giver", _("提供的一方")
    KEEPER = "keeper", _("所在地的街道社区")
    STREET = "street", _("街道社区")
    CLOCK = "clock", _("到期")


class Appeal(models.TextChoices):
    """How a word against 爽约 stands."""

    NONE = "", _("没有说明")
    ASKED = "asked", _("等答复")
    EXCUSED = "excused", _("不算爽约")
    UPHELD = "upheld", _("维持")


_A, _B, _U = BookingState.ASKED, BookingState.BOOKED, BookingState.USED
_N, _C, _R = BookingState.NO_SHOW, BookingState.CANCELLED, BookingState.REFUSED


def _step(verb: BookingVerb, source: BookingState, target: BookingState, *askers: Asker) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(askers), label=verb.label)


BOOKING_WORKFLOW = Workflow(
    initial=BookingState.ASKED,
    final=[BookingState.CANCELLED, BookingState.REFUSED],
    transitions=[
        # Whoever gives it says yes or no, nobody in their place.
        _step(BookingVerb.APPROVE, _A, _B, Asker.GIVER),
        _step(BookingVerb.REFUSE, _A, _R, Asker.GIVER),
        _step(BookingVerb.LAPSE, _A, _C, Asker.CLOCK),
        _step(BookingVerb.CANCEL, _A, _C, Asker.BOOKER),
        _step(BookingVerb.CANCEL, _B, _C, Asker.BOOKER),
        _step(BookingVerb.CALL_OFF, _A, _C, Asker.GIVER, Asker.KEEPER),
        _step(BookingVerb.CALL_OFF, _B, _C, Asker.GIVER, Asker.KEEPER),
        _step(BookingVerb.HAND_OVER, _B, _B, Asker.GIVER, Asker.KEEPER),
        _step(BookingVerb.TAKE_BACK, _B, _U, Asker.GIVER, Asker.KEEPER),
        _step(BookingVerb.NO_SHOW, _B, _N, Asker.GIVER, Asker.KEEPER),
        _step(BookingVerb.APPEAL, _N, _N, Asker.BOOKER),
        # Never by whoever noted it, said it or booked (``may_decide``).
        _step(BookingVerb.UPHOLD, _N, _N, Asker.STREET),
        _step(BookingVerb.EXCUSE, _N, _C, Asker.STREET),
    ],
)
