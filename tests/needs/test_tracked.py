"""The progress page says who has it, until when, and what has happened: also for an errand, a call, what was left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.errors import RuleBroken
from claims.models import Claim, ClaimEvent
from claims.services import deliver
from claims.states import ClaimState
from claims.states import Verb as ClaimVerb
from deadlines.models import Stage
from needs import wording
from needs.models import Need
from needs.services.answers import answer_need
from needs.services.call_back import call_back
from needs.services.errands import confirm_errand_by_resident, errand_not_there_by_resident
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.handling import accept_need, reply_to_resident
from needs.services.waiting import ask_resident
from notifications.models import Message
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.desk.asking import errand, take, text
from tests.needs.ways import clocks, in_hand, keys, now, told

pytestmark = pytest.mark.django_db


def page_of(need: Need) -> str:
    return text(Client().get(reverse("needs:progress", args=[need.link_token])))


def facts_of(page: str) -> dict[str, str]:
    """What stands under the headline."""
    found = re.search(r'<dl class="facts">(.*?)</dl>', page, re.S)
    assert found
    plain = re.sub(r'<span class="day">(.*?)</span>', r"\1", found[1])
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", plain))


def brought(cast: Cast) -> tuple[Need, Claim, Any]:
    """An errand that a neighbour took and says to have brought."""
    found, runner = errand(cast.chengxiang), resident("13900000077")
    take(browser_of(runner), found)
    claim = Claim.objects.get()
    deliver(claim_id=claim.pk, by=fresh(runner))
    return now(found.need), claim, runner


def at_leader(cast: Cast) -> Need:
    """Taken up twice, and twice not solved."""
    here = cast.chengxiang
    need = in_hand(cast)
    for who in (here.worker, here.clerk):
        if now(need).accepted_at is None:
            accept_need(pk=need.pk, by=fresh(who))
        finish_need(pk=need.pk, by=fresh(who), words=f"{who.name}说灯换好了")
        answer_need(token=need.link_token, outcome="unsolved", words="还是不亮")
    return now(need)


def test_whose_hands_stand_under_the_headline_and_refresh_with_it(cast: Cast) -> None:
    need = in_hand(cast)
    page = page_of(need)
    live = page[page.index('id="live"') : page.index('class="can')]
    assert facts_of(live)["在谁手里"].endswith(cast.chengxiang.worker.name)
    assert facts_of(live)["哪天前答复"] == wording.day(now(need).reply_by)  # type: ignore[arg-type]
    assert "在谁手里" not in page[page.index('aria-label="您说的"') :]


def test_answered_and_still_in_hand_names_the_day_that_counts_now(cast: Cast) -> None:
    need = in_hand(cast)
    reply_to_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="配件下周到")
    page = page_of(need)
    assert "哪天前答复" not in facts_of(page) and "答复过" in facts_of(page)
    assert "没有定日子" not in page and reverse("needs:urge", args=[need.link_token]) in page


def test_while_the_resident_is_waited_for_the_page_offers_no_urging(cast: Cast) -> None:
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="是哪一幢？")
    page = page_of(need)
    assert "等您补充" in re.findall(r'<span class="badge[^>]*>(.*?)</span>', page)
    assert reverse("needs:urge", args=[need.link_token]) not in page


def test_what_is_left_over_names_who_has_it_and_since_when(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    finish_need(pk=need.pk, by=fresh(here.worker), words="换了一半")
    post = "社区书记"
    assert f"剩下的请{post}看" in page_of(need)
    toast = Client().post(
        reverse("needs:answer", args=[need.link_token]),
        {"outcome": "partly", "sure": "1", "round": "1", "words": "", "satisfaction": ""},
        follow=True,
    )
    assert f"剩下的请{post}看" in text(toast)
    assert f"剩下的由{post}接着看，今天起" in page_of(need)
    solved = in_hand(cast)
    finish_need(pk=solved.pk, by=fresh(here.worker), words="好了")
    answer_need(token=solved.link_token, outcome="solved")
    assert "剩下的" not in page_of(solved)


def test_where_the_secretary_handled_it_somebody_else_has_the_rest(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=fresh(here.secretary))
    finish_need(pk=need.pk, by=fresh(here.secretary), words="换了一半")
    assert "社区书记" not in page_of(need) and "剩下的请科室负责人看" in page_of(need)


def test_an_errand_is_told_from_the_acceptance_to_the_door(cast: Cast) -> None:
    need, claim, _runner = brought(cast)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.CLAIMED)
    page = page_of(need)
    assert f"{wording.moment(claim.claimed_at)}接下，" in page and "最晚" in facts_of(page)
    line = re.findall(r'<span class="line__text">(.*?)</span>', page)
    plain = [re.sub(r"<.*?>", "", row) for row in line]
    assert plain[:2] == ["志愿者说送到了", "有志愿者接下了"]
    assert any("受理了，答应" in row and row.endswith("请志愿者跑腿") for row in plain)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.AWAITING)
    confirm_errand_by_resident(token=need.link_token)
    assert any("您说收到了" in row for row in re.findall(r'<span class="line__text">(.*?)</span>', page_of(need)))


def test_it_did_not_arrive_is_said_with_one_tap_and_counts_once(cast: Cast) -> None:
    here = cast.chengxiang
    need, claim, runner = brought(cast)
    page = page_of(need)
    path = reverse("needs:not_there", args=[need.link_token])
    assert path in page and reverse("needs:received", args=[need.link_token]) in page
    assert "btn--main" not in page[page.index('class="got') : page.index('aria-label="办理进度"')]
    Client().post(path)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.DELIVERING
    assert told("ErrandNotThere") >= keys(here.worker)
    assert (
        Message.objects.filter(rule="claims.ClaimNotThere", recipient_key=f"u:{runner.pk}", channel="inapp").count()
        == 1
    )
    before = (ClaimEvent.objects.count(), Message.objects.count())
    again = text(Client().post(path, follow=True))
    assert errand_not_there_by_resident(token=need.link_token).pk == claim.pk
    assert (ClaimEvent.objects.count(), Message.objects.count()) == before, "a second tap is the first"
    assert "您说没收到" in again and "已经告诉志愿者和社区" in again
    deliver(claim_id=claim.pk, by=fresh(runner))
    assert path in page_of(need), "brought again it is asked again"


def test_it_did_not_arrive_is_not_said_of_what_nobody_has_brought(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    for step in (lambda: None, lambda: take(browser_of(resident("13900000078")), found)):
        step()
        with pytest.raises(RuleBroken):
            errand_not_there_by_resident(token=found.need.link_token)
    assert not ClaimEvent.objects.filter(verb=ClaimVerb.NOT_THERE).exists()


def test_the_leaders_call_has_a_day_and_the_page_says_it(cast: Cast) -> None:
    need = at_leader(cast)
    assert [row[0] for row in clocks(need, "needs.call_back")] == ["running"]
    page = page_of(need)
    assert "3个工作日内会给您打电话" in page and "待回访" not in page and "办理中" in page
    staff = text(browser_of(cast.chengxiang.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    strip = staff[staff.index('class="strip"') : staff.index('class="two"')]
    assert "最晚什么时候接手" not in strip and "<dt>回访</dt>" in strip and "等回访" in staff and "待回访" not in staff
    call_back(pk=need.pk, by=fresh(cast.chengxiang.leader), words="谈好了", settled=True)
    assert [row[0] for row in clocks(need, "needs.call_back")] == ["met"]


def test_taken_back_nobody_was_late_to_call(cast: Cast) -> None:
    need = at_leader(cast)
    withdraw(token=need.link_token)
    assert [row[0] for row in clocks(need, "needs.call_back")] == ["void"]
    assert not Stage.objects.running().filter(subject=f"need:{need.pk}").exists()


def test_ended_by_the_call_it_says_so_and_the_refused_answer_is_history(cast: Cast) -> None:
    here = cast.chengxiang
    need = at_leader(cast)
    assert 'class="reply"' not in page_of(need), "what did not solve it does not stand on top"
    call_back(pk=need.pk, by=fresh(here.leader), words="谈好了", settled=True)
    page = page_of(need)
    today = "今天"
    assert f"分管领导{today}给您打过电话，谈好办结" in page
    assert 'class="reply"' not in page and "回访前您的评价" in page
    plain = re.sub(r'<span class="day">(.*?)</span>', r"\1", page)
    assert re.findall(r'<li class="is-done"><b>(.*?)</b><small>(.*?)</small>', plain) == [
        (label, today) for label in ("您说了", "已受理", "回访过", "已办结")
    ]


def test_an_end_without_being_done_is_no_core_in_a_ring(cast: Cast) -> None:
    need = in_hand(cast)
    withdraw(token=need.link_token)
    page = page_of(need)
    assert 'class="is-off"' in page and 'class="is-now"' not in page
    assert "撤回以后就不再办这件事" in page_of(in_hand(cast))


def test_staff_read_no_first_response_of_rounds_that_are_over(cast: Cast) -> None:
    need = at_leader(cast)
    call_back(pk=need.pk, by=fresh(cast.chengxiang.leader), words="谈好了", settled=True)
    page = text(browser_of(cast.chengxiang.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    strip = page[page.index('class="strip"') : page.index('class="two"')]
    assert "没有受理" not in strip and "重办：" not in strip and "没有人，已办结" in strip
