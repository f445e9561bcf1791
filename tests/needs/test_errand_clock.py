"""How quickly an errand goes: ten minutes until somebody has it, and what is measured."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from claims import services as claims
from claims.models import Claim
from deadlines.models import Due, Stage
from deadlines.services.sweep import sweep_all
from deadlines.states import Outcome as StageOutcome
from needs.models import Errand, Need
from needs.services import errand_clock
from needs.services.errands import default_deliver_by
from notifications.models import Message
from notifications.states import Channel, State
from tests.cast import Cast, fresh, say_need
from tests.needs.running import publish, runner, take, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 23, 9, 0), datetime(2026, 11, 23, 23, 59)),
        (datetime(2026, 11, 23, 16, 59), datetime(2026, 11, 23, 23, 59)),
        (datetime(2026, 11, 23, 17, 0), datetime(2026, 11, 24, 12, 0)),
        (datetime(2026, 12, 31, 20, 0), datetime(2027, 1, 1, 12, 0)),
    ],
)
def test_until_tonight_or_after_five_until_noon_tomorrow(at: datetime, until: datetime) -> None:
    given = default_deliver_by(timezone.make_aware(at))
    assert timezone.localtime(given).replace(tzinfo=None, second=0) == until


def test_the_first_claim_stops_the_clock_of_ten_minutes(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    stage = Stage.objects.get(kind=errand_clock.ERRAND_TAKE)
    assert stage.due_at - stage.started_at == timedelta(minutes=10)
    claim = take(errand, runner())
    stage.refresh_from_db()
    assert (stage.outcome, stage.stopped_at) == (StageOutcome.MET, claim.claimed_at)
    claims.return_claim(claim_id=claim.pk, by=fresh(claim.person), note="临时有事")
    take(errand, runner("13900000002"))
    assert Stage.objects.filter(kind=errand_clock.ERRAND_TAKE).count() == 1


def test_after_ten_minutes_whoever_published_it_and_the_community_are_reminded(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.clerk)
    _late(errand)
    sweep_all()
    here = cast.chengxiang
    assert told("ErrandWaiting") == {f"u:{user.pk}" for user in (here.clerk, here.worker, here.secretary)}
    take(errand, runner())
    assert Stage.objects.get(kind=errand_clock.ERRAND_TAKE).outcome == StageOutcome.BREACHED


def test_nobody_is_told_to_ask_around_once_somebody_has_it_nor_that_somebody_has_it_once_it_is_there(
    cast: Cast, need: Need
) -> None:
    errand = publish(need, cast.chengxiang.clerk)
    _late(errand)
    sweep_all()
    assert _unread("ErrandWaiting") == 3
    claim = take(errand, runner())
    assert (_unread("ErrandWaiting"), _unread("ErrandTaken") > 0) == (0, True)
    claims.deliver(claim_id=claim.pk, by=fresh(claim.person), note="交给本人了")
    assert (_unread("ErrandTaken"), _unread("ErrandDelivered") > 0) == (0, True)
    claims.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.worker))
    assert _unread("ErrandDelivered") == 0


def _unread(rule: str) -> int:
    return Message.objects.filter(rule=f"needs.{rule}", channel=Channel.INAPP, state=State.SENT).count()


def test_what_was_taken_in_time_reminds_nobody(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    take(errand, runner())
    _late(errand)
    sweep_all()
    assert not told("ErrandWaiting")


def _late(errand: Errand) -> None:
    """Eleven minutes have passed."""
    back = timedelta(minutes=11)
    stage = Stage.objects.get(kind=errand_clock.ERRAND_TAKE, subject=f"errand:{errand.pk}")
    Stage.objects.filter(pk=stage.pk).update(started_at=stage.started_at - back, due_at=stage.due_at - back)
    Due.objects.filter(subject=f"stage:{stage.pk}").update(due_at=stage.due_at - back)


def test_the_times_of_an_errand_are_read_from_what_happened(cast: Cast, need: Need) -> None:
    errand, helper = publish(need, cast.chengxiang.worker), runner()
    nothing = errand_clock.errand_times(errand)
    assert (nothing.until_taken, nothing.until_delivered) == (None, None)
    claim = take(errand, helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    said = need.created_at
    Errand.objects.filter(pk=errand.pk).update(published_at=said + timedelta(minutes=4))
    Claim.objects.filter(pk=claim.pk).update(
        claimed_at=said + timedelta(minutes=9), delivered_at=said + timedelta(hours=2)
    )
    times = errand_clock.errand_times(Errand.objects.get(pk=errand.pk))
    assert (times.until_published, times.until_taken) == (timedelta(minutes=4), timedelta(minutes=5))
    assert times.until_delivered == timedelta(minutes=111)


def test_taken_and_given_back_is_not_yet_taken(cast: Cast, need: Need) -> None:
    errand, first = publish(need, cast.chengxiang.worker), runner()
    claim = take(errand, first)
    said = need.created_at
    Errand.objects.filter(pk=errand.pk).update(published_at=said + timedelta(minutes=1))
    Claim.objects.filter(pk=claim.pk).update(claimed_at=said + timedelta(minutes=2))
    assert _times(errand).until_taken == timedelta(minutes=1)
    claims.return_claim(claim_id=claim.pk, by=fresh(first), note="临时有事")
    assert (_times(errand).until_taken, _times(errand).until_delivered) == (None, None)
    led_on = take(errand, runner("13900000002"))
    Claim.objects.filter(pk=led_on.pk).update(claimed_at=said + timedelta(minutes=31))
    assert _times(errand).until_taken == timedelta(minutes=30)
    claims.deliver(claim_id=led_on.pk, by=fresh(led_on.person))
    Claim.objects.filter(pk=led_on.pk).update(delivered_at=said + timedelta(minutes=51))
    assert (_times(errand).until_taken, _times(errand).until_delivered) == (
        timedelta(minutes=30),
        timedelta(minutes=20),
    )


def test_the_median_counts_what_led_on(cast: Cast) -> None:
    for number in range(5):
        errand, first = publish(say_need(cast.chengxiang.home), cast.chengxiang.worker), runner()
        left = take(errand, first)
        claims.return_claim(claim_id=left.pk, by=fresh(first), note="临时有事")
        claim = take(errand, runner("13900000002"))
        Claim.objects.filter(pk=claim.pk).update(claimed_at=errand.published_at + timedelta(minutes=number + 20))
    assert errand_clock.errand_figures([cast.chengxiang.home.pk]).until_taken == timedelta(minutes=22)


def _times(errand: Errand) -> errand_clock.ErrandTimes:
    return errand_clock.errand_times(Errand.objects.get(pk=errand.pk))


def test_figures_begin_with_five_and_are_those_of_the_area(cast: Cast) -> None:
    here = cast.chengxiang
    for minutes in (1, 2, 3, 30):
        _past(cast, minutes)
    assert errand_clock.errand_figures([here.home.pk]) == errand_clock.ErrandFigures(4, None, None, None)
    _past(cast, 4)
    figures = errand_clock.errand_figures([here.street.pk])
    assert (figures.errands, figures.until_published) == (5, timedelta(minutes=3))
    assert figures.until_taken is None
    assert errand_clock.errand_figures([cast.xiasha.street.pk]).errands == 0


def _past(cast: Cast, minutes: int) -> None:
    need = say_need(cast.chengxiang.home)
    errand = publish(need, cast.chengxiang.worker)
    Errand.objects.filter(pk=errand.pk).update(published_at=need.created_at + timedelta(minutes=minutes))
