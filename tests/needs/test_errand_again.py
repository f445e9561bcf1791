"""没收到 on an errand: it keeps its own time, and what turns up at the door is said with one tap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from claims import services as claims
from claims.models import Claim
from claims.states import ClaimState
from needs.models import Need
from needs.services.errands import confirm_errand_by_resident, errand_not_there_by_resident
from needs.states import State
from tests.cast import Cast, fresh, say_need
from tests.needs.running import publish, runner, take
from tests.needs.ways import now

pytestmark = pytest.mark.django_db


def brought(cast: Cast) -> tuple[Need, Claim, Any]:
    need, helper = say_need(cast.chengxiang.home), runner()
    claim = take(publish(need, cast.chengxiang.worker, deliver_by=timezone.now() + timedelta(minutes=20)), helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    return now(need), claim, helper


def test_it_should_be_there_the_same_day_or_two_hours_on(cast: Cast) -> None:
    need, claim, _helper = brought(cast)
    before = timezone.now()
    errand_not_there_by_resident(token=need.link_token)
    again = Claim.objects.get(pk=claim.pk)
    assert again.deliver_by == max(
        claims.end_of_day(again.back_at or before), (again.back_at or before) + timedelta(hours=2)
    )
    assert again.deliver_by < before + timedelta(hours=27)


def test_found_at_the_door_it_is_received_with_one_tap(cast: Cast) -> None:
    need, claim, _helper = brought(cast)
    errand_not_there_by_resident(token=need.link_token)
    page = Client().get(reverse("needs:progress", args=[need.link_token])).content.decode()
    assert reverse("needs:received", args=[need.link_token]) in page and "在家门口找到了" in page
    assert reverse("needs:not_there", args=[need.link_token]) not in page, "that has been said"
    Client().post(reverse("needs:received", args=[need.link_token]))
    done = Claim.objects.get(pk=claim.pk)
    assert done.state == ClaimState.COMPLETED and done.delivered_at is not None
    assert now(need).state == State.TO_ANSWER


def test_nobody_but_the_resident_says_so_of_what_is_on_its_way(cast: Cast) -> None:
    need, claim, _helper = brought(cast)
    errand_not_there_by_resident(token=need.link_token)
    with pytest.raises(RuleBroken):
        claims.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.secretary))


def test_what_nobody_has_said_to_be_there_is_not_received(cast: Cast) -> None:
    need, helper = say_need(cast.chengxiang.home), runner()
    claim = take(publish(need, cast.chengxiang.worker), helper)
    claims.send(claim_id=claim.pk, by=fresh(helper))
    for step in (
        lambda: confirm_errand_by_resident(token=now(need).link_token),
        lambda: claims.confirm(claim_id=claim.pk, by=None),
    ):
        with pytest.raises(RuleBroken):
            step()
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.DELIVERING
