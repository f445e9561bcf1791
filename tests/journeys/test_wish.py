"""Story 3, one wish: registered, verified, approved by another, claimed by one unit, brought, confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from people.models import User
    from tests.journeys.site import Site

ITEM, NUMBER = "一床轻一点的厚被子", "13805710003"
WHO, HOME = "李金秀兰", "住3幢201，低保，一个人住"
HOW = "上门看过，棉被是十年前的"


def _registers(staff: Page) -> str:
    """Everything typed is there still after the warning. Returns the address of the wish."""
    from tests.journeys.watch import look

    staff.goto("/admin/needs/wish/")
    staff.get_by_role("link", name="登记心愿").first.click()
    look(staff)
    typed = {"item": ITEM, "called": "李伯", "story": f"夜里冷，找他打{NUMBER}。", "cap_yuan": "300"}
    typed |= {"beneficiary": WHO, "phone": "13805710004", "household": HOME}
    staff.get_by_label("实物").check()
    for name, value in typed.items():
        staff.fill(f"[name={name}]", value)
    staff.get_by_role("button", name="登记", exact=True).click()
    expect(staff.locator("[role=alert]")).to_contain_text("您填的都还在")
    expect(staff.locator(".warned")).to_contain_text("好像写了电话号码")
    for name, value in typed.items():
        expect(staff.locator(f"[name={name}]")).to_have_value(value)
    expect(staff.get_by_label("实物")).to_be_checked()
    look(staff)
    staff.fill("[name=story]", "夜里冷，翻身时被子太沉。")
    staff.get_by_role("button", name="登记", exact=True).click()
    expect(staff.locator(".msgs")).to_contain_text("登记好了")
    assert WHO not in staff.content()
    assert HOME not in staff.content()
    look(staff)
    return staff.url


def _verifies_and_may_not_approve(staff: Page) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    expect(hands.held(staff)).to_contain_text("万寿桥社区，等核实")
    staff.fill("[name=how]", HOW)
    staff.get_by_role("button", name="核实好了").click()
    expect(staff.locator(".msgs")).to_contain_text("等另一位来审批")
    expect(hands.held(staff)).to_contain_text("社区书记，等审批")
    expect(staff.locator("#decide")).to_contain_text("要请另一位来审批")
    expect(staff.get_by_role("button", name="通过，上心愿墙")).to_have_count(0)
    look(staff)
    staff.goto("/admin/approvals/")
    expect(staff.locator("main")).not_to_contain_text(ITEM)


def _approves(secretary: Page) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    secretary.goto("/admin/")
    secretary.locator(".tiles").get_by_role("link", name="待我审批").click()
    row = secretary.locator(".approvals li", has_text=ITEM)
    expect(row).to_contain_text("cxworker核实")
    look(secretary)
    row.get_by_role("link", name="去审批").click()
    expect(secretary.locator("#decide")).to_contain_text(HOW)
    look(secretary)
    secretary.get_by_role("button", name="通过，上心愿墙").click()
    expect(secretary.locator(".msgs")).to_contain_text("已经上心愿墙")
    expect(hands.held(secretary)).to_contain_text("心愿墙，等人认领")
    look(secretary)


def _on_the_wall(visitor: Page) -> None:
    """What one calls them, the community, the wish and its cap; nothing of the household."""
    from tests.journeys.watch import look

    visitor.goto("/wishes/")
    card = visitor.locator(".wall .card", has_text=ITEM)
    for shown in ("李伯 · 万寿桥社区", "上限", "300元", "认领到"):
        expect(card).to_contain_text(shown)
    for hidden in (WHO, HOME, "夜里冷", "3幢", NUMBER, "13805710004", HOW, "cxworker"):
        assert hidden not in visitor.content(), hidden
    look(visitor)


def _one_claims_and_the_other_is_late(liaison: Page, other: Page) -> None:
    """Both have the page open; the second tap gets a kind page."""
    from tests.journeys import hands
    from tests.journeys.watch import look

    hands.expects(other, 409)
    for desk in (liaison, other):
        desk.goto("/desk/")
        look(desk)
        desk.get_by_role("link", name=ITEM).click()
        expect(desk.locator("main")).to_contain_text("15天内送到")
        look(desk)
    liaison.get_by_role("button", name="我来认领").click()
    expect(liaison.locator(".toast")).to_contain_text("认领好了")
    expect(hands.fact(liaison, "在谁手里")).to_contain_text("城厢街道中医院")
    other.get_by_role("button", name="我来认领").click()
    expect(other.locator("h1")).to_have_text("慢了一步")
    look(other)
    for desk in (liaison, other):
        for hidden in (WHO, HOME, "13805710004"):
            assert hidden not in desk.content(), hidden
    look(liaison)


def _confirms(staff: Page, address: str) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    staff.goto(address)
    expect(hands.held(staff)).to_contain_text("万寿桥社区，等代确认")
    expect(staff.locator("[id^=claim-] .pics img")).to_be_visible()
    look(staff)
    hands.listed_with(staff, ITEM, "等代确认", "/admin/needs/wish/")
    staff.goto(address)
    staff.get_by_role("button", name="代确认：收到了").click()
    expect(staff.locator(".msgs")).to_contain_text("圆梦了")
    expect(staff.locator(".marks")).to_contain_text("已圆梦")
    look(staff)


def test_a_wish_is_approved_by_another_claimed_by_one_brought_and_thanked_for(doors: Doors, site: Site) -> None:
    from tests.journeys import hands
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    hands.member_unit(street)
    rival: User = hands.another_liaison(street)
    staff = doors.open(DESKTOP, who=street.worker)
    address = _registers(staff)
    _verifies_and_may_not_approve(staff)
    _approves(doors.open(PHONE, who=street.secretary))
    visitor = doors.open(PHONE)
    _on_the_wall(visitor)

    liaison = doors.open(PHONE, who=street.liaison)
    _one_claims_and_the_other_is_late(liaison, doors.open(DESKTOP, who=rival))
    visitor.reload()
    expect(visitor.locator(".wall .card", has_text=ITEM)).to_have_count(0)
    staff.goto(address)
    expect(hands.held(staff)).to_contain_text("城厢街道中医院")
    look(staff)
    hands.brought(liaison, "报告送达", "社工陪着送到家，盖上了。")
    expect(liaison.locator(".toast")).to_contain_text("社区问过以后会确认")
    expect(hands.fact(liaison, "在谁手里")).to_contain_text("万寿桥社区，等确认")
    look(liaison)
    _confirms(staff, address)

    visitor.reload()
    done = visitor.locator(".wall-done li", has_text=ITEM)
    expect(done).to_contain_text("已圆梦")
    assert not [hidden for hidden in (WHO, HOME, "李伯") if hidden in done.inner_text()]
    look(visitor)
    visitor.get_by_role("link", name="看全部").click()
    expect(visitor.locator("main")).to_contain_text(ITEM)
    look(visitor)
    liaison.goto("/desk/claims/")
    expect(liaison.locator(".hand")).to_contain_text("完成了，谢谢")
    look(liaison)
