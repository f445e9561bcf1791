"""The desk in the right words: an errand is taken, a wish is claimed; what waits for the community stands apart."""

from __future__ import annotations

import re
from typing import Any

import pytest

from claims.models import Claim
from claims.services import deliver
from tests.cast import Cast, browser_of, fresh, resident
from tests.desk.asking import errand, take, text
from tests.needs.wishing import published, taken

pytestmark = pytest.mark.django_db


def test_an_errand_is_taken_and_given_back_a_wish_is_claimed(cast: Cast) -> None:
    here, runner = cast.chengxiang, resident("13900000071")
    take(browser_of(runner), errand(here))
    page = text(browser_of(runner).get(f"/desk/claims/{Claim.objects.get().pk}/"))
    assert "已接单" in page and "接下了" in page and "跑不了，退回" in page
    assert "认领" not in page[page.index("<main") : page.index("</main>")]
    claim = taken(here, published(here))
    page = text(browser_of(here.liaison).get(f"/desk/claims/{claim.pk}/"))
    assert "已认领" in page and "认领了" in page and "退回认领" in page


def test_a_wish_is_set_out_before_it_is_brought(cast: Cast) -> None:
    here = cast.chengxiang
    claim, client = taken(here, published(here)), browser_of(here.liaison)
    path = f"/desk/claims/{claim.pk}/"
    page = text(client.get(path))
    assert page.index("东西备好了，开始送") < page.index("已经送到了") < page.index("报告送达")
    assert "和社工一起送到家了" in page and "交给本人了" not in page
    client.post(f"{path}send/", {"version": claim.version})
    page = text(client.get(path))
    assert "东西备好了，开始送" not in page and "报告送达" in page


def test_what_waits_for_the_community_stands_under_a_heading_of_its_own(cast: Cast) -> None:
    here = cast.chengxiang
    taken(here, published(here, item="一床厚被子"))
    brought = taken(here, published(here, item="一副老花镜"))
    deliver(claim_id=brought.pk, by=fresh(here.liaison))
    client = browser_of(here.liaison)
    page = text(client.get("/desk/"))
    assert page.index("一床厚被子") < page.index('class="hand__head"') < page.index("一副老花镜")
    row = page[page.index("一副老花镜") :]
    assert re.search(r"今天 \d\d:\d\d说送到了", row[: row.index("</li>")]) and "待确认" not in row[: row.index("</li>")]
    page = text(client.get(f"/desk/claims/{brought.pk}/"))
    assert re.search(r"，等确认，今天 \d\d:\d\d起", re.sub(r"</?span[^>]*>", "", page))


def test_the_way_back_says_where_it_leads(cast: Cast) -> None:
    here, runner = cast.chengxiang, resident("13900000072")
    claim = taken(here, published(here))
    take(browser_of(runner), errand(here))
    own = Claim.objects.exclude(pk=claim.pk).get()
    for user, pk, label in ((here.liaison, claim.pk, "单位工作台"), (runner, own.pk, "我来帮忙")):
        page = text(browser_of(user).get(f"/desk/claims/{pk}/"))
        assert f'<a class="back" href="/desk/">{label}</a>' in page


def test_who_helps_finds_the_way_to_the_wishes(cast: Cast) -> None:
    assert 'href="/wishes/"' in text(browser_of(resident("13900000073")).get("/desk/")).split("<main")[1]


def test_who_was_about_to_claim_is_told_so_at_the_door(cast: Cast, settings: Any) -> None:
    settings.SMS_CHANNEL = "console"
    wish = published(cast.chengxiang)
    door = browser_of(None)
    page = text(door.get(f"/sign-in/?next=/desk/offers/{wish.offer_id}/"))
    assert f"登录以后接着认领“{wish.item}”" in page and "不想登录？" not in page
    for other in (
        "/desk/",
        "/desk/offers/999999/",
        "/desk/offers/x/",
        f"https://evil.example/desk/offers/{wish.offer_id}/",
    ):
        page = text(door.get("/sign-in/", {"next": other}))
        assert "接着认领" not in page and "不想登录？" in page
