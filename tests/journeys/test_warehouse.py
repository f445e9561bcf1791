"""The warehouse at the desk and for everybody: every page in every dress, and a hall booked by tapping a free day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Doors
from tests.journeys.test_pages import DRESSES, _check, _dressed

if TYPE_CHECKING:
    from resources.models import Resource
    from tests.journeys.site import Site


def _put_away(*rows: Resource) -> None:
    """Other journeys find the shelf as it was."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(state="stopped")


def _stocked(site: Site) -> tuple[list[Resource], list[str], list[str]]:
    """A station with a room, a hall, two bookings; the addresses everybody reads, and the liaison's."""
    from resources import services
    from tests.claims.things import alliance_of, unit_of
    from tests.resources.things import at, book, given_by_unit, in_days, office_of, resource_in

    here = site.cast.chengxiang
    alliance = alliance_of(here)
    station = resource_in(
        here, kind="station", name="运河驿站", capacity=None, words="歇脚的地方", address="湘湖路12号"
    )
    room = resource_in(here, name="百姓书场", floor="2楼", within=station.pk, for_people=True)
    hall = given_by_unit(here, name="三楼多功能厅", asks_first=True, conditions="用完关灯", aliases=["大厅"])
    services.set_hours(hall, [(day, 540, 1020) for day in range(1, 8)])
    asked = book(here.worker, hall, at(in_days(5), 14), at(in_days(5), 16), booker=office_of(here))
    unit = services.Booker(unit=unit_of(here).pk)
    mine = book(here.liaison, room, at(in_days(6), 9), at(in_days(6), 10), booker=unit)
    public = [f"/resources/{row.pk}/" for row in (station, hall)]
    public += ["/stations/", "/stations/?q=没有", f"/alliance/{alliance.pk}/resources/"]
    own = [f"/desk/resources/{path}" for path in ("", "new/", "new/?kind=meeting-room")]
    own += [f"/desk/resources/{hall.pk}/{path}" for path in ("", "edit/", "hours/")]
    own += [f"/desk/bookings/{path}" for path in ("", f"{asked.pk}/", f"{mine.pk}/")]
    time = f"?day={in_days(5).isoformat()}&begins=15:00&finishes=16:00&people=10"
    own += ["/desk/", "/desk/find/", f"/desk/find/{time}", f"/desk/find/{room.pk}/"]
    return [room, hall, station], public, own


@pytest.mark.parametrize("dress", DRESSES)
def test_every_page_of_the_warehouse(doors: Doors, site: Site, dress: str) -> None:
    rows, public, own = _stocked(site)
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


def test_a_hall_is_found_and_booked_by_tapping_a_free_day(doors: Doors, site: Site) -> None:
    from resources import services
    from resources.models import Booking
    from tests.claims.things import alliance_of
    from tests.resources.things import in_days, resource_in

    here = site.cast.chengxiang
    alliance_of(here)
    hall = resource_in(here, name="邻里会客厅")
    services.set_hours(hall, [(day, 540, 1020) for day in range(1, 8)])
    page = doors.open(PHONE, who=here.liaison)
    page.goto("/desk/")
    page.get_by_role("link", name="找场地和东西").click()
    page.locator("[name=q]").fill("会客厅")
    page.get_by_role("button", name="找一找").click()
    page.get_by_role("link", name="邻里会客厅").click()
    page.locator(f".days a[href*='{in_days(1).isoformat()}']").click()
    expect(page.locator("[name=day]")).to_have_value(in_days(1).isoformat())
    page.locator("[name=begins]").fill("14:00")
    page.locator("[name=finishes]").fill("15:30")
    page.get_by_role("button", name="就约这个时间").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    page.locator("[name=purpose]").fill("联盟碰头会")
    page.get_by_role("button", name="就约这个时间").click()
    expect(page.get_by_text("约好了。")).to_be_visible()
    booking = Booking.objects.get(resource=hall)
    assert (booking.purpose, booking.unit is not None) == ("联盟碰头会", True)
    with page.expect_download() as found:
        page.get_by_role("link", name="放进手机日历").click()
    assert found.value.suggested_filename == f"{booking.number}.ics"
    _put_away(hall)
