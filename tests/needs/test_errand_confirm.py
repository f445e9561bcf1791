"""An errand that is said to be there waits for the resident's word until a day, and then the community says it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from claims import services as claims
from claims.models import Claim
from deadlines.models import Stage
from needs.models import Need
from needs.presenting.wishes import last_day
from needs.services.errand_confirm import ERRAND_CONFIRM, STAGE, start_missing_errand_waits
from needs.services.errands import errand_not_there_by_resident
from needs.services.finishing import finish_need
from people.models import User
from tests.cast import Cast, browser_of, fresh, say_need
from tests.needs.running import publish, runner, take
from tests.needs.ways import now

pytestmark = pytest.mark.django_db


def brought(cast: Cast) -> tuple[Need, Claim, User]:
    need, helper = say_need(cast.chengxiang.home), runner()
    claim = take(publish(need, cast.chengxiang.worker), helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    return now(need), claim, helper


def outcomes() -> list[str]:
    return list(Stage.objects.filter(kind=ERRAND_CONFIRM).order_by("pk").values_list("outcome", flat=True))


def test_the_wait_has_a_day_and_every_page_says_it(cast: Cast) -> None:
    need, claim, helper = brought(cast)
    assert outcomes() == ["running"]
    day = last_day(Stage.objects.get(kind=ERRAND_CONFIRM).due_at)
    staff = browser_of(cast.chengxiang.worker)
    for client, path, said in (
        (Client(), reverse("needs:progress", args=[need.link_token]), f"{day}，到时社区来问您"),
        (staff, reverse("admin:needs_need_change", args=[need.pk]), f"社区{day}前代为确认"),
        (staff, reverse("admin:needs_errand_changelist"), f"社区{day}前代为确认"),
        (staff, reverse("admin:needs_need_changelist"), f"社区{day}前代为确认"),
        (browser_of(helper), reverse("desk:claim", args=[claim.pk]), f"社区{day}前确认"),
        (browser_of(runner("13900000002")), reverse("desk:errand", args=[claim.offer_id]), f"社区{day}前代为确认"),
    ):
        page = str(client.get(path).content.decode()).replace('<span class="day">', "").replace("</span>", "")
        assert said in page, path


def test_it_ends_with_a_word_on_it_and_begins_again(cast: Cast) -> None:
    need, claim, helper = brought(cast)
    errand_not_there_by_resident(token=need.link_token)
    assert outcomes() == ["met"]
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    assert outcomes() == ["met", "running"]
    claims.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.secretary))
    assert outcomes() == ["met", "met"]


def test_the_community_is_reminded_never_whoever_reported(cast: Cast) -> None:
    _need, _claim, helper = brought(cast)
    people = STAGE.hands(Stage.objects.get(kind=ERRAND_CONFIRM))
    assert cast.chengxiang.worker in people and helper not in people


def test_one_from_before_gets_its_day(cast: Cast) -> None:
    brought(cast)
    Stage.objects.filter(kind=ERRAND_CONFIRM).delete()
    assert (start_missing_errand_waits(), start_missing_errand_waits()) == (1, 0)
    assert outcomes() == ["running"]


def test_what_the_office_heard_is_noted_under_whoever_heard_it(cast: Cast) -> None:
    here = cast.chengxiang
    need, claim, _helper = brought(cast)
    finish_need(pk=need.pk, by=fresh(here.worker), words="打电话问过，收到了")
    confirmed = claim.events.get(verb="confirm")
    assert confirmed.actor == here.worker
    page = browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    assert "社区代居民确认收到" in page and "居民说收到了" not in page
