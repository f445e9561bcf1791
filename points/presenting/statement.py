"""An account as its holder reads it: every posting with its day, what it was for, by which rule, and its sum."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from points.figures import said, signed
from points.models import Account, Correction, Redemption, Rule, Transfer
from points.presenting import exchange
from points.presenting.rule import named
from points.states import Posting
from points.things import Thing, key_of, keys_of, origin, things_of
from points.worth import last_day

OUT = frozenset({Posting.HOLD, Posting.EXPIRE, Posting.REVERSE, Posting.CLOSE})
SHOWN = frozenset(Posting) - {Posting.SPEND}
"""What changes what somebody has; that something was picked up stands with the exchange."""


def lines_of(account: Account) -> Any:
    """The postings of ``account``, newest first."""
    rows = account.transfers.filter(kind__in=SHOWN).select_related("rule", "reverses__rule")
    return rows.order_by("-pk")


def lines(rows: Sequence[Transfer], viewer: Any) -> list[dict[str, Any]]:
    """Postings for the page, as ``viewer`` may read them; a fixed number of statements however many they are."""
    things = things_of(viewer, rows)
    exchanges = exchanges_of(rows)
    own = set(Account.objects.of(viewer).values_list("pk", flat=True)) if exchanges else set()
    return [_line(row, things, exchanges, own) for row in rows]


def exchanges_of(rows: Sequence[Transfer]) -> dict[int, Redemption]:
    """By key: the exchanges that ``rows`` are about."""
    keys = keys_of(rows, "redemption")
    if not keys:
        return {}
    return Redemption.objects.select_related("reward__area", "reward__unit", "reward__place").in_bulk(keys)


def _line(
    row: Transfer, things: Mapping[str, Thing], exchanges: Mapping[int, Redemption], own: Collection[int]
) -> dict[str, Any]:
    out, first = row.kind in OUT, origin(row)
    made = exchanges.get(key_of(row.source, "redemption") or 0)
    thing = things.get(first.source) or _exchanged(made, own) or Thing("")
    return {
        "row": row,
        "day": day_of(timezone.localdate(row.at)),
        "what": row.label,
        "kind": _kind(row, made),
        "sum": signed(-row.amount if out else row.amount) if row.amount else "0",
        "out": out,
        "number": thing.number,
        "url": thing.url,
        "small": _joined(exchange.came(made) if made and row.kind == Posting.HOLD else "", _small(row)),
        "by_rule": _joined(thing.worked, named(first.rule)) if first.rule else "",
    }


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _exchanged(made: Redemption | None, own: Collection[int]) -> Thing | None:
    """The exchange itself: its page is for its holder, who has the accounts ``own``."""
    if made is None:
        return None
    return Thing(made.number, exchange.url_of(made) if made.account_id in own else "")


def _kind(row: Transfer, made: Redemption | None) -> str:
    """What it is, not in bookkeepers' words; of what is held what has become of it."""
    if row.kind == Posting.REVERSE:
        return _("更正")
    return exchange.standing(made) if made and row.kind == Posting.HOLD else row.get_kind_display()


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
