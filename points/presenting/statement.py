"""An account as its holder reads it: every posting with its day, its reason and its sum."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from points.figures import said, signed
from points.models import Account, Correction, Rule, Transfer
from points.states import Posting
from points.worth import last_day

OUT = frozenset({Posting.HOLD, Posting.EXPIRE, Posting.REVERSE, Posting.CLOSE})
SHOWN = frozenset(Posting) - {Posting.SPEND}
"""What changes what somebody has; that something was picked up stands with the exchange."""


def lines_of(account: Account) -> Any:
    """The postings of ``account``, newest first."""
    rows = account.transfers.filter(kind__in=SHOWN).select_related("rule", "reverses")
    return rows.order_by("-pk")


def line(row: Transfer) -> dict[str, Any]:
    """One posting for the page."""
    out = row.kind in OUT
    return {
        "row": row,
        "day": day_of(timezone.localdate(row.at)),
        "what": row.label,
        "kind": _("更正") if row.kind == Posting.REVERSE else row.get_kind_display(),  # not in bookkeepers' words
        "sum": signed(-row.amount if out else row.amount) if row.amount else "0",
        "out": out,
        "small": _small(row),
    }


def _small(row: Transfer) -> str:
    """What else explains the sum: cut off by the day's limit, taken back, of another day."""
    found = []
    if row.asked > row.amount:
        most = said(row.rule.day_most) if row.rule else ""
        found.append(_("应得%(asked)s分，一天最多%(most)s分") % {"asked": said(row.asked), "most": most})
    if row.why:
        found.append(row.why)
    if row.day != timezone.localdate(row.at):
        found.append(_("%(day)s的") % {"day": day_of(row.day)})
    return " · ".join(found)


def answer(row: Correction) -> dict[str, str]:
    """An answer of the office: to what, on which day, and what was found."""
    about = _("少记了一笔")
    if row.transfer is not None:
        about = f"{day_of(timezone.localdate(row.transfer.at))} {row.transfer.label}"
    return {"about": about, "state": row.get_state_display(), "day": day_of(row.answered_at), "words": row.answer}


def ending(account: Account) -> tuple[int, Any] | None:
    """What ends next, and on which day: not before the notice has run."""
    lot = account.lots.filter(rest__gt=0).order_by("expires_on").first()
    if lot is None:
        return None
    today = timezone.localdate()
    told_on = timezone.localdate(lot.announced_at) if lot.announced_at else None
    if told_on is None and lot.expires_on >= today:
        return lot.rest, lot.expires_on
    rule = Rule.objects.on(today).first()
    return lot.rest, last_day(lot.expires_on, told_on or today, rule.notice_days if rule else 0)
