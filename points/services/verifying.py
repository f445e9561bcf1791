"""The whole ledger compared with itself. It finds, says so loudly, and mends nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as moment

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues
from notifications.services import queue
from people.models import RoleGrant, User
from people.states import CODE_LENGTH, Level, Role
from points.messages import LedgerBroken
from points.models import LedgerCheck

VERIFY = "points.verify"
AT = moment(3)
NIGHTS_AHEAD = 2

_log = structlog.get_logger("tongxin.points")
FEW = 20
"""Of each kind of problem so many are named."""
# One statement, and with it one moment: what others write meanwhile is in all of its parts or in none.
_CHECK = """
WITH moved AS (
    SELECT transfer_id AS id, sum(amount) AS total, sum(amount) FILTER (WHERE amount > 0) AS moved, count(*) AS n
    FROM points_entry GROUP BY transfer_id
), uneven AS (
    SELECT t.id FROM points_transfer t LEFT JOIN moved ON moved.id = t.id
    WHERE coalesce(moved.total, 0) <> 0 OR coalesce(moved.n, 0) <> t.lines OR coalesce(moved.moved, 0) <> t.amount
), summed AS (
    SELECT account_id AS id, sum(amount) AS total, max(seq) AS seq, count(seq) AS n FROM points_entry
    WHERE seq IS NOT NULL GROUP BY account_id
), untrue AS (
    SELECT a.id FROM points_account a LEFT JOIN summed ON summed.id = a.id
    WHERE a.kind = 'person' AND (a.balance <> coalesce(summed.total, 0) OR a.seq <> coalesce(summed.seq, 0)
                                 OR a.seq <> coalesce(summed.n, 0) OR a.balance < 0)
), common AS (
    SELECT e.account_id AS id, sum(e.amount) AS total FROM points_entry e JOIN points_account a ON a.id = e.account_id
    WHERE e.seq IS NULL AND e.id <= a.folded_to GROUP BY e.account_id
), misfolded AS (
    SELECT a.id FROM points_account a LEFT JOIN common ON common.id = a.id
    WHERE a.kind <> 'person' AND a.balance <> coalesce(common.total, 0)
), parts AS (
    SELECT lot_id AS id, sum(amount) AS total FROM points_entry WHERE lot_id IS NOT NULL GROUP BY lot_id
), torn AS (
    SELECT l.id FROM points_lot l LEFT JOIN parts ON parts.id = l.id
    WHERE l.rest <> coalesce(parts.total, 0) OR l.rest < 0
), sheets AS (
    SELECT account_id AS id, sum(rest) AS total FROM points_lot GROUP BY account_id
), split AS (
    SELECT a.id FROM points_account a LEFT JOIN sheets ON sheets.id = a.id
    WHERE a.kind = 'person' AND a.balance <> coalesce(sheets.total, 0)
), earned AS (
    SELECT t.account_id, t.day, sum(CASE t.kind WHEN 'award' THEN t.amount ELSE -t.amount END) AS total
    FROM points_transfer t WHERE t.kind IN ('award', 'reverse') GROUP BY t.account_id, t.day
), beyond AS (
    SELECT coalesce(d.id, earned.account_id) AS id
    FROM points_day d FULL JOIN earned ON earned.account_id = d.account_id AND earned.day = d.day
    WHERE coalesce(d.given, 0) <> coalesce(earned.total, 0)
), waiting AS (
    SELECT a.id FROM points_account a WHERE a.kind = 'held'
      AND coalesce((SELECT sum(e.amount) FROM points_entry e WHERE e.account_id = a.id AND e.seq IS NULL), 0)
          <> coalesce((SELECT sum(r.price) FROM points_redemption r JOIN points_account own ON own.id = r.account_id
                       WHERE r.state = 'held' AND own.street_id = a.street_id), 0)
), whole AS (
    SELECT coalesce(sum(total), 0) AS total, coalesce(sum(n), 0) AS n FROM moved
)
SELECT 'entries', n FROM whole
UNION ALL SELECT 'sum', total::bigint FROM whole WHERE total <> 0
UNION ALL (SELECT 'transfer', id FROM uneven LIMIT %(few)s)
UNION ALL (SELECT 'account', id FROM untrue LIMIT %(few)s)
UNION ALL (SELECT 'folded', id FROM misfolded LIMIT %(few)s)
UNION ALL (SELECT 'lot', id FROM torn LIMIT %(few)s)
UNION ALL (SELECT 'lots', id FROM split LIMIT %(few)s)
UNION ALL (SELECT 'day', id FROM beyond LIMIT %(few)s)
UNION ALL (SELECT 'held', id FROM waiting LIMIT %(few)s)
"""


def compare() -> tuple[int, list[str]]:
    """How many lines there are, and what does not fit: ``account 12``. Reads only."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_CHECK, {"few": FEW})
        rows = cursor.fetchall()
    entries = next(int(value) for name, value in rows if name == "entries")
    return entries, [f"{name} {value}" for name, value in rows if name != "entries"]


def last_check() -> LedgerCheck | None:
    """What came of the newest comparison; None before the first night."""
    return LedgerCheck.objects.order_by("-at", "-pk").first()


def verify() -> LedgerCheck:
    """Compare, write down what came of it, and shout where something does not fit. Nothing is repaired."""
    began = time.monotonic()
    entries, problems = compare()
    took = int((time.monotonic() - began) * 1000)
    if problems:
        _log.error("points_ledger_broken", problems=problems, entries=entries)
    made: LedgerCheck = LedgerCheck.objects.create(entries=entries, milliseconds=took, problems=problems)
    if problems:
        queue(LedgerBroken(params={"count": len(problems)}), occurrence=f"check:{made.pk}", users=_alarmed())
    return made


def _alarmed() -> list[User]:
    """Whoever looks after the installation: the system administrators of a district or wider; else all of them."""
    grants = RoleGrant.objects.active().filter(role=Role.SYSTEM_ADMIN, user__is_active=True).select_related("user")
    every = list(grants.order_by("user_id"))
    wide = [grant for grant in every if len(grant.area_id) <= CODE_LENGTH[Level.DISTRICT]]
    return list(dict.fromkeys(grant.user for grant in wide or every))


def plan_checks() -> None:
    """Put the checks of the coming nights on the list; those that are there add nothing."""
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    nights = [today + timedelta(days=n) for n in range(NIGHTS_AHEAD + 1)]
    add_dues(
        NewDue(VERIFY, "ledger", datetime.combine(night, AT, zone), f"{VERIFY}:{night:%Y%m%d}")
        for night in nights
        if datetime.combine(night, AT, zone) > timezone.now()
    )


def check_ledger(dues: Sequence[Due]) -> None:
    """Handler of the nightly due."""
    verify()


KINDS = (DueKind(VERIFY, label=_("核对积分账本"), handle=check_ledger, grace=timedelta(hours=20), alone=True),)
