"""Amendments of the tests' own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from projects import services
from projects.models import Agreement, Amendment
from tests.cast import Street, fresh
from tests.projects.things import ask_of, sign


def amendment_of(row: Agreement, street: Street, **changes: Any) -> Amendment:
    """A draft by the clerk."""
    said: dict[str, Any] = {"words": "再加两趟。", **changes}
    return services.draft_amendment(agreement=row.pk, client_key=uuid4(), by=fresh(street.clerk), version=None, **said)


def amended(row: Agreement, street: Street, **changes: Any) -> Amendment:
    """Confirmed by whoever speaks for its units, approved, signed."""
    amendment = amendment_of(row, street, **changes)
    amendment = services.send_paper(of=Amendment, pk=amendment.pk, by=fresh(street.clerk), version=None)
    for party in row.parties.filter(left_on=None).select_related("unit"):
        seat = party.unit.seats.active().select_related("user").get()
        services.answer_ask(pk=ask_of(amendment, party.unit).pk, by=fresh(seat.user), yes=True)
    amendment.refresh_from_db()
    amendment = services.approve_paper(
        of=Amendment, pk=amendment.pk, by=fresh(street.party_office), version=amendment.version
    )
    return sign(amendment, street.clerk)
