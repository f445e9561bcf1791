"""Channels a message goes through and the states a message ends in: pure names, no rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Ways to a person. The in-app inbox is a row and therefore always works; the others may fail."""

    INAPP = "inapp", _("站内")
    SMS = "sms", _("短信")


class State(models.TextChoices):
    """Every message ends in one of the last five; only ``waiting`` is unfinished."""

    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发")
    READ = "read", _("已读")
    FAILED = "failed", _("没发出")
    UNCERTAIN = "uncertain", _("不确定")
    MISSED = "missed", _("错过")


STATES_OF: dict[str, frozenset[str]] = {
    Channel.INAPP: frozenset({State.SENT, State.READ}),
    Channel.SMS: frozenset({State.WAITING, State.SENT, State.FAILED, State.UNCERTAIN, State.MISSED}),
}
"""A notice in the inbox is there as soon as its row is; what leaves the house may wait or fail."""


class Reason(models.TextChoices):
    """Why a message did not arrive, in our own words; a provider's own code is kept as it is."""

    NOT_OPEN = "not_open", _("未开通短信")
    NO_PHONE = "no_phone", _("没有手机号")
    TOO_LATE = "too_late", _("过了该发的时间")
    REFUSED = "refused", _("短信平台没有接收")
    UNAVAILABLE = "unavailable", _("短信平台暂时连不上")
    TIMEOUT = "timeout", _("短信平台没有回应，不知道发出没有")
    INTERRUPTED = "interrupted", _("发送中断，不知道发出没有")
