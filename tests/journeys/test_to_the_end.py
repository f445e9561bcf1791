"""Story 1: 楼道灯和停车. A unit helps, 没解决 goes to the street, then to the leader, who calls; then it is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from needs.models import Need
    from tests.cast import Street
    from tests.journeys.site import Site

SAID = "楼道里的灯坏了，楼下车乱停。急的话打13805710001。"
FIRST_ANSWER, SECOND_ANSWER = "修好的灯隔一夜又灭", "车还是照停不误"
REPORT = "派了两位师傅，灯已经换好。"
"""Nobody who handles the need reads the two answers, wherever they look."""


def _says(page: Page) -> Need:
    from tests.journeys import steps
    from tests.journeys.arrange import need_numbered, number_on

    steps.say_what(page, SAID, steps.photo_with_gps())
    steps.say_where(page)
    steps.say_who(page)
    steps.submit(page)
    expect(page.locator("h1")).to_have_text("收到了，谢谢您")
    need = need_numbered(number_on(page))
    page.get_by_role("link", name="看进度").click()
    return need


def _asks_the_unit(staff: Page, need: Need, unit: int) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    hands.accept(staff, need)
    form = hands.unfold(staff, "assign")
    look(staff)
    hands.fill(form, to=f"unit:{unit}", why="他们后勤有电工，离得最近")
    form.get_by_role("button", name="转过去").click()
    expect(staff.locator(".msgs")).to_contain_text("转过去了")
    expect(hands.held(staff)).to_contain_text("cxworker经办，请了城厢街道中医院")
    expect(hands.held(staff)).to_contain_text("他们后勤有电工")
    look(staff)
    hands.listed_with(staff, need.number, "城厢街道中医院")


def _the_unit_answers(desk: Page) -> None:
    """Nobody's name, phone or code stands on the unit's pages; the words of the resident do."""
    from tests.journeys import hands, steps
    from tests.journeys.watch import look

    desk.goto("/desk/")
    look(desk)
    expect(desk.locator(".card--ask")).to_contain_text("楼道里的灯坏了")
    desk.get_by_role("link", name="看看，回复").click()
    expect(hands.fact(desk, "在谁手里")).to_contain_text("城厢街道中医院")
    look(desk)
    expect(hands.fact(desk, "为什么请您")).to_contain_text("他们后勤有电工")
    for private in (steps.NAME, steps.TELEPHONE, "查询码"):
        assert private not in desk.content(), private
    hands.brought(desk, "办好了，回复", REPORT)
    expect(desk.locator(".toast")).to_contain_text("谢谢贵单位")
    expect(desk.locator(".card--ask")).to_have_count(0)
    look(desk)


def _finishes(staff: Page, need: Need, words: str) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    hands.take(staff, "finish", "等居民评价", words=words)
    expect(hands.held(staff)).to_contain_text("居民，等评价")
    look(staff)
    hands.listed_with(staff, need.number, "居民，等评价")


def _finds_three_equal_buttons(page: Page, words: str) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look, small_targets

    page.reload()
    expect(page.locator(".reply")).to_contain_text(words)
    expect(hands.fact(page, "在谁手里")).to_have_text("您，等您评价")
    look(page)
    assert not small_targets(page, 44)
    buttons = page.locator("button.answer")
    expect(buttons).to_have_count(3)
    boxes = [button.bounding_box() or {} for button in buttons.all()]
    assert len({(box["width"], box["height"]) for box in boxes}) == 1, boxes
    weights = "b => [getComputedStyle(b).fontSize, getComputedStyle(b.querySelector('b')).fontWeight].join()"
    assert len({button.evaluate(weights) for button in buttons.all()}) == 1


def _reads_that_it_was_shared(page: Page) -> None:
    """The resident hears that a unit helps, and has one person to turn to."""
    from tests.journeys import hands
    from tests.journeys.watch import look

    page.reload()
    expect(hands.fact(page, "在谁手里")).to_have_text("万寿桥社区 cxworker经办，请了城厢街道中医院")
    expect(page.locator("main")).to_contain_text("万寿桥社区请城厢街道中医院来帮忙")
    expect(page.locator("main")).not_to_contain_text("他们后勤有电工")
    look(page)


def _reads_the_report(staff: Page, need: Need) -> None:
    """Words and photo of the unit; whoever asked it has it again."""
    from tests.journeys import hands, steps
    from tests.journeys.watch import look

    hands.open_need(staff, need)
    expect(hands.held(staff)).to_contain_text("cxworker")
    expect(staff.locator(".tl")).to_contain_text(REPORT)
    sent = staff.locator("section", has=staff.locator("#unit-photos")).locator("a")
    picture = staff.context.request.get(sent.get_attribute("href") or "")
    assert picture.ok and steps.tells_nothing(picture.body())
    look(staff)


def _lies_at_the_street(page: Page, clerk: Page, worker: Page, need: Need) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    expect(page.locator(".toast")).to_contain_text("街道会重新安排人办")
    expect(hands.fact(page, "在谁手里")).to_have_text("城厢街道")
    expect(hands.fact(page, "从哪天起")).not_to_be_empty()
    look(page)
    hands.open_need(worker, need)
    expect(hands.held(worker)).to_contain_text("城厢街道")
    expect(worker.locator("main")).to_contain_text("不用您来办")
    assert not worker.locator("#accept").count()
    look(worker)
    clerk.goto("/admin/")
    expect(clerk.locator("#queue [data-row]", has_text=need.number)).to_contain_text("重办")
    look(clerk)
    hands.listed_with(clerk, need.number, "城厢街道")
    look(clerk)


def _calls_back(leader: Page, need: Need) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    leader.goto("/admin/")
    look(leader)
    asked = leader.locator("section", has=leader.get_by_role("heading", name="请您回访"))
    asked.get_by_role("link", name="楼道里的灯坏了").click()
    expect(hands.held(leader).locator(".hand b")).to_have_text("城厢街道分管领导")
    leader.locator("#dial-now").click()
    expect(leader.locator("#dial a.phone")).to_be_visible()
    look(leader)
    hands.take(leader, "call_back", "回访记下了", choice="again", words="打过电话，请城管来划线。")
    expect(hands.held(leader).locator(".hand b")).to_have_text("城厢街道")
    look(leader)


def _is_solved(page: Page) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    hands.answer(page, "解决了")
    expect(page.locator(".toast")).to_contain_text("这件事办结")
    expect(page.locator("h1")).to_have_text("这件事已经办结")
    expect(hands.fact(page, "您的评价")).to_contain_text("解决了")
    look(page)


def _answers_stand_nowhere(doors: Doors, street: Street, need: Need) -> None:
    """Pages, notices and lists of everybody who handles needs there."""
    paths = ("/admin/", f"/admin/needs/need/{need.pk}/change/", "/admin/needs/need/?tab=all", "/admin/inbox/")
    for who in (street.worker, street.secretary, street.grid_lead, street.clerk, street.section_head, street.leader):
        page = doors.open(DESKTOP, who=who)
        for path in (*paths, f"/admin/needs/need/?q={need.number}"):
            page.goto(path)
            text = page.content()
            for secret in (FIRST_ANSWER, SECOND_ANSWER, "不满意", "说没解决"):
                assert secret not in text, (who.username, path, secret)
    assert need.number in text, "the last page was about it"


def test_unsolved_goes_up_until_the_leader_has_called_and_then_it_is_solved(doors: Doors, site: Site) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    unit = hands.member_unit(street)
    page = doors.open(PHONE)
    need = _says(page)
    worker, desk = doors.open(DESKTOP, who=street.worker), doors.open(PHONE, who=street.liaison)
    _asks_the_unit(worker, need, unit.pk)
    _reads_that_it_was_shared(page)
    _the_unit_answers(desk)
    _reads_the_report(worker, need)
    _finishes(worker, need, "灯换好了，车位也划了线。")

    _finds_three_equal_buttons(page, "灯换好了，车位也划了线。")
    hands.answer(page, "没解决", FIRST_ANSWER, "非常不满意")
    clerk = doors.open(DESKTOP, who=street.clerk)
    _lies_at_the_street(page, clerk, worker, need)
    hands.accept(clerk, need)
    _finishes(clerk, need, "街道请了电工，换了整条线。")

    _finds_three_equal_buttons(page, "街道请了电工，换了整条线。")
    hands.answer(page, "没解决", SECOND_ANSWER, "不满意")
    expect(page.locator(".toast")).to_contain_text("分管领导会打电话给您")
    expect(hands.fact(page, "在谁手里")).to_have_text("城厢街道分管领导")
    look(page)
    hands.open_need(worker, need)
    expect(worker.locator("main")).to_contain_text("等分管领导回访")
    _answers_stand_nowhere(doors, street, need)
    _calls_back(doors.open(PHONE, who=street.leader), need)
    hands.accept(clerk, need)
    _finishes(clerk, need, "城管划了线，每天来看两次。")

    _finds_three_equal_buttons(page, "城管划了线，每天来看两次。")
    _is_solved(page)
    _answers_stand_nowhere(doors, street, need)
