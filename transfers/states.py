"""What an import goes through, and what becomes of each of its rows: pure names, no rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """Where an import stands. In ``WORKED`` a worker has something to do."""

    PLANNING = "planning", _("正在核对")
    READY = "ready", _("等您确认")
    APPLYING = "applying", _("正在导入")
    DONE = "done", _("已导入")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    DROPPED = "dropped", _("没有导入")
    FAILED = "failed", _("没有办成")


WORKED = frozenset({BatchState.PLANNING, BatchState.APPLYING, BatchState.UNDOING})
"""States in which a worker goes on, row after row."""


class Mode(models.TextChoices):
    """What is done with rows that are registered already."""

    UPDATE = "update", _("按文件更新")
    SKIP = "skip", _("跳过，不改")


class Outcome(models.TextChoices):
    """What the dry run found of a row."""

    WAITING = "", _("还没核对")
    NEW = "new", _("新增")
    CHANGED = "changed", _("有变化")
    SAME = "same", _("没有变化")
    ERROR = "error", _("有错")


class Result(models.TextChoices):
    """What became of a row."""

    OPEN = "", _("还没导入")
    DONE = "done", _("已导入")
    SKIPPED = "skipped", _("跳过")
    FAILED = "failed", _("没有导入")
    UNDONE = "undone", _("已拿掉或改回")
    LEFT = "left", _("留下登记、已退出")
    KEPT = "kept", _("没有撤销")


class ExportState(models.TextChoices):
    """Where an export stands."""

    OPEN = "open", _("正在生成")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有办成")
    GONE = "gone", _("已清除")


class ExportKind(models.TextChoices):
    """What kind of file."""

    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")
