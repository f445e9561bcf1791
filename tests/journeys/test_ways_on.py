"""Other ways on: up and back, more time, asking the resident, not for us; each with what the resident reads."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from needs.models import Need
    from tests.journeys.site import Site

UP, BACK = "车主多是菜场摊主，社区劝过两次", "划线是物业的事，社区能办"


def _said(site: Site, **changes: Any) -> Need:
    from tests.cast import say_need

    return say_need(site.cast.chengxiang.home, **changes)


def _follows(doors: Doors, need: Need) -> Page:
    page = doors.open(PHONE)
    page.goto(f"/n/{need.link_token}/")
    return page


def _reads(page: Page, headline: str | re.Pattern[str], hand: str) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    page.reload()
    expect(page.locator("h1")).to_have_text(headline)
    expect(hands.fact(page, "在谁手里")).to_have_text(hand)
    look(page)


def _day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def test_up_and_back_with_reasons_that_only_colleagues_read(doors: Doors, site: Site) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    street, need = site.cast.chengxiang, _said(site)
    page, worker = _follows(doors, need), doors.open(DESKTOP, who=street.worker)
    hands.open_need(worker, need)
    hands.unfold(worker, "escalate").locator("button[type=submit]").click()
    expect(worker.locator("#escalate .errorlist")).to_be_visible()
    look(worker)
    hands.take(worker, "escalate", "已上报街道", why=UP)
    expect(hands.held(worker)).to_contain_text("城厢街道")
    expect(worker.locator("main")).to_contain_text("不用您来办")
    look(worker)
    _reads(page, "万寿桥社区已报街道，城厢街道正在安排谁来办", "城厢街道")

    clerk = doors.open(PHONE, who=street.clerk)
    clerk.goto("/admin/")
    clerk.locator("#queue [data-row]", has_text=need.number).get_by_role("link").first.click()
    expect(hands.held(clerk)).to_contain_text(UP)
    expect(clerk.locator(".marks")).to_contain_text("社区上报")
    hands.take(clerk, "send_back", "已退回社区", why=BACK)
    look(clerk)
    hands.listed_with(clerk, need.number, "万寿桥社区")

    _reads(page, "万寿桥社区收到了，正在安排谁来办", "万寿桥社区")
    expect(page.locator("#lines")).to_contain_text("社区把这件事报到街道")
    expect(page.locator("#lines")).to_contain_text("街道交给社区办")
    assert not [why for why in (UP, BACK) if why in page.content()]
    hands.open_need(worker, need)
    expect(hands.held(worker)).to_contain_text(BACK)
    expect(worker.locator(".tl")).to_contain_text(UP)
    hands.accept(worker, need)
    hands.take(worker, "return", "已交出来", why="网格员更熟")
    expect(hands.held(worker)).to_contain_text("网格员更熟")
    _reads(page, "万寿桥社区收到了，正在安排谁来办", "万寿桥社区")


def _grants(secretary: Page, need: Need) -> None:
    from tests.journeys.watch import look

    secretary.goto("/admin/approvals/")
    row = secretary.locator(".approvals li", has_text=need.title)
    expect(row).to_contain_text("灯杆要等厂里发货")
    look(secretary)
    row.get_by_label("审批意见").fill("同意，记得先跟居民说一声")
    row.get_by_role("button", name="同意延期").click()
    expect(secretary.locator(".msgs")).to_contain_text("答复的日子已经改")
    expect(secretary.locator("main")).to_contain_text("没有等您审批的")
    look(secretary)


def test_more_time_is_granted_by_the_secretary_and_the_resident_reads_the_new_day(doors: Doors, site: Site) -> None:
    from needs.services.extensions import latest
    from tests.journeys import hands
    from tests.journeys.arrange import need_numbered
    from tests.journeys.watch import look

    street, need = site.cast.chengxiang, _said(site)
    page, worker = _follows(doors, need), doors.open(DESKTOP, who=street.worker)
    hands.accept(worker, need)
    need = need_numbered(need.number)
    assert need.reply_by is not None
    until = latest(need)
    form = hands.unfold(worker, "extend")
    hands.fill(form, until=(until + timedelta(days=1)).isoformat(), reason="灯杆要等厂里发货")
    form.locator("button[type=submit]").click()
    expect(worker.locator("#extend .errorlist")).to_contain_text(f"最多延到{_day(until)}")
    expect(worker.locator("[name=extend-reason]")).to_have_value("灯杆要等厂里发货")
    look(worker)
    hands.take(worker, "extend", "等审批", until=until.isoformat())
    expect(worker.locator(".marks")).to_contain_text(f"申请延到{_day(until)}")
    page.reload()
    expect(page.locator("main")).to_contain_text(_day(need.reply_by))
    expect(page.locator("main")).not_to_contain_text("延期")

    _grants(doors.open(PHONE, who=street.secretary), need)
    page.reload()
    expect(hands.fact(page, "哪天前答复")).to_have_text(_day(until))
    expect(page.locator("h1")).to_contain_text(_day(until))
    expect(page.locator("#lines")).to_contain_text(f"改在{_day(until)}前答复您")
    assert "记得先跟居民说一声" not in page.content()
    look(page)
    hands.open_need(worker, need)
    expect(worker.locator(".marks")).to_contain_text("延期中")
    expect(worker.locator(".tl")).to_contain_text("记得先跟居民说一声")
    expect(worker.locator("#way-extend")).to_have_count(0)
    look(worker)


def _as_if_asked_before(number: str, days: int) -> date:
    """As if accepted, promised and asked ``days`` days before it was. Returns the day that was promised then."""
    from deadlines.models import Stage
    from needs.models import Need
    from tests.journeys.arrange import need_numbered

    ago, need = timedelta(days=days), need_numbered(number)
    stage = Stage.objects.get(subject=f"need:{need.pk}", paused_at__isnull=False)
    times = ("started_at", "counted_from", "paused_at", "due_at")
    Stage.objects.filter(pk=stage.pk).update(**{name: getattr(stage, name) - ago for name in times})
    assert need.reply_by and need.accepted_at and need.waiting_since
    moved = {name: getattr(need, name) - ago for name in ("reply_by", "accepted_at", "waiting_since", "held_since")}
    Need.objects.filter(pk=need.pk).update(**moved)
    return need.reply_by - ago


def test_the_clock_stands_while_the_resident_is_asked_and_goes_on_with_the_answer(doors: Doors, site: Site) -> None:
    from tests.journeys import hands
    from tests.journeys.arrange import need_numbered
    from tests.journeys.watch import look

    street, need = site.cast.chengxiang, _said(site)
    page, worker = _follows(doors, need), doors.open(DESKTOP, who=street.worker)
    hands.accept(worker, need)
    hands.take(worker, "ask", "时间停住了", words="是哪一幢的灯？")
    expect(worker.locator(".strip")).to_contain_text("停钟")
    expect(worker.locator(".marks")).to_contain_text("等居民补充")
    look(worker)
    worker.goto("/admin/needs/need/?tab=all")
    expect(worker.locator("tbody tr", has_text=need.number)).to_contain_text("停钟")
    before = _as_if_asked_before(need.number, 14)

    _reads(page, "万寿桥社区请您补充几句，补充了就接着办", "您，等您补充，万寿桥社区 cxworker接着办")
    expect(page.locator(".reply")).to_contain_text("是哪一幢的灯？")
    expect(page.locator("main")).not_to_contain_text("超期")
    expect(hands.fact(page, "哪天前答复")).to_have_count(0)
    expect(page.get_by_role("button", name="补充", exact=True)).to_be_visible()
    page.fill("[name=words]", "6幢2单元，三楼那盏。")
    page.get_by_role("button", name="补充", exact=True).click()
    after = need_numbered(need.number).reply_by
    assert after is not None
    assert after > timezone.localdate() > before, "what was waited for is not taken from the promise"
    expect(hands.fact(page, "哪天前答复")).to_have_text(_day(after))
    expect(page.locator("h1")).to_contain_text(_day(after))
    look(page)
    hands.open_need(worker, need)
    expect(worker.locator(".strip")).not_to_contain_text("停钟")
    expect(worker.locator(".strip")).to_contain_text(_day(after))
    expect(worker.locator(".tl")).to_contain_text("三楼那盏")
    look(worker)


def test_what_is_not_for_this_office_is_shown_its_right_place(doors: Doors, site: Site) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    street, need = site.cast.chengxiang, _said(site, words="超市卖的米有虫，不给退。")
    page, worker = _follows(doors, need), doors.open(PHONE, who=street.worker)
    hands.open_need(worker, need)
    form = hands.unfold(worker, "decline")
    form.locator("button[type=submit]").click()
    expect(worker.locator("#decline .errorlist").first).to_be_visible()
    look(worker)
    hands.take(worker, "decline", "已告诉居民该找哪里", reason="consumer", words="买卖的事归市场监管，别急。")
    expect(worker.locator(".marks")).to_contain_text("不予受理")
    expect(hands.held(worker)).to_contain_text("没有人，不予受理")
    look(worker)
    page.reload()
    expect(page.locator("h1")).to_have_text("万寿桥社区办不了这件事，请找消费投诉12315")
    expect(page.locator("a[href='tel:12315']")).to_be_visible()
    expect(page.locator(".reply")).to_contain_text("买卖的事归市场监管，别急。")
    expect(page.get_by_role("link", name="再说一件")).to_be_visible()
    look(page)
