"""A day at the workbench: keys, lists, calls, notices, a new colleague."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from tests.journeys.site import Site

FIRST_PASSWORD, OWN_PASSWORD = "Chu-Shi-2026-Tongxin", "Zi-Ji-De-2026-Mima"


def test_the_queue_by_keyboard(doors: Doors, site: Site) -> None:
    from tests.cast import say_need

    street = site.cast.chengxiang
    older, newer = say_need(street.home, words="东门的路灯不亮。"), say_need(street.home, words="西门的栏杆松了。")
    page = doors.open(DESKTOP, who=street.worker)
    page.goto("/admin/")
    for key, row in (("j", older), ("j", newer), ("k", older)):
        page.keyboard.press(key)
        expect(page.locator(f"#row-{row.pk}")).to_be_focused()
    page.keyboard.press("a")
    page.wait_for_url(f"**/{older.pk}/change/#accept")
    expect(page.locator("#accept input[type=radio]").first).to_be_focused()
    page.goto(f"/admin/needs/need/{older.pk}/change/")
    page.keyboard.press("j")
    page.wait_for_url(f"**/{newer.pk}/change/")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("aj 栏杆")
    expect(page.locator("#find")).to_have_value("aj 栏杆")
    page.fill("#find", "栏杆")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("tr[data-row]")).to_contain_text("西门的栏杆松了")


def test_the_keys_can_be_switched_off(doors: Doors, site: Site) -> None:
    page = doors.open(DESKTOP, who=site.cast.chengxiang.worker)
    page.goto("/admin/")
    page.click("details.menu > summary")
    page.get_by_role("button", name="键盘快捷键").click()
    page.goto("/admin/")
    page.keyboard.press("/")
    expect(page.locator("#find")).not_to_be_focused()


def test_the_list_is_filtered_searched_and_paged(doors: Doors, site: Site) -> None:
    from needs.services.handling import accept_need
    from tests.cast import say_need
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    said = [say_need(street.home, words=f"第{turn}件：下水道堵了。") for turn in range(26)]
    lamp = say_need(street.next_door, words="健身角的路灯坏了。")
    accept_need(pk=said[0].pk, by=street.worker)
    page = doors.open(DESKTOP, who=street.clerk)
    page.goto("/admin/needs/need/")
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(25)
    look(page)
    page.get_by_role("link", name="下一页").click()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="回到最前").click()
    expect(rows).to_have_count(25)
    page.fill(".filters [name=q]", "路灯")
    page.get_by_role("button", name="查找").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(lamp.number)
    look(page)
    page.select_option("[name=community]", street.home.pk)
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".empty")).to_contain_text("没有符合的")
    page.locator(".chips button", has_text="万寿桥社区").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="清除条件").click()
    expect(rows).to_have_count(25)
    page.get_by_role("link", name=re.compile("^办理中")).click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(said[0].number)


def test_a_call_shows_the_phone_and_is_written_down(doors: Doors, site: Site) -> None:
    from tests.cast import say_need
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    need = say_need(street.home, phone="13805710077")
    page = doors.open(DESKTOP, who=street.worker)
    page.goto("/admin/")
    expect(page.locator("main")).not_to_contain_text("0077")
    page.locator(f"#dial-{need.pk}").click()
    expect(page.locator("#dial a.phone")).to_have_attribute("href", "tel:13805710077")
    expect(page.locator("#dial a.phone")).to_be_focused()
    look(page)
    page.keyboard.press("Escape")
    expect(page.locator(f"#dial-{need.pk}")).to_be_focused()
    page.goto(f"/admin/needs/need/{need.pk}/change/")
    expect(page.locator(".tl")).to_contain_text("拨打")
    page.get_by_role("button", name="受理").click()
    expect(page.locator(".msgs")).to_contain_text("已受理")

    colleague = doors.open(PHONE, who=street.secretary)
    colleague.goto(f"/admin/needs/need/{need.pk}/change/")
    colleague.click("summary:has-text('查看电话')")
    colleague.fill("[name=reason]", "替同事回电话")
    colleague.get_by_role("button", name="查看", exact=True).click()
    expect(colleague.locator("#dial a.phone")).to_have_attribute("href", "tel:13805710077")
    look(colleague)

    auditor = doors.open(DESKTOP, who=street.audit_admin)
    auditor.goto("/admin/audit/auditentry/?q=" + need.number)
    expect(auditor.locator("main")).to_contain_text(street.worker.name)
    expect(auditor.locator("main")).to_contain_text("替同事回电话")
    expect(auditor.locator("main")).not_to_contain_text("0077")


def test_notices_are_read_one_by_one_and_all_at_once(doors: Doors, site: Site) -> None:
    from tests.cast import say_need
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    first, *_others = [say_need(street.home) for _turn in range(3)]
    page = doors.open(PHONE, who=street.worker)
    page.goto("/admin/inbox/")
    unread = page.locator(".inbox .unread")
    expect(unread).to_have_count(3)
    look(page)
    page.locator(".inbox li", has_text=first.number).get_by_role("button", name="标为已读").click()
    expect(unread).to_have_count(2)
    page.locator(".inbox li", has_text=first.number).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(first.number)
    page.goto("/admin/inbox/")
    page.get_by_role("button", name="全部已读").click()
    expect(unread).to_have_count(0)
    expect(page.locator("main")).to_contain_text("都读过了")


def _choose(page: Page, field: str, typed: str, shown: str) -> None:
    """One of Django's searching drop-downs, as a person uses it."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=shown).first.click()


def test_a_new_colleague_is_made_given_a_role_and_accepts(doors: Doors, site: Site) -> None:
    from tests.cast import say_need
    from tests.journeys import steps
    from tests.journeys.watch import look

    street = site.cast.chengxiang
    need = say_need(street.home)
    admin = doors.open(DESKTOP, who=street.system_admin)
    admin.goto("/admin/people/user/add/")
    look(admin)
    admin.fill("[name=username]", "new-colleague")
    admin.fill("[name=name]", "新来的")
    admin.fill("[name=password]", FIRST_PASSWORD)
    admin.click("[name=_save]")
    expect(admin.locator(".msgs")).to_contain_text("新来的")
    admin.goto("/admin/people/rolegrant/add/")
    _choose(admin, "user", "新来", "新来的")
    admin.select_option("[name=role]", label="社工")
    _choose(admin, "area", "万寿桥", "万寿桥社区")
    look(admin)
    admin.click("[name=_save]")
    expect(admin.locator(".msgs")).to_contain_text("加好了")

    colleague = doors.open(DESKTOP)
    steps.log_in(colleague, "new-colleague", FIRST_PASSWORD)
    colleague.wait_for_url("**/admin/password_change/")
    look(colleague)
    colleague.goto("/admin/")
    colleague.wait_for_url("**/admin/password_change/")
    colleague.fill("[name=old_password]", FIRST_PASSWORD)
    for field in ("new_password1", "new_password2"):
        colleague.fill(f"[name={field}]", OWN_PASSWORD)
    colleague.locator("main button[type=submit], main input[type=submit]").click()
    colleague.wait_for_url("**/admin/password_change/done/")
    look(colleague)
    colleague.goto("/admin/")
    colleague.locator(f"#accept-{need.pk}").click()
    colleague.get_by_role("button", name="受理").click()
    expect(colleague.locator(".msgs")).to_contain_text(f"{need.number} 已受理")
    expect(colleague.locator(".decided")).to_contain_text("新来的")
