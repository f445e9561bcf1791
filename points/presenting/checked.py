"""What came of the nightly comparison of the ledger with itself, in a sentence: figures, no names."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import moment
from points.models import LedgerCheck


def checked(row: LedgerCheck | None) -> dict[str, str]:
    """``{text, tone}``: when, how many lines, and whether everything fits."""
    if row is None:
        return {"text": _("账本还没核对过，每天夜里核对一次。"), "tone": ""}
    facts = {"at": moment(row.at), "entries": number_format(row.entries, use_l10n=True, force_grouping=True)}
    n = len(row.problems)
    if n:
        text = ngettext(
            "上次核对：%(at)s，%(entries)s条分录，有%(n)d处不一致，已告诉系统管理员。",
            "上次核对：%(at)s，%(entries)s条分录，有%(n)d处不一致，已告诉系统管理员。",
            n,
        )
        return {"text": text % {**facts, "n": n}, "tone": "late"}
    return {"text": _("上次核对：%(at)s，%(entries)s条分录，一致。") % facts, "tone": "done"}
