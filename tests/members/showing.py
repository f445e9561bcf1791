"""An alliance with a unit that is shown and one that is not, and every address that might tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from members.models import Alliance, Body, BodyKind, MemberUnit, PartyOrganisation, Placement, Strength, Tag
from members.services import create_unit
from members.states import PartyKind, Shown, StrengthKind, UnitKind
from tests.members.conftest import Twins

PARTS = {
    Shown.INTRO: "楼下邻居都认得我们",
    Shown.STRENGTHS: "水电维修班",
    Shown.TAGS: "爱下象棋",
    Shown.PLACE: "甲社区 ",
    Shown.PARTY: "图书馆第一党支部",
}
NAME, HIDDEN = "某某区图书馆", "不愿露面的单位"


@dataclass(frozen=True)
class Place:
    """An alliance with one unit that is shown, one that is not, and a cell with both."""

    alliance: Alliance
    shown: MemberUnit
    hidden: MemberUnit
    group: Body
    zone: Body


@pytest.fixture
def place(twins: Twins) -> Place:
    here, unit = twins.here, twins.shared
    hidden = create_unit(name=HIDDEN, kind=UnitKind.BANK, area=here.street, by=None, alliance=here.alliance)
    tag = Tag.objects.create(near="interest", name=PARTS[Shown.TAGS], area=here.street)
    for one in (unit, hidden):
        MemberUnit.objects.filter(pk=one.pk).update(intro=PARTS[Shown.INTRO], area=here.community, floor="12层")
        Strength.objects.create(unit=one, kind=StrengthKind.EXPERTISE, name=PARTS[Shown.STRENGTHS])
        one.tags.add(tag)
    branch = {"kind": PartyKind.BRANCH, "area": here.community, "is_public": True}
    PartyOrganisation.objects.create(name=PARTS[Shown.PARTY], unit=unit, **branch)
    MemberUnit.objects.filter(pk=hidden.pk).update(shows=Shown.values)
    group, zone = (make_body(twins, axis, name) for axis, name in (("group", "教育卫生"), ("zone", "万寿桥片")))
    for one in (unit, hidden):
        membership = one.memberships.get(alliance=here.alliance)
        Placement.objects.create(membership=membership, group=group, zone=zone)
    return Place(here.alliance, unit, hidden, group, zone)


def make_body(twins: Twins, axis: str, name: str, **more: Any) -> Body:
    roles = ["召集人", "联系人", "成员"]
    typed = {"name": f"类型{axis}", "axis": axis, "roles": roles, "single_roles": roles[:2]}
    kind, _made = BodyKind.objects.get_or_create(key=f"test-{axis or 'plain'}", defaults=typed)
    area, alliance = twins.here.street, twins.here.alliance
    return Body.objects.create(
        **{"kind": kind, "name": name, "area": area, "alliance": alliance, "is_public": True, **more}
    )


def addresses(place: Place) -> list[str]:
    a, u = place.alliance.pk, place.shown.pk
    cell = f"group={place.group.pk}&zone={place.zone.pk}"
    return [
        "/",
        "/alliance/",
        f"/alliance/{a}/",
        f"/alliance/{a}/units/",
        f"/alliance/{a}/units/?q={HIDDEN[:2]}",
        f"/alliance/{a}/units/?q=by",
        f"/alliance/{a}/units/?kind=bank",
        f"/alliance/{a}/units/?{cell}",
        f"/alliance/{a}/groups/",
        f"/units/{u}/",
        "/api/v1/public/alliances/",
        f"/api/v1/public/alliances/{a}/",
        f"/api/v1/public/alliances/{a}/units/",
        f"/api/v1/public/alliances/{a}/units/?{cell}",
        f"/api/v1/public/alliances/{a}/groups/",
        f"/api/v1/public/units/{u}/",
    ]


def read(client: Client, place: Place) -> dict[str, tuple[str, str]]:
    found = {}
    for address in addresses(place):
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        found[address] = (response.content.decode(), response.headers.get("ETag", ""))
    return found
