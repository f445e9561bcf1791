"""A resident's own list says of every need in whose hands it is, since when and until when, in one short line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from needs import wording
from needs.models import Need
from needs.services.answers import answer_need
from needs.services.asking import last_day
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.handling import accept_need, reply_to_resident
from needs.services.limits import response_due
from needs.services.waiting import ask_resident
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.needs.ways import now

pytestmark = pytest.mark.django_db
PHONE = "13900000044"


def line_of(client: Client, need: Need) -> str:
    page: Any = client.get("/my/")
    sections = [section for section in page.context["sections"] if section.get("template") == "needs/_mine.html"]
    line: str = next(row["hand"] for row in sections[0]["rows"] if row["number"] == need.number)
    assert line in page.content.decode()
    return line


def test_every_row_says_who_since_when_and_until_when(cast: Cast) -> None:
    here, client = cast.chengxiang, browser_of(resident(PHONE))
    need = say_need(here.home, phone=PHONE)
    today, who = wording.near(timezone.localdate()), here.worker.name
    ends = response_due(need)
    assert ends is not None
    assert line_of(client, need) == f"万寿桥社区 · {today}起 · 最晚{wording.at_last(ends)}接手"
    accept_need(pk=need.pk, by=fresh(here.worker))
    promised = now(need).reply_by
    assert promised is not None
    assert line_of(client, need) == f"万寿桥社区 {who} · {today}起 · {wording.day(promised)}前答复"
    Need.objects.filter(pk=need.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    assert line_of(client, need).endswith("前答复，晚了，对不起")
    Need.objects.filter(pk=need.pk).update(reply_by=promised)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="是哪一盏灯？")
    assert line_of(client, need) == f"您，等您补充 · {today}起 · 补充了就接着算日子"
    Need.objects.filter(pk=need.pk).update(waiting_since=None)
    reply_to_resident(pk=need.pk, by=fresh(here.worker), words="周二换")
    assert line_of(client, need) == f"万寿桥社区 {who} · {today}起 · 预计{wording.day(promised)}前办好"
    finish_need(pk=need.pk, by=fresh(here.worker), words="换好了")
    assert line_of(client, need) == f"您，等您评价 · {today}起 · 评价到{wording.day(last_day(now(need)))}"
    answer_need(token=need.link_token, outcome="solved", satisfaction="good", words="")
    assert line_of(client, need) == f"没有人，已经办结 · {today}起"
    other = say_need(here.home, phone=PHONE)
    withdraw(token=other.link_token)
    assert line_of(client, other) == f"没有人，您撤回了 · {today}起"


def test_a_long_list_asks_no_more_than_a_short_one(cast: Cast) -> None:
    client = browser_of(resident(PHONE))

    def statements() -> int:
        client.get("/my/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/my/")
        return len(seen)

    def more(count: int) -> None:
        for number in range(count):
            say_need(cast.chengxiang.home, phone=PHONE)
            need = say_need(cast.chengxiang.home, phone=PHONE)
            accept_need(pk=need.pk, by=fresh(cast.chengxiang.worker))
            if number % 2:
                finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="换好了")

    more(2)
    few = statements()
    more(4)
    assert statements() == few
