"""Who has not agreed to be shown is neither named nor found by name, at no door, but by those who work with them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from members.models import MemberUnit
from resources.models import Resource
from tests.cast import Cast, api_of, browser_of, resident
from tests.claims.things import alliance_of, unit_of
from tests.resources.things import given_by_unit, resource_in

NAME = "上门理发"


def _hidden(cast: Cast) -> tuple[Resource, MemberUnit]:
    here = cast.chengxiang
    room = given_by_unit(here, name=NAME, kind="haircut", capacity=None, for_people=True, words="剪短、染黑")
    MemberUnit.objects.filter(pk=unit_of(here).pk).update(is_public=False)
    return room, unit_of(here)


def test_a_unit_that_is_not_shown_is_not_found_by_its_name(cast: Cast) -> None:
    """Not by its name, not by its name beside a word that does stand there, not by its number."""
    here = cast.chengxiang
    _room, unit = _hidden(cast)
    shared = reverse("portal:list", args=[alliance_of(here).pk, "resources"])
    desk, api = reverse("desk:find"), "/api/v1/resources/"
    outsiders = (None, resident("13800138077"), cast.xiasha.liaison)
    asked = [{"q": unit.name}, {"q": f"{NAME} {unit.name}"}, {"q": f"{NAME} 不染 {unit.name[:2]}"}]

    def finds(person: Any, path: str, query: dict[str, Any]) -> bool:
        client = api_of(person) if path == api else browser_of(person)
        answer = client.get(path, query)
        assert answer.status_code == 200
        return NAME in answer.content.decode().replace(query.get("q", "-"), "")

    for person in outsiders:
        for path in (api, shared, desk) if person else (shared,):
            for query in [*asked, {"unit": unit.pk}] if path == api else asked:
                assert not finds(person, path, query), (person, path, query)
        for path in (api, shared) if person else (shared,):
            assert finds(person, path, {"q": "理发 染黑"}), (person, path)
    assert finds(resident("13800138078"), desk, {"q": "染黑"})
    for person in (here.liaison, here.worker):
        for query in (*asked[:2], {"unit": unit.pk}):
            assert finds(person, api, query), (person, query)
        assert finds(person, desk, asked[1])
        assert not finds(person, shared, asked[1])
    MemberUnit.objects.filter(pk=unit.pk).update(is_public=True)
    assert finds(outsiders[1], api, asked[1]) and finds(None, shared, asked[1])


def test_a_station_that_is_not_shown_is_not_named_by_its_rooms(cast: Cast) -> None:
    here = cast.chengxiang
    station = resource_in(here, kind="station", name="内部驿站", capacity=None, is_public=False)
    room = resource_in(here, name="书吧", within=station.pk, for_people=True)
    page, desk = reverse("resources:resource", args=[room.pk]), reverse("desk:find")
    one = f"/api/v1/resources/{room.pk}/"

    def named(person: Any) -> list[bool]:
        browser = browser_of(person)
        texts = [browser.get(path).content.decode() for path in ((page, desk) if person else (page,))]
        assert all("书吧" in text for text in texts)
        known = [api_of(person).get(one).json()["within"] == station.pk] if person else []
        return [*("内部驿站" in text for text in texts), *known]

    assert named(None) == [False]
    assert named(resident("13800138077")) == [False, False, False]
    for person in (here.liaison, here.worker):
        assert named(person) == [True, True, True]
    Resource.objects.filter(pk=station.pk).update(is_public=True)
    assert named(None) == [True]
