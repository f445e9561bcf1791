"""States of a livelihood item (民生实事): 候选 → 已公布 → 已销号; 未入选. Published by mistake it is a
candidate again. What is found out are dated records."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class DeedState(models.TextChoices):
    CANDIDATE = "candidate", _("候选")
    PUBLISHED = "published", _("已公布")
    CLEARED = "cleared", _("已销号")
    LEFT_OUT = "left_out", _("未入选")


class DeedField(models.TextChoices):
    """What part of life it is for."""

    SECURITY = "security", _("社会保障")
    BUILDING = "building", _("城乡建设")
    SERVICE = "service", _("便民服务")
    WORK = "work", _("就业创业")
    CULTURE = "culture", _("文化体育")
    ENVIRONMENT = "environment", _("环境治理")
    SAFETY = "safety", _("公共安全")
    TRAFFIC = "traffic", _("交通出行")
    CITY = "city", _("城市管理")
    COUNTRY = "country", _("乡村建设")


class DeedSource(models.TextChoices):
    """From which side it came."""

    UNIT = "unit", _("共建单位")
    COMMUNITY = "community", _("社区")
    RESIDENT = "resident", _("居民")
    OFFICE = "office", _("街道")


class DeedVerb(models.TextChoices):
    """Everything that can happen to a livelihood item."""

    PROPOSE = "propose", _("提出")
    EDIT = "edit", _("修改")
    SCREEN = "screen", _("初筛")
    ARGUE = "argue", _("论证")
    VOTE = "vote", _("票决")
    PUBLISH = "publish", _("公布")
    UNPUBLISH = "unpublish", _("撤回公布")
    LEAVE_OUT = "leave_out", _("不入选")
    REPORT = "report", _("月报")
    URGE = "urge", _("督促")
    ACCEPT = "accept", _("验收")
    ASK = "ask", _("满意度")
    CLEAR = "clear", _("销号")


RECORDS = frozenset({DeedVerb.SCREEN, DeedVerb.ARGUE, DeedVerb.VOTE, DeedVerb.URGE, DeedVerb.ACCEPT, DeedVerb.ASK})
"""What is written down with a day of its own: what was found, whoever notes it when."""


class DeedSide(models.TextChoices):
    """What somebody is to a livelihood item."""

    KEEPER = "keeper", _("街道社区")
    STREET = "street", _("街道")
    PUBLISHER = "publisher", _("公布的人")
    RESPONSIBLE = "responsible", _("责任单位")


_C, _P = DeedState.CANDIDATE, DeedState.PUBLISHED
_K, _S, _R, _O = DeedSide.KEEPER, DeedSide.STREET, DeedSide.RESPONSIBLE, DeedSide.PUBLISHER


def _step(verb: DeedVerb, source: DeedState, target: DeedState, *sides: DeedSide) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(sides), label=verb.label)


DEED_WORKFLOW = Workflow(
    initial=_C,
    final=[DeedState.CLEARED, DeedState.LEFT_OUT],
    transitions=[
        _step(DeedVerb.EDIT, _C, _C, _K, _S),
        _step(DeedVerb.SCREEN, _C, _C, _S),
        _step(DeedVerb.ARGUE, _C, _C, _S),
        _step(DeedVerb.VOTE, _C, _C, _S),
        _step(DeedVerb.PUBLISH, _C, _P, _S),
        _step(DeedVerb.LEAVE_OUT, _C, DeedState.LEFT_OUT, _S),
        _step(DeedVerb.UNPUBLISH, _P, _C, _O),
        _step(DeedVerb.REPORT, _P, _P, _S, _R),
        _step(DeedVerb.URGE, _P, _P, _S),
        _step(DeedVerb.ACCEPT, _P, _P, _S),
        _step(DeedVerb.ASK, _P, _P, _S),
        _step(DeedVerb.CLEAR, _P, DeedState.CLEARED, _S),
    ],
)
