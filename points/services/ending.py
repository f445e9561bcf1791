"""Points end: announced thirty days before, posted afterwards. What was not announced does not end yet.

Handlers of dues: accounts are locked in the order of their keys; lots change under their lock alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from claims.services.people import by_daylight
from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.states import DueState, Reason
from notifications.messages import MessageClass, in_source_language
from notifications.services import queue
from points import messages
from points.figures import said
from points.models import Account, Lot
from points.services.clock import EXPIRE, EXPIRE_LABEL, SOON, SOON_LABEL, key_of, plan_again, subject_of
from points.services.posting import write
from points.services.rules import rule_on
from points.states import Kind, Posting
from points.worth import last_day

LONG = timedelta(days=3650)
Results = Mapping[int, tuple[DueState, str]]


def _lots(dues: Sequence[Due]) -> list[tuple[Account, Lot]]:
    """Lots with something in them and their accounts, locked."""
    keys = {key_of(due) for due in dues}
    rows = Account.objects.filter(lots__in=keys).distinct().order_by("pk").values_list("pk", flat=True)
    held = Account.objects.filter(pk__in=list(rows)).order_by("pk").select_for_update(of=("self",), no_key=True)
    accounts = {row.pk: row for row in held}
    lots = Lot.objects.filter(pk__in=keys, rest__gt=0).order_by("pk")
    return [(accounts[lot.account_id], lot) for lot in lots]


def announce_end(dues: Sequence[Due]) -> Results:
    """A word to whoever has points that end soon; once for a lot."""
    found = _lots(dues)
    for account, lot in found:
        if lot.announced_at is None:
            _announce(account, lot)
    return _stopped(dues, found)


def end_points(dues: Sequence[Due]) -> Results:
    """What has had its day ends, if that was said at least so many days before; else it is said now."""
    found, days = _lots(dues), rule_on().notice_days
    marks = {due.subject: due.pk for due in dues}
    for account, lot in found:
        if lot.announced_at is None and lot.expires_on < timezone.localdate():
            _announce(account, lot)
        ends = real_end(lot, days)
        if ends < timezone.localdate():
            _end(account, lot)
        else:
            plan_again(lot, account, (ends - timezone.localdate()).days + 1, str(marks[subject_of(lot)]))
    return _stopped(dues, found)


def _announce(account: Account, lot: Lot) -> None:
    lot.announced_at = timezone.now()
    Lot.objects.filter(pk=lot.pk, announced_at__isnull=True).update(announced_at=lot.announced_at)
    _tell(account, lot, messages.PointsEndSoon, day=kept_day(real_end(lot, rule_on().notice_days)))


def real_end(lot: Lot, notice_days: int) -> date:
    """The last day on which what is in ``lot`` counts, by when that was said."""
    told_on = timezone.localdate(lot.announced_at) if lot.announced_at else None
    return last_day(lot.expires_on, told_on, notice_days)


def _end(account: Account, lot: Lot) -> None:
    write(
        kind=Posting.EXPIRE,
        account=account,
        moves=[(lot, -lot.rest)],
        other=Kind.EXPIRED,
        source=f"lot:{lot.pk}:{account.seq}",
        label=_ended_label(lot),
    )
    _tell(account, lot, messages.PointsEnded)


def _ended_label(lot: Lot) -> str:
    return in_source_language(_("%(year)s年底到期"), {"year": lot.expires_on.year})


def _tell(account: Account, lot: Lot, kind: type[MessageClass], **more: str) -> None:
    message = messages.of_account(kind, account, points=said(lot.rest), **more)
    if account.person is not None:
        occurrence = f"lot:{lot.pk}:{account.seq}"
        queue(message, occurrence=occurrence, users=[account.person], not_before=by_daylight())


def _stopped(dues: Sequence[Due], found: Sequence[tuple[Account, Lot]]) -> Results:
    done = {lot.pk for _account, lot in found}
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if key_of(due) not in done}


KINDS = (
    DueKind(SOON, label=SOON_LABEL, handle=announce_end, grace=timedelta(days=20)),
    DueKind(EXPIRE, label=EXPIRE_LABEL, handle=end_points, grace=LONG),
)
