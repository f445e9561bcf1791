"""States of series, meetings, topics and action items, and who may take which step with them. Pure names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class MeetingKind(models.TextChoices):
    GROUP = "group", _("小组会")
    JOINT = "joint", _("联席会议")
    CONSULT = "consult", _("协商会")
    FAIR = "fair", _("交流会")


class Hand(models.TextChoices):
    """What somebody is to a series, a meeting, a topic or an action item."""

    KEEPER = "keeper", _("街道社区")
    INVITED = "invited", _("参会单位")
    RAISER = "raiser", _("提出人")
    DOER = "doer", _("责任单位")
    CLOCK = "clock", _("到期")


_K, _I, _R, _D, _T = Hand.KEEPER, Hand.INVITED, Hand.RAISER, Hand.DOER, Hand.CLOCK


def _step(verb: models.TextChoices, source: str, target: str, *hands: Hand) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(hands), label=verb.label)


class OffDays(models.TextChoices):
    """Where a meeting goes that would fall on a day off."""

    AFTER = "after", _("顺延到下一个工作日")
    BEFORE = "before", _("提前到上一个工作日")
    STAY = "stay", _("不变")


class SeriesState(models.TextChoices):
    RUNNING = "running", _("进行中")
    ENDED = "ended", _("已停")


class SeriesVerb(models.TextChoices):
    SET_UP = "set_up", _("设立")
    EDIT = "edit", _("修改")
    INVITE = "invite", _("参会名单")
    PLAN = "plan", _("排期")
    END = "end", _("停办")


SERIES_WORKFLOW = Workflow(
    initial=SeriesState.RUNNING,
    final=[SeriesState.ENDED],
    transitions=[
        *(_step(verb, SeriesState.RUNNING, SeriesState.RUNNING, _K) for verb in (SeriesVerb.EDIT, SeriesVerb.INVITE)),
        _step(SeriesVerb.PLAN, SeriesState.RUNNING, SeriesState.RUNNING, _K, _T),
        _step(SeriesVerb.END, SeriesState.RUNNING, SeriesState.ENDED, _K),
    ],
)


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("待通知")
    CALLED = "called", _("已排期")
    HELD = "held", _("待纪要")
    MINUTED = "minuted", _("待发送")
    SENT = "sent", _("已归档")
    CALLED_OFF = "called_off", _("已取消")


AHEAD = (MeetingState.DRAFT, MeetingState.CALLED)
"""Yet to come."""
OVER = (MeetingState.HELD, MeetingState.MINUTED)
"""It took place, and something is left to do."""


class MeetingVerb(models.TextChoices):
    """Everything that can happen to a meeting."""

    PLAN = "plan", _("排期")
    EDIT = "edit", _("修改")
    MOVE = "move", _("改期")
    INVITE = "invite", _("参会名单")
    AGENDA = "agenda", _("议程")
    CALL = "call", _("发通知")
    ANSWER = "answer", _("答复")
    PRESENT = "present", _("签到")
    HOLD = "hold", _("会已开")
    MINUTE = "minute", _("纪要")
    RESULT = "result", _("决议")
    SEND = "send", _("归档")
    CALL_OFF = "call_off", _("取消")
    SHOW = "show", _("公开摘要")
    HIDE = "hide", _("撤下公开摘要")


_DRAFT, _CALLED, _HELD, _MINUTED, _SENT, _OFF = MeetingState

MEETING_WORKFLOW = Workflow(
    initial=_DRAFT,
    final=[_OFF],
    transitions=[
        *(_step(verb, state, state, _K) for verb in (MeetingVerb.EDIT, MeetingVerb.INVITE) for state in AHEAD),
        # A day decreed free later moves what nobody has been told of; the agenda builds itself.
        *(_step(verb, _DRAFT, _DRAFT, _K, _T) for verb in (MeetingVerb.MOVE, MeetingVerb.AGENDA)),
        *(_step(verb, _CALLED, _CALLED, _K) for verb in (MeetingVerb.MOVE, MeetingVerb.AGENDA)),
        _step(MeetingVerb.CALL, _DRAFT, _CALLED, _K, _T),
        _step(MeetingVerb.ANSWER, _CALLED, _CALLED, _I, _K),
        _step(MeetingVerb.PRESENT, _CALLED, _CALLED, _K),
        _step(MeetingVerb.HOLD, _CALLED, _HELD, _K, _T),
        *(_step(verb, state, state, _K) for verb in (MeetingVerb.PRESENT, MeetingVerb.RESULT) for state in OVER),
        _step(MeetingVerb.MINUTE, _HELD, _MINUTED, _K),
        _step(MeetingVerb.MINUTE, _MINUTED, _MINUTED, _K),
        _step(MeetingVerb.SEND, _MINUTED, _SENT, _K),
        *(_step(verb, _SENT, _SENT, _K) for verb in (MeetingVerb.SHOW, MeetingVerb.HIDE)),
        *(_step(MeetingVerb.CALL_OFF, state, _OFF, _K) for state in AHEAD),
        # Also of what the clock took for held: nobody came.
        _step(MeetingVerb.CALL_OFF, _HELD, _OFF, _K),
    ],
)


class Coming(models.TextChoices):
    """What somebody invited says."""

    OPEN = "", _("未答复")
    COMES = "comes", _("来")
    STAND_IN = "stand_in", _("请人代")
    STAYS_AWAY = "stays_away", _("不来")


class Via(models.TextChoices):
    """How an answer came."""

    NONE = "", "—"
    DESK = "desk", _("网上")
    CARD = "card", _("通知链接")
    STAFF = "staff", _("代为登记")


class How(models.TextChoices):
    """How somebody was noted as present."""

    NONE = "", "—"
    LIST = "list", _("点名")
    PAPER = "paper", _("纸质签到表")
    CODE = "code", _("扫码")


class TopicState(models.TextChoices):
    WAITING = "waiting", _("待上会")
    LISTED = "listed", _("已列入议程")
    ANSWERED = "answered", _("已答复")
    WITHDRAWN = "withdrawn", _("已撤回")


class TopicVerb(models.TextChoices):
    RAISE = "raise", _("提出")
    LIST = "list", _("列入议程")
    UNLIST = "unlist", _("移出议程")
    ANSWER = "answer", _("答复")
    WITHDRAW = "withdraw", _("撤回")


TOPIC_WORKFLOW = Workflow(
    initial=TopicState.WAITING,
    final=[TopicState.ANSWERED, TopicState.WITHDRAWN],
    transitions=[
        _step(TopicVerb.LIST, TopicState.WAITING, TopicState.LISTED, _K, _T),
        _step(TopicVerb.UNLIST, TopicState.LISTED, TopicState.WAITING, _K, _T),
        *(_step(TopicVerb.ANSWER, state, TopicState.ANSWERED, _K) for state in (TopicState.WAITING, TopicState.LISTED)),
        _step(TopicVerb.WITHDRAW, TopicState.WAITING, TopicState.WITHDRAWN, _R),
    ],
)


class ActionState(models.TextChoices):
    OPEN = "open", _("未完成")
    DONE = "done", _("已销号")


class ActionVerb(models.TextChoices):
    SET = "set", _("列为行动项")
    EDIT = "edit", _("修改")
    REPORT = "report", _("报办理情况")
    CLEAR = "clear", _("销号")
    REOPEN = "reopen", _("重办")


ACTION_WORKFLOW = Workflow(
    initial=ActionState.OPEN,
    final=[],
    transitions=[
        _step(ActionVerb.EDIT, ActionState.OPEN, ActionState.OPEN, _K),
        _step(ActionVerb.REPORT, ActionState.OPEN, ActionState.OPEN, _D),
        _step(ActionVerb.CLEAR, ActionState.OPEN, ActionState.DONE, _K),
        _step(ActionVerb.REOPEN, ActionState.DONE, ActionState.OPEN, _K),
    ],
)
