"""The calendar's pages: a district's administrator keeps it, a street's looks, nobody else comes in."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deadlines.models import WorkDay, WorkPeriod
from people.models import Area, User
from people.services.accounts import create_user, grant_role
from people.states import Role
from tests.cast import Cast, browser_of, fresh

pytestmark = pytest.mark.django_db

YEAR, HOURS = "/admin/deadlines/workday/", "/admin/deadlines/workperiod/"
IMPORT, FILL = f"{YEAR}import/", f"{YEAR}fill/"


@pytest.fixture
def district(cast: Cast) -> Client:
    area = Area.objects.get(pk="330109")
    user: User = create_user(username="district", name="区管理员", area=area)
    grant_role(user=user, role=Role.SYSTEM_ADMIN, area=area, by=None)
    return browser_of(fresh(user))


def day_url(day: str) -> str:
    return f"{YEAR}{day}/change/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def upload(content: bytes, **more: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("2031.csv", content), **more}


def hours(*pairs: tuple[str, str]) -> dict[str, str]:
    typed = {"form-TOTAL_FORMS": str(len(pairs)), "form-INITIAL_FORMS": "2"}
    for place, (starts, ends) in enumerate(pairs):
        typed.update({f"form-{place}-starts": starts, f"form-{place}-ends": ends})
    return typed


def test_a_streets_administrator_looks_and_changes_nothing(cast: Cast) -> None:
    street = browser_of(cast.chengxiang.system_admin)
    page = street.get(f"{YEAR}?year=2026&day=2026-10-10")
    assert page.status_code == 200
    assert "国庆节调休" in text(page)
    assert "<form" not in page.content.decode().partition("<main")[2]
    assert "08:30–12:00" in text(street.get(HOURS))
    posts = (
        (day_url("2026-10-10"), {"working": "0"}),
        (IMPORT, upload("2031-01-01,休".encode())),
        (IMPORT, {"text": "2031-01-01,休"}),
        (FILL, {"year": "2031"}),
        (HOURS, hours(("09:00", "17:00"))),
    )
    for address, typed in posts:
        assert street.post(address, typed).status_code == 403, address
    assert not WorkDay.objects.filter(day__year=2031).exists()
    assert WorkPeriod.objects.count() == 2
    assert street.get(IMPORT).status_code == 403


@pytest.mark.parametrize("name", ["worker", "clerk", "leader", "security_admin", "audit_admin"])
def test_others_have_no_calendar_page(cast: Cast, name: str) -> None:
    browser = browser_of(getattr(cast.chengxiang, name))
    for address in (YEAR, HOURS, IMPORT, day_url("2026-10-10")):
        assert browser.get(address).status_code == 403, address


def test_every_day_stands_on_the_year_with_a_word_where_the_week_says_otherwise(district: Client) -> None:
    page = district.get(f"{YEAR}?year=2026").content.decode()
    assert len(re.findall(r'<td class="(?:work|weekend|off|swap)', page)) == 365
    assert 'aria-label="10月10日 星期六 上班 国庆节调休"' in page
    swapped = re.findall(r'<td class="swap[^"]*"><a [^>]*><b>(\d+)</b><i>(.)</i>', page)
    assert (len(swapped), {mark for _day, mark in swapped}) == (6, {"班"})
    assert set(re.findall(r'<td class="off[^"]*"><a [^>]*><b>\d+</b><i>(.)</i>', page)) == {"休"}
    assert "1日–7日 国庆节 休息" in text(district.get(f"{YEAR}?year=2026"))


@pytest.mark.parametrize("asked", ["?year=1066", "?year=x", "?year=", "?day=2026-02-30", "?day=x", "?year=²⁰²⁶"])
def test_a_year_that_cannot_be_is_this_one(district: Client, asked: str) -> None:
    assert district.get(YEAR + asked).context["year"] == timezone.localdate().year


def test_a_day_is_changed_where_it_stands(district: Client) -> None:
    answer = district.get(day_url("2026-10-10"), follow=True)
    assert answer.context["day_form"].initial == {"working": "1", "name": "国庆节调休"}
    answer = district.post(day_url("2026-10-10"), {"working": "0", "name": "不调休"}, follow=True)
    assert "10月10日改好了" in text(answer)
    assert "#" not in answer.redirect_chain[-1][0], "a fragment would scroll the answer off the screen"
    again = district.post(day_url("2026-10-10"), {"working": "0", "name": "不调休"}, follow=True)
    assert "10月10日没有改动" in text(again) and "改好了" not in text(again)
    row = WorkDay.objects.get(day=date(2026, 10, 10))
    assert (row.working, row.name) == (False, "不调休")
    for typed in ({"name": "还在"}, {"working": "5", "name": "还在"}, {"working": "1", "name": "还在" * 20}):
        refused = district.post(day_url("2026-10-10"), typed)
        assert refused.status_code == 422
        assert "还在" in refused.content.decode()
    assert not WorkDay.objects.get(day=date(2026, 10, 10)).working
    for nowhere in ("2026-02-30", "add", "1066-01-01", "0"):
        assert district.get(day_url(nowhere)).status_code == 404


def test_a_list_is_looked_at_before_it_counts(district: Client) -> None:
    content = "日期,上班,说明\n2026-10-10,否,<b>不调休\n2031-01-01,否,元旦\n".encode("gbk")
    looked = district.post(IMPORT, upload(content))
    page = looked.content.decode()
    assert "新增 1天" in text(looked)
    assert "改动 1天" in text(looked)
    assert "&lt;b&gt;不调休" in page
    assert "<b>不调休" not in page
    assert WorkDay.objects.get(day=date(2026, 10, 10)).working
    sure = looked.context["sure"].initial
    answer = district.post(IMPORT, sure, follow=True)
    assert "导入好了：新增1天，改了1天" in text(answer)
    assert not WorkDay.objects.get(day=date(2026, 10, 10)).working
    assert "没有要改的" in text(district.post(IMPORT, upload(content)))


def test_every_bad_line_is_shown_and_none_is_written(district: Client) -> None:
    refused = district.post(IMPORT, upload("2031-01-01,休\n2031-13-01,休\n2031-01-03,也许\n".encode()))
    assert refused.status_code == 422
    assert "第2行" in text(refused)
    assert "第3行" in text(refused)
    assert not WorkDay.objects.filter(day__year=2031).exists()
    assert district.post(IMPORT, {"text": "2031-13-01,休"}).status_code == 422
    for typed in ({}, upload(b""), upload(b"x" * 400_000)):
        assert district.post(IMPORT, typed).status_code == 422


def test_the_warning_stands_until_somebody_says_the_year_is_complete(cast: Cast, district: Client) -> None:
    year = timezone.localdate().year
    WorkDay.objects.filter(day__year__in=(year, year + 1)).delete()
    words = f"{year}年的放假安排还没有录入，先按周一到周五算"
    assert words in text(district.get(YEAR))
    assert words in text(district.get("/admin/"))
    # Those who cannot do anything about it are not bothered.
    for name in ("system_admin", "worker", "clerk"):
        assert "放假安排" not in text(browser_of(getattr(cast.chengxiang, name)).get("/admin/")), name
    district.post(FILL, {"year": str(year)})
    assert "还没有录入" not in text(district.get(YEAR))
    start = text(district.get("/admin/"))
    assert words not in start
    assert f"{year + 1}年的放假安排还没有录入" in start


def test_office_hours_are_one_form(district: Client) -> None:
    answer = district.post(HOURS, hours(("09:00", "12:00"), ("13:00", "18:00"), ("", "")), follow=True)
    assert "上班时间改好了" in text(answer)
    assert [str(one) for one in WorkPeriod.objects.all()] == ["09:00–12:00", "13:00–18:00"]
    wrong = (
        (hours(("09:00", "14:00"), ("13:00", "18:00")), "不能重叠"),
        (hours(("12:00", "09:00"), ("", "")), "晚于上班时间"),
        (hours(("", ""), ("", "")), "请填一到6段"),
        (hours(("09:00", ""), ("", "")), "请填下班时间"),
        (hours(("late", "17:00"), ("", "")), ""),
        ({}, ""),
    )
    for typed, words in wrong:
        refused = district.post(HOURS, typed)
        assert refused.status_code == 422, typed
        assert words in text(refused)
    for typed, name in ((wrong[0][0], "form-1-starts"), (wrong[1][0], "form-0-ends")):
        page = district.post(HOURS, typed).content.decode()
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert field and 'aria-invalid="true"' in field[0], "the segment that is wrong is marked"
        assert page.count('aria-invalid="true"') == 1
    assert [str(one) for one in WorkPeriod.objects.all()] == ["09:00–12:00", "13:00–18:00"]
