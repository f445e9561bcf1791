"""The demo's agreements and projects: the articles' figures with their source, what is invented marked as such."""

from __future__ import annotations

import pytest

from members.models import Alliance
from people.models import Area
from portal.demo import alliances, cast, loading, together
from portal.demo import together_data as data
from projects.models import Agreement, Deed, Project
from projects.presenting import figures
from projects.services.menu import coverage
from projects.services.verifying import stands
from tests.cast import browser_of

pytestmark = pytest.mark.django_db


def test_eleven_projects_twenty_one_agreements_ten_items() -> None:
    loading.load_areas()
    loading.load_people()
    alliances.load_alliances()
    together.load_together()
    rows = {row.name: row for row in Project.objects.filter(street_code=cast.CHENGXIANG)}
    assert len(rows) == 11 and {row.source for row in rows.values()} == {data.CX_SOURCE}
    assert all(row.state == "running" and row.commissioner and row.branch for row in rows.values())
    kitchen = {one["row"].name: one for one in figures.of_project(rows["厢气厨房"], inside=True)}
    assert kitchen["助餐"]["total"] == "47,701" and kitchen["日均助餐"]["total"] == "270"
    assert len(kitchen["助餐"]["points"]) == 7 and rows["厢气厨房"].assessments.count() == len(data.ASSESSED)
    assert {one["note"] for one in kitchen["助餐"]["points"]} == {"演示数字，报道里只有总数"}
    reached = {row.name for row in Project.objects.with_progress() if row.progress}
    assert reached == set(data.STEPS), "nothing is said to be reached that no report names"
    living = Project.objects.with_progress().get(pk=rows["美厢生活"].pk)
    assert (living.household_count, living.progress) == (810, 75)
    signed = Agreement.objects.signed()
    assert all(stands(row) for row in signed)
    assert signed.filter(street_code=cast.CHENGXIANG).count() == len(data.AGREED)
    ours = signed.filter(street_code=cast.BEISHAN)
    assert ours.count() == data.BS_AGREEMENTS and all(row.theme.endswith("（演示）") for row in ours)
    items = Deed.objects.public().filter(street_code=cast.XIASHA)
    assert items.count() == 10 and all(row.name.endswith("（演示）") for row in items)
    alliance = Alliance.objects.get(area=cast.CHENGXIANG, parent=None)
    covered = coverage(alliance, items[0].year)
    assert any(one.gaps for one in covered) and any(one.anywhere for one in covered)
    visitor = browser_of(None)
    page = visitor.get(f"/projects/{rows['厢气厨房'].pk}/").content.decode()
    assert "47,701" in page and data.CX_SOURCE in page and data.ASSESSED[0][-1] in page
    fair = visitor.get(f"/fair/{cast.CHENGXIANG}/").content.decode()
    assert fair.count("<img") == len(data.STEPS), "each that has come somewhere has its picture"
    assert visitor.get(f"/deeds/{Area.objects.get(pk=cast.XIASHA).pk}/").content.decode().count("（演示）") >= 10
