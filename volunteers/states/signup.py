"""States of a sign-up and the table of its steps: 候补 → 等您确认 → 已报名 → 已参加; 已取消, 爽约."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class SignUpState(models.TextChoices):
    WAITING = "waiting", _("候补")
    OFFERED = "offered", _("等您确认")
    CONFIRMED = "confirmed", _("已报名")
    CANCELLED = "cancelled", _("已取消")
    ATTENDED = "attended", _("已参加")
    NO_SHOW = "no_show", _("没有来")


LIVE = (SignUpState.WAITING, SignUpState.OFFERED, SignUpState.CONFIRMED)
"""Not over yet."""
SEATED = (SignUpState.OFFERED, SignUpState.CONFIRMED, SignUpState.ATTENDED, SignUpState.NO_SHOW)
"""A seat is kept for it, or was."""
BUSY = (*LIVE, SignUpState.ATTENDED)
"""Nobody is in two of these at one time."""


class SignUpVerb(models.TextChoices):
    """Everything that can happen to a sign-up."""

    SIGN_UP = "sign_up", _("报名")
    QUEUE = "queue", _("候补")
    OFFER = "offer", _("有名额了")
    FILL = "fill", _("补上了")
    ACCEPT = "accept", _("确认参加")
    LAPSE = "lapse", _("没有确认")
    CANCEL = "cancel", _("取消报名")
    CALL_OFF = "call_off", _("活动取消")
    CLOSE = "close", _("没有补上")
    CHECK_IN = "check_in", _("签到")
    CHECK_OUT = "check_out", _("签退")
    TAKE_BACK = "take_back", _("撤回签到")
    CONFIRM = "confirm", _("确认时长")
    NO_SHOW = "no_show", _("没有来")
    APPEAL = "appeal", _("说明情况")
    EXCUSE = "excuse", _("不算没来")
    UPHOLD = "uphold", _("维持")


class Who(models.TextChoices):
    """What somebody is to a sign-up."""

    PERSON = "person", _("本人")
    ORGANISER = "organiser", _("主办人")
    KEEPER = "keeper", _("街道社区")
    CLOCK = "clock", _("到期")


class Appeal(models.TextChoices):
    """How a word against 没有来 stands."""

    NONE = "", _("没有说明")
    ASKED = "asked", _("等答复")
    EXCUSED = "excused", _("不算没来")
    UPHELD = "upheld", _("维持")


class Mood(models.TextChoices):
    """How it was, as whoever was there says."""

    GOOD = "good", _("满意")
    FAIR = "fair", _("一般")
    BAD = "bad", _("不满意")


SAID_WITHIN = timedelta(days=30)
"""So long after a day one may say how it was, and say it anew."""


class How(models.TextChoices):
    """How somebody was noted as present."""

    CODE = "code", _("扫码")
    DIGITS = "digits", _("六位数字")
    LIST = "list", _("主办人点名")
    PAPER = "paper", _("纸质签到表")


ON_THE_SPOT = (How.CODE, How.DIGITS)
"""The server's own clock saw it."""

_W, _O, _C = SignUpState.WAITING, SignUpState.OFFERED, SignUpState.CONFIRMED
_A, _N, _X = SignUpState.ATTENDED, SignUpState.NO_SHOW, SignUpState.CANCELLED
_P, _R, _K, _T = Who.PERSON, Who.ORGANISER, Who.KEEPER, Who.CLOCK


def _step(verb: SignUpVerb, source: SignUpState, target: SignUpState, *whos: Who) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(whos), label=verb.label)


SIGNUP_WORKFLOW = Workflow(
    initial=_W,
    final=[_X],
    transitions=[
        _step(SignUpVerb.OFFER, _W, _O, _T),
        # The office too, for whom it entered: who rang once rings again.
        _step(SignUpVerb.ACCEPT, _O, _C, _P, _K),
        # Whoever let a seat go stands last in the line; so near to the beginning nobody is asked first.
        _step(SignUpVerb.LAPSE, _O, _W, _T),
        _step(SignUpVerb.FILL, _W, _C, _T),
        *(_step(SignUpVerb.CLOSE, state, _X, _T) for state in (_W, _O)),
        *(_step(SignUpVerb.CANCEL, state, _X, _P, _K) for state in LIVE),
        # Also of whoever has come: one checks in an hour before it begins.
        *(_step(SignUpVerb.CALL_OFF, state, _X, _R, _K) for state in BUSY),
        _step(SignUpVerb.CHECK_IN, _C, _A, _P, _R, _K),
        # Noted as missing by mistake, or as there: put right until the hours are confirmed.
        _step(SignUpVerb.CHECK_IN, _N, _A, _R, _K),
        _step(SignUpVerb.TAKE_BACK, _A, _C, _R, _K),
        _step(SignUpVerb.CHECK_OUT, _A, _A, _P, _R, _K),
        # Never by whoever it is about (``services.hours``).
        _step(SignUpVerb.CONFIRM, _A, _A, _R, _K),
        _step(SignUpVerb.NO_SHOW, _C, _N, _R, _K),
        _step(SignUpVerb.APPEAL, _N, _N, _P),
        _step(SignUpVerb.UPHOLD, _N, _N, _K),
        _step(SignUpVerb.EXCUSE, _N, _X, _K),
    ],
)
