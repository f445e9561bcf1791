"""A unit that takes no part for a while reads why; staff who wait for it are shown a way on."""

from __future__ import annotations

import re

import pytest

from alliance.lib.public_text import Warned, seen_mark
from members.models import MemberUnit
from members.services import restore_unit, suspend_unit
from needs.services.assigning import assign_need
from people.models import Area
from people.states import Level
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import alliance_of, unit_of
from tests.desk.asking import asked, text

pytestmark = pytest.mark.django_db


def test_a_suspended_unit_reads_why_and_whom_to_call(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    Area.objects.filter(pk=here.street.pk).update(phone="0571-0000 0042")
    client = browser_of(here.liaison)
    assert "暂停参加" not in text(client.get("/desk/"))
    why = "联络员更换，打13800000102"
    suspend_unit(pk=unit_of(here).pk, by=fresh(here.party_office), why=why, seen_warnings=seen_mark([why]))
    page = text(client.get("/desk/"))
    assert "起暂停参加" in page and "联络员更换，打…" in page and "13800000102" not in page
    assert "城厢街道党建办" in page and 'href="tel:057100000042"' in page
    restore_unit(pk=unit_of(here).pk, by=fresh(here.party_office))
    assert "暂停参加" not in text(client.get("/desk/"))


def test_words_for_the_unit_are_looked_through_before_it_reads_them(cast: Cast) -> None:
    here, unit = cast.chengxiang, unit_of(cast.chengxiang)
    alliance_of(here)
    path, why = f"/admin/members/memberunit/{unit.pk}/suspend/", "等张三回来，打13800000102"
    unit.seats.update(name="张三")
    desk = browser_of(here.party_office)
    with pytest.raises(Warned):
        suspend_unit(pk=unit.pk, by=fresh(here.party_office), why=why)
    page = desk.post(path, {"why": why})
    shown = text(page)
    assert page.status_code == 422 and "好像写了电话号码" in shown and "好像写了本人的姓名" in shown and why in shown
    assert not MemberUnit.objects.get(pk=unit.pk).is_suspended
    mark = re.search(r'name="seen_warnings" value="([^"]+)"', shown)
    assert mark is not None
    assert desk.post(path, {"why": why + "8", "seen_warnings": mark[1]}).status_code == 422, "other words"
    assert desk.post(path, {"why": why, "seen_warnings": mark[1]}).status_code == 302
    assert MemberUnit.objects.get(pk=unit.pk).is_suspended


def test_a_reason_from_before_units_read_it_is_read_by_staff_alone(cast: Cast) -> None:
    here, unit = cast.chengxiang, unit_of(cast.chengxiang)
    alliance_of(here)
    suspend_unit(pk=unit.pk, by=fresh(here.party_office), why="老赵欠着账")
    assert "老赵欠着账" in text(browser_of(here.liaison).get("/desk/"))
    MemberUnit.objects.filter(pk=unit.pk).update(suspended_why_shown=False)  # as the table had it before the column
    page = text(browser_of(here.liaison).get("/desk/"))
    assert "起暂停参加" in page and "老赵欠着账" not in page and "为什么" not in page
    assert "老赵欠着账" in text(browser_of(here.party_office).get(f"/admin/members/memberunit/{unit.pk}/change/"))


def test_a_unit_seated_above_the_streets_reads_whom_to_call_too(cast: Cast) -> None:
    here, unit = cast.chengxiang, unit_of(cast.chengxiang)
    alliance_of(here)
    suspend_unit(pk=unit.pk, by=fresh(here.party_office), why="联络员更换")
    code = here.street.code[:6]
    district = Area.objects.filter(code=code).first() or Area.objects.create(
        code=code, name="某某区", level=Level.DISTRICT, phone="0571-0000 0043"
    )
    MemberUnit.objects.filter(pk=unit.pk).update(area=district)
    page = browser_of(here.liaison).get("/desk/")
    assert page.status_code == 200 and "起暂停参加" in text(page)
    assert district.name in text(page) and f"{district.name}党建办" not in text(page)


def test_staff_are_shown_a_way_on_from_a_suspended_unit(cast: Cast) -> None:
    here = cast.chengxiang
    need, unit = asked(here), unit_of(here)
    path = f"/admin/needs/need/{need.pk}/change/"
    assert "单位暂停参加" not in text(browser_of(here.worker).get(path))
    suspend_unit(pk=unit.pk, by=fresh(here.party_office), why="联络员更换")
    page = text(browser_of(here.worker).get(path))
    assert re.search(rf"{unit}从.*起暂停参加：联络员更换。", page) and 'href="#assign"' in page
    assert 'id="assign"' in page, "the way leads somewhere"
    assign_need(pk=need.pk, by=fresh(here.worker), to_user_id=here.worker.pk, why="自己办")
    assert "单位暂停参加" not in text(browser_of(here.worker).get(path))
