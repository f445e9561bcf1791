"""Words that are meant to be read as program: everywhere they stay words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, Doors

if TYPE_CHECKING:
    from needs.models import Need
    from tests.journeys.site import Site

SCRIPT = "<script>alert(1)</script>"
CORPUS = (
    SCRIPT
    + "\"><img src=x onerror=alert(2)>'><svg/onload=alert(3)></textarea></title></script><script>alert(4)</script>"
    + "<iframe srcdoc='<script>alert(5)</script>'></iframe><a href=javascript:alert(6)>点我</a>"
    + "{{ 7|add:42070 }}{% debug %}${7*6011}<style>*{display:none}</style><base href=//x.example><!--"
)
SHORT = "<img src=x onerror=alert(7)>"
ATTRIBUTE = "'\" onfocus=alert(8) autofocus x='"


def _says_it(page: Page) -> str:
    """All fields of the form, refused once on the way so that each is shown again."""
    from tests.journeys import steps

    page.goto("/say/")
    page.fill("[name=words]", CORPUS)
    page.set_input_files("[name=photos]", {**steps.photo_with_gps(), "name": f"{SHORT}.jpg"})
    expect(page.locator(".thumb")).to_contain_text("照片1")
    page.click("button:has-text('下一步')")
    steps.say_where(page, f"{ATTRIBUTE}{SCRIPT}", SCRIPT)
    page.goto("/say/")
    expect(page.locator("[name=words]")).to_have_value(CORPUS)
    expect(page.locator(".thumb[data-held]")).to_contain_text("照片1")
    page.goto("/say/contact/")
    page.locator("[name=for_other][value=other]").check()
    page.fill("[name=helped_name]", SHORT)
    page.fill("[name=helped_phone]", SCRIPT)
    steps.say_who(page, SHORT, SCRIPT)
    steps.submit(page)
    expect(page.locator("[name=phone]")).to_have_value(SCRIPT)
    page.fill("[name=phone]", steps.TELEPHONE)
    page.fill("[name=helped_phone]", "")
    steps.submit(page)
    expect(page.locator(".said")).to_contain_text(SCRIPT)
    return page.get_by_role("link", name="看进度").get_attribute("href") or ""


def _staff_write_it_too(page: Page, need: Need) -> None:
    page.goto("/admin/")
    expect(page.locator("#queue")).to_contain_text(SCRIPT)
    page.goto(f"/admin/needs/need/{need.pk}/change/")
    expect(page.locator(".words")).to_contain_text(SCRIPT)
    page.fill("#accept [name=note]", CORPUS)
    page.get_by_role("button", name="受理").click()
    page.fill("[name=note-words]", CORPUS)
    page.get_by_role("button", name="存为备注").click()
    page.fill("[name=reply-words]", CORPUS)
    page.get_by_role("button", name="发给居民").click()
    expect(page.locator(".tl .said.note")).to_have_count(2)
    page.locator("#dial-now").click()
    expect(page.locator("#dial")).to_contain_text(SHORT)
    for path in ("/admin/needs/need/", f"/admin/needs/need/?q={SCRIPT}"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(SCRIPT)
    page.goto("/admin/inbox/")
    expect(page.locator("main")).to_contain_text(need.number)


def _administrators_too(doors: Doors, site: Site) -> None:
    street = site.cast.chengxiang
    admin = doors.open(DESKTOP, who=street.system_admin)
    admin.goto("/admin/people/user/add/")
    admin.fill("[name=username]", "hostile")
    admin.fill("[name=name]", SHORT)
    admin.fill("[name=password]", "Chu-Shi-2026-Tongxin")
    admin.click("[name=_save]")
    expect(admin.locator(".msgs")).to_contain_text(SHORT)
    admin.goto("/admin/people/rolegrant/add/")
    admin.locator(".field-user .select2-selection").click()
    admin.locator(".select2-search__field").fill("img")
    admin.locator(".select2-results__option", has_text=SHORT).click()
    expect(admin.locator(".field-user")).to_contain_text(SHORT)
    for path in ("/admin/people/user/", f"/admin/people/user/?q={SCRIPT}"):
        admin.goto(path)
    auditor = doors.open(DESKTOP, who=street.audit_admin)
    auditor.goto("/admin/audit/auditentry/")
    expect(auditor.locator("main")).to_be_visible()


def test_words_stay_words_on_every_page(doors: Doors, site: Site) -> None:
    from tests.journeys.arrange import need_numbered, number_on

    page = doors.open()
    link = _says_it(page)
    need = need_numbered(number_on(page))
    _staff_write_it_too(doors.open(DESKTOP, who=site.cast.chengxiang.worker), need)
    page.goto(link)
    expect(page.locator(".reply .said")).to_have_text(CORPUS)
    expect(page.locator("main")).not_to_contain_text("42077")
    page.click("summary:has-text('补充几句')")
    page.fill("[name=words]", f"还有：{CORPUS}")
    page.get_by_role("button", name="补充").click()
    expect(page.locator(".line")).to_contain_text(SCRIPT)
    page.goto(f"{link}slip/")
    page.goto("/track/")
    page.fill("[name=number]", f'"{SHORT}')
    page.fill("[name=code]", ATTRIBUTE)
    page.get_by_role("button", name="查一下").click()
    expect(page.locator("[name=number]")).to_have_value(f'"{SHORT}')
    page.goto(f"/track/?number={SCRIPT}")
    page.goto(f"/say/?c=330109001048&place={SCRIPT}")
    page.goto(link)
    page.click("summary:has-text('撤回')")
    page.fill("[name=reason]", CORPUS[:200])
    page.get_by_role("button", name="确认撤回").click()
    expect(page.locator("h1")).to_have_text("您已经撤回了这件事")
    _administrators_too(doors, site)
