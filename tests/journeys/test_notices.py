"""An answer by a link, the notices of somebody without a desk, and the wordings behind all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from people.models import User
    from tests.journeys.site import Site

ELDER = {"name": "elder", "value": "on"}
DRESSES: dict[str, tuple[dict[str, Any], bool]] = {
    "phone-elder": (PHONE, True),
    "phone-dark": ({**PHONE, "color_scheme": "dark"}, False),
    "desktop": (DESKTOP, False),
}
NOTE = "下午也行，您提前半天打电话"


def _dressed(doors: Doors, dress: str, **options: Any) -> Page:
    screen, elder = DRESSES[dress]
    page = doors.open(screen, **options)
    if elder:
        page.context.add_cookies([{**ELDER, "url": doors.site.url}])  # type: ignore[typeddict-item]
    return page


def _look(page: Page) -> None:
    from tests.journeys.watch import look, small_targets, small_text

    look(page)
    if page.locator("html[data-elder=on]").count():
        small = small_text(page, 18) + small_targets(page, 60)
        assert not small, "\n".join([page.url, *small])


def _card(site: Site, subject: str) -> str:
    from notifications.services import card_path, make_card
    from tests.notifications.asking import KIND

    here = site.cast.chengxiang
    _card, token = make_card(
        kind=KIND.name,
        subject=subject,
        recipient=here.liaison,
        label="城厢中医院 党办",
        area_code=here.street.pk,
        params={"line": "本周六上午9点，湘湖路小区，帮三位老人量血压，要两位医生。"},
    )
    return card_path(token)


@pytest.mark.parametrize("dress", DRESSES)
def test_a_link_from_a_text_message_is_answered_once(doors: Doors, site: Site, dress: str) -> None:
    path = _card(site, f"journey {dress}")
    page = _dressed(doors, dress)
    page.goto(path)
    expect(page.locator("main")).to_contain_text("给城厢中医院 党办")
    _look(page)
    page.fill("[name=note]", NOTE)
    page.click("main button[type=submit]")
    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.locator("[name=note]")).to_have_value(NOTE)
    _look(page)
    page.check("[name=answer][value=yes]")
    page.click("main button[type=submit]")
    expect(page.get_by_role("heading", name="已经回复")).to_be_visible()
    _look(page)
    other = _dressed(doors, dress, java_script_enabled=False)
    other.goto(path)
    expect(other.locator("main")).to_contain_text("已经回复")
    expect(other.locator("main")).not_to_contain_text(NOTE)


@pytest.mark.parametrize("dress", DRESSES)
def test_links_that_no_longer_count_say_what_to_do(doors: Doors, site: Site, dress: str) -> None:
    from notifications.models import CardLink

    path = _card(site, f"old {dress}")
    long_ago = timezone.now() - timedelta(days=30)
    CardLink.objects.filter(subject=f"old {dress}").update(created_at=long_ago, expires_at=timezone.now())
    page = _dressed(doors, dress)
    page.watch.expected.add(404)  # type: ignore[attr-defined]
    page.goto(path)
    expect(page.locator("main")).to_contain_text("这个链接过期了")
    _look(page)
    page.goto("/c/no-such-link/")
    expect(page.locator("main")).to_contain_text("最近一条短信")
    _look(page)


@pytest.mark.parametrize("dress", DRESSES)
def test_somebody_without_a_desk_reads_their_notices(doors: Doors, site: Site, dress: str) -> None:
    from notifications.models import Message
    from notifications.services import queue
    from tests.notifications.said import Arrived

    liaison = site.cast.chengxiang.liaison
    Message.objects.filter(recipient_key=f"u:{liaison.pk}").delete()
    page = _dressed(doors, dress, who=liaison)
    page.goto("/inbox/")
    expect(page.locator("main")).to_contain_text("现在没有消息")
    _look(page)
    for number in range(3):
        queue(Arrived(f"XQ-CX-20261121-000{number}"), occurrence=f"{dress} {number}", users=[liaison])
    Message.objects.filter(recipient_key=f"u:{liaison.pk}").update(rule="gone.Rule")
    page.goto("/inbox/")
    expect(page.locator(".notices .is-new")).to_have_count(3)
    _look(page)
    page.locator(".notices li").first.get_by_role("button").click()
    expect(page.locator(".notices .is-new")).to_have_count(2)
    _look(page)
    page.get_by_role("button", name="全部已读").click()
    expect(page.locator(".notices .is-new")).to_have_count(0)


def _keeper() -> User:
    """A system administrator of the whole district."""
    from people.models import Area, RoleGrant, User
    from people.states import Role

    district = Area.objects.get(pk="330109")
    user, made = User.objects.get_or_create(username="texts", defaults={"name": "区级管理员", "area": district})
    if made:
        RoleGrant.objects.create(user=user, role=Role.SYSTEM_ADMIN, area=district)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("dress", DRESSES)
def test_an_administrator_changes_a_wording_and_sees_it_at_once(doors: Doors, site: Site, dress: str) -> None:
    from notifications.models import MessageText

    page = _dressed(doors, dress, who=_keeper())
    page.goto("/admin/notifications/messagetext/")
    _look(page)
    page.get_by_role("link", name="您反映的事收到了").first.click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("【同心】您反映的事收到了。编号XQ-CX-20261121-0007")
    _look(page)
    page.fill("[name=text]", "收到。编号%(number)s")
    expect(preview).to_contain_text("不能少了 %(code)s")
    page.fill("[name=text]", "收到您说的事。编号%(number)s，查询码%(code)s。")
    expect(preview).to_contain_text("查询码ABCDE-FGHJK")
    expect(preview).to_contain_text("算1条短信")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flag", has_text="已改")).to_be_visible()
    _look(page)
    page.get_by_role("link", name="收到您说的事").click()
    _look(page)
    page.get_by_role("button", name="恢复默认").click()
    expect(page.locator(".flag", has_text="已改")).to_have_count(0)
    assert not MessageText.objects.exists()
