"""Staff find every errand: beside its need while it runs, and in a list of its own afterwards too."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from alliance.lib.listing import Chosen, Reading
from claims import services as claims
from claims.services import deliver, release_claim
from needs.listings.errands import ERRANDS
from needs.models import Errand, Need
from needs.services.assigning import assign_need
from needs.services.errands import confirm_errand_by_resident
from needs.services.following import withdraw
from needs.services.units import unit_will_help
from people.models import User
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.things import alliance_of, unit_of
from tests.needs.running import HANDOVER, publish, runner, take

pytestmark = pytest.mark.django_db


def needs_list(person: User) -> str:
    page: str = browser_of(person).get("/admin/needs/need/", {"tab": "all"}).content.decode()
    return page


def parts(person: User) -> dict[str, list[str]]:
    """What ``person`` finds in each part of the list."""
    return {
        tab.key: [errand.what for errand in Reading(ERRANDS, fresh(person), Chosen(tab=tab.key)).page().rows]
        for tab in ERRANDS.tabs
    }


def test_the_list_of_needs_says_who_runs_and_until_when(cast: Cast) -> None:
    here, helper = cast.chengxiang, runner()
    errand = publish(say_need(here.home), here.worker)
    behind = rf"前送到 · {here.worker.name}经办"
    assert re.search(rf"等人接单.*今天 \d\d:\d\d起.*(今天|明天) \d\d:\d\d{behind}", needs_list(here.worker))
    claim = take(errand, helper)
    assert re.search(rf"{helper.name}在跑.*今天 \d\d:\d\d起.*(今天|明天) \d\d:\d\d{behind}", needs_list(here.worker))
    page = browser_of(here.worker).get(reverse("admin:needs_need_change", args=[errand.need_id])).content.decode()
    assert f"{helper.name}在跑" in page and "有志愿者正在跑腿：这样办" in page
    deliver(claim_id=claim.pk, by=fresh(helper), note="放在门口了")
    page = needs_list(here.worker)
    assert "居民，等确认" in page and f"跑腿：{helper.name}说送到了，社区" in page
    claims.confirm(claim_id=claim.pk, by=fresh(here.worker))
    assert "跑腿：" not in needs_list(here.worker) and "在跑" not in needs_list(here.worker)


def test_a_need_without_an_errand_says_nothing_of_one(cast: Cast) -> None:
    say_need(cast.chengxiang.home)
    assert "跑腿：" not in needs_list(cast.chengxiang.worker)


def test_every_errand_of_ones_area_is_in_its_part(cast: Cast) -> None:
    here, helper = cast.chengxiang, runner()
    named = {}
    for what in ("没人接", "在路上", "说到了", "收到了", "居民撤回"):
        named[what] = publish(say_need(here.home), here.worker, what=what)
    take(named["在路上"], helper)
    for what in ("说到了", "收到了"):
        deliver(claim_id=take(named[what], helper).pk, by=fresh(helper), note="放在门口了")
    confirm_errand_by_resident(token=Need.objects.get(errands=named["收到了"]).link_token)
    withdraw(token=Need.objects.get(errands=named["居民撤回"]).link_token)
    assert parts(here.worker) == {
        "open": ["说到了", "在路上", "没人接"],
        "waiting": ["没人接"],
        "running": ["在路上"],
        "to_confirm": ["说到了"],
        "done": ["收到了"],
        "not_done": ["居民撤回"],
        "all": ["居民撤回", "收到了", "说到了", "在路上", "没人接"],
    }
    assert parts(here.clerk) == parts(here.worker), "the street sees those of its communities"
    for stranger in (here.neighbour, cast.xiasha.worker):
        assert not any(parts(stranger).values())


def test_taken_back_from_one_it_waits_for_the_next(cast: Cast) -> None:
    here = cast.chengxiang
    errand = publish(say_need(here.home), here.worker)
    release_claim(claim_id=take(errand, runner()).pk, by=fresh(here.worker), note="换一位")
    found = parts(here.worker)
    assert found["waiting"] == ["买一瓶眼药水"] and found["running"] == []


def test_the_menu_leads_there_and_each_row_to_its_need(cast: Cast) -> None:
    here = cast.chengxiang
    errand = publish(say_need(here.home), here.worker)
    browser = browser_of(here.worker)
    url = reverse("admin:needs_errand_changelist")
    assert f'href="{url}"' in browser.get("/admin/").content.decode()
    page = browser.get(url).content.decode()
    assert reverse("admin:needs_need_change", args=[errand.need_id]) in page
    assert "买一瓶眼药水" in page and "等人接单" in page and reverse("desk:errands") in page
    assert HANDOVER not in page and "赵阿婆" not in page


TURNS: dict[str, str] = {
    "taker": "等人接单",
    "runner": "演**人",
    "resident": "居民，等确认",
    "nobody": "演**人送到了",
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_file_of_them_masks_who_ran_whosever_turn_it_is(cast: Cast, turn: str) -> None:
    here, helper = cast.chengxiang, fresh(cast.nobody)
    User.objects.filter(pk=helper.pk).update(name="演一二人")
    errand = publish(say_need(here.home), here.worker)
    if turn != "taker":
        claim = take(errand, helper)
        if turn != "runner":
            deliver(claim_id=claim.pk, by=fresh(helper), note="放在门口了")
        if turn == "nobody":
            claims.confirm(claim_id=claim.pk, by=fresh(here.worker))
    rows = list(Errand.objects.visible_to(fresh(here.worker)).select_related("offer", "need__area"))
    assert ERRANDS.prepare
    ERRANDS.prepare(rows, here.worker)
    hand = next(column for column in ERRANDS.columns if column.key == "hand")
    assert hand.value
    in_file = " ".join(str((column.value or column.cell)(rows[0])) for column in ERRANDS.columns if column.file)
    assert "演一二人" not in in_file and TURNS[turn] in hand.value(rows[0])
    page = str(hand.cell(rows[0]))
    assert ("演一二人" in page) == (turn in ("runner", "nobody")), "the page names whoever runs or ran"


def test_while_a_unit_helps_everybody_reads_one_sentence(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    need = say_need(here.home)
    assert '<span class="vh">我：' not in needs_list(here.worker)
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=unit_of(here).pk, why="他们有设备科")
    unit, who = unit_of(here), here.worker.name
    line = f"{who}经办，请了{unit.short_name or unit.name}"
    page = browser_of(here.worker).get(reverse("admin:needs_need_change", args=[need.pk])).content.decode()
    assert line in needs_list(here.worker) and line in page and "这样办，就不用它帮了" in page
    unit_will_help(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, words="周二来两位师傅")
    assert f"{line}（说可以帮）" in needs_list(here.worker)
    followed = browser_of(fresh(cast.nobody)).get(reverse("needs:progress", args=[need.link_token])).content.decode()
    assert f"{line}（说可以帮）" in followed
    home = browser_of(here.liaison).get(reverse("desk:home")).content.decode()
    agreed = home[home.index("说好要帮的") :]
    assert need.title in agreed and "说可以帮" in agreed and need.title not in home[: home.index("说好要帮的")]
