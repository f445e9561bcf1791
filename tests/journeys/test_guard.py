"""What was typed or chosen is not left by a careless click: the browser asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, Doors

if TYPE_CHECKING:
    from people.models import User
    from tests.journeys.site import Site

LIMIT = "/admin/due/limits/needs.reply/"
CHANGES = {
    "nothing": False,
    "a number": True,
    "a choice from a list": True,
    "a tick": True,
}


def _change(page: Page, what: str) -> None:
    if what == "a number":
        page.fill("[name=limit-amount]", "9")
    elif what == "a choice from a list":
        page.select_option("[name=steps-0-audience]", "party_office")
    elif what == "a tick":
        page.uncheck("[name=steps-0-is_active]")


def _keeper(site: Site) -> User:
    from people.models import Area, User
    from people.services.accounts import create_user, grant_role
    from people.states import Role
    from tests.cast import fresh

    district = Area.objects.get(pk=site.cast.chengxiang.street.pk[:6])
    known = User.objects.filter(username="guardkeeper").first()
    if known:
        return fresh(known)
    user = create_user(username="guardkeeper", name="区管理员", area=district)
    grant_role(user=user, role=Role.SYSTEM_ADMIN, area=district, by=None)
    return fresh(user)


@pytest.mark.parametrize("what", CHANGES)
def test_the_browser_asks_before_a_change_is_lost(doors: Doors, site: Site, what: str) -> None:
    page = doors.open(DESKTOP, who=_keeper(site))
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.goto(LIMIT)
    page.click("h1")  # a browser asks only whom it has seen do something
    _change(page, what)
    page.get_by_role("link", name="不改了").click()
    expect(page.locator("h1")).to_have_text("时限设置")
    assert asked == (["beforeunload"] if CHANGES[what] else [])


def test_sending_the_form_asks_nothing_and_saves_both_halves(doors: Doors, site: Site) -> None:
    page = doors.open(DESKTOP, who=_keeper(site))
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.goto(LIMIT)
    page.fill("[name=limit-amount]", "9")
    page.uncheck("[name=steps-0-is_active]")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".msgs")).to_contain_text("存好了")
    expect(page.locator("[name=limit-amount]")).to_have_value("9")
    expect(page.locator("[name=steps-0-is_active]")).not_to_be_checked()
    assert asked == []
    page.fill("[name=limit-amount]", "5")
    page.check("[name=steps-0-is_active]")
    with page.expect_navigation():  # as it was, for whoever comes next
        page.get_by_role("button", name="保存").click()
