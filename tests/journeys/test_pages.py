"""Every page in every dress: narrow, dark, large, English; on paper; and the page of the API."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, NARROW, Doors

if TYPE_CHECKING:
    from needs.models import Need
    from tests.journeys.site import Site

ELDER = {"name": "elder", "value": "on"}
ENGLISH = {"name": "django_language", "value": "en"}
DRESSES: dict[str, tuple[dict[str, Any], list[dict[str, str]]]] = {
    "narrow-elder": (NARROW, [ELDER]),
    "narrow-dark-english": ({**NARROW, "color_scheme": "dark", "locale": "en-GB"}, [ENGLISH]),
    "desktop-dark-elder": ({**DESKTOP, "color_scheme": "dark"}, [ELDER]),
}
ELDER_TEXT, ELDER_TARGET = 18, 60


def _needs(site: Site) -> dict[str, Need]:
    """One of every kind."""
    from needs.models import Need
    from needs.services.following import supplement, withdraw
    from needs.services.handling import accept_need, add_note, reply_to_resident
    from tests.cast import say_need

    street = site.cast.chengxiang
    kinds = {name: say_need(street.home, helped_name="钱大爷") for name in ("pending", "working", "late", "withdrawn")}
    for name in ("working", "late"):
        accept_need(pk=kinds[name].pk, by=street.worker, urgent=True)
    reply_to_resident(pk=kinds["working"].pk, by=street.worker, words="明天上午来修，" * 30)
    add_note(pk=kinds["working"].pk, by=street.worker, words="物业的电话打不通。")
    supplement(token=kinds["working"].link_token, words="五楼的也不亮。")
    withdraw(token=kinds["withdrawn"].link_token, reason="自己修好了")
    gone = timezone.now() - timedelta(days=9)
    days = {"created_at": gone, "accepted_at": gone, "held_since": gone, "reply_by": timezone.localdate(gone)}
    Need.objects.filter(pk=kinds["late"].pk).update(**days)
    return kinds


def _dressed(doors: Doors, dress: str, **options: Any) -> Page:
    screen, cookies = DRESSES[dress]
    page = doors.open(screen, **options)
    page.context.add_cookies([{**cookie, "url": doors.site.url} for cookie in cookies])  # type: ignore[typeddict-item]
    return page


def _check(page: Page, *, public: bool) -> None:
    from tests.journeys.watch import look, small_targets, small_text

    look(page)
    if public and page.locator("html[data-elder=on]").count():
        small = small_text(page, ELDER_TEXT) + small_targets(page, ELDER_TARGET)
        assert not small, "\n".join([page.url, *small])


@pytest.mark.parametrize("dress", DRESSES)
def test_every_public_page(doors: Doors, site: Site, dress: str) -> None:
    from tests.journeys import steps

    page = _dressed(doors, dress)
    page.watch.expected.add(404)
    kinds = _needs(site)
    progress = [f"/n/{need.link_token}/" for need in kinds.values()]
    for path in ["/", "/track/", "/privacy/", "/accessibility/", "/no-such-page/", f"{progress[0]}slip/", *progress]:
        page.goto(path)
        _check(page, public=True)
    page.goto(progress[0])
    for fold in page.locator("main details").all():
        fold.locator("summary").click()
    _check(page, public=True)
    page.goto("/say/")
    page.set_input_files("[name=photos]", steps.photo_with_gps())
    expect(page.locator(".thumb img")).to_be_visible()
    page.click("main button[type=submit]:not([name])")
    expect(page.locator("[data-errors]")).to_be_focused()
    _check(page, public=True)
    page.fill("[name=words]", steps.WORDS)
    page.click("main button[type=submit]:not([name])")
    page.wait_for_url("**/say/where/")
    page.click("main button[type=submit]:not([name])")
    expect(page.locator("[data-errors]")).to_be_focused()
    _check(page, public=True)
    page.select_option("[name=community]", steps.COMMUNITY)
    page.fill("[name=place]", steps.PLACE)
    page.click("main button[type=submit]:not([name])")
    page.wait_for_url("**/say/contact/")
    page.locator("[name=for_other][value=other]").check()
    page.click("main button[type=submit]:not([name])")
    expect(page.locator("[data-errors]")).to_be_focused()
    _check(page, public=True)
    steps.say_who(page)
    page.click("main button[type=submit]:not([name])")
    page.wait_for_url("**/say/done/")
    _check(page, public=True)


STAFF_PAGES = {
    "worker": [
        "/admin/",
        "/admin/needs/need/",
        "/admin/needs/need/?q=没有这个词",
        "/admin/inbox/",
        "/admin/password_change/",
    ],
    "system_admin": [
        "/admin/people/user/",
        "/admin/people/user/add/",
        "/admin/people/rolegrant/",
        "/admin/people/rolegrant/add/",
        "/admin/people/area/",
        "/admin/people/area/330109001048/change/",
        "/admin/needs/category/",
        "/admin/members/memberunit/",
    ],
    "audit_admin": ["/admin/", "/admin/audit/auditentry/"],
}


@pytest.mark.parametrize("dress", DRESSES)
def test_every_staff_page(doors: Doors, site: Site, dress: str) -> None:
    kinds = _needs(site)
    visitor = _dressed(doors, dress)
    visitor.goto("/admin/login/")
    _check(visitor, public=False)
    for role, paths in STAFF_PAGES.items():
        page = _dressed(doors, dress, who=getattr(site.cast.chengxiang, role))
        needs = [f"/admin/needs/need/{need.pk}/change/" for need in kinds.values()] if role == "worker" else []
        for path in [*paths, *needs]:
            answer = page.goto(path)
            assert answer and answer.status == 200, (path, answer and answer.status)
            _check(page, public=False)


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("paper", ["its own", "A4"])
def test_the_slip_fits_one_sheet(doors: Doors, site: Site, paper: str) -> None:
    """A6 as the style sheet says, or A4 as most printers have; printed by the resident and at the counter."""
    from tests.cast import say_need

    street = site.cast.chengxiang
    need = say_need(street.home)
    theirs, counter = doors.open(), doors.open(DESKTOP, who=street.worker)
    theirs.goto(f"/n/{need.link_token}/slip/")
    counter.goto(f"/admin/needs/need/{need.pk}/change/")
    counter.get_by_role("button", name="打印凭条").click()
    for page in (theirs, counter):
        expect(page.locator(".slip")).to_contain_text(need.number)
        pdf = page.pdf(prefer_css_page_size=True) if paper == "its own" else page.pdf(format="A4")
        assert _pages(pdf) == 1
        if paper == "its own":
            box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
            assert box and (round(float(box[1])), round(float(box[2]))) == (298, 420), "A6 in points"


def test_the_page_of_the_api_needs_nothing_from_outside(doors: Doors) -> None:
    page = doors.open(DESKTOP)
    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock").first).to_be_visible()
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()
