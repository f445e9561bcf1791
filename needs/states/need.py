"""States of a need and the table of steps: the one source of who may do what when."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow
from people.states import COMMUNITY_ROLES, GRID_ROLES, STREET_ROLES, Role

FIRST_RESPONSE, REPLY, CALL_BACK = "needs.first_response", "needs.reply", "needs.call_back"
"""The limits of a need. Only the leader's call has the third, in place of the first."""
DONE = "needs.done"
"""The limit after the first reply: until it is done, by the day the reply named."""
PROMISES = (REPLY, DONE)
"""What the resident has been told a day for: one after the other."""
EXTENSION_WAIT = "needs.extension"
"""The limit of a request for more time: until somebody says yes or no."""
HANDLERS = frozenset(COMMUNITY_ROLES | STREET_ROLES | {Role.GRID_LEAD, Role.GRID_FULL}) - {Role.LEADER}
"""Who accepts and answers. Part-time grid workers and leaders look on."""
STREET_HANDLERS = HANDLERS & STREET_ROLES
SUPERIORS = frozenset({Role.COMMUNITY_SECRETARY, Role.SECTION_HEAD, Role.PARTY_OFFICE})
"""Who grants what a handler asks for: the community's secretary, the street's heads of section and party office."""
STAND_INS = frozenset({Role.SECTION_HEAD, Role.PARTY_OFFICE})
"""Who calls back where a street has no 分管领导: nothing is left lying at an empty desk."""
ONLOOKERS = frozenset(COMMUNITY_ROLES | STREET_ROLES | GRID_ROLES)


class State(models.TextChoices):
    """States of every need; 已并案 follows with merging."""

    PENDING = "pending_acceptance", _("待受理")
    IN_PROGRESS = "in_progress", _("办理中")
    TO_ANSWER = "to_answer", _("待评价")
    CLOSED = "closed", _("已办结")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES = (State.PENDING, State.IN_PROGRESS)
"""Something is left to do for the office; 待评价 waits for the resident."""
FINAL_STATES = (State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN)


class Office(models.TextChoices):
    """At whose desk a need lies. 没解决 moves it one up."""

    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    LEADER = "leader", _("分管领导")


class Party(models.TextChoices):
    """What somebody is to a need: the actors of the table of steps. ``parties`` says who is which."""

    RESIDENT = "resident", _("居民")
    HANDLER = "handler", _("经办处的人")
    AT_COMMUNITY = "at_community", _("社区经办的人")
    AT_STREET = "at_street", _("街道经办的人")
    HOLDER = "holder", _("经办人")
    SUPERIOR = "superior", _("审批的人")
    LEADER = "leader", _("分管领导")
    COLLEAGUE = "colleague", _("同事")
    UNIT = "unit", _("受托单位")
    CLOCK = "clock", _("到期")


RESIDENT = Party.RESIDENT


def parties(roles: Iterable[str], office: str, *, holds: bool = False, leaders_there: bool = True) -> frozenset[str]:
    """What somebody with ``roles`` where the need is from is to it, while it lies at ``office``.

    The street may handle what lies at a community; a community looks on at what it has sent up. At the leader's
    nobody handles before the call-back; ``leaders_there``: whether the street has one, or somebody stands in.
    """
    have = frozenset(roles)
    found: set[str] = set()
    if have & HANDLERS:
        found.add(Party.COLLEAGUE)
    may = {Office.COMMUNITY: HANDLERS, Office.STREET: STREET_HANDLERS}.get(Office(office), frozenset())
    if have & may:
        found |= {Party.HANDLER, Party.AT_COMMUNITY if office == Office.COMMUNITY else Party.AT_STREET}
        if holds:
            found.add(Party.HOLDER)
        if have & SUPERIORS:
            found.add(Party.SUPERIOR)
    if office == Office.LEADER and have & ({Role.LEADER} if leaders_there else STAND_INS):
        found.add(Party.LEADER)
    return frozenset(found)


class Verb(models.TextChoices):
    """Everything that can happen to a need; steps of the workflow and words that leave the state alone."""

    SUBMIT = "submit", _("提交")
    ACCEPT = "accept", _("受理")
    ASSIGN = "assign", _("转给")
    ESCALATE = "escalate", _("上报街道")
    SEND_BACK = "send_back", _("退回社区")
    RETURN = "return", _("退回")
    DECLINE = "decline", _("不予受理")
    ERRAND = "errand", _("转跑腿")
    WISH = "wish", _("转心愿")
    REPLY = "reply", _("回复居民")
    ASK = "ask", _("请补充")
    RESUME = "resume", _("恢复计时")
    EXTEND = "extend", _("申请延期")
    GRANT = "grant", _("同意延期")
    REFUSE = "refuse", _("不同意")
    FINISH = "finish", _("办好了")
    WILL_HELP = "will_help", _("可以帮")
    REPORT = "report", _("回复办理")
    HAND_BACK = "hand_back", _("帮不了")
    PROPOSE = "propose", _("推荐资源")
    LIST = "list", _("列入需求清单")
    UNLIST = "unlist", _("移出需求清单")
    NOTE = "note", _("内部备注")
    SUPPLEMENT = "supplement", _("补充")
    WITHDRAW = "withdraw", _("撤回")
    CLOSE = "close", _("办结")
    REOPEN = "reopen", _("重办")
    LAPSE = "lapse", _("未评价")
    CALL_BACK = "call_back", _("回访")
    SETTLE = "settle", _("回访办结")
    CALLED = "called", _("打过电话")
    DIAL = "dial", _("拨打")
    SLIP = "slip", _("打印凭条")
    URGE = "urge", _("催一下")
    MOVE = "move", _("改答复日期")
    TALKED = "talked", _("会上议过")


GIVEN_BACK = (Verb.REPORT, Verb.HAND_BACK)
"""With these a unit that was asked to help gives the need back."""
FOR_UNITS = (Verb.WILL_HELP, *GIVEN_BACK)
"""Steps of whoever speaks for a unit."""
STAFF_ONLY = (
    Verb.NOTE,
    Verb.DIAL,
    Verb.SLIP,
    Verb.RETURN,
    Verb.RESUME,
    Verb.EXTEND,
    Verb.REFUSE,
    Verb.WILL_HELP,
    Verb.REPORT,
    Verb.HAND_BACK,
    Verb.CALL_BACK,
    Verb.PROPOSE,
    Verb.UNLIST,
)
"""What the resident never reads."""
RESIDENT_ONLY = (Verb.CALLED,)
"""Lines beside a step that staff read in words of their own: colleagues find the step itself."""
OWN_WORDS = (Verb.REPLY, Verb.ASK, Verb.FINISH, Verb.DECLINE, Verb.TALKED)
"""Steps whose words are for the resident; the words of all other steps of staff stay inside."""


class Origin(models.TextChoices):
    """Who raised it: residents' 诉求 and units' 需求 are one kind of thing."""

    RESIDENT = "resident", _("居民反映")
    COMMUNITY = "community", _("社区提出")
    UNIT = "unit", _("单位提出")


class Channel(models.TextChoices):
    """The door it came through."""

    WEB = "web", _("网页")
    QR = "qr", _("扫楼道码")
    API = "api", _("接口")
    STAFF = "staff", _("代填")
    LISTS = "lists", _("两张清单")


class Nature(models.TextChoices):
    """性质, decided when accepted; never asked of the resident."""

    QUESTION = "question", _("咨询")
    HELP = "help", _("求助")
    ADVICE = "advice", _("建议")
    COMPLAINT = "complaint", _("投诉")
    PRAISE = "praise", _("表扬感谢")


class Declined(models.TextChoices):
    """Why a need is not for this office; each has a right channel (``needs.wording``)."""

    EMERGENCY = "emergency", _("警情火情急救")
    PETITION = "petition", _("信访诉讼仲裁中")
    DISCIPLINE = "discipline", _("纪检举报")
    CONSUMER = "consumer", _("消费纠纷")
    SECRET = "secret", _("涉密")


class Outcome(models.TextChoices):
    """The resident's answer. Silence is 未评价, never 满意."""

    SOLVED = "solved", _("解决了")
    PARTLY = "partly", _("部分解决")
    UNSOLVED = "unsolved", _("没解决")
    SILENT = "silent", _("未评价")


class Satisfaction(models.TextChoices):
    """Five words, optional; no stars."""

    VERY_GOOD = "very_good", _("非常满意")
    GOOD = "good", _("满意")
    FAIR = "fair", _("基本满意")
    BAD = "bad", _("不满意")
    VERY_BAD = "very_bad", _("非常不满意")


class ExtensionState(models.TextChoices):
    """What became of a request for more time."""

    WAITING = "waiting", _("等审批")
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")
    DROPPED = "dropped", _("不用了")


class Audience(models.TextChoices):
    """Who may read an event's words."""

    RESIDENT = "resident", _("居民可见")
    STAFF = "staff", _("仅工作人员")


def _steps(source: State, target: State, steps: Iterable[tuple[Verb, Party]]) -> list[Transition]:
    return [
        Transition(verb=verb, source=source, target=target, actors=frozenset({party}), label=verb.label)
        for verb, party in steps
    ]


_P, _W, _A = State.PENDING, State.IN_PROGRESS, State.TO_ANSWER
_TAKEN = [(Verb.ASSIGN, Party.HANDLER), (Verb.ERRAND, Party.HANDLER), (Verb.WISH, Party.HANDLER)]
_SAID = [(Verb.SUPPLEMENT, Party.RESIDENT), (Verb.URGE, Party.RESIDENT), (Verb.NOTE, Party.COLLEAGUE)]
_OFFERED = [(Verb.PROPOSE, Party.HANDLER)]
_MET = [(Verb.TALKED, Party.CLOCK)]
"""What a meeting resolved, told by the house itself: nobody answers the resident by it."""
_MOVED = [(Verb.ESCALATE, Party.AT_COMMUNITY), (Verb.SEND_BACK, Party.AT_STREET)]

WORKFLOW = Workflow(
    initial=State.PENDING,
    final=FINAL_STATES,
    transitions=[
        *_steps(_P, _W, [(Verb.ACCEPT, Party.HANDLER), *_TAKEN]),
        *_steps(_P, _P, [*_MOVED, *_SAID, *_OFFERED, *_MET, (Verb.CALL_BACK, Party.LEADER)]),
        *_steps(_P, State.NOT_ACCEPTED, [(Verb.DECLINE, Party.HANDLER)]),
        *_steps(_P, State.CLOSED, [(Verb.SETTLE, Party.LEADER)]),
        *_steps(_P, State.WITHDRAWN, [(Verb.WITHDRAW, Party.RESIDENT)]),
        *_steps(
            _W,
            _W,
            [
                *_TAKEN,
                *_SAID,
                *_OFFERED,
                *_MET,
                (Verb.REPLY, Party.HANDLER),
                (Verb.ASK, Party.HANDLER),
                (Verb.RESUME, Party.HANDLER),
                (Verb.EXTEND, Party.HANDLER),
                (Verb.GRANT, Party.SUPERIOR),
                (Verb.REFUSE, Party.SUPERIOR),
                (Verb.WILL_HELP, Party.UNIT),
                (Verb.REPORT, Party.UNIT),
                (Verb.HAND_BACK, Party.UNIT),
            ],
        ),
        *_steps(_W, _P, [*_MOVED, (Verb.RETURN, Party.HOLDER)]),
        *_steps(_W, _A, [(Verb.FINISH, Party.HANDLER)]),
        *_steps(_W, State.WITHDRAWN, [(Verb.WITHDRAW, Party.RESIDENT)]),
        *_steps(_A, _A, [(Verb.NOTE, Party.COLLEAGUE), *_MET]),
        *_steps(_A, State.CLOSED, [(Verb.CLOSE, Party.RESIDENT), (Verb.LAPSE, Party.CLOCK)]),
        *_steps(_A, _P, [(Verb.REOPEN, Party.RESIDENT)]),
    ],
)
