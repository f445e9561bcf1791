"""Agreements and amendments in the shapes of the API, for whoever sees them."""

from __future__ import annotations

from typing import Any

from alliance.lib.errors import NotFound
from projects.models import Agreement, Amendment, Ask
from projects.permissions import paper_abilities
from projects.services import scans_of

ROW = (
    *("number", "theme", "state", "starts_on", "ends_on", "runs_until"),
    *("signed_on", "sha256", "is_public", "version"),
)
WORDS = ("aim", "office_duties", "signed_place", "review", "ended_why", "text")
ADDED = ("ordinal", "words", "new_ends_on", "state", "text", "sha256", "signed_on", "version")


def found(user: Any, pk: int) -> Agreement:
    """The agreement, if ``user`` sees it. Raises ``NotFound``."""
    seen = Agreement.objects.visible_to(user).select_related("area", "commissioner")
    row: Agreement | None = seen.prefetch_related("parties").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def found_amendment(user: Any, pk: int) -> Amendment:
    """The same. Raises ``NotFound``."""
    rows = Amendment.objects.visible_to(user).select_related("agreement__area")
    row: Amendment | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def found_ask(user: Any, pk: int) -> Ask:
    """The same. Raises ``NotFound``."""
    row: Ask | None = Ask.objects.visible_to(user).select_related("party").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def row_of(row: Agreement) -> dict[str, Any]:
    """As ``AgreementRow``."""
    return {
        "id": row.pk,
        "area": row.area_id,
        "area_name": row.area.name,
        "units": [party.name for party in row.parties.all() if party.left_on is None],
        **{name: getattr(row, name) for name in ROW},
    }


def one(row: Agreement, user: Any) -> dict[str, Any]:
    """As ``AgreementOne``. A unit reads the amendments that were sent, and its own answers."""
    kept = Agreement.objects.kept_by(user).filter(pk=row.pk).exists()
    added = row.amendments.order_by("ordinal")
    asks = Ask.objects.visible_to(user).filter(party__agreement=row).select_related("party").order_by("pk")
    return {
        **row_of(row),
        **{name: getattr(row, name) for name in WORDS},
        "commissioner": row.commissioner.name if row.commissioner else "",
        "ending": row.ending if kept else "",
        "ending_words": row.ending_words if kept else "",
        "scans": [file.name for file in scans_of(row)] if kept else [],
        "parties": [
            {name: getattr(party, name) for name in ("id", "name", "duties", "left_on")} | {"unit": party.unit_id}
            for party in row.parties.bound()
        ],
        "targets": [{name: getattr(one, name) for name in ("name", "amount", "measure")} for one in row.targets.all()],
        "amendments": [_amendment(one, row, user) for one in added if kept or one.sent_at is not None],
        "asks": [_ask(one) for one in asks],
        "events": [_event(one) for one in row.events.all()] if kept else [],
        "abilities": sorted(str(verb) for verb in paper_abilities(user, row)),
    }


def amendment(row: Amendment, user: Any) -> dict[str, Any]:
    """As ``AmendmentRow``."""
    return _amendment(row, row.agreement, user)


def _amendment(row: Amendment, agreement: Agreement, user: Any) -> dict[str, Any]:
    row.agreement = agreement
    may = sorted(str(verb) for verb in paper_abilities(user, row))
    return {"id": row.pk, "abilities": may, **{name: getattr(row, name) for name in ADDED}}


def of_ask(row: Ask, user: Any) -> dict[str, Any]:
    """The agreement that was asked about, as it then stands."""
    return one(found(user, row.party.agreement_id), user)


def _ask(row: Ask) -> dict[str, Any]:
    return {
        "id": row.pk,
        "unit": row.party.unit_id,
        "amendment": row.amendment_id,
        "sha256": row.sha256,
        "answer": row.answer,
        "words": row.words,
        "open": not row.answer and row.void_at is None,
    }


def _event(row: Any) -> dict[str, Any]:
    return {"at": row.at, "verb": row.verb, "amendment": row.amendment_id, "words": row.words}
