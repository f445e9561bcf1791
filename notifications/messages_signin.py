"""The codes of the residents' door. They go out as text messages only, and are worth nothing after five minutes."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.states import Channel

SAMPLE = {"code": "270518"}
CODE = frozenset(SAMPLE)
LASTS = timedelta(minutes=5)


class SignInCodeText(MessageClass):
    """To the phone that somebody wants to sign in with."""

    rule = "notifications.SignInCode"
    label = _("登录验证码")
    channels = (Channel.SMS,)
    sample = SAMPLE
    must = secret = CODE
    lasts = LASTS
    at_once = True
    sms = _("登录验证码%(code)s，5分钟内有效。不要告诉别人，工作人员也不会向您要。")

    def __init__(self, code: str) -> None:
        super().__init__(params={}, secrets={"code": code})


class EraseCodeText(MessageClass):
    """To the phone whose owner wants everything deleted."""

    rule = "notifications.EraseCode"
    label = _("删除信息验证码")
    channels = (Channel.SMS,)
    sample = SAMPLE
    must = secret = CODE
    lasts = LASTS
    at_once = True
    sms = _("您要删除自己的信息，验证码%(code)s，5分钟内有效。不是您本人操作的，请不要理会。")

    def __init__(self, code: str) -> None:
        super().__init__(params={}, secrets={"code": code})
