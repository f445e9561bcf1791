"""Business numbers: type – street – date – sequence, e.g. ``XQ-CX-20261121-0007``."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from alliance.lib.errors import RuleBroken
from people.models import Area

_NEXT = """
    INSERT INTO people_numbersequence AS s (scope, value) VALUES (%s, 1)
    ON CONFLICT (scope) DO UPDATE SET value = s.value + 1
    RETURNING value
"""


def next_number(kind: str, street: Area, day: date) -> str:
    """The next number of ``kind`` for ``street`` on ``day``.

    Must run inside a transaction: one statement takes the scope's row and holds it until commit, so numbers have
    neither gaps nor doubles. Raises ``RuleBroken`` if the street has no short code.
    """
    if not street.short_code:
        raise RuleBroken
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("next_number needs a transaction")
    scope = f"{kind}-{street.short_code}-{day:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [scope])
        (value,) = cursor.fetchone()
    return f"{scope}-{value:04d}"
