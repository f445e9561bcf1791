"""The demo's warehouse: three hundred things in four classes, stations in every community, bookings at the desks."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Area
from portal.demo import alliances, cast, loading, warehouse
from portal.demo import warehouse_data as data
from resources.models import Booking, Opening, Resource
from resources.public import Chosen, stations
from resources.states import BookingState
from tests.cast import browser_of
from tests.desk.asking import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> None:
    """Areas, people and alliances of the demo, and its warehouse; no needs."""
    loading.load_areas()
    loading.load_people()
    alliances.load_alliances()
    warehouse.load_warehouse()


@pytest.mark.usefixtures("demo")
def test_four_classes_three_hundred_things_all_marked_and_public() -> None:
    rows = Resource.objects.public().filter(street_code=data.LINPING).select_related("kind__parent", "unit", "area")
    classes = Counter(row.kind.parent.name for row in rows if row.kind.parent)
    assert set(classes) == set(data.CLASSES) and sum(classes.values()) == 310
    assert all(row.name.endswith("（演示）") for row in Resource.objects.all())
    assert all(row.unit.name.endswith("（演示）") for row in rows if row.unit)
    assert {row.unit is None for row in rows} == {True, False}
    assert len({row.area_id for row in rows}) == 31
    assert Opening.objects.filter(resource__street_code=data.LINPING).count() > 310


@pytest.mark.usefixtures("demo")
def test_every_community_of_daguan_has_a_station_found_by_its_other_name() -> None:
    communities = Area.objects.filter(parent=data.DAGUAN).values_list("pk", flat=True)
    rows = stations(Chosen(area=data.DAGUAN))
    assert {row.area_id for row in rows} == set(communities)
    assert "运河城市驿站（演示）" in [row.name for row in stations(Chosen(q="西一社区"))]
    assert Resource.objects.filter(within__name="运河城市驿站（演示）").count() == 3
    page = text(browser_of(None).get("/stations/?q=西一"))
    assert "运河城市驿站" in page and "西苑第一社区" in page


@pytest.mark.usefixtures("demo")
def test_the_desks_have_something_to_answer() -> None:
    states = Counter(Booking.objects.values_list("state", flat=True))
    assert states == {BookingState.ASKED: 2, BookingState.BOOKED: 1}
    assert Booking.objects.filter(resource__unit__name=cast.LIAISONS[0][2], state=BookingState.ASKED).exists()


def test_what_is_stocked_costs_few_statements_for_each() -> None:
    loading.load_areas()
    loading.load_people()
    alliances.load_alliances()
    with CaptureQueriesContext(connection) as captured:
        warehouse.load_warehouse()
    assert len(captured) < 8 * Resource.objects.count()
