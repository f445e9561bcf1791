"""What falls due with points: a word before they end, and their end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues
from points.models import Account, Lot, Rule

SOON, EXPIRE = "points.soon", "points.expire"
SOON_LABEL, EXPIRE_LABEL = _("提醒积分快到期"), _("积分到期")
MORNING, NIGHT = time(9), time(0, 5)


def plan_expiry(lot: Lot, account: Account, rule: Rule) -> None:
    """A new lot: its holder is told so many days before its last day, and it ends in the night after it."""
    last = lot.expires_on
    add_dues(
        [
            _due(SOON, lot, account, last - timedelta(days=rule.notice_days), MORNING, ""),
            _due(EXPIRE, lot, account, last + timedelta(days=1), NIGHT, ""),
        ]
    )


def plan_back(lot: Lot, account: Account, rule: Rule, mark: str, *, told: bool = False) -> None:
    """Something came into ``lot``. Is its end near, or past, it is said once more and the notice runs anew; ``told``:
    it was said of these very points already, which then end with the others."""
    today = timezone.localdate()
    if lot.expires_on - timedelta(days=rule.notice_days) > today:
        return
    if not told:
        Lot.objects.filter(pk=lot.pk).update(announced_at=None)
        add_dues([_due(SOON, lot, account, today, MORNING, f":{mark}")])
    if lot.expires_on < today:
        plan_again(lot, account, 0, mark)


def plan_again(lot: Lot, account: Account, days: int, mark: str) -> None:
    """What could not end yet, or came back after its day, ends in ``days`` days; ``mark`` tells the times apart."""
    add_dues([_due(EXPIRE, lot, account, timezone.localdate() + timedelta(days=days), NIGHT, f":{mark}")])


def _due(kind: str, lot: Lot, account: Account, day: date, at: time, mark: str) -> NewDue:
    moment = datetime.combine(day, at, timezone.get_current_timezone())
    label, place = account.number, account.street_id
    return NewDue(kind, subject_of(lot), moment, f"{kind}:{lot.pk}{mark}", label=label, area_code=place)


def key_of(due: Due) -> int:
    """Of which lot, or exchange, a due is."""
    return int(due.subject.partition(":")[2])


def subject_of(lot: Lot) -> str:
    """The lot as the subject of dues."""
    return f"lot:{lot.pk}"
