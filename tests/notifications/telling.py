"""A message that groups hear as well, and a robot for their tests."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.models import Robot
from notifications.services import queue_many, save_robot
from notifications.states import RobotKind
from people.models import User

KEY, SIGN = "0a1b2c3d-0000-4000-8000-canary000001", "SECcanary0000000000000000"


class Late(MessageClass):
    """For a group as well. What it says to one person is not for the group."""

    label = _("提醒")
    title = _("待受理")
    body = _("%(name)s，电话%(phone)s")
    sample = {"name": "赵阿婆", "phone": "13800005678"}
    group = True

    def __init__(self, number: str = "XQ-CX-20261121-0007", code: str = "330109001048", urgent: bool = False) -> None:
        params = {"name": "赵阿婆", "phone": "13800005678", "day": "2026-11-25"}
        super().__init__(params=params, area_code=code, subject_label=number, url="/admin/needs/need/7/", urgent=urgent)


def new_robot(by: User, area: str, kind: RobotKind = RobotKind.WECOM, **given: Any) -> Robot:
    said = {"area": area, "name": "联盟群", "kind": kind, "is_active": True, "secret": KEY, "sign_secret": ""}
    return save_robot(by=by, pk=None, version=0, **{**said, **given})


def tell(count: int = 1, reader: User | None = None, **more: Any) -> None:
    queue_many(
        [(Late(f"XQ-{number}", **more), f"late {number}", [reader] if reader else []) for number in range(count)]
    )
