"""议事: a need becomes a topic, a topic a resolution, the resolution slips, tops the next agenda, and is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors
from tests.journeys.test_pages import DRESSES, _check, _dressed

if TYPE_CHECKING:
    from meetings.models import ActionItem, Meeting
    from needs.models import Need
    from tests.journeys.site import Site

TITLE = "非机动车停放和充电"


def _planned(page: Page, site: Site, title: str, days: int) -> Meeting:
    """加一次会, by hand."""
    from meetings.models import Meeting
    from tests.meetings.things import at

    page.goto("/admin/meetings/meeting/add/")
    page.locator("[name=area]").select_option(site.cast.chengxiang.home.pk)
    page.locator("[name=kind]").select_option("consult")
    page.fill("[name=title]", title)
    page.fill("[name=place]", "万寿桥社区议事厅")
    page.fill("[name=day]", f"{at(days):%Y-%m-%d}")
    page.fill("[name=opens]", "19:00")
    page.fill("[name=closes]", "20:30")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".msgs")).to_contain_text("排好了")
    return Meeting.objects.get(title=title)


def _raised(page: Page, need: Need) -> None:
    """转议事, from the page of the need."""
    from tests.journeys import hands

    hands.open_need(page, need)
    page.get_by_role("link", name="转议事").click()
    expect(page.locator("[name=origin]")).to_have_value(need.number)
    page.fill("[name=title]", TITLE)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".msgs")).to_contain_text("提好了")


def _called(page: Page, row: Meeting, unit: Any) -> None:
    """The unit is invited, what waits is taken on, everybody is told."""
    from tests.journeys import hands

    page.goto(f"/admin/meetings/meeting/{row.pk}/change/")
    hands.take(page, "invite", "加上了", unit=str(unit.pk))
    expect(page.locator(".taken")).to_contain_text(TITLE)
    page.locator(".taken li", has_text=TITLE).get_by_role("button").click()
    expect(page.locator(".agenda")).to_contain_text(TITLE)
    hands.take(page, "call", "通知发出了")


def _held(page: Page, row: Meeting) -> None:
    """The evening has come and gone."""
    from meetings.models import Meeting
    from tests.journeys import hands
    from tests.meetings.things import at

    Meeting.objects.filter(pk=row.pk).update(starts=at(-1, 19), ends=at(-1, 20))
    page.goto(f"/admin/meetings/meeting/{row.pk}/change/")
    hands.take(page, "hold", "记下了")


def _resolved(page: Page, row: Meeting, unit: Any) -> ActionItem:
    """A result, an action item of it, minutes that begin with what is known, everything sent."""
    from meetings.models import ActionItem
    from tests.journeys import hands
    from tests.meetings.things import at

    point = page.locator(".agenda li", has_text=TITLE)
    point.locator("summary").click()
    point.locator("textarea").fill("划40个车位，留一排充电")
    point.get_by_role("button", name="保存").click()
    expect(page.locator(".msgs")).to_contain_text("写好了")
    page.locator("#resolved tbody").get_by_role("link", name="转行动项").click()
    expect(page.locator("#way-action [name$='-what']")).to_have_value("划40个车位，留一排充电")
    hands.take(page, "action", "转好了", unit=str(unit.pk), due_on=f"{at(7):%Y-%m-%d}")
    page.get_by_role("link", name="上传纪要").click()
    expect(page.locator("[name=text]")).to_contain_text("划40个车位")
    page.get_by_role("button", name="存一稿").click()
    expect(page.locator(".msgs")).to_contain_text("存好了")
    hands.take(page, "send", "归档了")
    return ActionItem.objects.get(meeting=row)


def _answered(desk: Page, row: Meeting) -> None:
    """At the desk of the unit, on a phone: somebody stands in."""
    from meetings.models import Invitee

    desk.goto("/desk/")
    desk.get_by_role("link", name="幸福议事厅第4次").first.click()
    expect(desk.locator("main")).to_contain_text(TITLE)
    desk.get_by_label("请人代").check()
    desk.fill("[name=stand_in]", "办公室小张")
    desk.get_by_role("button", name="答复").click()
    expect(desk.get_by_text("答复好了，谢谢。")).to_be_visible()
    assert Invitee.objects.get(meeting=row).stand_in == "办公室小张"


def _reported(desk: Page) -> None:
    """The unit says how it is going; nobody chases a guest."""
    desk.goto("/desk/")
    desk.get_by_role("link", name="划40个车位").first.click()
    expect(desk.locator("main")).not_to_contain_text("超期")
    desk.fill("[name=said]", "车位划好了，充电桩下周装。")
    desk.get_by_role("button", name="告诉街道社区").click()
    expect(desk.get_by_text("报好了")).to_be_visible()


def _reads(doors: Doors, need: Need, *words: str) -> None:
    """The resident, by the link of the need."""
    page = doors.open(PHONE)
    page.goto(f"/n/{need.link_token}/")
    for text in words:
        expect(page.locator("main")).to_contain_text(text)


def test_a_need_is_talked_over_and_what_slipped_tops_the_next_agenda(doors: Doors, site: Site) -> None:
    from meetings.models import ActionItem
    from needs.services.handling import accept_need
    from tests.cast import say_need
    from tests.journeys import hands
    from tests.meetings.things import at

    here, unit = site.cast.chengxiang, hands.member_unit(site.cast.chengxiang)
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.worker)
    worker, desk = doors.open(DESKTOP, who=here.worker), doors.open(PHONE, who=here.liaison)
    _raised(worker, need)
    row = _planned(worker, site, "幸福议事厅第4次", 3)
    _called(worker, row, unit)
    _answered(desk, row)
    _held(worker, row)
    action = _resolved(worker, row, unit)
    _reads(doors, need, "“幸福议事厅第4次”议了您反映的事", "划40个车位，留一排充电")

    ActionItem.objects.filter(pk=action.pk).update(due_on=at(-1).date(), first_due_on=at(-1).date())
    following = _planned(worker, site, "幸福议事厅第5次", 20)
    first = worker.locator(".taken li").first
    expect(first).to_contain_text("上次没销号：划40个车位")
    first.get_by_role("button").click()
    expect(worker.locator(".agenda > li").first).to_contain_text("延后")
    assert following.agenda.get().subject == action.subject

    _reported(desk)
    worker.goto("/admin/meetings/actionitem/")
    worker.get_by_role("link", name="划40个车位").first.click()
    hands.take(worker, "clear", "销号了", how="车位划好了，充电桩装好了。")
    _reads(doors, need, "商定的事办好了", "充电桩装好了")


@pytest.mark.parametrize("dress", DRESSES)
def test_pages_of_meetings_in_every_dress(doors: Doors, site: Site, dress: str) -> None:
    from meetings.services.agenda import add_point
    from meetings.services.topics import raise_topic
    from tests.cast import fresh
    from tests.meetings.things import called, meeting, passed, resolved

    here = site.cast.chengxiang
    row = called(here)
    ahead, key = called(here, title="下一次会", days=6), "7d1b7f0e-6a39-4a36-9d0c-0b7a0b2f0{:03d}"
    topic = raise_topic(
        client_key=key.format(list(DRESSES).index(dress)), by=here.worker, area=here.home.pk, title=f"门岗改造{dress}"
    )
    add_point(meeting=ahead.pk, by=here.worker, version=None, title="收费公示", minutes=15)
    draft, held = meeting(here, title="还没通知的会"), passed(row)
    action = resolved(held, here)
    worker = _dressed(doors, dress, who=fresh(here.worker))
    for path in (
        "meeting/?tab=all",
        "meeting/add/",
        *(f"meeting/{one.pk}/change/" for one in (draft, ahead, held)),
        f"meeting/{held.pk}/minutes/",
        "series/",
        "series/add/",
        f"topic/{topic.pk}/change/",
        f"actionitem/{action.pk}/change/",
    ):
        worker.goto(f"/admin/meetings/{path}")
        _check(worker, public=False)
    desk = _dressed(doors, dress, who=fresh(here.liaison))
    for path in ("", f"{ahead.pk}/", f"{held.pk}/", f"actions/{action.pk}/", "topics/new/"):
        desk.goto(f"/desk/meetings/{path}")
        _check(desk, public=True)
    desk.goto(f"/meetings/{ahead.pk}/here/")
    _check(desk, public=True)
