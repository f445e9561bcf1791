"""Whose it is, since when, until when: the list, the rail beside it, the page and the resident's page say the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.services import confirm
from needs.models import Need
from needs.presenting import around, decision, rows, strip, timeline
from needs.presenting.under_way import running_errand
from needs.services.answers import answer_need
from needs.services.assigning import assign_need
from needs.services.errand_ends import usual_end
from needs.services.finishing import finish_need
from needs.services.following import supplement
from needs.services.handling import accept_need, reply_to_resident
from needs.services.triage import escalate_need, send_back_need
from needs.services.units import unit_will_help
from needs.services.waiting import ask_resident
from notifications.models import Message
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.claims.things import unit_of
from tests.desk.asking import asked, errand, take, text
from tests.needs.test_tracked import brought, facts_of, page_of
from tests.needs.ways import in_hand, now

pytestmark = pytest.mark.django_db


def _page(need: Need) -> str:
    return reverse("admin:needs_need_change", args=[need.pk])


def test_an_errand_in_somebody_elses_hands_is_not_called_mine(cast: Cast) -> None:
    here = cast.chengxiang
    found = errand(here)
    take(browser_of(resident("13900000077", "小孙")), found)
    (row,) = rows([now(found.need)], fresh(here.worker))
    assert row["hand"]["line"] == "小孙在跑" and row["hand"]["mine"] is False
    assert "您发出后居民会看到您的名字" not in text(browser_of(here.worker).get(_page(found.need)))
    own = say_need(here.home)
    accept_need(pk=own.pk, by=fresh(here.worker))
    (row,) = rows([now(own)], fresh(here.worker))
    assert row["hand"]["mine"] is True


def test_the_rail_says_who_has_it_in_the_words_of_the_list(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    take(browser_of(resident("13900000077", "小孙")), found)
    page = text(browser_of(cast.chengxiang.worker).get(_page(found.need)))
    assert "小孙在跑" in page.split('class="rail"')[1].split("</nav>")[0]


def test_while_an_errand_waits_for_the_word_its_day_leads_on_both_pages(cast: Cast) -> None:
    need, claim, _runner = brought(cast)
    said = facts_of(page_of(need))
    assert "最晚" in said and "哪天前答复" not in said
    assert "等您说收到没有" in page_of(need)
    top = strip(need, fresh(cast.chengxiang.worker), around([need]))
    assert top["reply_label"] == "跑腿代确认" and "代为确认" in top["reply"]["note"]
    assert top["reply"]["asked"].startswith("答复居民：")
    assert top["reply"]["left"] == "等居民确认"
    confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.worker))
    assert "社区替您确认收到了" in page_of(need)


def _moved_after_an_answer(cast: Cast) -> Need:
    here, need = cast.chengxiang, in_hand(cast)
    day = timezone.localdate() + timedelta(days=3)
    reply_to_resident(pk=need.pk, by=fresh(here.worker), words="看过了，配件在路上", done_by=day)
    escalate_need(pk=need.pk, by=fresh(here.worker), why="社区办不了")
    send_back_need(pk=need.pk, by=fresh(here.clerk), why="社区能办")
    return now(need)


def test_taken_up_again_the_resident_hears_of_the_day_that_still_stands(cast: Cast) -> None:
    need = _moved_after_an_answer(cast)
    accept_need(pk=need.pk, by=fresh(cast.chengxiang.worker))
    told = Message.objects.filter(channel="sms", rule="needs.NeedGoesOn").latest("pk")
    assert need.done_by and str(need.done_by.day) in told.params["day"]
    assert Message.objects.filter(channel="sms", rule="needs.NeedAccepted").count() == 1, "the first time alone"


def test_what_was_answered_stays_answered_while_it_waits_at_another_desk(cast: Cast) -> None:
    page = page_of(_moved_after_an_answer(cast))
    assert "答复过" in page and "<b>答复您</b>" not in page
    assert page.index("<b>答复过</b>") < page.index("<b>等社区受理</b>")


def test_another_round_waits_to_be_taken_up_and_says_so(cast: Cast) -> None:
    need = finish_need(pk=in_hand(cast).pk, by=fresh(cast.chengxiang.worker), words="灯换好了")
    answer_need(token=need.link_token, outcome="unsolved", words="还是不亮")
    page = page_of(now(need))
    assert "等接手" in page and "接过去了" not in page


def test_the_card_bears_the_moment_of_its_state(cast: Cast) -> None:
    need = in_hand(cast)
    Need.objects.filter(pk=need.pk).update(accepted_at=timezone.now() - timedelta(days=2))
    finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="灯换好了")
    card = decision(now(need))
    assert card is not None and card["title"] == "等居民评价" and "今天" in card["by"]
    sent = _moved_after_an_answer(cast)
    Need.objects.filter(pk=sent.pk).update(accepted_at=timezone.now() - timedelta(days=2))
    card = decision(now(sent))
    assert card is not None and card["title"] == "待受理" and "今天" in card["by"]


def test_the_day_proposed_for_the_end_is_the_errands_where_that_is_sooner(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    need = now(found.need)
    assert usual_end(need, *running_errand(need)) == timezone.localdate(found.offer.closes_at - timedelta(seconds=1))
    assert usual_end(need, None, None) > timezone.localdate()


def test_of_what_the_unit_said_only_its_words_are_marked_as_unseen(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    unit_will_help(pk=need.pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words="带梯子来")
    line = timeline(now(need))[0]
    assert (line["kind"], line["said"], line["why"]) == ("event", "", "带梯子来")
    assert line["why_label"] == "单位的话，居民看不到"


def test_at_the_unit_it_is_the_units_turn_and_since_it_agreed_the_unit_comes(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    client, path, unit = browser_of(here.liaison), f"/desk/needs/{need.pk}/", unit_of(here)
    Need.objects.update(held_since=timezone.now() - timedelta(days=1))
    page = text(client.get(path))
    assert f"{unit}，等您回复；{here.home.name}经办" in page and "昨天" in page.split("在谁手里")[1].split("</dd>")[0]
    unit_will_help(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, words="带梯子来")
    page = text(client.get(path))
    assert f"{unit}，说可以帮；{here.home.name}经办" in page and "今天" in page.split("在谁手里")[1].split("</dd>")[0]


def test_who_is_asked_for_more_reads_a_day_and_an_answered_question_is_not_open(cast: Cast) -> None:
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="是哪一幢？")
    page = page_of(now(need))
    assert "会再来问您" in facts_of(page)["到什么时候"] and "最新回复" in page
    supplement(token=need.link_token, words="三幢")
    assert "最新回复" not in page_of(now(need))


def test_accepted_again_what_was_decided_stands_on_the_form(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=fresh(here.worker), nature="advice", urgent=True)
    escalate_need(pk=need.pk, by=fresh(here.worker), why="社区办不了")
    form = text(browser_of(here.clerk).get(_page(need))).split('id="accept"')[1].split("</form>")[0]
    assert (
        "checked" in form.split('value="advice"')[1][:60] and "checked" in form.split('name="urgent"')[1].split(">")[0]
    )


def test_a_colleague_in_place_of_the_unit_ends_its_help(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    assign_need(pk=need.pk, by=fresh(here.clerk), to_user_id=here.worker.pk, why="我们自己办")
    assert f"原来请的{unit_of(here)}不用来了" in page_of(now(need))
