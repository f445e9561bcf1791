"""Units, states and audiences of what falls due: pure names, no rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """What a time limit is counted in."""

    MINUTES = "minutes", _("分钟")
    HOURS = "hours", _("小时")
    WORK_MINUTES = "work_minutes", _("工作分钟")
    WORK_HOURS = "work_hours", _("工作小时")
    WORK_DAYS = "work_days", _("工作日")


class Outcome(models.TextChoices):
    """What became of a stage. ``void``: the thing ended otherwise, so that nobody met or missed anything."""

    RUNNING = "running", _("进行中")
    MET = "met", _("按时")
    BREACHED = "breached", _("超期")
    VOID = "void", _("不再计时")


class DueState(models.TextChoices):
    """Every due row ends in one of the last four; only ``waiting`` is undone."""

    WAITING = "waiting", _("等待")
    DONE = "done", _("已办")
    MISSED = "missed", _("错过")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("没办成")


class Audience(models.TextChoices):
    """Who is chased at a step of the ladder. Leaders are not chased: they get one digest a day."""

    HANDS = "hands", _("经办人")
    SUPERVISOR = "supervisor", _("社区书记或科室负责人")
    PARTY_OFFICE = "party_office", _("党建办")


class Reason(models.TextChoices):
    """Why a due row did not do what it was for."""

    TOO_LATE = "too_late", _("过了该办的时间才发现")
    NOBODY = "nobody", _("没有可以提醒的人")
    INTERRUPTED = "interrupted", _("办到一半中断了，多次没办成")
    NO_HANDLER = "no_handler", _("程序里没有这一种到期事项")
    STOPPED = "stopped", _("事情已经办了，不用再提醒")
    OUTDONE = "outdone", _("同时到期的提醒只发最后一条")
    MOVED = "moved", _("期限改了，按新的日子提醒")
    BY_HAND = "by_hand", _("人工取消")
    SEEN = "seen", _("错过了，已经有人看过")
