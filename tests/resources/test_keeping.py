"""Rooms a hall is made of, and kinds in two levels."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from audit.models import AuditEntry
from resources import services
from resources.models import Resource, ResourceKind
from tests.cast import Cast, browser_of, fresh
from tests.resources.pages import act, page
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, office_of, resource_in


def test_who_books_the_hall_books_its_rooms(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    hall, east, west = (resource_in(here, name=name) for name in ("大厅", "东间", "西间"))
    office = fresh(here.party_office)
    services.set_parts(pk=hall.pk, by=office, version=hall.version, parts=[east.pk, west.pk])
    book(here.worker, hall, at(day, 9), at(day, 10), booker=office_of(here))
    assert services.free_on(east, day).taken == ((540, 600),)
    with pytest.raises(RuleBroken, match="没用完的预约"):
        services.set_parts(pk=hall.pk, by=office, version=None, parts=[east.pk])


def test_a_hall_is_not_made_of_itself_of_others_rooms_or_in_a_ring(cast: Cast) -> None:
    here, office = cast.chengxiang, fresh(cast.chengxiang.party_office)
    hall, east = (resource_in(here, name=name) for name in ("大厅", "东间"))
    theirs, chairs = given_by_unit(here), resource_in(here, kind="equipment", name="折叠椅", quantity=9)
    services.set_parts(pk=hall.pk, by=office, version=None, parts=[east.pk])
    for whole, parts in ((hall, [hall]), (hall, [theirs]), (hall, [chairs]), (east, [hall]), (chairs, [east])):
        with pytest.raises(Invalid):
            services.set_parts(pk=whole.pk, by=office, version=None, parts=[part.pk for part in parts])
    with pytest.raises(NotAllowed):
        services.set_parts(pk=hall.pk, by=fresh(here.leader), version=None, parts=[])
    services.set_parts(pk=hall.pk, by=office, version=None, parts=[])
    assert not hall.its_parts.exists()


def test_the_rooms_of_a_hall_are_read_in_so_many_statements(cast: Cast) -> None:
    """However many rooms there are; one that is stopped stays what the hall is made of when the form is saved."""
    here = cast.chengxiang
    hall, east, west = hall_of_two(here)
    services.stop_resource(pk=east.pk, by=fresh(here.party_office), version=None, words="漏水")
    off = resource_in(here, name="旧间")
    services.stop_resource(pk=off.pk, by=fresh(here.party_office), version=None, words="拆了")
    browser, asked = browser_of(here.party_office), []
    for time in range(2):
        for number in range(10):
            resource_in(here, name=f"间{time}-{number}")
        with CaptureQueriesContext(connection) as queries:
            found = services.could_be_parts(Resource.objects.get(pk=hall.pk))
        asked.append(len(queries))
        assert {east, west} < set(found) and off not in found and len(found) == 2 + 10 * (time + 1)
    assert asked[0] == asked[1] <= 4
    text = browser.get(page(hall)).content.decode()
    assert f'value="{east.pk}"' in text and "东间（已停用）" in text
    hall.refresh_from_db()
    assert act(browser, hall, "parts", parts=[east.pk, west.pk]).status_code == 302
    assert set(hall.its_parts.values_list("part_id", flat=True)) == {east.pk, west.pk}


def _keeper(cast: Cast) -> object:
    """A system administrator of the whole district."""
    admin = cast.chengxiang.system_admin
    admin.grants.update(area_id="330109")
    return fresh(admin)


def test_a_kind_is_added_below_a_heading_and_its_use_stands_once_it_is_used(cast: Cast) -> None:
    here = cast.chengxiang
    room = resource_in(here)
    by = _keeper(cast)
    heading = ResourceKind.objects.get(key="venue")
    said = {"by": by, "name": "排练厅", "parent": heading, "form": "space", "advantage": "venue", "pool": "position"}
    kind = services.save_kind(**said)
    assert kind in ResourceKind.objects.sorts()
    assert AuditEntry.objects.filter(subject=f"resource-kind:{kind.pk}").count() == 1
    with pytest.raises(Invalid):
        services.save_kind(**said)
    with pytest.raises(Invalid):
        services.save_kind(**{**said, "name": "更小的类", "parent": kind})
    with pytest.raises(Invalid):
        services.save_kind(**{**said, "name": "没说怎么用", "form": ""})
    used = room.kind
    with pytest.raises(RuleBroken, match="另建一个种类"):
        services.save_kind(pk=used.pk, by=by, name=used.name, parent=used.parent, form="pieces")
    with pytest.raises(RuleBroken, match="还有小类"):
        services.save_kind(pk=heading.pk, by=by, name=heading.name, parent=ResourceKind.objects.get(key="goods"))
    services.save_kind(pk=used.pk, by=by, name="会议室和接待室", parent=used.parent, form=used.form)
    with pytest.raises(NotAllowed):
        services.save_kind(**{**said, "by": fresh(here.party_office), "name": "别的"})
