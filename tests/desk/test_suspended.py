"""A unit that takes no part for a while reads why; staff who wait for it are shown a way on."""

from __future__ import annotations

import re

import pytest

from members.services import restore_unit, suspend_unit
from needs.services.assigning import assign_need
from people.models import Area
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
    suspend_unit(pk=unit_of(here).pk, by=fresh(here.party_office), why="联络员更换，打13800000102")
    page = text(client.get("/desk/"))
    assert "起暂停参加" in page and "联络员更换，打…" in page and "13800000102" not in page
    assert "城厢街道党建办" in page and 'href="tel:057100000042"' in page
    restore_unit(pk=unit_of(here).pk, by=fresh(here.party_office))
    assert "暂停参加" not in text(client.get("/desk/"))


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
