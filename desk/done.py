"""What a unit answered or others settled for it, and what it or a person brought: in one list, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from alliance.lib.pagination import Page, decode_cursor, encode_cursor
from claims.models import Claim
from claims.states import LIVE
from desk import presenting, selectors
from members.models import MemberUnit
from needs.models import NeedEvent
from needs.services.units import replied_and_settled
from people.models import User

Place = tuple[datetime, int]
"""A moment, and twice the key of a claim or one more than twice that of an answer: unique in the list."""


def done_page(user: User, unit: MemberUnit | None, *, cursor: str = "", size: int) -> Page:
    """Rows of one page; what is still in hand stands above them. Raises ``Invalid`` for a made-up ``cursor``."""
    before = decode_cursor(cursor) if cursor else None
    over = selectors.own_claims(user, unit).exclude(state__in=LIVE)
    found: list[tuple[Place, Any]] = [
        ((claim.claimed_at, 2 * claim.pk), claim) for claim in _behind(over, "claimed_at", before, odd=0, size=size)
    ]
    if unit is not None:
        for asked in replied_and_settled(by=user, unit_id=unit.pk):
            found += [((one.at, 2 * one.pk + 1), one) for one in _behind(asked, "at", before, odd=1, size=size)]
    found.sort(key=lambda row: row[0], reverse=True)
    shown = found[:size]
    return Page([_row(thing) for _place, thing in shown], encode_cursor(*shown[-1][0]) if len(found) > size else "")


def _behind(rows: QuerySet[Any], field: str, before: Place | None, *, odd: int, size: int) -> list[Any]:
    if before is not None:
        at, key = before
        # Of the same moment: those whose place in the list, twice the key and ``odd``, is smaller.
        rows = rows.filter(Q(**{f"{field}__lt": at}) | Q(**{field: at}, pk__lt=(key - odd + 1) // 2))
    return list(rows.order_by(f"-{field}", "-pk")[: size + 1])


def _row(thing: Claim | NeedEvent) -> dict[str, Any]:
    return presenting.answer_row(thing) if isinstance(thing, NeedEvent) else presenting.claim_rows([thing])[0]
