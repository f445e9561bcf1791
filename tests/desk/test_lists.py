"""The two lists on the desk and in the workbench: one page, nothing typed lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from needs.models import ListLine, ListRound, Need, UnitLists
from needs.services.list_rounds import close_round
from people.models import User
from resources.models import Resource
from tests.cast import Cast, Street, browser_of, fresh
from tests.claims.things import alliance_of, another_unit
from tests.desk.asking import text
from tests.needs.rounds import give, need, round_in, sent

pytestmark = pytest.mark.django_db


def typed(key: str, side: str, **values: Any) -> dict[str, Any]:
    return {side: key, **{f"{key}-{name}": value for name, value in values.items()}}


def test_one_page_draft_then_sent_and_what_is_wrong_stands_at_its_line(cast: Cast) -> None:
    here = cast.chengxiang
    row = round_in(here, words="多写几条")
    path, browser = f"/desk/lists/{row.pk}/", browser_of(here.liaison)
    home = text(browser.get("/desk/"))
    assert row.title in home and path in home and row.title in text(browser.get("/desk/lists/"))
    page = text(browser.get(path))
    assert "多写几条" in page and page.count('name="give"') == 2 and "种类" in page
    give, wish = str(uuid4()), str(uuid4())
    form = {
        **typed(give, "give", what="三楼会议室", kind="meeting-room", amount="四十", whom="社区", on_when="每周三"),
        **typed(wish, "need", what="请人教剪纸", whom="三十位职工", on_when="三月"),
        "version": "",
    }
    more = text(browser.post(path, {**form, "more": "need"}))
    assert more.count('name="need"') == 2 and "三十位职工" in more and not ListLine.objects.exists()
    refused = browser.post(path, {**form, "send": "all"})
    assert refused.status_code == 422
    assert all(said in text(refused) for said in ("请写一个数", "三楼会议室", "四十", "每周三", "三十位职工"))
    form[f"{give}-amount"] = "40"
    assert browser.post(path, {**form, "save": "1"})["Location"] == path
    page = text(browser.get(path))
    assert "草稿" in page and "三十位职工" in page
    form["version"] = re.findall(r'name="version" value="(\d+)"', page)[0]
    browser.post(path, {**form, "send": wish})
    assert not Resource.objects.exists() and ListLine.objects.get(side="need").state == "sent"
    _goes_on(browser, path, form, give)


def _goes_on(browser: Any, path: str, form: dict[str, Any], give: str) -> None:
    """A colleague was faster; then everything is sent, twice; what nobody took up is taken back."""
    stale = browser.post(path, {**form, f"{give}-what": "二楼会议室", "send": "all"})
    assert stale.status_code == 409 and "二楼会议室" in text(stale)
    browser.post(path, {**form, "send": "all"})
    browser.post(path, {**form, "send": "all"})
    assert Resource.objects.get().name == "三楼会议室"
    page = text(browser.get(path))
    assert "待审批" in page and "已提交" in page
    line = ListLine.objects.get(side="need")
    browser.post(f"/desk/lists/lines/{line.pk}/take-back/")
    assert ListLine.objects.get(pk=line.pk).state == "taken_back"


def test_nobody_else_writes_there_and_what_comes_too_late_keeps_its_words(cast: Cast) -> None:
    here = cast.chengxiang
    row = round_in(here)
    line, path, browser = sent(here, row, need()).lines.get(), f"/desk/lists/{row.pk}/", browser_of(here.liaison)
    _unit, stranger = another_unit(here, member=False)
    assert browser_of(stranger).get(path).status_code == 404
    assert browser_of(stranger).post(f"/desk/lists/lines/{line.pk}/take-back/").status_code == 404
    close_round(pk=row.pk, by=fresh(here.clerk), version=None)
    late = browser.post(path, {**typed(str(uuid4()), "need", what="晚了的话"), "send": "all"})
    assert late.status_code == 409 and "已经结束" in text(late)


def test_last_years_lists_come_with_one_tap_and_what_stands_is_ticked(cast: Cast) -> None:
    here = cast.chengxiang
    before = round_in(here)
    sent(here, before, give(), need())
    row = round_in(here, year=before.year + 1, title="明年两张清单")
    path, browser = f"/desk/lists/{row.pk}/", browser_of(here.liaison)
    assert before.title in text(browser.get(path))
    assert "抄来了2条" in text(browser.post(f"{path}copy/", follow=True))
    page = text(browser.get(path))
    kept = re.findall(r'name="kept" value="([^"]+)"', page)
    wish = str(ListLine.objects.get(lists__round=row, side="need").client_key)
    assert len(kept) == 1 and "请人教剪纸" in page
    form = {"kept": kept, **typed(wish, "need", what="请人教剪纸", whom="三十位职工", on_when="三月"), "send": "all"}
    browser.post(path, {**form, "version": str(UnitLists.objects.get(round=row).version)})
    assert ListLine.objects.filter(lists__round=row, state="sent").count() == 2 and Resource.objects.count() == 1


def post(person: User, path: str, **data: Any) -> Any:
    return browser_of(person).post(path, data)


def test_the_street_opens_sees_who_is_missing_reminds_and_takes_up(cast: Cast) -> None:
    here = cast.chengxiang
    alliance = alliance_of(here)
    _unit, _other = another_unit(here)
    base = "/admin/needs/listround/"
    assert browser_of(here.worker).get(f"{base}add/").status_code == 403
    refused = post(here.clerk, f"{base}add/", alliance=alliance.pk, year="2026", title="", last_day="昨天")
    assert refused.status_code == 422 and not ListRound.objects.exists()
    today = timezone.localdate()
    said = {"alliance": alliance.pk, "year": today.year, "title": "两张清单", "last_day": today.isoformat()}
    made = post(here.clerk, f"{base}add/", **said)
    row = ListRound.objects.get()
    assert made["Location"] == f"{base}{row.pk}/change/"
    sent(here, row, need())
    page = text(browser_of(here.clerk).get(f"{base}{row.pk}/change/"))
    assert "1家，共2家" in page and "幼儿园" in page
    assert "提醒了1位联络员" in text(browser_of(here.clerk).post(f"{base}{row.pk}/remind/", follow=True))
    assert post(here.clerk, f"{base}{row.pk}/remind/").status_code == 409
    line = ListLine.objects.get()
    inbox = text(browser_of(here.clerk).get("/admin/approvals/"))
    assert "请人教剪纸" in inbox and f"/admin/needs/listline/{line.pk}/change/" in inbox
    assert "请人教剪纸" not in text(browser_of(here.worker).get("/admin/approvals/"))
    here_is = f"/admin/needs/listline/{line.pk}/"
    assert "take-listed_words" in text(browser_of(here.clerk).get(f"{here_is}change/"))
    warned = post(here.clerk, f"{here_is}take/", **{
        "take-version": line.version, "take-area": here.home.pk, "take-listed_words": "请打13800000001",
    })  # fmt: skip
    assert warned.status_code == 422 and "请打13800000001" in text(warned)
    _taken_up_and_closed(here, row, line, base)


def _taken_up_and_closed(here: Street, row: ListRound, line: ListLine, base: str) -> None:
    here_is, today = f"/admin/needs/listline/{line.pk}/", timezone.localdate()
    done = post(here.clerk, f"{here_is}take/", **{
        "take-version": line.version, "take-area": here.home.pk, "take-listed_words": "请人教剪纸",
    })  # fmt: skip
    made_need = Need.objects.get()
    assert done["Location"] == f"/admin/needs/need/{made_need.pk}/change/" and made_need.area == here.home
    of_need = text(browser_of(here.clerk).get(done["Location"]))
    assert "单位写的" in of_need and "移出需求清单" in of_need and str(made_need.asker) in of_need
    assert str(made_need.asker) in text(browser_of(here.clerk).get("/admin/needs/need/?tab=all&origin=unit"))
    again = post(here.section_head, f"{here_is}leave/", **{"leave-version": line.version, "leave-words": "不行"})
    assert again.status_code == 409
    for path in ("unitlists/?tab=all", "listline/?tab=all", "listround/?tab=all"):
        assert row.title in text(browser_of(here.worker).get(f"/admin/needs/{path}")), path
    post(here.clerk, f"{base}{row.pk}/close/", version=ListRound.objects.get().version)
    assert ListRound.objects.get().state == "closed"
    again = {"version": ListRound.objects.get().version, "last_day": today.isoformat()}
    assert post(here.worker, f"{base}{row.pk}/reopen/", **again).status_code == 403
    post(here.clerk, f"{base}{row.pk}/reopen/", **again)
    assert ListRound.objects.get().state == "open"
