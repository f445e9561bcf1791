"""Points in the workbench: states in the right colour, figures with units, forms that fail at once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from alliance.lib.dates import day_of
from points.models import Rule
from points.presenting import rule as words
from points.services.rewards import stop_reward
from tests.cast import Cast, browser_of
from tests.points.things import account, reward_in, rich


def test_what_can_be_had_is_done_and_what_was_taken_off_is_off(cast: Cast) -> None:
    here = cast.chengxiang
    on, off = reward_in(here), reward_in(here, name="雨伞")
    stop_reward(pk=off.pk, by=here.worker, version=None)
    office = browser_of(here.worker)
    for row, tone, label in ((on, "done", "可兑换"), (off, "off", "已下架")):
        said = f'<span class="st {tone}">{label}</span>'
        assert said in office.get(f"/admin/points/reward/{row.pk}/change/").content.decode()
        assert said in office.get("/admin/points/reward/?tab=all").content.decode()


def test_the_rule_in_force_is_done_the_past_off_the_next_at_work_and_figures_have_units(cast: Cast) -> None:
    today, row = timezone.localdate(), Rule.objects.get()
    assert words.state(row)[1] == "done"
    past = Rule(starts_on=today - timedelta(days=9), ends_on=today)
    assert words.state(past)[1] == "off"
    assert words.state(Rule(starts_on=today + timedelta(days=1)))[1] == "work"
    said = dict(words.facts(row))
    assert (said["一小时几分"], said["一天最多算多少分钟"], said["组织者多百分之几"]) == ("1分", "480分钟", "20%")
    assert said["兑换后几天内领取"] == "15天"


def test_an_empty_reward_is_refused_at_all_three_fields_at_once(cast: Cast) -> None:
    office = browser_of(cast.chengxiang.worker)
    page = office.get("/admin/points/reward/add/").content.decode()
    assert "登记兑换品</button>" in page and page.count("可以不填") >= 6
    answer = office.post("/admin/points/reward/add/", {"sort": "goods"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "points", "area"}
    page = answer.content.decode()
    assert all(f'<a href="#id_{name}">' in page for name in ("name", "points", "area"))


def test_an_account_is_headed_by_whose_it_is_and_what_is_in_it(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    own = account(who, here)
    page = browser_of(here.clerk).get(f"/admin/points/account/{own.pk}/change/").content.decode()
    heading = page[page.index("<h1>") : page.index("</h1>")]
    assert "可用50分" in heading and who.name not in heading and own.number not in heading
    lot = own.lots.order_by("expires_on").first()
    assert lot is not None and f"{words.in_points(lot.rest)}，{day_of(lot.expires_on)}到期" in page
    assert own.number in page and page.index("账户编号") < page.index("每一笔"), "the facts first"


def test_taking_off_the_shelf_says_what_comes_of_it(cast: Cast) -> None:
    row = reward_in(cast.chengxiang)
    page = browser_of(cast.chengxiang.worker).get(f"/admin/points/reward/{row.pk}/change/").content.decode()
    assert "btn grave" in page and "已经换了的照样能来领" in page
