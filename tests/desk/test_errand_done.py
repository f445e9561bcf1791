"""A finished errand is over for whoever ran it: their own page, no form on it, and nothing more to send."""

from __future__ import annotations

from uuid import uuid4

import pytest

from claims.models import Claim, ClaimEvent
from claims.services import steps
from claims.states import ClaimState
from tests.cast import Cast, browser_of, fresh, resident
from tests.desk.asking import errand, take, text

pytestmark = pytest.mark.django_db
ONE = "13900000001"


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_was_brought_is_shown_and_not_answered_again(cast: Cast, confirmed: bool) -> None:
    found, runner = errand(cast.chengxiang), browser_of(resident(ONE))
    take(runner, found)
    claim = Claim.objects.get()
    own = f"/desk/claims/{claim.pk}/"
    opened = text(runner.get(own))
    assert "deliver" in opened, "the control: while it is on the way there is a form"
    steps.deliver(claim_id=claim.pk, by=fresh(resident(ONE)))
    if confirmed:
        steps.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.worker))
    again = runner.get(f"/desk/errands/{found.offer_id}/")
    assert (again.status_code, again["Location"]) == (302, own)
    page = text(runner.get(own))
    assert f"{own}deliver" not in page and f"{own}return" not in page
    before = (Claim.objects.values().get(), ClaimEvent.objects.count())
    for way, typed in (("deliver", {"words": "又送了"}), ("return", {"why": "不跑了"})):
        sent = {**typed, "version": str(claim.version), "hold_key": str(uuid4())}
        refused = runner.post(f"{own}{way}/", sent)
        assert refused.status_code == 409 and "没有交上去" in text(refused)
    assert (Claim.objects.values().get(), ClaimEvent.objects.count()) == before


def test_what_one_gave_back_one_may_take_again(cast: Cast) -> None:
    found, runner = errand(cast.chengxiang), browser_of(resident(ONE))
    take(runner, found)
    claim = Claim.objects.get()
    steps.return_claim(claim_id=claim.pk, by=fresh(resident(ONE)), note="临时有事")
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.RETURNED
    assert "我来跑" in text(runner.get(f"/desk/errands/{found.offer_id}/"))
