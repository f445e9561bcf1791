"""核销 at the counter, and what becomes of what nobody picks up.

Locks: the account, then the exchange, then the reward; writing off needs the exchange alone, since only shared accounts
move. Wrong, foreign, used and late codes get one answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from claims.services.people import by_daylight
from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.services.dues import drop_dues
from deadlines.states import DueState, Reason
from members.models import MemberUnit
from notifications.services import queue
from people.models import Area, User
from people.services.limits import refuse_after, take, untake
from points import messages
from points.codes import LENGTH, as_typed, digest_of
from points.models import Account, Lot, Redemption, Reward, Rule, Transfer
from points.permissions import redemption_abilities, writes_off
from points.services.clock import key_of, plan_back
from points.services.posting import held, write, write_between
from points.services.redeeming import FETCH, LAPSE, subject_of
from points.states import Kind, Posting, RedemptionState, RedemptionVerb

GUESS, GUESSES = "points-counter", (10, 3600)
JUST_NOW = timedelta(minutes=10)
"""A second tap of the same person is given the first one's answer."""
WRONG = _("没有找到这个兑换码。请对方打开“我的积分”，照着再输一遍。")
LOCKED = _("输错太多次，这里先锁住了。请过一会儿再试，或者打街道电话。")


@dataclass(frozen=True)
class Counter:
    """Where codes are taken: a unit's, or an office's."""

    unit: MemberUnit | None = None
    area: Area | None = None

    @property
    def key(self) -> str:
        return f"unit:{self.unit.pk}" if self.unit else f"area:{self.area.pk if self.area else ''}"


def write_off(*, code: str, by: User, counter: Counter) -> Redemption:
    """Hand over what belongs to ``code``, once. ``just_made`` is False where ``by`` did so a moment ago.

    Raises ``NotAllowed`` (not one's counter, or one's own exchange), ``Invalid`` (nothing typed), ``TooMany`` (ten
    wrong codes at this counter, or by this person, within the hour; the tenth is in the audit log) and ``NotFound``: a
    wrong, a foreign, a used and a late code alike. Not within a transaction: what was wrong stays counted.
    """
    if not writes_off(by, counter.unit, counter.area):
        raise NotAllowed
    typed = as_typed(code)
    if not clean(code):
        raise Invalid({"code": [_("请输入兑换码。")]})
    if len(typed) != LENGTH:
        raise NotFound(WRONG)  # a slip, not a guess
    guessers = (counter.key, f"u:{by.pk}")
    for one in guessers:
        refuse_after(GUESS, one, limit=GUESSES[0], seconds=GUESSES[1], message=LOCKED)
    # Counted before it is looked for, of the counter and of the person: many at once are no way round.
    tries = [take(GUESS, one, limit=GUESSES[0], seconds=GUESSES[1], message=LOCKED) for one in guessers]
    found = _find(typed, by, counter)
    if found is None:
        if GUESSES[0] in tries:
            area = counter.area.pk if counter.area else counter.unit.area_id if counter.unit else ""
            record(Action.DESK_LOCKED, actor=by, subject=counter.key, area_code=area)
        raise NotFound(WRONG)
    for one in guessers:
        untake(GUESS, one, seconds=GUESSES[1])
    return found


@transaction.atomic
def _find(code: str, by: User, counter: Counter) -> Redemption | None:
    """The exchange of ``code``, handed over; None if there is none for this counter. Raises ``NotAllowed`` (own)."""
    rows = Redemption.objects.filter(code_key=digest_of(code))
    rows = rows.filter(reward__unit=counter.unit) if counter.unit else rows.filter(reward__unit__isnull=True)
    if counter.area is not None:
        rows = rows.filter(reward__area__code__startswith=counter.area.pk)
    row = rows.select_related("account__person", "reward").select_for_update(of=("self",), no_key=True).first()
    if row is None:
        return None
    if row.state == RedemptionState.DONE and row.ended_at and timezone.now() - row.ended_at < JUST_NOW:
        mine = row.events.filter(verb=RedemptionVerb.WRITE_OFF, actor=by).exists()
        return row if mine else None
    if row.state != RedemptionState.HELD or row.until < timezone.localdate():
        return None
    if row.account.person_id == by.pk:
        raise NotAllowed(_("自己兑换的，请让同事来核销。"))
    _hand_over(row, by)
    return row


def _hand_over(row: Redemption, by: User) -> None:
    row.move_to(RedemptionVerb.WRITE_OFF, actor=by, changes={"ended_at": timezone.now()})
    write_between(
        kind=Posting.SPEND,
        account=row.account,
        amount=row.price,
        source=Kind.HELD,
        target=Kind.SPENT,
        for_=f"redemption:{row.pk}",
        label=row.label,
        by=by,
    )
    drop_dues(subject=subject_of(row))
    row.just_made = True
    _tell(row, messages.RedemptionDone)


@transaction.atomic
def cancel_redemption(*, pk: int, by: User, why: str = "") -> Redemption:
    """取消, by its holder; or 收回, by the office, with a reason. Points, lots and stock are as they were before.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (the office, without a reason), ``RuleBroken`` (it is over).
    """
    seen = Redemption.objects.visible_to(by).select_related("account").filter(pk=pk).first()
    if seen is None:
        raise NotFound
    account = held(seen.account_id)
    row: Redemption = Redemption.objects.visible_to(by).select_related("reward").locked(pk)
    row.account = account
    if row.state != RedemptionState.HELD:
        raise RuleBroken(_("这一笔已经领走了，或者积分已经退了，不用取消了。"))
    able = redemption_abilities(by, row)
    verb = RedemptionVerb.CANCEL if RedemptionVerb.CANCEL in able else RedemptionVerb.CALL_OFF
    if verb not in able:
        raise NotAllowed
    words = clean(why)[:200]
    if verb == RedemptionVerb.CALL_OFF and not words:
        raise Invalid({"why": [_("请写为什么收回，对方看得到。")]})
    _give_back(row, verb, by=None if verb == RedemptionVerb.CANCEL else by, why=words)
    drop_dues(subject=subject_of(row))
    if verb == RedemptionVerb.CALL_OFF:
        _tell(row, messages.RedemptionCalledOff, why=words)
    return row


def _give_back(row: Redemption, verb: RedemptionVerb, *, by: User | None, why: str = "") -> None:
    """The held points go back into the lots they came from, and the thing onto the shelf. Account and row are held."""
    first = Transfer.objects.get(kind=Posting.HOLD, source=f"redemption:{row.pk}")
    lines = first.entries.filter(seq__isnull=False).select_related("lot").order_by("seq")
    lots = [(line.lot, -line.amount) for line in lines if line.lot is not None]
    row.move_to(verb, actor=by, note=why, changes={"ended_at": timezone.now()})
    write(
        kind=Posting.RELEASE,
        account=row.account,
        moves=lots,
        other=Kind.HELD,
        source=f"redemption:{row.pk}",
        label=row.label,
        why=why,
        by=by,
        reverses=first,
    )
    Reward.objects.filter(pk=row.reward_id, left__isnull=False).update(left=F("left") + 1)
    rule = Rule.objects.on(timezone.localdate()).first() or Rule()
    for lot, _n in lots:
        plan_back(lot, row.account, rule, f"r{row.pk}", told=_was_told(lot, first, rule))


def _was_told(lot: Lot, hold: Transfer, rule: Rule) -> bool:
    """Whether the word that ``lot`` ends reached these points before they were held; whoever keeps holding and letting
    go makes nothing last longer than a notice beyond the longest hold."""
    late = lot.expires_on + timedelta(days=rule.pick_up_days) < timezone.localdate()
    return lot.announced_at is not None and (hold.at >= lot.announced_at or late)


def release_all_of(accounts: Sequence[Account]) -> int:
    """Give back whatever the locked ``accounts`` have on hold; returns how many."""
    rows = Redemption.objects.held().filter(account__in=[account.pk for account in accounts])
    rows, known, found = rows.order_by("reward_id", "pk"), {account.pk: account for account in accounts}, 0
    for row in rows.select_related("reward").select_for_update(of=("self",), no_key=True):
        row.account = known[row.account_id]
        _give_back(row, RedemptionVerb.CANCEL, by=None)
        drop_dues(subject=subject_of(row))
        found += 1
    return found


def _held(dues: Sequence[Due]) -> dict[int, Redemption]:
    keys = {key_of(due) for due in dues}
    own = Redemption.objects.filter(pk__in=keys).values_list("account_id", flat=True)
    rows = Account.objects.filter(pk__in=list(own)).order_by("pk").select_for_update(of=("self",), no_key=True)
    accounts = {row.pk: row for row in rows}
    found = Redemption.objects.held().filter(pk__in=keys).select_related("reward").order_by("reward_id", "pk")
    waiting = {row.pk: row for row in found.select_for_update(of=("self",), no_key=True)}
    for row in waiting.values():
        row.account = accounts[row.account_id]
    return waiting


def lapse(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """Fifteen days are over: points, lots and stock are as they were."""
    found = {pk: row for pk, row in _held(dues).items() if row.until < timezone.localdate()}
    for row in found.values():
        _give_back(row, RedemptionVerb.LAPSE, by=None)
        _tell(row, messages.RedemptionLapsed)
    return _stopped(dues, found)


def remind(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """Three days before."""
    found = _held(dues)
    for row in found.values():
        _tell(row, messages.RedemptionWaits)
    return _stopped(dues, found)


def _stopped(dues: Sequence[Due], done: Mapping[int, object]) -> Mapping[int, tuple[DueState, str]]:
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if key_of(due) not in done}


def _tell(row: Redemption, kind: type[messages.MessageClass], **more: str) -> None:
    if row.account.person is not None:
        message = messages.of_redemption(kind, row, **more)
        occurrence = f"redemption:{row.pk}:{row.version}"
        queue(message, occurrence=occurrence, users=[row.account.person], not_before=by_daylight())


KINDS = (
    DueKind(LAPSE, label=_("兑换没来领"), handle=lapse, grace=timedelta(days=3650)),
    DueKind(FETCH, label=_("提醒领取兑换品"), handle=remind, grace=timedelta(days=2)),
)
