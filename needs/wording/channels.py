"""Where to go with what is not for this office."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from needs.states import Declined


@dataclass(frozen=True)
class Channel:
    """The right place: its name, numbers to dial, and one sentence for the resident."""

    name: Text
    advice: Text
    phones: tuple[str, ...] = ()


CHANNELS: dict[str, Channel] = {
    Declined.EMERGENCY: Channel(
        _("110、119、120"),
        _("有危险请马上打电话：报警110，火警119，急救120。"),
        ("110", "119", "120"),
    ),
    Declined.PETITION: Channel(
        _("原来受理的信访部门或法院"),
        _("这件事已经在信访、诉讼或仲裁里办，请找原来受理的部门问进展；也可以打12345。"),
        ("12345",),
    ),
    Declined.DISCIPLINE: Channel(
        _("纪检监察12388"),
        _("举报党员干部违纪违法，请打12388，那里依规保密。"),
        ("12388",),
    ),
    Declined.CONSUMER: Channel(
        _("消费投诉12315"),
        _("买东西、用服务起的纠纷，请打12315，也可以在“全国12315平台”上说。"),
        ("12315",),
    ),
    Declined.SECRET: Channel(
        _("当面说"),
        _("涉密的内容不要在网上写。请到社区或街道当面说，由有权受理的部门办。"),
    ),
}


def right_channel(declined: str) -> Channel | None:
    """Where a need declined for this reason belongs; None if it was not declined."""
    return CHANNELS.get(declined)
