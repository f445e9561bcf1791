"""A running errand that is called off: said before, told to whoever waits; nobody is said to have given up."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims import services as claims
from claims.models import Claim
from needs.models import Need
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.triage import escalate_need
from notifications.models import Message
from tests.cast import Cast, browser_of, fresh, say_need
from tests.needs.running import publish, runner, take
from tests.needs.ways import now

pytestmark = pytest.mark.django_db
OTHER, ENDED = "这件事另外办，跑腿撤下了", "这件事不用跑了，跑腿撤下了"


def running(cast: Cast) -> tuple[Need, Claim, Any]:
    need, helper = say_need(cast.chengxiang.home), runner()
    claim = take(publish(need, cast.chengxiang.worker), helper)
    return now(need), claim, helper


def page(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def texted(need: Need, rule: str) -> int:
    return Message.objects.filter(rule=f"needs.{rule}", channel="sms", subject_label=need.number).count()


def test_gone_up_the_resident_reads_it_and_is_told_once(cast: Cast) -> None:
    need, claim, helper = running(cast)
    staff = browser_of(cast.chengxiang.worker)
    path = reverse("admin:needs_need_change", args=[need.pk])
    assert page(staff, path).count("有志愿者正在跑腿：这样办") >= 3, "said before it is done"
    escalate_need(pk=need.pk, by=fresh(cast.chengxiang.worker), why="社区办不了")
    progress = page(Client(), reverse("needs:progress", args=[need.link_token]))
    assert OTHER in progress and "另请志愿者" not in progress
    assert f"跑腿：{OTHER}" in page(staff, path) and "又等人接" not in page(staff, path)
    own = page(browser_of(helper), reverse("desk:claim", args=[claim.pk]))
    assert OTHER in own and "已退回" not in own and "退回了" not in own
    rows = page(browser_of(helper), reverse("desk:claims"))
    assert "跑腿撤下了" in rows and "已退回" not in rows
    assert texted(need, "ErrandCalledOff") == 1


def test_an_end_is_told_with_the_end_itself(cast: Cast) -> None:
    for number, end in enumerate(
        (
            lambda need: finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="家里人送到了"),
            lambda need: withdraw(token=need.link_token),
        )
    ):
        need = say_need(cast.chengxiang.home)
        take(publish(need, cast.chengxiang.worker), runner(f"1390000003{number}"))
        end(now(need))
        assert ENDED in page(Client(), reverse("needs:progress", args=[now(need).link_token]))
        assert texted(need, "ErrandCalledOff") == 0


def test_what_nobody_had_taken_is_nobodys_news(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    publish(need, cast.chengxiang.worker)
    escalate_need(pk=need.pk, by=fresh(cast.chengxiang.worker), why="社区办不了")
    assert texted(need, "ErrandCalledOff") == 0


def test_taken_back_from_somebody_it_waits_for_another(cast: Cast) -> None:
    need, claim, helper = running(cast)
    claims.release_claim(claim_id=claim.pk, by=fresh(cast.chengxiang.worker), note="一直没去")
    assert "社区另请志愿者来接" in page(Client(), reverse("needs:progress", args=[need.link_token]))
    own = page(browser_of(helper), reverse("desk:claim", args=[claim.pk]))
    assert "社区收回了" in own and "已退回" not in own
