"""Fingers that tremble, connections that repeat, and two clerks on one need: everything happens once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from needs.models import Need
    from tests.journeys.site import Site

SEND_TWICE = """async (button) => {
  const send = () => fetch(button.form.action, {method: "POST", body: new FormData(button.form, button)});
  return (await Promise.all([send(), send()])).map((answer) => answer.status);
}"""
LOST = {200, 409, 422}


def _tapped(button: Locator) -> None:
    """Two taps; the page that comes is the one after the first."""
    with button.page.expect_navigation():
        button.evaluate("button => { button.click(); button.click(); }")


def _sent(button: Locator) -> None:
    """The same form at the server twice at once: no script of the page stands between."""
    from tests.journeys import hands

    hands.expects(button.page, *LOST)
    assert set(button.evaluate(SEND_TWICE)) <= LOST


WAYS = {"tapped": _tapped, "sent": _sent}


def _times(need: Need, verb: str) -> int:
    return need.events.filter(verb=verb).count()


@pytest.mark.parametrize("way", WAYS)
def test_a_need_goes_its_way_once(doors: Doors, site: Site, way: str) -> None:
    from needs.models import Answer
    from tests.cast import say_need
    from tests.journeys import hands

    twice, street = WAYS[way], site.cast.chengxiang
    unit = hands.member_unit(street)
    need = say_need(street.home)
    staff, desk = doors.open(DESKTOP, who=street.worker), doors.open(PHONE, who=street.liaison)
    page = doors.open(PHONE)
    hands.open_need(staff, need)
    twice(staff.get_by_role("button", name="受理并自办"))
    assert _times(need, "accept") == 1
    _steps(staff, need, unit.pk, twice)
    page.goto(f"/n/{need.link_token}/")
    page.locator("[name=words]").first.fill("6幢")
    twice(page.get_by_role("button", name="补充", exact=True))
    assert _times(need, "supplement") == 1
    desk.goto(f"/desk/needs/{need.pk}/")
    desk.fill("#will_words", "周二派师傅来")
    twice(desk.get_by_role("button", name=f"可以帮，告诉{street.home.name}"))
    assert _times(need, "will_help") == 1
    desk.goto(f"/desk/needs/{need.pk}/")
    desk.fill("#id_words", "换好了")
    twice(desk.get_by_role("button", name="办好了，回复"))
    assert _times(need, "report") == 1
    hands.open_need(staff, need)
    staff.fill("[name=reply-words]", "明天来换。")
    twice(staff.get_by_role("button", name="发给居民", exact=True))
    assert _times(need, "reply") == 1
    hands.open_need(staff, need)
    form = hands.unfold(staff, "finish")
    hands.fill(form, words="换好了。")
    twice(form.locator("button[type=submit]"))
    assert _times(need, "finish") == 1
    page.reload()
    page.locator("button.answer", has_text="没解决").click()
    twice(page.get_by_role("button", name="就这样，交了"))
    assert _times(need, "reopen") == Answer.objects.filter(need=need).count() == 1


def _steps(staff: Page, need: Need, unit: int, twice: Callable[[Locator], None]) -> None:
    """A unit asked, more time asked for, the resident asked."""
    from tests.journeys import hands

    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("assign", {"to": f"unit:{unit}", "why": "他们有电工"}),
        ("extend", {"until": "", "reason": "等厂里发货"}),
        ("ask", {"words": "是哪一幢？"}),
    )
    for name, typed in steps:
        hands.open_need(staff, need)
        form = hands.unfold(staff, name)
        hands.fill(form, **_dated(need, typed))
        twice(form.locator("button[type=submit]"))
        assert _times(need, name) == 1, name


def _dated(need: Need, typed: dict[str, str]) -> dict[str, str]:
    from needs.services.extensions import latest
    from tests.journeys.arrange import need_numbered

    return {**typed, "until": latest(need_numbered(need.number)).isoformat()} if "until" in typed else typed


@pytest.mark.parametrize("way", WAYS)
def test_an_errand_goes_its_way_once(doors: Doors, site: Site, way: str) -> None:
    from claims.models import Claim
    from tests.cast import resident, say_need
    from tests.journeys import hands

    twice, street = WAYS[way], site.cast.chengxiang
    need = say_need(street.home)
    staff, runner = doors.open(DESKTOP, who=street.worker), doors.open(PHONE, who=resident("13805770200"))
    hands.open_need(staff, need)
    form = hands.unfold(staff, "errand")
    hands.fill(form, what="买一瓶眼药水", where="湘湖路小区", handover="9幢502")
    twice(form.locator("button[type=submit]"))
    errand = need.errands.get()
    runner.goto(f"/desk/errands/{errand.offer_id}/")
    twice(runner.get_by_role("button", name="我来跑"))
    claim = Claim.objects.get(offer=errand.offer_id)
    runner.goto(f"/desk/claims/{claim.pk}/")
    twice(runner.get_by_role("button", name="送到了"))
    assert claim.events.filter(verb="deliver").count() == 1
    hands.open_need(staff, need)
    twice(hands.unfold(staff, "errand_confirm").locator("button[type=submit]"))
    assert claim.events.filter(verb="confirm").count() == _times(need, "finish") == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_wish_goes_its_way_once(doors: Doors, site: Site, way: str) -> None:
    from claims.models import Claim, Offer
    from needs.models import Wish
    from tests.journeys import hands

    twice, street, item = WAYS[way], site.cast.chengxiang, f"一口铁锅（{way}）"
    hands.member_unit(street)
    staff, desk = doors.open(DESKTOP, who=street.worker), doors.open(PHONE, who=street.liaison)
    staff.goto("/admin/needs/wish/add/")
    staff.get_by_label("实物").check()
    for name, value in {"item": item, "called": "李伯", "cap_yuan": "80", "beneficiary": "李金秀兰"}.items():
        staff.fill(f"[name={name}]", value)
    twice(staff.get_by_role("button", name="登记", exact=True))
    wish = Wish.objects.get(item=item)
    address = f"/admin/needs/wish/{wish.pk}/change/"
    staff.goto(address)
    staff.fill("[name=how]", "上门看过")
    twice(staff.get_by_role("button", name="核实好了"))
    assert wish.events.filter(verb="verify").count() == 1
    secretary = doors.open(DESKTOP, who=street.secretary)
    secretary.goto(address)
    twice(secretary.get_by_role("button", name="通过，上心愿墙"))
    offer = Offer.objects.get(subject=f"wish:{wish.pk}")
    desk.goto(f"/desk/offers/{offer.pk}/")
    twice(desk.get_by_role("button", name="我来认领"))
    claim = Claim.objects.get(offer=offer)
    desk.goto(f"/desk/claims/{claim.pk}/")
    hands.open_fold(desk, "报告送达")
    twice(desk.get_by_role("button", name="报告送达"))
    assert claim.events.filter(verb="deliver").count() == 1
    staff.goto(address)
    twice(staff.get_by_role("button", name="代确认：收到了"))
    assert claim.events.filter(verb="confirm").count() == 1
    assert wish.events.filter(verb="fulfilled").count() == 1


def _late(page: Page, words: str, *buttons: Any) -> None:
    """Told what happened meanwhile, with what was typed still there."""
    from tests.journeys.watch import look

    expect(page.locator("[role=alert]").first).to_contain_text("请先看一眼")
    expect(page.locator("[role=alert]").first).to_contain_text("您写的还在，没有发出去")
    typed = page.evaluate(
        "() => [...document.querySelectorAll('textarea')].map(t => t.value).join() + document.body.innerText"
    )
    assert words in typed
    look(page)


@pytest.mark.parametrize("first", ["accept", "finish"])
def test_of_two_clerks_one_wins_and_the_other_keeps_what_was_typed(doors: Doors, site: Site, first: str) -> None:
    from tests.cast import say_need
    from tests.journeys import hands

    street, words = site.cast.chengxiang, "我已经跟物业说好了，下午就来。"
    need = say_need(street.home)
    one, two = doors.open(DESKTOP, who=street.worker), doors.open(PHONE, who=street.secretary)
    hands.expects(two, 409)
    if first == "finish":
        hands.accept(one, need)
    hands.open_need(one, need)
    hands.open_need(two, need)
    if first == "accept":
        form = hands.unfold(two, "escalate")
        hands.fill(form, why=words)
        one.get_by_role("button", name="受理并自办").click()
        expect(one.locator(".msgs")).to_contain_text("已受理")
    else:
        form = hands.unfold(two, "finish")
        hands.fill(form, words=words)
        hands.take(one, "finish", "等居民评价", words="换好了。")
    form.locator("button[type=submit]").click()
    _late(two, words)
    assert _times(need, "escalate") == 0
    assert _times(need, "finish") == (first == "finish")
