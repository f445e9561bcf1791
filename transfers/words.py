"""Sentences that stand beside a row of an import, and the one on what became of them all."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


def moved() -> str:
    """Between the look and the import somebody else was at it."""
    return _("核对之后这一条有了变化，没有导入。请把这一行再传一次看看。")


def fault() -> str:
    """A fault of ours, not theirs."""
    return _("这一行没能导入。请再试一次；还不行请把文件交给系统管理员。")


def touched() -> str:
    return _("导入之后有人改过或用到了，没有撤销。")


def ended(counts: Mapping[str, int]) -> str:
    """What became of an import: "导入了4行，3行有错没有导入，1行没有变化。"; nothing of one that wrote nothing yet."""
    done, failed, undone, left, kept, skipped = (
        counts.get(f"result_{name}", 0) for name in ("done", "failed", "undone", "left", "kept", "skipped")
    )
    same = min(counts.get("same", 0), skipped)
    said = [
        ngettext("拿掉或改回%(n)d行", "拿掉或改回%(n)d行", undone) % {"n": undone} if undone else "",
        ngettext("%(n)d行留下登记、已退出", "%(n)d行留下登记、已退出", left) % {"n": left} if left else "",
        ngettext("%(n)d行没有撤销", "%(n)d行没有撤销", kept) % {"n": kept} if kept else "",
        ngettext("导入了%(n)d行", "导入了%(n)d行", done) % {"n": done} if done else "",
        ngettext("%(n)d行有错没有导入", "%(n)d行有错没有导入", failed) % {"n": failed} if failed else "",
        ngettext("%(n)d行没有变化", "%(n)d行没有变化", same) % {"n": same} if same else "",
        ngettext("%(n)d行照您选的跳过了", "%(n)d行照您选的跳过了", skipped - same) % {"n": skipped - same}
        if skipped > same
        else "",
    ]
    words = [part for part in said if part]
    return _("%(words)s。") % {"words": pgettext("between two clauses", "，").join(words)} if words else ""
