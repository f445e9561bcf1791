"""Every state of a need and of its wish, as the resident follows it: who has it, since when, until when.

Where there is no day a sentence says why; where nobody is waited for, it says so. No step leaves the page without.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.services import steps
from deadlines.models import Stage
from needs import wording
from needs.models import Need, Wish
from needs.services.answers import answer_need
from needs.services.call_back import call_back
from needs.services.extensions import ask_extension, decide_extension
from needs.services.finishing import finish_need
from needs.services.handling import accept_need, reply_to_resident
from needs.services.triage import escalate_need, return_need, send_back_need
from needs.services.waiting import ask_resident, resume_need
from needs.services.wish_from_need import wish_from_need
from needs.services.wishes import approve_wish, reject_wish, verify_wish, withdraw_wish
from needs.states import CALL_BACK, FIRST_RESPONSE, REPLY, Office, State
from needs.states.wish import APPROVE_WAIT, CONFIRM_WAIT, VERIFY_WAIT, WishStage, WishState
from tests.cast import Cast, api_of, fresh
from tests.needs.test_tracked import at_leader, brought, facts_of, page_of
from tests.needs.ways import WAYS, WHY, in_hand, latest_of, now
from tests.needs.wishing import again, taken, typed

pytestmark = pytest.mark.django_db
UNTIL = ("哪天前答复", "预计哪天办好", "评价到哪天", "最晚", "最晚什么时候接手", "哪天前打电话", "到什么时候")


def due_day(need: Need, kind: str) -> str:
    """The last moment of the limit of ``kind`` that runs, as it is said."""
    return wording.at_last(Stage.objects.running().get(subject=f"need:{need.pk}", kind=kind).due_at)


def whole(need: Need) -> dict[str, str]:
    """What stands under the headline, with all three; the API says the same."""
    facts = facts_of(page_of(now(need)))
    assert facts.get("在谁手里") and facts.get("从哪天起"), facts
    assert [label for label in UNTIL if facts.get(label)], facts
    sent = {"number": need.number, "code": need.tracking_code}
    answer = api_of(None).post("/api/v1/needs/track/", sent, format="json").json()
    assert {fact["label"]: fact["value"] for fact in answer["now"]} == facts
    return facts


def promised(need: Need) -> str:
    found = now(need).reply_by
    assert found is not None
    return wording.day(found)


@pytest.mark.parametrize("way", WAYS)
def test_every_situation_of_a_need_says_who_since_when_and_until_when(cast: Cast, way: str) -> None:
    need = WAYS[way].go(cast)
    if way == "at_leader":  # its limits begin where it gets there by a resident's answer
        need = at_leader(cast)
    facts = whole(need)
    if WAYS[way].state in (State.NOT_ACCEPTED, State.WITHDRAWN):
        assert facts["到什么时候"] == "不用再等了"


def test_the_states_walked_through_are_all_there_are(cast: Cast) -> None:
    walked = {way.state for way in WAYS.values()} | {State.CLOSED}
    assert walked == set(State)
    assert {way.office for way in WAYS.values()} == set(Office)


def test_sent_up_the_promise_stands_and_somebody_takes_it_up_by_a_moment(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    day = promised(need)
    steps_ = (
        lambda: escalate_need(pk=need.pk, by=fresh(here.worker), why=WHY),
        lambda: send_back_need(pk=need.pk, by=fresh(here.clerk), why=WHY),
        lambda: return_need(pk=accept_need(pk=need.pk, by=fresh(here.worker)).pk, by=fresh(here.worker), why=WHY),
    )
    for step in steps_:
        step()
        facts = whole(need)
        assert facts["哪天前答复"] == day and facts["最晚什么时候接手"] == due_day(need, FIRST_RESPONSE)
        assert f"答应您{day}前答复，不变" in page_of(now(need))


def test_a_promise_that_passed_meanwhile_is_owned_up_to(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    escalate_need(pk=need.pk, by=fresh(here.worker), why=WHY)
    Need.objects.filter(pk=need.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    Stage.objects.filter(kind=FIRST_RESPONSE).update(due_at=timezone.now() - timedelta(minutes=1))
    page = page_of(now(need))
    assert "已经过了，对不起" in page and "不变" not in page
    assert "晚了，对不起" in whole(need)["最晚什么时候接手"]


def test_not_solved_goes_up_with_a_moment_and_to_the_leader_with_a_day(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    finish_need(pk=need.pk, by=fresh(here.worker), words="灯换好了")
    answer_need(token=need.link_token, outcome="unsolved")
    facts = whole(need)
    assert here.street.name in facts["在谁手里"] and facts["最晚什么时候接手"] == due_day(need, FIRST_RESPONSE)
    accept_need(pk=need.pk, by=fresh(here.clerk))
    finish_need(pk=need.pk, by=fresh(here.clerk), words="又换了一次")
    answer_need(token=need.link_token, outcome="unsolved")
    facts = whole(need)
    assert "分管领导" in facts["在谁手里"] and facts["哪天前打电话"] == due_day(need, CALL_BACK)
    call_back(pk=need.pk, by=fresh(here.leader), words="说还是不亮", settled=False)
    assert whole(need)["最晚什么时候接手"] == due_day(need, FIRST_RESPONSE)
    accept_need(pk=need.pk, by=fresh(here.clerk))
    assert whole(need)["哪天前答复"] == promised(need)


def test_settled_on_the_phone_nobody_waits(cast: Cast) -> None:
    need = at_leader(cast)
    call_back(pk=need.pk, by=fresh(cast.chengxiang.leader), words="谈好了", settled=True)
    assert whole(need)["到什么时候"] == "不用再等了"


def test_the_clock_that_stands_says_when_it_goes_on_and_a_granted_day_is_the_day(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="是哪一幢？")
    assert whole(need)["到什么时候"].startswith("您补充了就接着算日子")
    resume_need(pk=need.pk, by=fresh(here.worker))
    before = promised(need)
    asked = ask_extension(pk=need.pk, by=fresh(here.worker), until=latest_of(need), reason="等配件")
    assert whole(need)["哪天前答复"] == before, "nothing is granted yet"
    decide_extension(pk=asked.pk, by=fresh(here.secretary), granted=True)
    assert whole(need)["哪天前答复"] == promised(need) != before
    assert promised(need) == wording.day(Stage.objects.running().get(kind=REPLY).due_on)


def test_answered_and_still_in_hand_it_says_until_when_it_should_be_done(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    reply_to_resident(pk=need.pk, by=fresh(here.worker), words="配件下周到")
    assert whole(need)["预计哪天办好"] == wording.day(now(need).done_by)  # type: ignore[arg-type]
    escalate_need(pk=need.pk, by=fresh(here.worker), why=WHY)
    facts = whole(need)
    assert "哪天前答复" not in facts and facts["最晚什么时候接手"] == due_day(need, FIRST_RESPONSE)


@pytest.mark.parametrize("outcome", ["solved", "partly"])
def test_closed_says_that_nobody_is_waited_for_or_who_has_the_rest(cast: Cast, outcome: str) -> None:
    need = in_hand(cast)
    finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="灯换好了")
    answer_need(token=need.link_token, outcome=outcome)
    facts = whole(need)
    if outcome == "solved":
        assert facts["到什么时候"] == "不用再等了"
    else:
        assert facts["在谁手里"] == "社区书记，接着看剩下的" and "没有定日子" in facts["到什么时候"]


def test_an_errand_that_is_there_waits_for_the_resident(cast: Cast) -> None:
    need, _claim, _runner = brought(cast)
    facts = whole(need)
    assert "您" in facts["在谁手里"] and facts["谁答复您"] and "社区来问您" in facts["最晚"]
    assert "哪天前答复" not in facts, "one word is asked for, and one day counts"


def wished(cast: Cast) -> tuple[Need, Wish]:
    """A need that became a wish, and was answered: only the wish has a day now."""
    here = cast.chengxiang
    need = in_hand(cast)
    key = need.client_key
    wish = wish_from_need(need_pk=need.pk, by=fresh(here.worker), version=None, client_key=key, **typed())
    reply_to_resident(pk=need.pk, by=fresh(here.worker), words="登记成心愿了")
    return now(need), wish


def _verified(cast: Cast, wish: Wish) -> Any:
    return verify_wish(pk=wish.pk, by=fresh(cast.chengxiang.worker), version=None, how="上门看过")


def _published(cast: Cast, wish: Wish) -> Any:
    _verified(cast, wish)
    return approve_wish(pk=wish.pk, by=fresh(cast.chengxiang.secretary), version=None)


def _taken(cast: Cast, wish: Wish) -> Any:
    _published(cast, wish)
    return taken(cast.chengxiang, wish)


def _brought(cast: Cast, wish: Wish) -> Any:
    claim = _taken(cast, wish)
    return steps.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), note="送到了")


def _fulfilled(cast: Cast, wish: Wish) -> Any:
    claim = _brought(cast, wish)
    return steps.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.worker))


def _lapsed(cast: Cast, wish: Wish) -> Any:
    _published(cast, wish)
    offer = again(wish).offer
    assert offer is not None
    passed = timezone.now() - timedelta(days=1)
    type(offer).objects.filter(pk=offer.pk).update(closes_at=passed, opens_at=passed - timedelta(days=15))


def _rejected(cast: Cast, wish: Wish) -> Any:
    _verified(cast, wish)
    return reject_wish(pk=wish.pk, by=fresh(cast.chengxiang.secretary), version=None, words="不是心愿")


def _withdrawn(cast: Cast, wish: Wish) -> Any:
    return withdraw_wish(pk=wish.pk, by=fresh(cast.chengxiang.worker), version=None, words="家里买了")


WISHES: dict[str, tuple[Callable[[Cast, Wish], Any], str, str]] = {
    "registered": (lambda cast, wish: None, WishStage.TO_VERIFY, "万寿桥社区"),
    "verified": (_verified, WishStage.TO_VERIFY, "社区书记"),
    "published": (_published, WishStage.OPEN, "等人认领"),
    "taken": (_taken, WishStage.UNDER_WAY, "认领心愿的人，社区陪着"),
    "brought": (_brought, WishStage.UNDER_WAY, "万寿桥社区"),
    "fulfilled": (_fulfilled, WishStage.FULFILLED, ""),
    "lapsed": (_lapsed, WishStage.UNCLAIMED, ""),
    "rejected": (_rejected, WishState.REJECTED, ""),
    "withdrawn": (_withdrawn, WishState.WITHDRAWN, ""),
}


@pytest.mark.parametrize("way", WISHES)
def test_every_stage_of_its_wish_says_who_since_when_and_until_when(cast: Cast, way: str) -> None:
    go, stage, who = WISHES[way]
    need, wish = wished(cast)
    go(cast, wish)
    facts = whole(need)
    assert stage in {str(one) for one in WishStage}
    waits = {"registered": VERIFY_WAIT, "verified": APPROVE_WAIT, "brought": CONFIRM_WAIT}.get(way)
    if who:
        assert facts["在谁手里"] == who and facts["最晚"] and "到什么时候" not in facts
        assert facts["从哪天起"] and cast.chengxiang.worker.name in facts["谁答复您"]
    else:
        assert facts["预计哪天办好"] == wording.day(now(need).done_by)  # type: ignore[arg-type]
    if waits:
        assert facts["最晚"] == wording.at_last(Stage.objects.running().get(kind=waits).due_at)


def test_the_stages_of_a_wish_walked_through_are_all_there_are() -> None:
    assert {str(stage) for _go, stage, _who in WISHES.values()} == {str(stage) for stage in WishStage}


def test_what_the_only_secretary_verified_is_said_to_be_with_the_street(cast: Cast) -> None:
    need, wish = wished(cast)
    verify_wish(pk=wish.pk, by=fresh(cast.chengxiang.secretary), version=None, how="上门看过")
    assert whole(need)["在谁手里"] == "街道"
