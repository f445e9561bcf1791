"""退回: whoever has it gives it back to the office, within a limit of its own that the street sets."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.lib.errors import Invalid, RuleBroken
from deadlines.models import StageRule
from deadlines.services.rule import save_rule
from deadlines.states import Outcome
from needs.models import Need
from needs.services.assigning import assign_need
from needs.services.triage import may_return, return_need
from needs.states import Audience, Office, State, Verb
from people.models import RoleGrant
from tests.cast import Cast, fresh, say_need
from tests.needs.ways import WHY, clocks, in_hand, in_hand_at_street, keys, now, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def happened_long_ago(need: Need, as_owner: Any) -> None:
    """What was done so far was done five days ago."""
    as_owner.execute("UPDATE needs_needevent SET at = now() - interval '5 days' WHERE need_id = %s", [need.pk])


def test_who_did_it_is_told_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand_at_street(cast)
    return_need(pk=need.pk, by=here.clerk, why=WHY)
    assert told("NeedGivenBack") == keys(here.party_office)
    assert not told("NeedTakenOver")


def test_whoever_has_it_may_give_it_back_for_one_working_day(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    assert may_return(now(need))
    return_need(pk=need.pk, by=here.worker, why=WHY)
    found = now(need)
    assert (found.state, found.holder, found.office, found.why_here) == (State.PENDING, None, Office.COMMUNITY, WHY)
    assert found.events.get(verb=Verb.RETURN).audience == Audience.STAFF
    assert told("NeedGivenBack") == keys(here.secretary)
    assert clocks(need, "needs.reply") == [(Outcome.RUNNING, here.home.pk, None)]


def test_after_that_it_stays_and_the_street_may_set_another_limit(cast: Cast, as_owner: Any) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    happened_long_ago(need, as_owner)
    with pytest.raises(RuleBroken, match="不能再退回"):
        return_need(pk=need.pk, by=here.worker, why=WHY)
    assert now(need).holder == here.worker
    StageRule.objects.filter(pk="needs.return").update(amount=9)
    return_need(pk=need.pk, by=here.worker, why=WHY)


def test_whoever_it_was_given_to_has_a_day_of_their_own(cast: Cast, as_owner: Any) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    happened_long_ago(need, as_owner)
    assign_need(pk=need.pk, by=here.worker, why=WHY, to_user_id=here.secretary.pk)
    return_need(pk=need.pk, by=here.secretary, why=WHY)


def test_the_limit_for_giving_back_reminds_nobody_and_is_edited_like_the_others(cast: Cast) -> None:
    """It has no clock of its own, hence no rungs; a limit that runs still cannot do without."""
    admin = cast.chengxiang.system_admin
    RoleGrant.objects.filter(user=admin).update(area_id="330109")
    rule = StageRule.objects.get(pk="needs.return")
    assert (rule.amount, rule.unit) == (1, "work_days")
    save_rule(by=fresh(admin), kind=rule.pk, amount=2, unit="work_days", steps=[], version=rule.version)
    assert StageRule.objects.get(pk=rule.pk).amount == 2
    other = StageRule.objects.get(pk="needs.reply")
    with pytest.raises(Invalid):
        save_rule(by=fresh(admin), kind=other.pk, amount=5, unit="work_days", steps=[], version=other.version)
