"""Everything but an award and an exchange: lines written under the lock of the account they are of.

The caller holds the account (``held``); lots change with it alone, so they need no lock of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import F, Sum
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from people.models import User
from points.models import Account, Entry, Lot, Transfer
from points.states import Kind, Posting

Moves = Sequence[tuple[Lot, int]]
"""How much comes into, or goes out of, which lot."""


def held(pk: int) -> Account:
    """The account, locked. Raises ``NotFound``."""
    return Account.objects.filter(kind=Kind.PERSON).locked(pk)


def oldest_first(account: Account, amount: int, first: Sequence[Lot] = ()) -> list[tuple[Lot, int]]:
    """Out of which lots ``amount`` comes: out of ``first``, then of those that end soonest. Raises ``RuleBroken``."""
    rest, moves, seen = amount, [], set()
    for lot in [*first, *account.lots.filter(rest__gt=0).order_by("expires_on", "pk")]:
        part = min(rest, lot.rest)
        if part > 0 and lot.pk not in seen:
            moves.append((lot, -part))
            rest -= part
        seen.add(lot.pk)
    if rest:
        raise RuleBroken
    return moves


def write(
    *,
    kind: Posting,
    account: Account,
    moves: Moves,
    other: Kind,
    source: str,
    label: str,
    key: UUID | None = None,
    why: str = "",
    by: User | None = None,
    reverses: Transfer | None = None,
    day: date | None = None,
) -> Transfer:
    """One transfer between the locked ``account`` and the street's account ``other``, with all its lines."""
    total = sum(change for _lot, change in moves)
    made = _transfer(kind, account, abs(total), len(moves) + 1, source, label, key, why, by, reverses, day)
    lines: list[Entry] = []
    for lot, change in moves:
        account.balance += change
        account.seq += 1
        lines.append(
            Entry(transfer=made, account=account, lot=lot, amount=change, seq=account.seq, after=account.balance)
        )
    lines.append(Entry(transfer=made, account=shared(account.street_id, other), amount=-total))
    Account.objects.filter(pk=account.pk).update(balance=account.balance, seq=account.seq)
    for lot, change in moves:
        Lot.objects.filter(pk=lot.pk).update(rest=F("rest") + change)
    Entry.objects.bulk_create(lines)
    return made


def write_between(
    *, kind: Posting, account: Account, amount: int, source: Kind, target: Kind, for_: str, label: str, by: User | None
) -> Transfer:
    """One transfer between two shared accounts of the street, about ``account``."""
    made = _transfer(kind, account, amount, 2, for_, label, None, "", by, None, None)
    street = account.street_id
    Entry.objects.bulk_create(
        [
            Entry(transfer=made, account=shared(street, source), amount=-amount),
            Entry(transfer=made, account=shared(street, target), amount=amount),
        ]
    )
    return made


def _transfer(
    kind: Posting,
    account: Account,
    amount: int,
    lines: int,
    source: str,
    label: str,
    key: UUID | None,
    why: str,
    by: User | None,
    reverses: Transfer | None,
    day: date | None,
) -> Transfer:
    made: Transfer = Transfer.objects.create(
        kind=kind,
        street_id=account.street_id,
        account=account,
        source=source,
        client_key=key or uuid5(NAMESPACE_URL, f"points:{kind}:{source}"),
        label=label,
        why=why,
        amount=amount,
        asked=amount,
        lines=lines,
        day=day or timezone.localdate(),
        reverses=reverses,
        by=by,
    )
    made.just_made = True
    return made


def shared(street: str, kind: Kind) -> Account:
    """The street's account of ``kind``."""
    found: Account = Account.objects.get(street_id=street, kind=kind)
    return found


def shared_balances(street: str) -> dict[Kind, int]:
    """What the street's four accounts sum up to: folded, and the lines since."""
    found: dict[Kind, int] = {}
    for account in Account.objects.shared().filter(street_id=street):
        since: Any = Entry.objects.filter(account=account, seq__isnull=True, pk__gt=account.folded_to)
        found[Kind(account.kind)] = account.balance + (since.aggregate(total=Sum("amount"))["total"] or 0)
    return found
