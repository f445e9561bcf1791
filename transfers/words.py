"""Sentences that stand beside a row of an import."""

from __future__ import annotations

from django.utils.translation import gettext as _


def moved() -> str:
    """Between the look and the import somebody else was at it."""
    return _("核对之后这一条有了变化，没有导入。请把这一行再传一次看看。")


def fault() -> str:
    """A fault of ours, not theirs."""
    return _("这一行没能导入。请再试一次；还不行请把文件交给系统管理员。")


def touched() -> str:
    return _("导入之后有人改过或用到了，没有撤销。")
