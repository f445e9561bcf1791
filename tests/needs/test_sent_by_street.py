"""An errand that the street sends out is the street's: it is asked, told, and says for the resident that it came."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.errors import NotAllowed
from claims import services as claims
from claims.models import Claim
from claims.permissions import abilities
from claims.states import ClaimState, Verb
from deadlines.models import Stage
from needs.models import Need
from needs.presenting.wishes import last_day
from needs.services.errand_confirm import ERRAND_CONFIRM, STAGE
from needs.services.handling import accept_need
from needs.services.triage import escalate_need
from tests.cast import Cast, Street, browser_of, fresh, say_need
from tests.needs.running import publish, runner, take
from tests.needs.ways import WHY, now, told

pytestmark = pytest.mark.django_db


def at_the_street(here: Street) -> Need:
    """Taken up by the community, sent up, taken up by the street."""
    need = say_need(here.home)
    accept_need(pk=need.pk, by=fresh(here.worker))
    escalate_need(pk=need.pk, by=fresh(here.worker), why=WHY)
    accept_need(pk=need.pk, by=fresh(here.clerk))
    return now(need)


def brought(here: Street) -> tuple[Need, Claim]:
    need, helper = at_the_street(here), runner()
    claim = take(publish(need, here.clerk), helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    return now(need), Claim.objects.select_related("offer").get(pk=claim.pk)


def page(client: Client, name: str, *args: Any) -> str:
    text = client.get(reverse(name, args=args)).content.decode()
    return str(text).replace('<span class="day">', "").replace("</span>", "")


def test_the_street_confirms_and_the_community_looks_on(cast: Cast) -> None:
    here = cast.chengxiang
    _need, claim = brought(here)
    assert Verb.CONFIRM in abilities(fresh(here.clerk), claim)
    assert not abilities(fresh(here.worker), claim)
    with pytest.raises(NotAllowed):
        claims.confirm(claim_id=claim.pk, by=fresh(here.worker))
    claims.confirm(claim_id=claim.pk, by=fresh(here.section_head))
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.COMPLETED


def test_what_the_community_sends_out_both_may_confirm_as_before(cast: Cast) -> None:
    here, helper = cast.chengxiang, runner()
    claim = take(publish(say_need(here.home), here.worker), helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    claim = Claim.objects.select_related("offer").get(pk=claim.pk)
    assert all(Verb.CONFIRM in abilities(fresh(user), claim) for user in (here.secretary, here.clerk))


def test_the_street_is_told_and_reminded_and_the_community_is_not(cast: Cast) -> None:
    here = cast.chengxiang
    brought(here)
    street, community = {f"u:{u.pk}" for u in (here.clerk, here.party_office)}, f"u:{here.secretary.pk}"
    assert street <= told("ErrandDelivered") and community not in told("ErrandDelivered")
    stage = Stage.objects.get(kind=ERRAND_CONFIRM)
    assert stage.area_code == here.street.pk
    assert here.clerk in STAGE.hands(stage) and here.secretary not in STAGE.hands(stage)


def test_every_page_names_the_street(cast: Cast) -> None:
    here, looker, clerk = cast.chengxiang, browser_of(runner("13900000002")), browser_of(cast.chengxiang.clerk)
    need, helper = at_the_street(here), runner()
    errand = publish(need, here.clerk)
    asked = page(looker, "desk:errand", errand.offer_id)
    assert here.street.name in asked and "谁经办" not in asked
    assert f"{here.street.name} {here.clerk.name}" in page(clerk, "desk:errand", errand.offer_id)
    claim = take(errand, helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    runs = page(browser_of(helper), "desk:claim", claim.pk)
    assert "街道可以代为确认" in runs and here.street.name in runs
    follows = page(Client(), "needs:progress", need.link_token)
    assert "街道可以代为确认" in follows and "到时街道来问您" in follows
    ends = Stage.objects.get(kind=ERRAND_CONFIRM).due_at
    for shown in (
        runs,
        follows,
        page(looker, "desk:errand", errand.offer_id),
        page(clerk, "admin:needs_need_change", need.pk),
        page(clerk, "admin:needs_errand_changelist"),
        page(clerk, "admin:needs_need_changelist"),
    ):
        assert "社区可以代" not in shown and "到时社区" not in shown
        assert all(f"社区{day}前代为确认" not in shown for day in (last_day(ends), ""))
    day = last_day(ends)
    for shown in (page(looker, "desk:errand", errand.offer_id), page(clerk, "admin:needs_errand_changelist")):
        assert f"街道{day}前代为确认" in shown
