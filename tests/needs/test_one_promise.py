"""What is promised is said alike wherever it stands; what the leader did is known to the resident; who is chased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deadlines.models import ChaseStep, Due, Stage
from deadlines.services.sweep import sweep_all
from needs import wording
from needs.models import Need
from needs.services.call_back import call_back
from needs.services.handling import accept_need
from needs.services.triage import escalate_need
from needs.states import FIRST_RESPONSE, REPLY, Audience, Office, State, Verb
from tests.cast import Cast, api_of, browser_of, fresh, resident, say_need
from tests.needs.test_tracked import at_leader, facts_of, page_of
from tests.needs.ways import WHY, in_hand, keys, now, told

pytestmark = pytest.mark.django_db


def own_line(need: Need) -> str:
    """The need among one's own."""
    person = resident(need.contact_phone)
    Need.objects.filter(pk=need.pk).update(resident=person)
    return str(browser_of(person).get("/my/").content.decode())


def test_sent_up_both_pages_say_when_it_is_taken_up_and_when_it_is_answered(cast: Cast) -> None:
    need = in_hand(cast)
    escalate_need(pk=need.pk, by=fresh(cast.chengxiang.worker), why=WHY)
    facts = facts_of(page_of(now(need)))
    taken, answered = facts["最晚什么时候接手"], facts["哪天前答复"]
    assert f"最晚{taken}接手，{answered}前答复" in own_line(need)


def test_without_a_limit_the_promise_still_stands_on_both(cast: Cast) -> None:
    need = in_hand(cast)
    escalate_need(pk=need.pk, by=fresh(cast.chengxiang.worker), why=WHY)
    Stage.objects.filter(kind=FIRST_RESPONSE).delete()
    facts = facts_of(page_of(now(need)))
    assert facts["哪天前答复"] and "到什么时候" not in facts, "no day and a day at once"
    mine = own_line(need)
    assert f"{facts['哪天前答复']}前答复" in mine and "还没有定" not in mine


def test_where_nothing_is_promised_both_say_so_in_the_same_words(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    Stage.objects.all().delete()
    said = facts_of(page_of(now(need)))["到什么时候"]
    assert said in own_line(need)


def test_the_call_is_a_line_of_its_own_for_the_resident(cast: Cast) -> None:
    need = at_leader(cast)
    call_back(pk=need.pk, by=fresh(cast.chengxiang.leader), words="机密：摊主不肯搬", settled=False)
    page = page_of(now(need))
    assert "分管领导给您打过电话" in page and "机密" not in page
    line = need.events.get(verb="called")
    assert (line.audience, line.words, line.why) == (Audience.RESIDENT, "", "")
    sent = {"number": need.number, "code": need.tracking_code}
    rows = api_of(None).post("/api/v1/needs/track/", sent, format="json").json()["timeline"]
    assert any("分管领导给您打过电话" in row["text"] for row in rows) and "机密" not in str(rows)


def test_staff_read_of_the_call_once(cast: Cast) -> None:
    here, need = cast.chengxiang, at_leader(cast)
    call_back(pk=need.pk, by=fresh(here.leader), words="摊主不肯搬", settled=False)
    page = browser_of(here.clerk).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    assert page.count("摊主不肯搬") == 1 and "打过电话" not in page
    verbs = [row["verb"] for row in api_of(here.clerk).get(f"/api/v1/needs/{need.pk}/").json()["events"]]
    assert Verb.CALL_BACK in verbs and "called" not in verbs


def test_settled_on_the_phone_there_is_one_line(cast: Cast) -> None:
    need = at_leader(cast)
    call_back(pk=need.pk, by=fresh(cast.chengxiang.leader), words="谈好了", settled=True)
    assert not need.events.filter(verb="called").exists()
    assert [wording.event_for_resident(event) for event in need.events.filter(verb=Verb.SETTLE)] == [
        "分管领导给您打过电话，这件事办结"
    ]


def ladder(kind: str) -> list[tuple[int, str]]:
    return list(
        ChaseStep.objects.filter(kind=kind, is_active=True).order_by("offset").values_list("offset", "audience")
    )


def test_one_ladder_for_the_first_response_and_for_the_reply() -> None:
    after = [(1, "supervisor"), (3, "party_office")]
    assert ladder(FIRST_RESPONSE) == [(0, "hands"), *after]
    assert ladder(REPLY) == [(-1, "hands"), (0, "hands"), *after]


def climb(kind: str, *offsets: int) -> None:
    stage = Stage.objects.running().get(kind=kind)
    Stage.objects.filter(pk=stage.pk).update(due_at=timezone.now() - timedelta(days=7))
    due = Due.objects.filter(subject=f"stage:{stage.pk}", kind="deadlines.chase", params__offset__in=offsets)
    assert due.update(due_at=timezone.now() - timedelta(minutes=1)) == len(offsets)
    sweep_all()


RUNGS: list[tuple[int, str, Any]] = [
    (0, "AcceptNow", lambda here: {here.worker, here.secretary, here.grid_lead, here.grid_full}),
    (1, "AcceptLate", lambda here: {here.secretary}),
    (3, "AcceptLate", lambda here: {here.party_office}),
]


@pytest.mark.parametrize(("offset", "rule", "whom"), RUNGS)
def test_who_hears_that_nobody_has_taken_it(cast: Cast, offset: int, rule: str, whom: Any) -> None:
    say_need(cast.chengxiang.home)
    climb(FIRST_RESPONSE, offset)
    found = told(rule)
    assert found and found <= keys(*whom(cast.chengxiang))
    assert (f"u:{cast.chengxiang.worker.pk}" in found) == (offset == 0), "first those who may take it"


def test_who_hears_that_nobody_has_answered(cast: Cast) -> None:
    here = cast.chengxiang
    accept_need(pk=say_need(here.home).pk, by=fresh(here.worker))
    climb(REPLY, 1)
    assert told("ReplyLate") == keys(here.secretary)


def test_the_offices_are_still_those(cast: Cast) -> None:
    need = at_leader(cast)
    call_back(pk=need.pk, by=fresh(cast.chengxiang.leader), words="再办", settled=False)
    assert (now(need).state, now(need).office) == (State.PENDING, Office.STREET)
