"""What residents read of their points: what comes next stands first, in their own words."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from alliance.lib.dates import day_of
from people.models import User
from points.models import Redemption, Transfer
from points.services.correcting import answer_correction, ask_correction
from points.services.picking_up import cancel_redemption
from tests.cast import Cast, browser_of
from tests.points.things import account, at_the_unit, give, now_true, redeem, reward_in, rich, volunteer
from tests.resources.things import resource_in


def _main(who: User | None, address: str) -> str:
    """The page without its frame."""
    page = (browser_of(who) if who else Client()).get(address).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_what_waits_to_be_fetched_stands_first_with_its_code_and_place(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    reward = reward_in(here, where="湘湖路12号，每周三下午")
    before = _main(who, "/my/points/")
    assert re.search(r'btn--main btn--wide" href="/points/\?street=', before), "nothing waits, and it is affordable"
    made = redeem(who, reward)
    page = _main(who, "/my/points/")
    assert page.index("看兑换码") < page.index("purse__main") and "湘湖路12号，每周三下午" in page
    assert f'btn btn--main" href="/my/points/exchanges/{made.pk}/"' in page
    assert page.count("btn--main") == 1, "to fetch it comes before choosing the next"
    assert "冻结" not in page


def test_to_the_shelf_is_no_main_step_while_nothing_there_is_affordable(cast: Cast) -> None:
    who = rich(cast.chengxiang, 10)
    assert "btn--main" not in _main(who, "/my/points/"), "there is nothing"
    dear, gone = reward_in(cast.chengxiang), reward_in(cast.chengxiang, points=5, left=0)
    assert "btn--main" not in _main(who, "/my/points/"), (dear.price, gone.left)
    reward_in(cast.chengxiang, points=10, left=1)
    assert "btn--main" in _main(who, "/my/points/")


def test_one_button_leads_to_the_postings_to_choose_from(cast: Cast) -> None:
    who, other = rich(cast.chengxiang, 50), volunteer("老王")
    give(other, cast.chengxiang, 10)
    own, foreign = account(who, cast.chengxiang), account(other, cast.chengxiang)
    page = _main(who, "/my/points/")
    assert page.count("有一笔不对") == 1 and f"/my/points/{own.pk}/wrong/" in page
    awards = [row.pk for row in Transfer.objects.filter(account=own)]
    assert not any(f"/wrong/{pk}/" in page for pk in awards), "not once for every line"
    ask_correction(by=who, account=own.pk, client_key=uuid4(), words="不对", transfer=awards[0])
    chosen = _main(who, f"/my/points/?wrong={own.pk}")
    assert [f"/wrong/{pk}/" in chosen for pk in awards] == [False, True, True] and "核对中" in chosen
    for strange in (foreign.pk, 0, "x", "9" * 30):
        assert "哪一笔不对" not in _main(who, f"/my/points/?wrong={strange}")


@pytest.mark.parametrize(
    ("how", "label"), [("cancelled", "您取消了"), ("called off", "街道社区收回了"), ("late", "过期没领")]
)
def test_an_ended_exchange_says_how_it_ended_and_that_the_points_are_back(cast: Cast, how: str, label: str) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    made = redeem(who, reward_in(here))
    if how == "cancelled":
        cancel_redemption(pk=made.pk, by=who)
    elif how == "called off":
        cancel_redemption(pk=made.pk, by=here.worker, why="理发店歇业了")
    else:
        Redemption.objects.update(until=timezone.localdate() - timedelta(days=1))
    page = _main(who, f"/my/points/exchanges/{made.pk}/")
    back = "会退回来" if how == "late" else f"{day_of(timezone.localdate())}退回来了"
    assert label in page and f"20分{back}" in page and "已失效" not in page and "待领取" not in page
    assert f'href="/points/?street={here.street.pk}"' in page and "coupon" not in page
    assert ("理发店歇业了" in page) == (how == "called off")


def test_the_shelf_says_what_one_can_have(cast: Cast) -> None:
    who = rich(cast.chengxiang, 50)
    reward_in(cast.chengxiang)
    reward_in(cast.chengxiang, name="大米", points=62)
    reward_in(cast.chengxiang, name="雨伞", points=70, left=0)
    page = _main(who, "/points/")
    assert page.count("够换") == 1 and page.count("还差") == 1 and "还差12分" in page
    assert 'class="back" href="/my/points/"' in page
    everybody = _main(None, "/points/")
    assert "够换" not in everybody and "还差" not in everybody
    today = day_of(timezone.localdate())
    assert f"截至{today}" in everybody and "换了还没取的" in everybody
    assert everybody.index("怎么得积分") < everybody.index("积分公开")


def test_a_reward_says_where_to_come_whom_to_call_and_what_becomes_of_the_points(cast: Cast) -> None:
    here, poor = cast.chengxiang, rich(cast.chengxiang, 10)
    type(here.home).objects.filter(pk=here.home.pk).update(phone="0571-82000001")
    row = reward_in(here, where="湘湖路12号")
    everybody = _main(None, f"/points/rewards/{row.pk}/")
    assert "湘湖路12号" in everybody and 'href="tel:057182000001"' in everybody
    assert "15天内没去领，积分退回" in everybody and "冻结" not in everybody
    short = _main(poor, f"/points/rewards/{row.pk}/")
    assert "还差10分" in short and 'href="/desk/errands/"' in short
    able = _main(rich(here, 50), f"/points/rewards/{row.pk}/")
    assert "15天内没去领，积分退回" in able and "/desk/errands/" not in able


def test_an_answer_names_its_day_and_what_was_asked(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 10)
    own, award = account(who, here), Transfer.objects.get()
    asked = ask_correction(by=who, account=own.pk, client_key=uuid4(), words="不对", transfer=award.pk)
    answer_correction(pk=asked.pk, by=here.clerk, version=None, answer="看过记录，没有错。")
    page, today = _main(who, "/my/points/"), day_of(timezone.localdate())
    assert f"<b>{today} {award.label}</b>：核对无误" in page and f"{today}答复" in page
    assert "看过记录，没有错。" in page
    now_true()


def test_a_unit_that_is_not_shown_is_named_where_something_waits_to_be_fetched(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    counter, _barber = at_the_unit(here)
    unit = counter.unit
    assert unit is not None
    type(unit).objects.filter(pk=unit.pk).update(is_public=False)
    row = reward_in(here, unit=unit.pk)
    name = unit.short_name or unit.name
    assert name not in _main(who, f"/points/rewards/{row.pk}/")
    redeem(who, row)
    assert name in _main(who, "/my/points/")


def test_a_station_leads_to_its_page_while_everybody_may_read_of_it(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    place = resource_in(here, kind="station", name="运河驿站", capacity=None, address="湘湖路12号", floor="1楼")
    row = reward_in(here, place=place.pk)
    made = redeem(who, row)
    link = f'<a href="/resources/{place.pk}/">'
    own = f"/my/points/exchanges/{made.pk}/"
    for page in (_main(None, f"/points/rewards/{row.pk}/"), _main(who, own)):
        assert link in page and "运河驿站" in page and "湘湖路12号 1楼" in page
    type(place).objects.filter(pk=place.pk).update(is_public=False)
    hidden, told = _main(None, f"/points/rewards/{row.pk}/"), _main(who, own)
    assert "运河驿站" not in hidden and "湘湖路12号" not in hidden
    assert link not in told and "运河驿站" in told and "湘湖路12号 1楼" in told, "whoever comes for it finds it"
