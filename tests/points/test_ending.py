"""Points end a month after they were said to end, and never unannounced; the nightly check runs and shouts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.dates import day_of
from deadlines.models import Due
from deadlines.services.sweep import sweep_all
from notifications.models import Message
from points.codes import code_of, spaced
from points.models import Day, LedgerCheck, Lot, Redemption, Transfer
from points.services.folding import fold
from points.services.keeping import plan_lost_ends
from points.services.picking_up import cancel_redemption
from points.services.reversing import reverse_award
from points.services.verifying import plan_checks, verify
from points.states import Posting
from points.tasks import keep
from tests.cast import Cast, browser_of
from tests.points.things import account, give, now_true, redeem, reward_in, volunteer


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    from tests.cast import build

    return build()


def _old(here: Any, who: Any, amount: int = 60) -> Lot:
    """Points of two years ago: their last day was the end of last year."""
    today = timezone.localdate()
    give(who, here, amount, day=today.replace(year=today.year - 2, month=6, day=1))
    return account(who, here).lots.get(expires_on__year=today.year - 1)


def _told(rule: str) -> int:
    return Message.objects.filter(rule=f"points.{rule}", channel="inapp").count()


def _due_now(lot: Lot) -> int:
    return Due.objects.undone().filter(subject=f"lot:{lot.pk}").update(due_at=timezone.now())


def test_what_was_not_announced_is_announced_and_ends_thirty_days_later(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    give(who, here, 40)
    lot = _old(here, who)
    sweep_all()
    lot.refresh_from_db()
    assert (lot.rest, lot.announced_at is not None, _told("PointsEndSoon"), _told("PointsEnded")) == (60, True, 1, 0)
    again = Due.objects.undone().get(subject=f"lot:{lot.pk}", kind="points.expire")
    assert timezone.localdate(again.due_at) == timezone.localdate() + timedelta(days=31), "the thirtieth day counts"
    _due_now(lot)
    sweep_all()
    assert account(who, here).balance == 100, "a due that is pulled forward ends nothing early"
    Lot.objects.filter(pk=lot.pk).update(announced_at=timezone.now() - timedelta(days=31))
    _due_now(lot)
    sweep_all()
    assert (account(who, here).balance, _told("PointsEnded"), _told("PointsEndSoon")) == (40, 1, 1)
    ended = Transfer.objects.get(kind=Posting.EXPIRE)
    assert (ended.amount, ended.label) == (60, f"{lot.expires_on.year}年底到期")
    now_true()


def test_what_comes_into_a_lot_that_was_announced_is_announced_before_it_ends(cast: Cast) -> None:
    """Given afterwards, or back from an exchange: a month from the word; what was told of already gets none more."""
    here, who = cast.chengxiang, volunteer()
    lot = _old(here, who)
    held = redeem(who, reward_in(here, points=5))
    sweep_all()
    Lot.objects.update(announced_at=timezone.now() - timedelta(days=20))
    give(who, here, 30, day=lot.expires_on.replace(year=lot.expires_on.year - 1, month=6, day=2))
    sweep_all()
    lot.refresh_from_db()
    assert (_told("PointsEndSoon"), timezone.localdate(lot.announced_at)) == (2, timezone.localdate())
    Lot.objects.update(announced_at=timezone.now() - timedelta(days=40))
    Due.objects.undone().filter(subject=f"lot:{lot.pk}").update(state="cancelled", ended_at=timezone.now())
    late = redeem(who, reward_in(here, points=1))
    cancel_redemption(pk=late.pk, by=who)
    lot.refresh_from_db()
    assert lot.announced_at is not None, "of these points it was said before they were held"
    page = browser_of(who).get("/my/points/").content.decode()
    assert f"{day_of(timezone.localdate() - timedelta(days=10))}到期" in page, "the real end, not the lot's"
    sweep_all()
    assert (account(who, here).balance, _told("PointsEnded")) == (0, 1)
    cancel_redemption(pk=held.pk, by=who)
    now_true()


def test_points_whose_day_passed_while_they_were_held_come_back_and_end_by_the_rules(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    lot = _old(here, who, 200)
    made = redeem(who, reward_in(here))
    sweep_all()
    lot.refresh_from_db()
    assert (lot.rest, lot.announced_at) == (0, None), "there was nothing to announce"
    cancel_redemption(pk=made.pk, by=who)
    sweep_all()
    lot.refresh_from_db()
    assert (lot.rest, lot.announced_at is not None, _told("PointsEndSoon"), _told("PointsEnded")) == (200, True, 1, 0)
    Lot.objects.update(announced_at=timezone.now() - timedelta(days=31))
    _due_now(lot)
    sweep_all()
    assert (account(who, here).balance, _told("PointsEnded")) == (0, 1)
    now_true()


def test_a_lost_end_is_put_back_on_the_list(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    lot = _old(here, who)
    made = redeem(who, reward_in(here, points=5))
    Redemption.objects.update(until=timezone.localdate() - timedelta(days=1))
    shown = browser_of(who).get(f"/my/points/exchanges/{made.pk}/").content.decode()
    assert "过期没领" in shown and spaced(code_of(made.client_key)) not in shown
    assert plan_lost_ends() == 0
    Due.objects.undone().update(state="failed", ended_at=timezone.now())
    assert plan_lost_ends() == 2
    assert plan_lost_ends() == 0
    sweep_all()
    made.refresh_from_db()
    lot.refresh_from_db()
    assert (made.state, lot.rest, lot.announced_at is not None) == ("void", 60, True)
    assert Due.objects.undone().filter(subject=f"lot:{lot.pk}", kind="points.expire").exists()
    now_true()


def test_the_word_before_the_end_is_said_once_and_not_for_an_empty_lot(cast: Cast) -> None:
    here, who, other = cast.chengxiang, volunteer(), volunteer("老王")
    give(who, here, 40)
    lot = account(who, here).lots.get()
    Due.objects.filter(kind="points.soon").update(due_at=timezone.now())
    sweep_all()
    assert _told("PointsEndSoon") == 1
    first = give(other, here, 10)
    reverse_award(pk=first.pk, by=here.clerk, why="记错人了")
    Due.objects.undone().filter(kind="points.soon").update(due_at=timezone.now())
    sweep_all()
    empty = account(other, here).lots.get()
    assert (_told("PointsEndSoon"), empty.announced_at, lot.rest) == (1, None, 40)


def test_the_nightly_check_is_planned_once_runs_and_alarms(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    give(who, here, 40)
    keep()
    plan_checks()
    nights = Due.objects.undone().filter(kind="points.verify")
    assert nights.count() in (2, 3) and fold() == 0
    Due.objects.filter(pk=nights.earliest("due_at").pk).update(due_at=timezone.now())
    sweep_all()
    assert LedgerCheck.objects.get().problems == []
    assert not Message.objects.filter(rule="points.LedgerBroken").exists()
    Day.objects.update(given=7)  # the one figure that the database does not hold against the lines by itself
    assert verify().problems == [f"day {Day.objects.get().pk}"]
    assert Message.objects.filter(rule="points.LedgerBroken").exists()
    assert Day.objects.get().given == 7, "found, and left as it is"
