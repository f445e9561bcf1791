"""What is agreed on and done together: from a draft through two confirmations to the signing and the check page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors
from tests.journeys.test_pages import DRESSES, _check, _dressed

if TYPE_CHECKING:
    from projects.models import Agreement, Project
    from tests.journeys.site import Site

AIM = "一起办行走的党课，每年五趟，六百名党员参加。"
A4 = (595, 842)


def _put_away(*rows: Any) -> None:
    """Other journeys find the fair as it was."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(is_public=False)


def _drafted(page: Page, site: Site, *units: Any) -> Agreement:
    """拟协议 in the workbench, by hand."""
    from projects.models import Agreement
    from tests.projects.things import today

    page.goto("/admin/projects/agreement/add/")
    page.locator("[name=area]").select_option(site.cast.chengxiang.street.pk)
    page.fill("[name=theme]", "清厢之旅专列")
    page.fill("[name=aim]", AIM)
    page.fill("[name=starts_on]", today().isoformat())
    page.fill("[name=ends_on]", (today() + timedelta(days=364)).isoformat())
    page.fill("[name=office_duties]", "联系参观点，排好日子。")
    for number, unit in enumerate(units, start=1):
        if number > 1:
            page.get_by_role("button", name="再加一家").click()
        page.locator(f"[name=unit{number}]").select_option(str(unit.pk))
        page.fill(f"[name=duties{number}]", "安排车辆，准备讲解。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".msgs")).to_contain_text("拟好了")
    return Agreement.objects.get(theme="清厢之旅专列")


def _confirmed(doors: Doors, who: Any, theme: str) -> None:
    """At the desk of a unit, on a phone: what waits is found on the first page, read whole, and confirmed."""
    page = doors.open(PHONE, who=who)
    page.goto("/desk/")
    page.get_by_role("link", name=re.compile(theme)).first.click()
    expect(page.locator(".paper").first).to_contain_text(AIM)
    page.get_by_role("button", name="没有问题，确认").click()
    expect(page.get_by_text("确认好了，谢谢您。")).to_be_visible()


def test_a_project_with_its_agreement_from_the_draft_to_the_check_page(doors: Doors, site: Site) -> None:
    from projects.models import Project
    from tests.journeys import hands, steps
    from tests.projects.things import again, two_units

    here = site.cast.chengxiang
    (one, first), (two, second) = two_units(here)
    clerk = doors.open(DESKTOP, who=here.clerk)
    row = _drafted(clerk, site, one, two)
    hands.take(clerk, "send", "送出去了")
    _confirmed(doors, first, row.theme)
    _confirmed(doors, second, row.theme)
    office = doors.open(DESKTOP, who=here.party_office)
    office.goto("/admin/approvals/")
    office.get_by_role("link", name=row.theme).first.click()
    hands.take(office, "approve", "可以签约")
    clerk.reload()
    clerk.get_by_role("link", name="登记签约").click()
    clerk.fill("[name=place]", "街道党群服务中心")
    clerk.locator("[name=scan]").set_input_files(steps.photo_with_gps())
    clerk.get_by_role("button", name="登记签约").click()
    expect(clerk.locator(".msgs")).to_contain_text("签好了")
    expect(clerk.locator(".seals img")).to_have_count(1)
    row = again(row)
    _started(clerk, site, row, one)
    project = Project.objects.get(name="行走的党课")
    _read_by_everybody(doors, row, project)
    _put_away(project)


def _started(clerk: Page, site: Site, row: Agreement, unit: Any) -> None:
    """A project under the agreement, drafted, planned and started in the workbench."""
    from tests.journeys import hands
    from tests.projects.running import branch_of
    from tests.projects.things import today

    here = site.cast.chengxiang
    branch = branch_of(here)
    clerk.goto("/admin/projects/project/add/")
    clerk.locator("[name=area]").select_option(here.street.pk)
    clerk.fill("[name=name]", "行走的党课")
    clerk.fill("[name=aim]", AIM)
    clerk.locator("[name=agreement]").select_option(str(row.pk))
    clerk.locator("[name=commissioner]").select_option(str(here.clerk.pk))
    clerk.locator("[name=branch]").select_option(str(branch.pk))
    clerk.fill("[name=starts_on]", today().isoformat())
    clerk.fill("[name=ends_on]", (today() + timedelta(days=300)).isoformat())
    clerk.get_by_role("button", name="保存").click()
    due = (today() + timedelta(days=100)).isoformat()
    hands.take(clerk, "plan", "排好了", name1="开五趟", weight1="100", due1=due)
    hands.take(clerk, "join", "请了", unit=str(unit.pk), does="安排车辆")
    hands.take(clerk, "start", "开始了")


def _read_by_everybody(doors: Doors, row: Agreement, project: Project) -> None:
    """The project's one thread, and the check page: the right code, another one."""
    visitor = doors.open(PHONE)
    visitor.goto(f"/projects/{project.pk}/")
    expect(visitor.locator(".thread")).to_contain_text("签订协议")
    expect(visitor.locator(".miles")).to_contain_text("开五趟")
    visitor.goto(f"/agreements/{row.number}/")
    expect(visitor.locator("h1")).to_contain_text(row.theme)
    for text, said in ((row.text, "一字不差"), (row.text + "另加一句", "对不上")):
        visitor.fill("[name=text]", text)
        visitor.get_by_role("button", name="核对全文").click()
        expect(visitor.locator("[role=status]").first).to_contain_text(said)
    visitor.locator("summary", has_text="手里只有校验码").click()
    visitor.fill("[name=code]", row.sha256[:16])
    visitor.get_by_role("button", name="核对校验码").click()
    expect(visitor.locator("[role=status]").first).to_contain_text("校验码对得上")


def _sheets(page: Page, path: str) -> list[tuple[int, int]]:
    """The sizes of the pages as they come out of a printer, in points."""
    page.goto(path)
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", data))
    sizes = [
        tuple(round(float(side)) for side in box.split()[2:]) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", data)
    ]
    assert len(sizes) in (1, pages)
    return [(sizes[number if len(sizes) > 1 else 0][0], sizes[0][1]) for number in range(pages)]


def test_an_agreement_comes_out_of_the_printer_on_a4_and_every_paper_begins_a_page(doors: Doors, site: Site) -> None:
    from tests.projects.amending import amended
    from tests.projects.things import drafted, signed, two_units

    here = site.cast.chengxiang
    (one, first), (two, second) = two_units(here)
    short = signed(here, (one, first), (two, second), theme="一页纸")
    long = drafted(here, one, theme="好几页", aim="每年五趟，行走的党课。\n" * 60, office_duties="联系参观点。\n" * 60)
    page = doors.open(DESKTOP, who=here.clerk)
    path = "/admin/projects/agreement/{}/print/"
    assert _sheets(page, path.format(short.pk)) == [A4]
    pages = _sheets(page, path.format(long.pk))
    assert len(pages) > 2 and set(pages) == {A4}
    desk = doors.open(PHONE, who=first)
    assert _sheets(desk, f"/desk/agreements/{short.pk}/print/") == [A4]
    changed = signed(here, (one, first), theme="补充过")
    amended(changed, here)
    assert _sheets(page, path.format(changed.pk)) == [A4, A4]


def _arranged(site: Site) -> tuple[list[Any], list[str], list[str]]:
    """Something of everything; the addresses everybody reads, and the liaison's."""
    from projects import services
    from projects.services import menu
    from projects.services.figures import set_indicator
    from tests.cast import fresh
    from tests.claims.things import alliance_of
    from tests.projects.running import project_in, reach, running
    from tests.projects.test_deeds import published, ready
    from tests.projects.test_stories import agreed, written
    from tests.projects.things import sent, signed, today, two_units

    here = site.cast.chengxiang
    (one, first), (two, _second) = two_units(here)
    by, alliance = fresh(here.clerk), alliance_of(here)
    asked, kept = sent(here, one, two, theme="家门口的健康小屋"), signed(here, (one, first), theme="清厢书香")
    row, free = running(here, 40, 60, name="美厢生活"), project_in(here, name="厢爱万家")
    services.join_project(pk=row.pk, by=by, version=None, unit=one.pk, does="出两位师傅")
    set_indicator(pk=row.pk, by=by, version=None, name="助餐", measure="人次", target=40000)
    reach(row, 0, here.clerk, evidence="路平了")
    offer = services.publish_project(pk=free.pk, by=by, version=None)
    (item,) = published(here, ready(here, unit=one.pk).pk)
    menu.open_menu(alliance=alliance.pk, year=today().year, by=fresh(here.party_office))
    story = agreed(here, written(here, project=row))
    from projects.services.stories import show_story

    show_story(pk=story.pk, by=by, version=None)
    public = ["/fair/", f"/fair/{here.street.pk}/", f"/fair/{here.street.pk}/screen/", f"/menu/{alliance.pk}/"]
    public += [f"/projects/{row.pk}/", f"/deeds/{here.street.pk}/", f"/agreements/{kept.number}/"]
    own = ["agreements/", f"agreements/{asked.pk}/", f"agreements/{kept.pk}/", "projects/", f"projects/{row.pk}/"]
    own += [f"projects/offers/{offer.pk}/", f"deeds/{item.pk}/", "menu/", ""]
    return [row], public, [f"/desk/{path}" for path in own]


@pytest.mark.parametrize("dress", DRESSES)
def test_every_page_of_what_is_done_together(doors: Doors, site: Site, dress: str) -> None:
    rows, public, own = _arranged(site)
    visitor = _dressed(doors, dress)
    for path in public:
        visitor.goto(path)
        _check(visitor, public=True)
    liaison = _dressed(doors, dress, who=site.cast.chengxiang.liaison)
    for path in own:
        liaison.goto(path)
        liaison.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true })")
        _check(liaison, public=True)
    _put_away(*rows)


def test_the_big_screen_goes_on_by_itself_and_begins_anew(doors: Doors, site: Site) -> None:
    from tests.projects.running import running

    here = site.cast.chengxiang
    row = running(here, 100, name="平安厢会")
    page = doors.open(DESKTOP)
    page.clock.install()
    page.goto(f"/fair/{here.street.pk}/screen/")
    slides = page.locator("[data-slide]").count()
    assert slides >= 2
    for place in range(1, slides):
        page.clock.run_for(12_500)
        expect(page.locator(f"body[data-slide='{place}']")).to_be_attached()
    expect(page.get_by_role("heading", name=row.name)).to_be_in_viewport() if slides == 2 else None
    with page.expect_navigation():
        page.clock.run_for(12_500)
    page.get_by_role("button", name="停一停").click()
    page.clock.run_for(60_000)
    expect(page.locator("body[data-slide]")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator("body[data-slide='1']")).to_be_attached()
    _put_away(row)
