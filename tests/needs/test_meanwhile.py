"""Whoever comes too late is told who decided, when and what; not only that somebody was faster."""

from __future__ import annotations

import re
from typing import Any

import pytest

from alliance.lib.errors import Conflict, RuleBroken
from claims.services import confirm, deliver, not_there
from needs.models import Extension, Need
from needs.services.extensions import ask_extension, decide_extension, latest
from needs.services.handling import accept_need, add_note, reply_to_resident
from needs.services.meanwhile import Overtaken
from needs.services.wishes import approve_wish, reject_wish
from needs.states import ExtensionState
from people.models import User
from tests.cast import Cast, api_of, browser_of, fresh, say_need
from tests.needs.wishing import published, taken, verified

pytestmark = pytest.mark.django_db
AT = r"今天 \d\d:\d\d"


@pytest.fixture
def asked(cast: Cast) -> Extension:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=fresh(here.worker))
    need = Need.objects.get(pk=need.pk)
    return ask_extension(pk=need.pk, by=fresh(here.worker), until=latest(need), reason="等配件")


def _now(asked: Extension) -> Need:
    return Need.objects.get(pk=asked.need_id)


def _decide(asked: Extension, by: User, *, granted: bool = True) -> None:
    decide_extension(pk=asked.pk, by=fresh(by), granted=granted)


def test_the_second_superior_reads_who_decided_when_and_what(cast: Cast, asked: Extension) -> None:
    here, opened = cast.chengxiang, _now(asked).version
    _decide(asked, here.secretary)
    sent = {"granted": "no", "words": "再等等", "version": str(opened)}
    answer = browser_of(here.section_head).post(f"/admin/approvals/extensions/{asked.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "再等等" in page
    assert re.search(rf"社区书记{here.secretary.name} {AT}已经批过这份延期：同意。不用再批。", page)


def test_over_the_api_and_on_the_needs_page_too(cast: Cast, asked: Extension) -> None:
    here, opened = cast.chengxiang, _now(asked).version
    _decide(asked, here.secretary, granted=False)
    body = api_of(here.section_head).post(
        f"/api/v1/extensions/{asked.pk}/decide/", {"version": opened, "granted": True}, format="json"
    )
    assert body.status_code == 409
    wanted = rf"社区书记{here.secretary.name} {AT}已经批过这份延期：不同意。"
    assert re.search(wanted, body.json()["message"])
    sent = {"decide-version": str(opened), "decide-words": "", "choice": "granted"}
    answer = browser_of(here.section_head).post(f"/admin/needs/need/{asked.need_id}/decide/", sent)
    assert answer.status_code == 409 and re.search(wanted, answer.content.decode())


def test_what_was_dropped_says_why(cast: Cast, asked: Extension) -> None:
    here = cast.chengxiang
    reply_to_resident(pk=asked.need_id, by=fresh(here.worker), words="明天换", version=_now(asked).version)
    assert Extension.objects.get(pk=asked.pk).state == ExtensionState.DROPPED
    with pytest.raises(RuleBroken, match=f"不用批了。.*社工{here.worker.name}：.*回复居民"):
        _decide(asked, here.secretary)


def test_a_need_that_moved_on_says_who_moved_it(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=fresh(here.worker))
    answer = api_of(here.secretary).post(f"/api/v1/needs/{need.pk}/accept/", {"version": 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert re.match(rf"{AT} 社工{here.worker.name}：受理，答应.*前答复。", answer.json()["message"])
    with pytest.raises(Overtaken):
        add_note(pk=need.pk, by=fresh(here.secretary), words="看看", version=1)


def test_a_wish_that_was_decided_says_by_whom(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here)
    opened = wish.version
    approve_wish(pk=wish.pk, by=fresh(here.secretary), version=opened)
    with pytest.raises(Conflict, match=rf"^{AT} 社区书记{here.secretary.name}：审批通过，上了心愿墙。"):
        reject_wish(pk=wish.pk, by=fresh(here.section_head), version=opened, words="要补材料")


def _late(caller: Any, claim: int, step: str) -> str:
    answer = api_of(caller).post(f"/api/v1/claims/{claim}/{step}/", {"version": 1, "note": "x"}, format="json")
    assert answer.status_code == 409
    message: str = answer.json()["message"]
    return message


def test_a_claim_names_colleagues_to_staff_and_the_community_to_whoever_took_it(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    assert f"{claim.unit}：报告送达" in _late(here.worker, claim.pk, "confirm").replace(
        here.liaison.name, str(claim.unit)
    )
    not_there(claim_id=claim.pk, by=fresh(here.worker), note="没收到")
    assert re.match(rf"{AT} {here.worker.name}：没收到。", _late(here.secretary, claim.pk, "release"))
    said = _late(here.liaison, claim.pk, "deliver")
    assert re.match(rf"{AT} {here.home.name}：没收到。", said) and here.worker.name not in said
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    confirm(claim_id=claim.pk, by=None)
    assert re.match(rf"{AT} 居民：代确认。", _late(here.worker, claim.pk, "confirm"))
