"""民生实事 and the service menu in the workbench."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from members.models import Alliance
from projects.models import Deed, DeedYear, MenuItem, SignUp
from tests.cast import Cast, browser_of, say_need
from tests.claims.things import alliance_of
from tests.projects.test_deeds import proposed, ready
from tests.projects.things import again, today, two_units

pytestmark = pytest.mark.django_db
LIST, MENU = "/admin/projects/deed/", "/admin/projects/menuitem/"


def filled(here: Any, **changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "client_key": str(uuid4()),
        "area": here.street.pk,
        "year": today().year,
        "name": "加装电梯20台",
        "words": "老旧小区加装电梯。",
        "goal": "加装电梯20台",
        "field": "building",
        "source": "resident",
    }
    return {**said, **changes}


def take(browser: Any, row: Any, act: str, status: int = 302, /, **said: Any) -> str:
    base = MENU if isinstance(row, MenuItem) else LIST
    given = {"version": again(row).version, **said}
    answer = browser.post(
        f"{base}{row.pk}/{act.replace('_', '-')}/", {f"{act}-{name}": value for name, value in given.items()}
    )
    text: str = answer.content.decode()
    assert answer.status_code == status, text[-3000:]
    return text


def test_an_item_goes_from_candidate_to_cleared_on_its_page(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, _liaison), _other = two_units(here)
    need, clerk, office = say_need(here.home), browser_of(here.clerk), browser_of(here.party_office)
    assert clerk.post(f"{LIST}add/", filled(here, goal="")).status_code == 422
    assert clerk.post(f"{LIST}add/", filled(here, origin="XQ-没有")).status_code == 422
    clerk.post(f"{LIST}add/", filled(here, origin=need.number, unit=unit.pk))
    row = Deed.objects.get()
    assert row.origin_label == need.number
    clerk.post(f"{LIST}{row.pk}/edit/", filled(here, version=row.version, unit=unit.pk, goal="加装电梯21台"))
    day = today().isoformat()
    _found_out(clerk, row, day)
    assert clerk.get(f"{LIST}publish/").status_code == 403
    page = office.get(f"{LIST}publish/").content.decode()
    assert row.name in page and 'value="10"' in page
    assert office.post(f"{LIST}publish/", {"most": 10}).status_code == 422
    unsure = office.post(f"{LIST}publish/", {"most": 1, f"place{row.pk}": 1})
    assert unsure.status_code == 422 and f"要公布{today().year}年的“加装电梯20台”" in unsure.content.decode()
    office.post(f"{LIST}publish/", {"most": 1, f"place{row.pk}": 1, "sure": "on"})
    take(office, row, "unpublish", 422, words="")
    take(office, row, "unpublish", words="先看看")
    office.post(f"{LIST}publish/", {"most": 1, f"place{row.pk}": 1, "sure": "on"})
    row.refresh_from_db()
    assert (row.state, row.position) == ("published", 1) and DeedYear.objects.get().most == 1
    assert row.name in browser_of(here.clerk).get(LIST, {"tab": "unreported"}).content.decode()
    month = today().replace(day=1).isoformat()
    take(clerk, row, "report", 422, month=f"{month}:", percent="", words="装了两台")
    take(clerk, row, "report", month=f"{month}:", percent=100, words="都装好了")
    page = clerk.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "销号还差" in page and "验收" in page and 'id="way-clear"' not in page
    take(clerk, row, "accept", on_day=day, words="二十一台都在用")
    take(clerk, row, "ask", 422, on_day=day, asked=10, satisfied=11)
    take(clerk, row, "ask", on_day=day, asked=100, satisfied=96)
    take(clerk, row, "clear")
    page = clerk.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "已销号" in page and "96%" in page and "30票同意，共32票" in page
    assert browser_of(cast.xiasha.clerk).get(f"{LIST}{row.pk}/change/").status_code == 404


def _found_out(clerk: Any, row: Deed, day: str) -> None:
    """Screened twice, argued, voted."""
    take(clerk, row, "screen", 422, on_day=day, for_all="on", doable="on")
    take(clerk, row, "screen", on_day=day, for_all="on", doable="on", words="数不清")
    assert "初筛没过" in clerk.get(LIST).content.decode()
    take(clerk, row, "screen", on_day=day, for_all="on", doable="on", countable="on")
    take(clerk, row, "argue", 422, on_day=day, words="")
    take(clerk, row, "argue", on_day=day, words="三位专家都说可行")
    assert "请填同意的票数" in take(clerk, row, "vote", 422, on_day=day, words="代表票决")
    take(clerk, row, "vote", on_day=day, words="代表票决", yes=30, of=32)
    shown = clerk.get(LIST).content.decode()
    assert "初筛通过" in shown and "论证过" in shown


def test_a_year_is_published_in_the_order_that_was_typed_and_no_more_than_its_number(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    first, second = ready(here, name="甲"), ready(here, name="乙")
    waiting = proposed(here, name="还没筛")
    office = browser_of(here.party_office)
    page = office.get(f"{LIST}publish/").content.decode()
    assert f"place{first.pk}" in page and f"place{waiting.pk}" not in page and "还没准备好" in page
    refused = office.post(f"{LIST}publish/", {"most": 1, f"place{first.pk}": 2, f"place{second.pk}": 1, "sure": "on"})
    assert refused.status_code == 409 and "一共公布1件" in refused.content.decode()
    assert not Deed.objects.public().exists() and not DeedYear.objects.exists()
    office.post(f"{LIST}publish/", {"most": 2, f"place{first.pk}": 2, f"place{second.pk}": 1, "sure": "on"})
    assert list(Deed.objects.public().order_by("position").values_list("name", flat=True)) == ["乙", "甲"]


def test_the_menu_is_opened_signed_up_for_and_shows_its_gaps(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, _liaison), _other = two_units(here)
    alliance = Alliance.objects.get(area=here.street)
    clerk = browser_of(here.clerk)
    given = {"alliance": alliance.pk, "year": today().year, "kind": "optional", "name": "", "words": ""}
    clerk.post(f"{MENU}add/", given)
    assert MenuItem.objects.filter(alliance=alliance).count() == 10
    clerk.post(f"{MENU}add/", {**given, "name": "修雨伞"})
    row = MenuItem.objects.get(name="修雨伞")
    assert clerk.post(f"{MENU}add/", {**given, "name": "修雨伞"}).status_code == 422
    take(clerk, row, "sign_up", unit=unit.pk, covers=[here.home.pk], does="每月第一个周六")
    page = clerk.get(f"{MENU}{row.pk}/change/").content.decode()
    assert unit.name in page and here.home.name in page and "每月第一个周六" in page
    listed = clerk.get(MENU, {"q": "雨伞"}).content.decode()
    assert unit.name in listed and "个社区没有" in listed and here.next_door.name in listed
    take(clerk, row, "edit", kind="optional", name="修雨伞和拉链", words="", is_active="on")
    take(clerk, row, "edit", 409, version=1, kind="optional", name="旧的", words="", is_active="on")
    take(clerk, row, "leave", row=SignUp.objects.get().pk, words="师傅退休了")
    assert "师傅退休了" in clerk.get(f"{MENU}{row.pk}/change/").content.decode()
    assert browser_of(cast.xiasha.clerk).get(f"{MENU}{row.pk}/change/").status_code == 404
    worker = browser_of(here.worker)
    assert "替单位报名" not in worker.get(f"{MENU}{row.pk}/change/").content.decode()
    assert worker.post(f"{MENU}{row.pk}/sign-up/", {"sign_up-version": 9, "sign_up-unit": unit.pk}).status_code == 403
