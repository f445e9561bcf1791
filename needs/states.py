"""States of a need and the table of steps: the one source of who may do what when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow
from people.states import COMMUNITY_ROLES, GRID_ROLES, STREET_ROLES, Role

RESIDENT = "resident"
FIRST_RESPONSE, REPLY = "needs.first_response", "needs.reply"
"""The two limits of a need."""
HANDLERS = frozenset(COMMUNITY_ROLES | STREET_ROLES | {Role.GRID_LEAD, Role.GRID_FULL}) - {Role.LEADER}
"""Who accepts and answers. Part-time grid workers and leaders look on."""
ONLOOKERS = frozenset(COMMUNITY_ROLES | STREET_ROLES | GRID_ROLES)


class State(models.TextChoices):
    """States in force; 待评价 and 已办结 follow once a result can be asked about."""

    PENDING = "pending_acceptance", _("待受理")
    IN_PROGRESS = "in_progress", _("办理中")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES = (State.PENDING, State.IN_PROGRESS)


class Verb(models.TextChoices):
    """Everything that can happen to a need; steps of the workflow and words that leave the state alone."""

    SUBMIT = "submit", _("提交")
    ACCEPT = "accept", _("受理")
    REPLY = "reply", _("回复居民")
    NOTE = "note", _("内部备注")
    SUPPLEMENT = "supplement", _("补充")
    WITHDRAW = "withdraw", _("撤回")
    DIAL = "dial", _("拨打")
    SLIP = "slip", _("打印凭条")
    URGE = "urge", _("催一下")
    MOVE = "move", _("改答复日期")


STAFF_ONLY = (Verb.NOTE, Verb.DIAL, Verb.SLIP)
"""What the resident never reads."""


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


class Nature(models.TextChoices):
    """性质, decided when accepted; never asked of the resident."""

    QUESTION = "question", _("咨询")
    HELP = "help", _("求助")
    ADVICE = "advice", _("建议")
    COMPLAINT = "complaint", _("投诉")
    PRAISE = "praise", _("表扬感谢")


class Audience(models.TextChoices):
    """Who may read an event's words."""

    RESIDENT = "resident", _("居民可见")
    STAFF = "staff", _("仅工作人员")


def _step(verb: Verb, source: State, target: State, actors: frozenset[str]) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=actors, label=verb.label)


WORKFLOW = Workflow(
    initial=State.PENDING,
    final=[State.WITHDRAWN],
    transitions=[
        _step(Verb.ACCEPT, State.PENDING, State.IN_PROGRESS, HANDLERS),
        _step(Verb.REPLY, State.IN_PROGRESS, State.IN_PROGRESS, HANDLERS),
        _step(Verb.NOTE, State.PENDING, State.PENDING, HANDLERS),
        _step(Verb.NOTE, State.IN_PROGRESS, State.IN_PROGRESS, HANDLERS),
        _step(Verb.SUPPLEMENT, State.PENDING, State.PENDING, frozenset({RESIDENT})),
        _step(Verb.SUPPLEMENT, State.IN_PROGRESS, State.IN_PROGRESS, frozenset({RESIDENT})),
        _step(Verb.URGE, State.PENDING, State.PENDING, frozenset({RESIDENT})),
        _step(Verb.URGE, State.IN_PROGRESS, State.IN_PROGRESS, frozenset({RESIDENT})),
        _step(Verb.WITHDRAW, State.PENDING, State.WITHDRAWN, frozenset({RESIDENT})),
        _step(Verb.WITHDRAW, State.IN_PROGRESS, State.WITHDRAWN, frozenset({RESIDENT})),
    ],
)
