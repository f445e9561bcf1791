"""What somebody wanted gathered: one text message, one e-mail. The notices themselves are in the inbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.states import Channel


class GatheredText(MessageClass):
    """How many there are, and where."""

    rule = "notifications.GatheredText"
    label = _("汇总短信")
    channels = (Channel.SMS,)
    at_once = True
    sms = _("您有%(count)s条消息，登录后在“消息”里看。%(link)s")
    sample = {"count": "3", "link": "https://tongxin.example/inbox/"}
    must = frozenset({"count"})

    def __init__(self, count: int, link: str) -> None:
        super().__init__(params={"count": count, "link": link})


class GatheredMail(MessageClass):
    """Their titles, newest first."""

    rule = "notifications.GatheredMail"
    label = _("汇总邮件")
    channels = (Channel.EMAIL,)
    at_once = True
    email_subject = _("您有%(count)s条消息")
    email_body = _("这些消息在“消息”里：\n%(titles)s")
    sample = {"count": "3", "titles": _("有新诉求，等您受理")}
    must = frozenset({"count"})

    def __init__(self, count: int, titles: str) -> None:
        super().__init__(params={"count": count, "titles": titles}, url="/inbox/")
