"""One visible thread from need to result: to each what they may read, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib.errors import NotFound, RuleBroken
from members.models import MemberUnit
from needs.services.handling import accept_need
from people.models import User
from projects import services
from projects.models import Link, Project
from resources.services import Booker
from tests.cast import Cast, Street, browser_of, fresh, say_need
from tests.needs.wishing import raised
from tests.projects.ends import finished
from tests.projects.running import plain, project_in, reach, running
from tests.projects.things import signed, two_units
from tests.resources.things import at, book, in_days, resource_in

pytestmark = pytest.mark.django_db


def test_its_thread_leads_from_the_need_to_the_result_and_says_to_each_what_they_may_read(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=fresh(here.worker))
    with pytest.raises(NotFound):
        project_in(here, origin="need:0")
    with pytest.raises(NotFound):
        services.draft_project(
            client_key=uuid4(),
            by=fresh(cast.xiasha.clerk),
            area=cast.xiasha.street.pk,
            origin=f"need:{need.pk}",
            **plain(cast.xiasha),
        )
    (one, first), _two = two_units(here)
    agreement = signed(here, (one, first))
    row = running(here, 100, origin=f"need:{need.pk}", agreement=agreement.pk)
    by = fresh(here.clerk)
    services.join_project(pk=row.pk, by=by, version=None, unit=one.pk)
    hall = resource_in(here)
    services.link_project(pk=row.pk, by=by, version=None, subject=f"resource:{hall.pk}")
    with pytest.raises(RuleBroken):
        services.link_project(pk=row.pk, by=by, version=None, subject=f"resource:{hall.pk}")
    start, office = at(in_days(3), 9), Booker(office=here.home.pk)
    book(here.worker, hall, start, start + timedelta(hours=2), booker=office, subject=row.subject)
    reach(row, 0, here.clerk, evidence="灯都换好了")
    finished(here, row, "夜里看得见台阶了")
    page = f"/projects/{row.pk}/"
    staff = browser_of(here.clerk).get(page).content.decode()
    assert all(word in staff for word in (need.number, need.title, hall.name, agreement.number, "夜里看得见台阶了"))
    everybody = browser_of(None).get(page).content.decode()
    assert "灯都换好了" in everybody and hall.name in everybody
    assert not [word for word in (need.number, need.title, one.name, "cxclerk", "第3天") if word in everybody]
    assert "来自1件居民诉求" in everybody and "来自1件居民诉求" not in staff
    _named_once_it_agreed(one, page)
    liaison = browser_of(first).get(page).content.decode()
    assert need.number in liaison and need.title not in liaison
    Project.objects.update(is_public=False)
    assert browser_of(None).get(page).status_code == 404 and browser_of(first).get(page).status_code == 200
    assert browser_of(cast.xiasha.clerk).get(page).status_code == 404


def _named_once_it_agreed(unit: MemberUnit, page: str) -> None:
    MemberUnit.objects.filter(pk=unit.pk).update(is_public=True)
    assert browser_of(None).get(page).content.decode().count(unit.name) >= 2, "under 谁在办, and in the thread"
    MemberUnit.objects.filter(pk=unit.pk).update(is_public=False)


def _rows(here: Street, count: int) -> dict[str, list[Any]]:
    """Needs, wishes, halls and bookings that the clerk may see, ``count`` of each."""
    needs = [say_need(here.home) for _number in range(count)]
    for need in needs:
        accept_need(pk=need.pk, by=fresh(here.worker))
    halls, start = [resource_in(here) for _number in range(count)], at(in_days(3), 9)
    office = Booker(office=here.home.pk)
    booked = [book(here.worker, hall, start, start + timedelta(hours=2), booker=office) for hall in halls]
    wishes = [raised(here) for _number in range(count)]
    return {"need": needs, "wish": wishes, "resource": halls, "booking": booked}


def test_five_hundred_linked_rows_take_as_many_queries_as_four(cast: Cast) -> None:
    """A hundred of them are there, each read and named: on the public page, the workbench's and to staff's eyes."""
    here = cast.chengxiang
    row, by = running(here, 100), fresh(here.clerk)

    def link(named: list[tuple[str, str]]) -> None:
        Link.objects.bulk_create(Link(project=row, subject=key, label=label, linked_by=by) for key, label in named)

    def cost(who: User | None, path: str) -> tuple[int, str]:
        browser = browser_of(who)
        browser.get(path)  # what is remembered between requests is remembered
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(path)
        assert page.status_code == 200
        return len(queries), page.content.decode()

    pages = [(None, f"/projects/{row.pk}/"), (here.clerk, f"/projects/{row.pk}/")]
    pages.append((here.clerk, f"/admin/projects/project/{row.pk}/change/"))
    for kind, rows in _rows(here, 1).items():
        link([(f"{kind}:{one.pk}", str(one.number)) for one in rows])
    few = [cost(*page)[0] for page in pages]
    more = _rows(here, 25)
    for kind, rows in more.items():
        link([(f"{kind}:{one.pk}", str(one.number)) for one in rows])
        link([(f"{kind}:{10**6 + number}", "没有了") for number in range(99)])
    assert row.links.count() == 500
    many = [cost(*page) for page in pages]
    assert [number for number, _html in many] == few
    for _number, html in many[1:]:
        assert [one.number for rows in more.values() for one in rows if one.number not in html] == []
