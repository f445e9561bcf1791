"""While the resident is asked for more a unit that helps is named too; its desk says since when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from alliance.lib.dates import kept_day, moment
from members.models import MemberUnit
from needs import wording
from needs.models import Need
from needs.presenting.hand import hand
from needs.services.units import unit_will_help
from needs.services.waiting import ask_resident
from tests.cast import Cast, api_of, browser_of, fresh, say_need
from tests.desk.asking import asked, text
from tests.needs.ways import now
from tests.needs.wishing import published, raised, taken, verified

pytestmark = pytest.mark.django_db


def desk_of(cast: Cast, path: str = "/desk/") -> str:
    page = text(browser_of(cast.chengxiang.liaison).get(path))
    return page.replace('<span class="day">', "").replace("</span>", "")


def test_the_staff_page_names_both_and_no_reason_of_the_units(cast: Cast) -> None:
    here = cast.chengxiang
    need = asked(here)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="灯在几楼？")
    page = text(browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    strip = page[page.index('class="strip"') : page.index('class="two"')]
    unit = need.unit
    assert unit is not None
    assert "居民，等补充" in strip and f"请了{unit.short_name or unit.name}协助" in strip
    assert "他们有设备科" not in strip, "why the unit was asked is not why the resident has it"


def test_the_units_desk_says_that_the_days_stand_and_since_when(cast: Cast) -> None:
    here = cast.chengxiang
    need = asked(here)
    assert f"{moment(need.held_since)}起等您回复" in desk_of(cast)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="灯在几楼？")
    since = now(need).waiting_since
    assert since is not None
    said = f"{need.area.name}在等居民补充，日子停住，{moment(since)}起"
    assert said in desk_of(cast) and said in desk_of(cast, f"/desk/needs/{need.pk}/")
    assert "前回复" not in desk_of(cast)


def test_after_the_unit_said_when_it_comes_the_hoped_for_day_stays(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    day = timezone.localdate() + timedelta(days=1)
    assert need.unit_id is not None and need.reply_by is not None
    unit_will_help(pk=need.pk, by=fresh(cast.chengxiang.liaison), unit_id=need.unit_id, words="带梯子来", comes_on=day)
    page = desk_of(cast)
    assert f"说好{wording.day(day)}来" in page and f"盼{wording.day(need.reply_by)}前办好" in page


def test_what_the_unit_took_says_since_when(cast: Cast) -> None:
    claim = taken(cast.chengxiang, published(cast.chengxiang))
    assert f"<small>{moment(claim.held_since)}起</small>" in desk_of(cast)


def test_a_row_says_that_its_unit_takes_no_part(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    before = browser_of(cast.chengxiang.worker).get("/admin/needs/need/")
    assert "单位暂停参加" not in text(before)
    MemberUnit.objects.filter(pk=need.unit_id).update(suspended_at=timezone.now(), suspended_why="在装修")
    assert "单位暂停参加" in text(browser_of(cast.chengxiang.worker).get("/admin/needs/need/"))
    assert "单位暂停参加" in hand(Need.objects.select_related("unit").get(pk=need.pk), cast.chengxiang.worker)["unit"]


def test_a_day_of_another_year_names_it() -> None:
    this = timezone.localdate().year
    far, near = date(this + 1, 1, 15), date(this, 1, 15)
    assert (wording.day(far), wording.day(near)) == (f"{this + 1}年1月15日", "1月15日")
    assert (kept_day(far), kept_day(near)) == (f"{this + 1}年1月15日", "1月15日")


def test_over_the_api_a_verified_wish_waits_for_a_yes_and_says_since_when(cast: Cast) -> None:
    here = cast.chengxiang
    new, seen = raised(here), verified(here)
    rows = {row["id"]: row for row in api_of(here.worker).get("/api/v1/wishes/staff/").json()["results"]}
    assert (rows[new.pk]["stage"], rows[seen.pk]["stage"]) == ("to_verify", "to_approve")
    assert rows[seen.pk]["since"] is not None


def test_over_the_api_a_need_nobody_has_taken_says_until_when(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    found = api_of(cast.chengxiang.worker).get(f"/api/v1/needs/{need.pk}/").json()["hand"]
    assert found["until"] is not None
