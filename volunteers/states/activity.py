"""States of an activity and the table of its steps: 草稿 → 待审批 → 已发布 → 已结束; 已取消."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class ActivityState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PENDING = "pending", _("待审批")
    PUBLISHED = "published", _("已发布")
    CALLED_OFF = "called_off", _("已取消")
    DONE = "done", _("已结束")


SHOWN = (ActivityState.PUBLISHED, ActivityState.CALLED_OFF, ActivityState.DONE)
"""What everybody may read."""
OPEN = (ActivityState.DRAFT, ActivityState.PENDING, ActivityState.PUBLISHED)


class ActivityKind(models.TextChoices):
    """What sort of thing people come to."""

    ONCE = "once", _("活动")
    COURSE = "course", _("课程")
    TRIP = "trip", _("出行参观")
    DUTY = "duty", _("值守排班")
    PATROL = "patrol", _("巡查巡河")
    JOB = "job", _("职业体验")
    MATCH = "match", _("对接会")
    PARTY_DAY = "party_day", _("主题党日")


NAMED = frozenset({ActivityKind.TRIP, ActivityKind.JOB})
"""Where a bus or an insurance asks for the real name."""


class ActivityVerb(models.TextChoices):
    """Everything that can happen to an activity."""

    DRAFT = "draft", _("起草")
    EDIT = "edit", _("修改")
    SEND = "send", _("送审")
    PUBLISH = "publish", _("发布")
    APPROVE = "approve", _("通过")
    RETURN = "return", _("退回修改")
    PLAN = "plan", _("排期")
    CALL_OFF = "call_off", _("取消活动")
    FINISH = "finish", _("结束")


class Hand(models.TextChoices):
    """What somebody is to an activity."""

    ORGANISER = "organiser", _("主办人")
    KEEPER = "keeper", _("街道社区")
    CLOCK = "clock", _("到期")


_D, _W, _P = ActivityState.DRAFT, ActivityState.PENDING, ActivityState.PUBLISHED
_O, _K = Hand.ORGANISER, Hand.KEEPER


def _step(verb: ActivityVerb, source: ActivityState, target: ActivityState, *hands: Hand) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(hands), label=verb.label)


ACTIVITY_WORKFLOW = Workflow(
    initial=_D,
    final=[ActivityState.CALLED_OFF, ActivityState.DONE],
    transitions=[
        _step(ActivityVerb.EDIT, _D, _D, _O, _K),
        _step(ActivityVerb.PLAN, _D, _D, _O, _K),
        # A unit proposes and is approved once; an office publishes its own.
        _step(ActivityVerb.SEND, _D, _W, _O),
        _step(ActivityVerb.PUBLISH, _D, _P, _K),
        _step(ActivityVerb.APPROVE, _W, _P, _K),
        _step(ActivityVerb.RETURN, _W, _D, _K),
        _step(ActivityVerb.EDIT, _P, _P, _O, _K),
        _step(ActivityVerb.PLAN, _P, _P, _O, _K),
        _step(ActivityVerb.CALL_OFF, _P, ActivityState.CALLED_OFF, _O, _K),
        _step(ActivityVerb.FINISH, _P, ActivityState.DONE, _O, _K, Hand.CLOCK),
    ],
)
