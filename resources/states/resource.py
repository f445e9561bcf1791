"""States of a resource and the table of its steps: 待审批 → 可用 → 已停用."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class ResourceState(models.TextChoices):
    TO_APPROVE = "to_approve", _("待审批")
    USABLE = "usable", _("可用")
    STOPPED = "stopped", _("已停用")


class ResourceVerb(models.TextChoices):
    """Everything that can happen to a resource."""

    OFFER = "offer", _("提供")
    EDIT = "edit", _("修改")
    ASK_AGAIN = "ask_again", _("重新送审")
    APPROVE = "approve", _("通过")
    REFUSE = "refuse", _("不通过")
    STOP = "stop", _("停用")
    RESUME = "resume", _("恢复")
    CLOSE_DAYS = "close_days", _("关闭几天")


class Side(models.TextChoices):
    """What somebody is to a resource."""

    GIVER = "giver", _("提供的一方")
    KEEPER = "keeper", _("街道社区")
    APPROVER = "approver", _("审批的人")


_T, _U, _S = ResourceState.TO_APPROVE, ResourceState.USABLE, ResourceState.STOPPED


def _step(verb: ResourceVerb, source: ResourceState, target: ResourceState, *sides: Side) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(sides), label=verb.label)


RESOURCE_WORKFLOW = Workflow(
    initial=ResourceState.TO_APPROVE,
    final=[],
    transitions=[
        _step(ResourceVerb.EDIT, _T, _T, Side.GIVER, Side.KEEPER),
        _step(ResourceVerb.EDIT, _U, _U, Side.GIVER, Side.KEEPER),
        # Refused or stopped, it is mended before it is sent again.
        _step(ResourceVerb.EDIT, _S, _S, Side.GIVER, Side.KEEPER),
        # What the public reads has changed: somebody looks at it again before it is offered on.
        _step(ResourceVerb.ASK_AGAIN, _U, _T, Side.GIVER),
        _step(ResourceVerb.ASK_AGAIN, _S, _T, Side.GIVER, Side.KEEPER),
        _step(ResourceVerb.APPROVE, _T, _U, Side.APPROVER),
        _step(ResourceVerb.REFUSE, _T, _S, Side.APPROVER),
        _step(ResourceVerb.STOP, _T, _S, Side.GIVER, Side.KEEPER),
        _step(ResourceVerb.STOP, _U, _S, Side.GIVER, Side.KEEPER),
        _step(ResourceVerb.RESUME, _S, _U, Side.APPROVER),
        _step(ResourceVerb.CLOSE_DAYS, _U, _U, Side.GIVER, Side.KEEPER),
    ],
)
