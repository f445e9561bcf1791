"""What everybody may read of agreements: that there is one, whose, since when, and whether a copy is the real one."""

from __future__ import annotations

from projects.models import Agreement, Party

NOBODY = ""


def find_signed(number: str) -> Agreement | None:
    """A signed agreement by its number; drafts are nobody's."""
    return Agreement.objects.signed().select_related("area", "renews").filter(number=number).first()


def named_parties(agreement: Agreement) -> list[tuple[str, Party]]:
    """Every unit the text names, with the name everybody may read; empty for those that have not agreed to that."""
    rows = agreement.parties.bound().select_related("unit")
    return [(party.name if party.unit.is_public else NOBODY, party) for party in rows]


def may_read_text(agreement: Agreement) -> bool:
    """Whether the text itself is open: it was said so, and every unit in it agreed to be named."""
    return agreement.is_public and all(name for name, _party in named_parties(agreement))
