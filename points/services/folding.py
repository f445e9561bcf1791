"""What was appended to the shared accounts is summed up, so that reading a balance never means reading everything.

Keys of lines are drawn before transactions commit, so a lower one may appear after a higher one. Every INSERT of lines
holds a shared advisory lock until its transaction ends; whoever has it exclusively for an instant knows that below the
highest line nothing can appear any more (as the audit log's sealer). A trigger refuses a sum that is not the lines'.
"""

from __future__ import annotations

from django.db import connection, transaction

from points.guards import WRITERS_LOCK

_FOLD = """
UPDATE points_account AS account SET balance = account.balance + more.total, folded_to = %(to)s
FROM (SELECT one.id, one.folded_to, coalesce(sum(entry.amount), 0) AS total
      FROM points_account AS one
      JOIN points_entry AS entry
          ON entry.account_id = one.id AND entry.seq IS NULL AND entry.id > one.folded_to AND entry.id <= %(to)s
      WHERE one.kind <> 'person'
      GROUP BY one.id, one.folded_to) AS more
WHERE account.id = more.id AND account.folded_to = more.folded_to
"""


def fold() -> int:
    """Sum up what has been appended since the last time; returns how many accounts. Safe to run several times at once.

    Raises ``Busy`` where somebody writes for longer than a lock is waited for; the next time finds the rest.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        # A statement of its own: its snapshot is taken under the lock.
        cursor.execute("SELECT coalesce(max(id), 0) FROM points_entry")
        (boundary,) = cursor.fetchone()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD, {"to": boundary})
        return int(cursor.rowcount)
