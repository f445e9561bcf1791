"""Points come in once, by a rule, under the day's limit; go out oldest first; come back as they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from points.models import Account, Entry, Rule, Transfer
from points.services import posting
from points.services.awarding import award
from points.services.folding import fold
from points.services.reversing import reverse_award
from points.services.verifying import verify
from points.states import Kind, Posting
from points.worth import of_service
from tests.cast import Cast
from tests.points.things import account, give, now_true, volunteer


def test_an_award_is_two_lines_a_lot_and_two_dues_and_stands_once(cast: Cast) -> None:
    here, who, key = cast.chengxiang, volunteer(), uuid4()
    first = give(who, here, 10, source="claim:7", client_key=key)
    again = give(who, here, 10, source="claim:7", client_key=key)
    other_key = give(who, here, 10, source="claim:7")
    assert (first.just_made, again.just_made, other_key.pk) == (True, False, first.pk)
    assert {entry.amount for entry in first.entries.all()} == {10, -10}
    own = account(who, here)
    assert (own.balance, own.seq, own.number[:6]) == (10, 1, "JF-CX-")
    lot = own.lots.get()
    assert lot.expires_on == date(timezone.localdate().year + 1, 12, 31)
    assert sorted(Due.objects.filter(subject=f"lot:{lot.pk}").values_list("kind", flat=True)) == [
        "points.expire",
        "points.soon",
    ]
    assert posting.shared_balances(here.street.pk)[Kind.ISSUED] == -10
    now_true()


@pytest.mark.parametrize(
    "change", [{"amount": 20}, {"source": "claim:8"}, {"person": "somebody"}, {"area_code": "elsewhere"}]
)
def test_the_same_key_for_something_else_is_refused(cast: Cast, change: dict[str, Any]) -> None:
    who, key = volunteer(), uuid4()
    said: dict[str, Any] = {"person": who, "area_code": cast.chengxiang.home.pk, "label": "跑腿", "client_key": key}
    said |= {"amount": 10, "source": "claim:7"}
    award(**said)
    if "person" in change:
        change = {"person": volunteer("老王")}
    if "area_code" in change:
        change = {"area_code": cast.xiasha.home.pk}
    with pytest.raises(Conflict):
        award(**{**said, **change})
    assert Transfer.objects.count() == 1
    now_true()


@pytest.mark.parametrize("amount", [0, -1, 100_001, 10**30, 1.5, True, "10"])
def test_a_sum_that_is_none_is_refused(cast: Cast, amount: Any) -> None:
    with pytest.raises(Invalid):
        give(volunteer(), cast.chengxiang, amount)
    assert not Transfer.objects.exists()


def test_a_day_has_a_limit_and_what_it_cuts_off_is_still_explained(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    assert [give(who, here, 150).amount, give(who, here, 150).amount, give(who, here, 150).amount] == [150, 50, 0]
    assert give(who, here, 150, day=timezone.localdate() - timedelta(days=1)).amount == 150
    assert account(who, here).balance == 350
    assert list(Transfer.objects.order_by("pk").values_list("asked", flat=True)) == [150] * 4
    now_true()


def test_who_works_there_gets_nothing_for_their_job_and_something_elsewhere(cast: Cast) -> None:
    worker, here = cast.chengxiang.worker, cast.chengxiang
    said: dict[str, Any] = {"person": worker, "amount": 10, "label": "跑腿"}
    assert award(area_code=here.home.pk, source="claim:1", **said) is None
    assert award(area_code=here.street.pk, source="claim:3", **said) is None, "the street's is theirs as well"
    elsewhere = award(area_code=cast.xiasha.home.pk, source="claim:2", **said)
    assert elsewhere and elsewhere.street_id == cast.xiasha.street.pk


def test_points_of_two_streets_are_two_accounts(cast: Cast) -> None:
    who = volunteer()
    give(who, cast.chengxiang, 30)
    give(who, cast.xiasha, 20)
    assert (account(who, cast.chengxiang).balance, account(who, cast.xiasha).balance) == (30, 20)
    assert set(Account.objects.kept_by(cast.chengxiang.clerk)) == {account(who, cast.chengxiang)}
    assert not Account.objects.kept_by(cast.chengxiang.worker).exists()
    assert Account.objects.visible_to(who).count() == 2


def test_what_comes_out_comes_out_of_the_oldest_and_goes_back_to_where_it_was(cast: Cast) -> None:
    here, who, today = cast.chengxiang, volunteer(), timezone.localdate()
    give(who, here, 100, day=today)
    give(who, here, 60, day=today.replace(year=today.year - 1, month=6, day=1))
    own = posting.held(account(who, here).pk)
    moves = posting.oldest_first(own, 90)
    assert [(lot.expires_on.year - today.year, change) for lot, change in moves] == [(0, -60), (1, -30)]
    held = posting.write(
        kind=Posting.HOLD, account=own, moves=moves, other=Kind.HELD, source="redemption:1", label="理发"
    )
    now_true("held")
    assert posting.shared_balances(here.street.pk)[Kind.HELD] == 90
    own = posting.held(own.pk)
    back = [(entry.lot, -entry.amount) for entry in held.entries.filter(seq__isnull=False).select_related("lot")]
    posting.write(
        kind=Posting.RELEASE,
        account=own,
        moves=back,  # type: ignore[arg-type]
        other=Kind.HELD,
        source="redemption:1",
        label="理发",
        reverses=held,
    )
    assert sorted(own.lots.values_list("rest", flat=True)) == [60, 100]
    assert account(who, here).balance == 160
    with pytest.raises(RuleBroken):
        posting.oldest_first(own, 161)
    now_true()


def test_an_award_is_reversed_once_by_the_office_with_a_reason(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    first = give(who, here, 150)
    for wrong, error in (
        ({"by": here.worker}, NotFound),
        ({"by": cast.xiasha.clerk}, NotFound),
        ({"by": who}, NotAllowed),
    ):
        with pytest.raises(error):
            reverse_award(pk=first.pk, why="记错人了", **wrong)
    with pytest.raises(Invalid):
        reverse_award(pk=first.pk, by=here.clerk, why=" ")
    made = reverse_award(pk=first.pk, by=here.clerk, why="记错人了")
    assert reverse_award(pk=first.pk, by=here.clerk, why="再点一次") == made
    assert (account(who, here).balance, made.reverses, made.why) == (0, first, "记错人了")
    assert posting.shared_balances(here.street.pk)[Kind.ISSUED] == 0
    assert give(who, here, 200).amount == 200, "the day's limit is free again"
    with pytest.raises(RuleBroken):
        reverse_award(pk=made.pk, by=here.clerk, why="冲正的冲正")
    now_true()


def test_what_was_spent_is_not_taken_back(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    first = give(who, here, 50)
    own = posting.held(account(who, here).pk)
    moves = posting.oldest_first(own, 20)
    posting.write(kind=Posting.HOLD, account=own, moves=moves, other=Kind.HELD, source="redemption:1", label="雨伞")
    with pytest.raises(RuleBroken, match="用掉"):
        reverse_award(pk=first.pk, by=here.clerk, why="记错人了")
    now_true("held")


def test_folding_changes_no_balance_and_checking_notes_what_it_saw(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    give(who, here, 30)
    before = posting.shared_balances(here.street.pk)
    assert (fold(), fold()) == (1, 0)
    issued = posting.shared(here.street.pk, Kind.ISSUED)
    assert (issued.balance, issued.folded_to) == (-30, Entry.objects.latest("pk").pk)
    give(who, here, 5)
    assert posting.shared_balances(here.street.pk)[Kind.ISSUED] == before[Kind.ISSUED] - 5
    assert fold() == 1
    found = verify()
    assert (found.entries, found.problems) == (4, [])


def test_service_is_counted_in_steps_up_to_a_day(db: None) -> None:
    rule = Rule.objects.get()
    assert [of_service(rule, n) for n in (29, 30, 59, 60, 600)] == [0, 5, 5, 10, 80]
    assert of_service(rule, 120, coefficient="hard", organiser=True) == 28  # 2 × 1.2 × 1.2, rounded down
    assert of_service(rule, 120, before=420, coefficient="skilled") == 15
    with pytest.raises(KeyError):
        of_service(rule, 60, coefficient="gold")
