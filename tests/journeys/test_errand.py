"""Story 2: 眼药水. Published at once, taken by one of two who tap together, brought, confirmed, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from needs.models import Need
    from tests.journeys.site import Site

HANDOVER = "9幢502，敲门，交给家里老人"
WHAT = "买一瓶眼药水"


def _publishes(staff: Page, need: Need) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    hands.open_need(staff, need)
    form = hands.unfold(staff, "errand")
    look(staff)
    hands.fill(form, what=WHAT, where="湘湖路小区", handover=HANDOVER)
    form.get_by_role("button", name="发出去").click()
    expect(staff.locator(".msgs")).to_contain_text("跑腿发出去了")
    expect(_errand(staff)).to_contain_text("等人接单")
    expect(_errand(staff)).to_contain_text("说了到发出")
    expect(hands.held(staff)).to_contain_text("cxworker")
    look(staff)


def _errand(staff: Page) -> Locator:
    return staff.locator(".under-way")


def _sees(page: Page, headline: str, now: str) -> None:
    """The requester's page says who has it, since when, until when."""
    from tests.journeys import hands
    from tests.journeys.watch import look

    page.reload()
    expect(page.locator("h1")).to_have_text(headline)
    expect(hands.fact(page, "谁答复您")).to_have_text("万寿桥社区 cxworker")
    expect(hands.fact(page, "从哪天起")).not_to_be_empty()
    expect(hands.fact(page, "在谁手里")).to_have_text(now)
    assert HANDOVER not in page.content()
    look(page)


def _two_tap_at_once(first: Page, second: Page) -> Page:
    """Whoever got it; the other is told kindly. The address stands on the winner's page alone."""
    from tests.journeys import hands
    from tests.journeys.watch import look

    for page in (first, second):
        hands.expects(page, 409)
        page.goto("/desk/errands/")
        look(page)
        page.locator(".mine a", has_text=WHAT).click()
        expect(hands.fact(page, "在谁手里")).to_contain_text("还没有人接")
        assert HANDOVER not in page.content()
        look(page)
    hands.tap_all(*(page.get_by_role("button", name="我来跑") for page in (first, second)))
    ended = {}
    for page in (first, second):
        page.wait_for_function("() => document.querySelector('.where, .only')")
        ended[page.locator(".where").count()] = page
    assert set(ended) == {0, 1}, "one has it, the other does not"
    winner, late = ended[1], ended[0]
    expect(late.locator("h1")).to_have_text("慢了一步")
    assert HANDOVER not in late.content()
    look(late)
    late.get_by_role("link", name="看看别的").click()
    expect(late.locator("main")).to_contain_text("现在没有人等帮忙")
    return winner


def _runs(runner: Page) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    expect(runner.locator(".where")).to_contain_text(HANDOVER)
    expect(hands.fact(runner, "在谁手里")).to_contain_text("您")
    expect(hands.fact(runner, "什么时候")).to_contain_text("送到")
    look(runner)
    hands.brought(runner, "送到了", "交到老人手里了。")
    expect(runner.locator(".toast")).to_contain_text("谢谢您")
    expect(hands.fact(runner, "在谁手里")).to_contain_text("居民，等确认；社区可以代为确认")
    look(runner)
    runner.goto("/desk/")
    expect(runner.locator(".hand__head")).to_contain_text("送到了，等确认")
    look(runner)


def test_an_errand_is_published_taken_by_one_brought_confirmed_and_answered(doors: Doors, site: Site) -> None:
    from tests.cast import resident, say_need
    from tests.journeys import hands
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    need = say_need(street.home, words="眼睛疼得厉害，想请人买瓶眼药水。", name="小顾", place="湘湖路小区 9幢502")
    staff, page = doors.open(DESKTOP, who=street.worker), doors.open(PHONE)
    page.goto(f"/n/{need.link_token}/")
    _publishes(staff, need)
    _sees(page, "正在请人跑腿，还没有人来帮", "等志愿者来帮")
    neighbours = [
        doors.open(PHONE, who=resident(f"1380577010{last}", name)) for last, name in enumerate(("大刘", "老陈"))
    ]
    winner = _two_tap_at_once(*neighbours)
    _sees(page, "有志愿者接下了，正在替您去办", "跑腿的志愿者")
    hands.open_need(staff, need)
    expect(_errand(staff)).to_contain_text("发出到接单")
    look(staff)
    _runs(winner)
    _sees(page, "跑腿的志愿者说送到了，您收到了吗？", "您，等您说收到没有；社区可以代为确认")

    hands.open_need(staff, need)
    expect(_errand(staff)).to_contain_text("接单到送到")
    hands.take(staff, "errand_confirm", "确认了，谢谢志愿者")
    expect(staff.locator(".marks")).to_contain_text("待评价")
    expect(_errand(staff)).to_contain_text("发出到接单")
    look(staff)
    page.reload()
    expect(hands.fact(page, "在谁手里")).to_have_text("您，等您评价")
    expect(page.locator("button.answer")).to_have_count(3)
    look(page)
    winner.reload()
    expect(winner.locator(".hand")).to_have_count(0)
    winner.get_by_role("link", name="帮过的").click()
    expect(winner.locator(".hand")).to_contain_text("完成了，谢谢")
    look(winner)


def test_a_phone_number_in_the_public_words_comes_back_once(doors: Doors, site: Site) -> None:
    from tests.cast import say_need
    from tests.journeys import hands
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    need = say_need(street.home, words="想请人买瓶眼药水。")
    staff = doors.open(PHONE, who=street.worker)
    hands.open_need(staff, need)
    form = hands.unfold(staff, "errand")
    expect(form.get_by_label("我看过了，照样发布")).to_have_count(0)
    hands.fill(form, what="买眼药水，打13805710002", where="湘湖路小区", handover=HANDOVER)
    form.get_by_role("button", name="发出去").click()
    form = hands.unfold(staff, "errand")
    expect(form).to_contain_text("好像写了电话号码")
    expect(form.locator("[name=errand-what]")).to_have_value("买眼药水，打13805710002")
    expect(form.locator("[name=errand-handover]")).to_have_value(HANDOVER)
    look(staff)
    hands.take(staff, "errand", "跑腿发出去了", what=WHAT)
