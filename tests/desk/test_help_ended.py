"""A unit whose help is not needed any more reads so, wherever it looks, and so do the office and the resident."""

from __future__ import annotations

import pytest

from needs.models import Need
from needs.services.assigning import assign_need
from needs.services.triage import escalate_need
from needs.services.units import unit_will_help
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import asked, text

pytestmark = pytest.mark.django_db


def _agreed(cast: Cast) -> Need:
    here = cast.chengxiang
    need = asked(here, words="楼道灯坏了，我是金丝雀阿婆", name="金丝雀阿婆", phone="13812345678")
    unit_will_help(pk=need.pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words="周二来")
    return Need.objects.get(pk=need.pk)


def test_after_it_is_sent_up_the_unit_reads_that_it_need_not_come(cast: Cast) -> None:
    here, need = cast.chengxiang, _agreed(cast)
    client, path = browser_of(here.liaison), f"/desk/needs/{need.pk}/"
    escalate_need(pk=need.pk, by=fresh(here.worker), why="社区办不了")
    page = text(client.get(path))
    assert (
        "不用再办，谢谢" in page
        and f"{here.home.name}另作了安排" in page
        and f"{here.street.name}，不用贵单位再办" in page
    )
    assert not any(secret in page for secret in ("金丝雀", "1234", "社区办不了", need.tracking_code, need.link_token))
    for listed in (text(client.get("/desk/")), text(client.get("/desk/claims/"))):
        assert path in listed and "不用再办，谢谢" in listed


def test_nobody_else_reads_how_it_ended(cast: Cast) -> None:
    here, need = cast.chengxiang, _agreed(cast)
    _unit, neighbour = another_unit(here)
    escalate_need(pk=need.pk, by=fresh(here.worker), why="社区办不了")
    for stranger in (neighbour, cast.xiasha.liaison, here.worker):
        assert browser_of(stranger).get(f"/desk/needs/{need.pk}/").status_code == 404


def test_the_form_warns_and_both_histories_say_that_the_help_ended(cast: Cast) -> None:
    here, need = cast.chengxiang, _agreed(cast)
    page = text(browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    form = page.split('id="escalate"')[1].split("</form>")[0]
    assert f"请了{unit_of(here)}（说可以帮）：这样办，就不用它来了" in form
    escalate_need(pk=need.pk, by=fresh(here.worker), why="社区办不了")
    left = f"原来请的{unit_of(here)}不用来了"
    assert left in text(browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    assert left in text(browser_of(None).get(f"/n/{need.link_token}/"))


def test_another_unit_asked_in_its_place_is_said_too(cast: Cast) -> None:
    here, need = cast.chengxiang, _agreed(cast)
    other, _theirs = another_unit(here)
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=other.pk, why="他们有梯子")
    assert f"原来请的{unit_of(here)}不用来了" in text(browser_of(None).get(f"/n/{need.link_token}/"))
