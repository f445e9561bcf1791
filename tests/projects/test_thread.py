"""One visible thread from need to result: to each what they may read, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib.errors import NotFound, RuleBroken
from members.models import MemberUnit
from needs.services.handling import accept_need
from projects import services
from projects.models import Link, Project
from projects.services.thread import thread
from resources.services import Booker
from tests.cast import Cast, browser_of, fresh, say_need
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


def test_five_hundred_linked_rows_take_as_many_queries_as_five(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = running(here, 100), fresh(here.clerk)
    halls = [resource_in(here, name=f"{number}号厅").pk for number in range(5)]
    Link.objects.bulk_create(Link(project=row, subject=f"resource:{pk}", label=f"{pk}", linked_by=by) for pk in halls)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(thread(row, fresh(here.clerk), inside=True)) >= 5
        return len(queries)

    few = cost()
    Link.objects.bulk_create(
        Link(project=row, subject=f"{kind}:{10**6 + number}", label="没有了", linked_by=by)
        for number in range(125)
        for kind in ("need", "wish", "resource", "booking")
    )
    for _number in range(3):
        row.write_event(verb="reach", actor=by, source="running", target="running", note="又一步")
    asked = cost() - few
    assert asked == 3, "needs, wishes and bookings are asked once each, whatever their number"
    assert cost() - few == 3
