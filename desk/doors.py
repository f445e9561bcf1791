"""The doors of a unit's desk in three groups, each with a number where something waits behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.models import MemberUnit
from points.models import Reward


def doors(unit: MemberUnit, waiting: Mapping[str, int]) -> list[dict[str, Any]]:
    """``[{label, doors [{label, url, n}]}]``; ``waiting``: how much waits behind which door (``desk:`` name → number).

    核销 is for a unit that gives something for points, and there first: somebody stands at its counter.
    """
    counter = [("desk:counter", _("核销兑换码"))] if Reward.objects.handed_out_by(unit).exists() else []
    groups = (
        (_("现在用"), [*counter, ("desk:find", _("找场地和东西"))]),
        (
            _("我们的"),
            [
                ("desk:agreements", _("协议")),
                ("desk:projects", _("项目")),
                ("desk:activities", _("活动")),
                ("desk:resources", _("资源")),
                ("desk:lists", pgettext("door of the unit desk", "清单")),
            ],
        ),
        (
            _("联盟"),
            [
                ("desk:meetings", _("会议")),
                ("desk:menu", _("服务菜单")),
                ("volunteers:sections", _("责任段")),
                ("desk:documents", _("文件")),
                ("desk:service_card", _("服务卡")),
            ],
        ),
    )
    return [
        {"label": label, "doors": [_door(name, words, waiting.get(name, 0)) for name, words in ways]}
        for label, ways in groups
    ]


def _door(name: str, label: str, waiting: int) -> dict[str, Any]:
    return {"label": label, "url": reverse(name), "n": waiting}
