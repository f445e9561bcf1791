"""The resident's page when it is done: one question, three buttons, nothing chosen, nothing lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from needs.models import Answer, Need
from needs.services.answers import answer_need
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.services.triage import decline_need, escalate_need
from needs.services.waiting import ask_resident
from needs.states import Declined, Outcome, State
from tests.cast import Cast, say_need

pytestmark = pytest.mark.django_db

PROMISE = "您的评价不会和这件事放在一起给经办人看"


@pytest.fixture
def need(cast: Cast) -> Need:
    return finished(cast)


def finished(cast: Cast) -> Need:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    finish_need(pk=need.pk, by=cast.chengxiang.worker, words="灯换好了，拍一下手就亮")
    return Need.objects.get(pk=need.pk)


def page_of(need: Need) -> str:
    response = Client().get(reverse("needs:progress", args=[need.link_token]))
    assert response.status_code == 200
    return response.content.decode()


def send(need: Need, **typed: Any) -> Any:
    return Client().post(reverse("needs:answer", args=[need.link_token]), typed, follow=True)


def sure(need: Need, outcome: str, **typed: Any) -> Any:
    return send(need, outcome=outcome, sure="1", round=need.rounds, **typed)


def state(need: Need) -> str:
    return Need.objects.get(pk=need.pk).state


def test_one_question_with_three_equal_answers_and_none_chosen(need: Need) -> None:
    page = page_of(need)
    buttons = re.findall(r'<button class="answer answer--\w+" type="submit" name="outcome" value="(\w+)">', page)
    assert buttons == ["solved", "partly", "unsolved"]
    assert "checked" not in page and "解决了吗？" in page and PROMISE in page
    assert "剩下的请社区书记看" in page and "转到街道，重新安排人办" in page
    assert "灯换好了，拍一下手就亮" in page and "等您评价" in page and "不会当成满意" in page


def test_the_first_tap_chooses_and_changes_nothing(need: Need) -> None:
    response = send(need, outcome="partly")
    page = response.content.decode()
    assert response.status_code == 200 and "您选的是“部分解决”" in page and PROMISE in page
    assert 'checked=""' not in page and "非常不满意" in page
    assert state(need) == State.TO_ANSWER and not Answer.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "after", "toast"),
    [
        ("solved", State.CLOSED, "这件事办结"),
        ("partly", State.CLOSED, "剩下的请社区书记看"),
        ("unsolved", State.PENDING, "街道会重新安排人办"),
    ],
)
def test_the_second_page_makes_it_count(need: Need, outcome: str, after: str, toast: str) -> None:
    page = sure(need, outcome, satisfaction="fair", words="谢谢小许").content.decode()
    assert state(need) == after and toast in page
    assert f"{Outcome(outcome).label}、基本满意、谢谢小许" in page


def test_what_was_typed_stays_when_it_is_refused(need: Need) -> None:
    long = "长" * 501
    response = sure(need, "partly", satisfaction="bad", words=long)
    page = response.content.decode()
    assert response.status_code == 422 and long in page and "现在多了1字" in page
    assert re.search(r'value="bad"[^>]*checked', page)
    assert state(need) == State.TO_ANSWER


def test_a_made_up_satisfaction_is_refused_at_its_field(need: Need) -> None:
    response = sure(need, "solved", satisfaction="5")
    assert response.status_code == 422 and "请从列出的五个里选" in response.content.decode()


def test_a_double_tap_finds_the_first(need: Need) -> None:
    sure(need, "solved")
    assert "这件事办结" in sure(need, "solved").content.decode()
    assert "您已经评价过“解决了”，按第一次的算" in sure(need, "unsolved").content.decode()
    assert Answer.objects.count() == 1 and state(need) == State.CLOSED


def test_who_comes_too_late_keeps_the_words(need: Need) -> None:
    from needs.services.asking import _close_silently

    _close_silently(need)
    response = sure(need, "unsolved", words="其实没好")
    assert response.status_code == 409 and "其实没好" in response.content.decode()
    assert "请重新反映" in response.content.decode()


def test_looking_answers_nothing(need: Need) -> None:
    """Robots fetch links; a reload asks by GET."""
    address = reverse("needs:answer", args=[need.link_token])
    for path in (address, f"{address}?outcome=solved&sure=1"):
        response = Client().get(path)
        assert response["Location"] == reverse("needs:progress", args=[need.link_token])
    for typed in ({}, {"outcome": "silent", "sure": "1"}, {"outcome": "great"}):
        assert Client().post(address, typed).status_code == 302
    assert not Answer.objects.exists() and state(need) == State.TO_ANSWER


def test_a_strange_link_is_not_found() -> None:
    for name in ("answer", "received"):
        address = reverse(f"needs:{name}", args=["no-such-link"])
        assert Client().get(address).status_code == Client().post(address).status_code == 404


def test_done_and_lapsed_say_so_and_ask_no_more(need: Need) -> None:
    from needs.services.asking import _close_silently

    _close_silently(need)
    page = page_of(need)
    assert "已经办结" in page and "没有等到您的评价，这件事先办结" in page and "<dt>您的评价</dt>" not in page
    assert 'class="answer ' not in page


def test_taken_up_again_it_is_said_where_and_more_can_be_added(cast: Cast, need: Need) -> None:
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    page = page_of(need)
    assert "转到城厢街道重新办，" in page and "等接手" in page and "您说没解决，转到街道重新办" in page
    assert "<dd>城厢街道</dd>" in page and '<details class="fold" open>' in page
    accept_need(pk=need.pk, by=cast.chengxiang.clerk)
    assert f"<dd>城厢街道 {cast.chengxiang.clerk.name}</dd>" in page_of(need)
    finish_need(pk=need.pk, by=cast.chengxiang.clerk, words="又换了一盏")
    page = page_of(need)
    assert "城厢街道说办好了" in page and "报分管领导，会打电话给您" in page
    answer_need(token=need.link_token, outcome=Outcome.UNSOLVED)
    page = page_of(need)
    assert "已报城厢街道分管领导，" in page and "等回访" in page


def test_the_question_stands_on_top_and_the_form_is_open(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    ask_resident(pk=need.pk, by=cast.chengxiang.worker, words="请问是几楼的灯？")
    page = page_of(need)
    assert page.index("请问是几楼的灯？") < page.index('class="steps"') < page.index('<details class="fold" open>')
    assert "请您补充几句" in page and "催一下" not in page and "先停住" in page


def test_who_is_sent_elsewhere_reads_where(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    words = "这是买卖纠纷，帮您问了办法。"
    decline_need(pk=need.pk, by=cast.chengxiang.worker, reason=Declined.CONSUMER, words=words)
    page = page_of(need)
    assert words in page and 'href="tel:12315"' in page and "不予受理" in page


def test_sent_up_says_at_whose_desk_it_lies(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    escalate_need(pk=need.pk, by=cast.chengxiang.worker, why="要街道协调")
    page = page_of(need)
    assert "万寿桥社区已报街道，" in page and "<dd>城厢街道</dd>" in page and "要街道协调" not in page


def test_an_errand_under_way_is_told_and_confirmed(cast: Cast) -> None:
    from uuid import uuid4

    from claims.services import claim_offer, deliver
    from needs.services.errands import publish_errand
    from tests.cast import resident

    need = say_need(cast.chengxiang.home)
    errand = publish_errand(
        need_pk=need.pk,
        by=cast.chengxiang.worker,
        version=None,
        client_key=uuid4(),
        what="买一瓶眼药水",
        where="湘湖路小区",
        handover="6幢2单元门口",
    )
    assert "还没有人来帮" in page_of(need)
    runner = resident("13700001111", "大刘")
    claim = claim_offer(offer_id=errand.offer_id, by=runner, client_key=uuid4())
    page = page_of(need)
    assert "有志愿者接下了，" in page and "大刘" not in page
    deliver(claim_id=claim.pk, by=runner, version=None, note="放在门口")
    page = page_of(need)
    assert "您收到了吗？" in page and reverse("needs:received", args=[need.link_token]) in page
    Client().post(reverse("needs:received", args=[need.link_token]))
    assert state(need) == State.TO_ANSWER and "送到了" in page_of(need)
