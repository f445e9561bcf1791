"""Channels a message goes through, the states it ends in, the parts of its wording: pure names, no rows."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Ways to a person. The in-app inbox is a row and therefore always works; the others may fail."""

    INAPP = "inapp", _("站内")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")


class State(models.TextChoices):
    """Every message ends in one of the last six; only ``waiting`` is unfinished."""

    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发")
    READ = "read", _("已读")
    FAILED = "failed", _("没发出")
    UNCERTAIN = "uncertain", _("不确定")
    MISSED = "missed", _("错过")
    BUNDLED = "bundled", _("并入汇总")


OUTWARD = (Channel.SMS, Channel.EMAIL)
"""The channels that leave the house, in the order in which they are served."""

STATES_OF: dict[str, frozenset[str]] = {
    Channel.INAPP: frozenset({State.SENT, State.READ}),
    **{
        channel: frozenset({State.WAITING, State.SENT, State.FAILED, State.UNCERTAIN, State.MISSED, State.BUNDLED})
        for channel in OUTWARD
    },
}
"""A notice in the inbox is there as soon as its row is; what leaves the house may wait or fail."""


class Reason(models.TextChoices):
    """Why a message did not arrive, in our own words; a provider's own code is kept as it is."""

    NOT_OPEN = "not_open", _("未开通短信")
    EMAIL_NOT_OPEN = "email_not_open", _("未开通邮件")
    NO_PHONE = "no_phone", _("没有手机号")
    NO_EMAIL = "no_email", _("没有邮箱")
    TOO_LATE = "too_late", _("过了该发的时间")
    REFUSED = "refused", _("对方没有接收")
    UNAVAILABLE = "unavailable", _("暂时连不上")
    TIMEOUT = "timeout", _("对方没有回应，不知道发出没有")
    INTERRUPTED = "interrupted", _("发送中断，不知道发出没有")
    CANCELLED = "cancelled", _("管理员取消了")
    ERASED = "erased", _("本人删除了信息")
    OVERTAKEN = "overtaken", _("事情已经变了，不用再发")
    UNWANTED = "unwanted", _("本人选了不发")


class Pace(models.TextChoices):
    """When somebody wants what leaves the house: at once (no row says so), gathered, or not at all."""

    NOW = "now", _("马上发")
    DAILY = "daily", _("每天汇总一次")
    WEEKLY = "weekly", _("每周汇总一次")
    NEVER = "never", _("不发，只在站内看")


GATHERED = (Pace.DAILY, Pace.WEEKLY)


class Part(models.TextChoices):
    """The parts of a message whose wording can be changed."""

    TITLE = "title", _("站内标题")
    BODY = "body", _("站内正文")
    SMS = "sms", _("短信")
    EMAIL_SUBJECT = "email_subject", _("邮件标题")
    EMAIL_BODY = "email_body", _("邮件正文")


PARTS_OF: dict[str, tuple[Part, ...]] = {
    Channel.INAPP: (Part.TITLE, Part.BODY),
    Channel.SMS: (Part.SMS,),
    Channel.EMAIL: (Part.EMAIL_SUBJECT, Part.EMAIL_BODY),
}
ONE_LINE = frozenset({Part.TITLE, Part.SMS, Part.EMAIL_SUBJECT})
LONGEST = {Part.TITLE: 120, Part.BODY: 1000, Part.SMS: 300, Part.EMAIL_SUBJECT: 120, Part.EMAIL_BODY: 4000}
"""Characters a part may have once its variables are filled in."""

QUIET_FROM = (time(18, 0), time(23, 30))
QUIET_UNTIL = (time(5, 0), time(11, 0))
"""Between which times of day quiet hours may begin and end. They always span midnight, and never the day."""


class RobotKind(models.TextChoices):
    """Whose group it is."""

    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")


class PostState(models.TextChoices):
    """What became of a post to a group. No platform knows a repetition: what may have arrived is not sent again."""

    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发")
    FAILED = "failed", _("没发出")
    UNCERTAIN = "uncertain", _("不确定")
    MISSED = "missed", _("错过")
