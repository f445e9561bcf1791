"""单位资料 on the desk: a unit says of itself what is its to say, and nobody else's unit is there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from members.models import Liaison, MemberUnit
from members.services import describe_unit, set_tags, suspend_unit
from tests.cast import Cast, browser_of, resident
from tests.claims.things import unit_of
from tests.desk.asking import text

pytestmark = pytest.mark.django_db
PAGE = "/desk/unit/profile/"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def send(client: Client, part: str, page: str, **typed: Any) -> Any:
    kept = {f"{part}-{name}": hidden(page, f"{part}-{name}") for name in ("seen", "unit")}
    return client.post(f"{PAGE}{part}/", {**kept, **{f"{part}-{name}": value for name, value in typed.items()}})


def test_a_unit_says_what_it_is_and_what_it_agrees_to_show(cast: Cast) -> None:
    unit, client = unit_of(cast.chengxiang), browser_of(cast.chengxiang.liaison)
    assert PAGE in text(client.get("/desk/"))
    page = text(client.get(PAGE))
    assert send(client, "intro", page, intro="二级甲等").status_code == 302
    assert send(client, "strengths", page, expertise="骨科", service="义诊：每月一次").status_code == 302
    assert send(client, "shown", page, is_public="on", shows=["strengths"]).status_code == 302
    unit.refresh_from_db()
    assert (unit.intro, unit.is_public, unit.shows) == ("二级甲等", True, ["strengths"])
    shown = text(client.get(PAGE))
    for words in ("二级甲等", "义诊：每月一次", "单位同意公开", "最近改动"):
        assert words in shown
    staff = text(browser_of(cast.chengxiang.clerk).get(f"/admin/members/memberunit/{unit.pk}/change/"))
    assert "二级甲等" in staff and cast.chengxiang.liaison.name in staff


def test_every_form_carries_what_a_browser_needs_to_send_it(cast: Cast) -> None:
    page = text(browser_of(cast.chengxiang.liaison).get(PAGE))
    forms = re.findall(r'<form class="stack".*?</form>', page, re.S)
    assert len(forms) == 3 and all("csrfmiddlewaretoken" in form for form in forms)


def test_what_the_street_sorts_is_read_and_not_sent(cast: Cast) -> None:
    unit, client = unit_of(cast.chengxiang), browser_of(cast.chengxiang.liaison)
    set_tags(pk=unit.pk, by=cast.chengxiang.clerk, tags={"trade": ["医疗"]})
    page = text(client.get(PAGE))
    assert "医疗" in page and "tags-" not in page
    for part in ("tags", "place", "entry"):
        assert client.post(f"{PAGE}{part}/", {}).status_code == 404


def test_a_refused_or_overtaken_part_keeps_every_word(cast: Cast) -> None:
    unit, client = unit_of(cast.chengxiang), browser_of(cast.chengxiang.liaison)
    page = text(client.get(PAGE))
    refused = send(client, "intro", page, intro="长" * 501)
    assert refused.status_code == 422 and "长" * 501 in text(refused)
    describe_unit(pk=unit.pk, by=cast.chengxiang.clerk, intro="街道写的")
    stale = send(client, "intro", page, intro="我们写的")
    assert stale.status_code == 409 and "街道写的" in text(stale) and "我们写的" in text(stale)
    assert send(client, "intro", text(stale), intro="我们写的").status_code == 302


def test_nobody_elses_unit_is_there(cast: Cast) -> None:
    here, there = unit_of(cast.chengxiang), unit_of(cast.xiasha)
    client = browser_of(cast.chengxiang.liaison)
    page = text(client.get(PAGE))
    forged = {"intro-seen": hidden(page, "intro-seen"), "intro-intro": "冒名"}
    for unit in (str(there.pk), "0", "x", "9" * 30):
        assert client.post(f"{PAGE}intro/", {**forged, "intro-unit": unit}).status_code == 404
    for stranger in (resident("13900000009"), cast.chengxiang.clerk, cast.nobody):
        assert browser_of(stranger).get(PAGE).status_code == 404
        assert browser_of(stranger).post(f"{PAGE}intro/", {**forged, "intro-unit": here.pk}).status_code == 404
    assert browser_of(None).get(PAGE)["Location"].startswith("/sign-in/")
    assert not MemberUnit.objects.filter(intro="冒名").exists()


def test_a_seat_that_has_ended_says_nothing_more(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.liaison)
    page = text(client.get(PAGE))
    seat = Liaison.objects.get(user=cast.chengxiang.liaison)
    Liaison.objects.filter(pk=seat.pk).update(ends_on=seat.starts_on)
    assert send(client, "intro", page, intro="晚了").status_code == 404
    assert client.get(PAGE).status_code == 404


def test_a_suspended_unit_may_keep_its_profile(cast: Cast) -> None:
    unit, client = unit_of(cast.chengxiang), browser_of(cast.chengxiang.liaison)
    suspend_unit(pk=unit.pk, by=cast.chengxiang.clerk, why="搬家")
    assert send(client, "intro", text(client.get(PAGE)), intro="搬到新址").status_code == 302
