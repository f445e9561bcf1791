"""Every line of a statement says what it is: what it was for, by which rule, and what has become of what is held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.dates import day_of
from alliance.lib.errors import Invalid
from claims import services as claims
from people.models import User
from points.codes import code_of
from points.models import Redemption, Rule, Transfer
from points.presenting import statement
from points.presenting.rule import named
from points.services.picking_up import Counter, cancel_redemption, write_off
from points.services.reversing import reverse_award
from points.services.verifying import verify
from tests.cast import Cast, api_of, browser_of, fresh, say_need
from tests.needs.running import publish, take
from tests.points.things import account, give, redeem, reward_in, rich, volunteer

pytestmark = pytest.mark.django_db


def ran(cast: Cast, who: User) -> int:
    """An errand that ``who`` ran and that arrived; its claim's key."""
    claim = take(publish(say_need(cast.chengxiang.home), cast.chengxiang.worker), who)
    claims.deliver(claim_id=claim.pk, by=fresh(who))
    claims.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.secretary))
    return claim.pk


def lines(who: User, cast: Cast, viewer: User | None = None) -> list[dict[str, Any]]:
    return statement.lines(list(statement.lines_of(account(who, cast.chengxiang))), viewer or fresh(who))


def test_what_is_held_used_up_and_back_are_told_apart(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 100)
    held, done, back = (redeem(who, reward_in(here, points=2, name=name)) for name in ("雨伞", "理发", "磨刀"))
    write_off(code=code_of(done.client_key), by=fresh(here.worker), counter=Counter(area=here.home))
    cancel_redemption(pk=back.pk, by=fresh(who))
    found = {line["what"]: line for line in lines(who, cast) if line["kind"] != "退回" and line["out"]}
    assert [found[name]["kind"] for name in ("雨伞", "理发", "磨刀")] == ["占用中", "已核销", "已退回"]
    assert f"领到{day_of(held.until)}为止" in found["雨伞"]["small"]
    assert found["理发"]["small"].startswith("今天") and here.home.name in found["理发"]["small"]
    assert found["雨伞"]["number"] == held.number and found["雨伞"]["url"] == f"/my/points/exchanges/{held.pk}/"
    page = browser_of(who).get("/my/points/").content.decode()
    assert all(word in page for word in ("占用中", "已核销", "已退回", "退回", held.number))


def test_what_was_not_fetched_in_time_says_so_before_the_night(cast: Cast) -> None:
    who = rich(cast.chengxiang, 100)
    made = redeem(who, reward_in(cast.chengxiang))
    Redemption.objects.filter(pk=made.pk).update(until=timezone.localdate() - timedelta(days=1))
    line = lines(who, cast)[0]
    assert (line["kind"], line["small"]) == ("过期没领", "积分会退回来")


def test_an_errand_names_its_number_its_rule_and_leads_to_it_for_whoever_may_see_it(cast: Cast) -> None:
    who = volunteer()
    pk = ran(cast, who)
    (line,) = lines(who, cast)
    assert line["number"].startswith("PT-") and line["url"] == f"/desk/claims/{pk}/"
    assert line["by_rule"].startswith("跑腿一件1分 · 按第1版规则（")
    assert browser_of(who).get(line["url"]).status_code == 200
    (seen,) = lines(who, cast, fresh(cast.chengxiang.clerk))
    assert seen["url"].startswith("/admin/needs/need/") and seen["number"] == line["number"]
    assert browser_of(cast.chengxiang.clerk).get(seen["url"]).status_code == 200
    (foreign,) = lines(who, cast, fresh(cast.xiasha.clerk))
    assert foreign["url"] == "" and foreign["number"] == line["number"]
    page = browser_of(who).get("/my/points/").content.decode()
    assert f'href="{line["url"]}"' in page and line["number"] in page


def test_what_is_taken_back_is_about_the_same_thing(cast: Cast) -> None:
    who = volunteer()
    ran(cast, who)
    reverse_award(pk=Transfer.objects.get().pk, by=fresh(cast.chengxiang.clerk), why="记重了")
    back, first = lines(who, cast)
    assert back["number"] == first["number"] and back["by_rule"] == first["by_rule"] and back["kind"] == "更正"


def test_a_version_that_has_ended_says_from_when_to_when(cast: Cast) -> None:
    rule = Rule(version=3, starts_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=10))
    last = day_of(timezone.localdate() + timedelta(days=9))
    assert named(rule) == f"按第3版规则（{day_of(rule.starts_on)}到{last}）"


def test_a_page_of_the_statement_takes_as_many_statements_as_one_line(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 200)
    ran(cast, who)
    redeem(who, reward_in(here, points=1))

    def asked() -> int:
        rows, viewer = list(statement.lines_of(account(who, here))), fresh(who)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            statement.lines(rows, viewer)
        return len(caught)

    before = asked()
    for _more in range(3):
        ran(cast, who)
        redeem(who, reward_in(here, points=1))
    assert asked() == before


def test_the_api_explains_a_posting_too(cast: Cast) -> None:
    who = volunteer()
    ran(cast, who)
    give(who, cast.chengxiang, 50)
    made = redeem(who, reward_in(cast.chengxiang, points=2))
    hold, _given, award = api_of(who).get("/api/v1/points/postings/").json()["results"]
    assert (hold["number"], hold["standing"]) == (made.number, "占用中")
    assert award["number"].startswith("PT-") and "按第1版规则" in award["explained"] and award["standing"] == ""


def test_totals_are_read_without_a_sign_in(cast: Cast) -> None:
    rich(cast.chengxiang, 20)
    found = Client().get(f"/api/v1/points/totals/{cast.chengxiang.street.pk}/")
    assert found.status_code == 200 and found.json()["issued"] == 20
    assert Client().get("/api/v1/points/").status_code in (401, 403)


def test_an_empty_code_is_asked_for_and_is_no_guess(cast: Cast) -> None:
    here = cast.chengxiang
    for _many in range(12):
        with pytest.raises(Invalid):
            write_off(code="  ", by=fresh(here.worker), counter=Counter(area=here.home))
    page = browser_of(here.worker).post("/desk/counter/", {"code": ""})
    text = page.content.decode()
    assert page.status_code == 422 and "请输入兑换码" in text and "没有找到" not in text


def test_staff_read_what_came_of_the_last_comparison(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.clerk)
    assert "还没核对过" in client.get("/admin/points/account/").content.decode()
    rich(cast.chengxiang, 20)
    verify()
    page = client.get("/admin/points/account/").content.decode()
    assert "上次核对：今天" in page and "，一致。" in page
