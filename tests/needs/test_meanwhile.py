"""Whoever comes too late is told who decided, when and what; not only that somebody was faster."""

from __future__ import annotations

import re
from typing import Any

import pytest

from alliance.lib.errors import Conflict, RuleBroken
from claims.services import confirm, deliver, not_there, return_claim
from members.models import Liaison
from needs.models import Extension, Need
from needs.services.extensions import ask_extension, decide_extension, latest
from needs.services.handling import accept_need, add_note, reply_to_resident
from needs.services.meanwhile import Overtaken, last_line
from needs.services.wishes import approve_wish, reject_wish
from needs.states import ExtensionState
from people.models import User
from tests.cast import Cast, api_of, browser_of, fresh, resident, say_need
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
    said = answer.json()["message"]
    assert re.match(rf"{AT} 社工{here.worker.name}：受理，答应.*前答复。", said)
    assert said.endswith("请看看最新的再决定。"), "nothing is kept over the API"
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


def _nicknamed(liaison: User) -> None:
    """Whoever came in by phone calls themselves as they like."""
    User.objects.filter(pk=liaison.pk).update(name="小雨点")


def test_a_claim_names_colleagues_to_staff_and_the_community_to_whoever_took_it(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    _nicknamed(here.liaison)
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    assert re.match(rf"{AT}，{claim.unit}说送到了。请看看最新的再决定。$", _late(here.worker, claim.pk, "confirm"))
    not_there(claim_id=claim.pk, by=fresh(here.worker), note="没收到")
    assert re.match(rf"{AT}，{here.worker.name}说还没收到。", _late(here.secretary, claim.pk, "release"))
    said = _late(here.liaison, claim.pk, "deliver")
    assert re.match(rf"{AT}，{here.home.name}说还没收到。", said) and here.worker.name not in said
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    assert re.match(rf"{AT}，您说送到了。", _late(here.liaison, claim.pk, "deliver"))
    confirm(claim_id=claim.pk, by=fresh(here.secretary))
    assert re.match(rf"{AT}，{here.secretary.name}代居民确认收到了。", _late(here.worker, claim.pk, "confirm"))


def test_a_resident_who_confirms_speaks_for_themself(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    not_there(claim_id=claim.pk, by=None, note="没看到")
    assert re.match(rf"{AT}，居民说还没收到。", _late(here.worker, claim.pk, "confirm"))
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    confirm(claim_id=claim.pk, by=None)
    assert re.match(rf"{AT}，居民说收到了。", _late(here.worker, claim.pk, "confirm"))


def test_a_colleague_of_the_unit_is_called_as_the_unit_names_them(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    _nicknamed(here.liaison)
    claim.unit.seats.update(name="陈老师")
    other = User.objects.create(username="another", name="自称", password="!")
    Liaison.objects.create(unit=claim.unit, user=other, is_second=True, name="林老师")
    deliver(claim_id=claim.pk, by=fresh(other))
    assert re.match(rf"{AT}，林老师说送到了。", _late(here.liaison, claim.pk, "deliver"))
    assert re.match(rf"{AT}，{claim.unit}说送到了。", _late(here.worker, claim.pk, "confirm"))


def test_a_wishs_history_names_the_unit_and_not_who_spoke_for_it(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    _nicknamed(here.liaison)
    second = resident("13900000077", name="小雷")
    Liaison.objects.create(unit=claim.unit, user=second, is_second=True)
    deliver(claim_id=claim.pk, by=fresh(second))
    assert f"：{claim.unit}：报告送到了" not in last_line(wish) and f"{claim.unit}：报告送到了" in last_line(wish)
    not_there(claim_id=claim.pk, by=fresh(here.worker), note="没收到")
    send_back = return_claim(claim_id=claim.pk, by=fresh(here.liaison), note="实在不行")
    assert send_back.unit_id == claim.unit_id
    page = browser_of(here.worker).get(f"/admin/needs/wish/{wish.pk}/change/").content.decode()
    told = page[page.index("报告送到了") - 2000 :]
    for line in ("认领了", "报告送到了", "退回了认领"):
        assert f"{claim.unit}：{line}" in told
    assert "小雨点" not in page and "小雷" not in page and here.worker.name in told
