"""The four alliances of the demo: 城厢 as published, 下沙 with sub-alliances, 北山's matrix, 滨江 by building."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from members.models import Alliance, Body, BodyKind, Membership, MemberUnit
from members.services import create_alliance, create_unit, join_alliance, seat_liaison
from members.services.bodies import create_body
from members.services.body_seats import add_body_seat
from members.services.brands import create_brand
from members.services.buildings import create_building
from members.services.figures import add_figure
from members.services.party import Entry, create_organisation
from members.services.placing import Cell, Move, place_members
from members.services.profile import place_unit
from members.states import PartyKind
from people.models import Area
from people.services.accounts import create_user
from people.services.areas import import_areas, read_csv
from portal.demo import alliance_data as data
from portal.demo import cast

AREAS = Path(__file__).with_name("alliance_areas.csv")


def load_more_areas() -> None:
    """Four further streets with the communities the demo needs; residents cannot choose them. Grids by building."""
    import_areas(read_csv(AREAS), served=False)
    grids = [
        {"code": f"{data.IOT}-{n:03}", "name": f"第{n}网格", "level": "grid", "parent_code": data.IOT}
        for n in range(1, data.BJ_GRIDS + 1)
    ]
    import_areas(grids, served=False)


def load_alliances() -> None:
    """All four, each through the services the register uses."""
    load_chengxiang()
    load_xiasha()
    load_beishan()
    load_binjiang()


def load_chengxiang() -> None:
    """The 平常心 alliance with its published units, the parties of its agreements, and two invented liaisons."""
    founded, street = date(2020, 7, 13), Area.objects.get(pk=cast.CHENGXIANG)
    alliance = create_alliance(
        area=street,
        name="城厢街道“平常心”党建联盟",
        brand="平常心",
        office_name="城厢街道党建联盟服务中心",
        founded_on=founded,
        principles="\n".join(data.CX_PRINCIPLES),
        by=None,
    )
    for name, kind in (*cast.UNITS, cast.BARBER, data.CX_TWIN, *data.CX_PARTIES):
        unit = create_unit(name=name, kind=kind, area=street, is_public=True, by=None)
        join_alliance(alliance=alliance, unit=unit, joined_on=founded, by=None)
    for username, name, unit_name, title in cast.LIAISONS:
        unit = MemberUnit.objects.get(name=unit_name)
        user = create_user(username=username, name=name, password=cast.PASSWORD, area=unit.area, is_demo=True)
        seat_liaison(unit=unit, user=user, title=title, by=None)
    _figures(alliance, data.CX_FIGURES)
    _bodies(alliance, data.CX_BODIES)


def load_xiasha() -> None:
    """聚沙: the joint committees of both levels, four platforms, twenty sub-alliances."""
    street = Area.objects.get(pk=cast.XIASHA)
    alliance = create_alliance(
        area=street,
        name="聚沙党建联盟",
        brand="聚沙",
        office_name="实体运作办公室",
        intro=data.XS_INTRO,
        principles="\n".join(data.XS_PRINCIPLES),
        by=None,
    )
    _figures(alliance, data.XS_FIGURES)
    name, kind = data.XS_UNIT
    join_alliance(alliance=alliance, unit=create_unit(name=name, kind=kind, area=street, by=None), by=None)
    street_kind, community_kind = _kind("street-committee"), _kind("community-committee")
    committee = create_body(
        kind=street_kind, name="下沙街道大工委", area=street, alliance=alliance, is_public=True, by=None
    )
    for place, platform in enumerate(data.XS_PLATFORMS):
        create_body(
            kind=_kind("platform"),
            name=platform,
            area=street,
            alliance=alliance,
            position=place,
            is_public=True,
            by=None,
        )
    communities = Area.objects.filter(parent=street, name__endswith="社区").exclude(name=data.XS_LEFT_OUT)
    for community in communities.order_by("code"):
        short = community.name.removesuffix("社区")
        create_alliance(area=community, name=f"{short}社区党建子联盟", parent=alliance, by=None)
        create_body(kind=community_kind, name=f"{short}社区大党委", area=community, parent=committee, by=None)


def load_beishan() -> None:
    """The association of 北山: four groups by seven zones, conveners and contacts, 104 invented units."""
    street = Area.objects.get(pk=cast.BEISHAN)
    alliance = create_alliance(
        area=street,
        name="北山街道党建共建联合会",
        brand="幸福党建",
        office_name="秘书处",
        intro="2011年成立。成员单位按界别和片区编组；演示里的104家单位都是虚构的。",
        principles="\n".join(data.BS_PRINCIPLES),
        by=None,
    )
    _figures(alliance, data.BS_FIGURES)
    _bodies(alliance, data.BS_BODIES)
    communities = {area.name: area for area in Area.objects.filter(parent=street)}
    groups = [_headed("group", f"{name}组", street, alliance, "分管领导", "科室长") for name in data.BS_GROUPS]
    zones = [
        _headed("zone", f"{name}片区", communities[f"{name}社区"], alliance, "社区书记", "社工")
        for name in data.BS_ZONES
    ]
    memberships = [
        join_alliance(alliance=alliance, unit=unit, joined_on=date(2018, 1, 1), by=None)
        for unit in _invented_units(communities)
    ]
    _place(alliance, memberships, groups, zones)
    for community, name, feature in data.BS_BRANDS:
        create_brand(area=communities[community], name=name, feature=feature, by=None)


def load_binjiang() -> None:
    """Office buildings in eight grids, each with its party organisation, its building council and its manager."""
    street, community = Area.objects.get(pk=data.XIXING), Area.objects.get(pk=data.IOT)
    alliance = create_alliance(
        area=street, name="物联网产业社区党建联建", office_name="社区党委", intro=data.BJ_INTRO, by=None
    )
    _figures(alliance, data.BJ_FIGURES)
    council = create_body(
        kind=_kind("governance"), name="治理委员会", area=community, alliance=alliance, is_public=True, by=None
    )
    add_body_seat(pk=council.pk, by=None, role="主任", name="主任（演示）", title="社区书记")
    for n in range(1, data.BJ_COMMITTEE + 1):
        add_body_seat(pk=council.pk, by=None, role="委员", name=f"委员{n}（演示）")
    root = create_organisation(
        entry=Entry(name="物联网产业社区党委", kind=PartyKind.COMMITTEE, area=community, is_public=True), by=None
    )
    grids = list(Area.objects.filter(parent=community).order_by("code"))
    for grid in grids:
        create_organisation(
            entry=Entry(name=f"{grid.name}党支部", kind=PartyKind.BRANCH, area=grid, parent=root), by=None
        )
        create_body(kind=_kind("building"), name=f"{grid.name}楼委会", area=grid, alliance=alliance, by=None)
        create_body(kind=_kind("property"), name=f"{grid.name}物业（演示）", area=grid, alliance=alliance, by=None)
    _fill_buildings(alliance, grids)


def _fill_buildings(alliance: Alliance, grids: list[Area]) -> None:
    """44 buildings over the grids, and a company or two in the first of each grid."""
    for n in range(data.BJ_BUILDINGS):
        grid = grids[n % len(grids)]
        building = create_building(area=grid, name=f"{n + 1}号楼（演示）", floors=12 + n % 9, by=None)
        if n < 2 * len(grids):
            unit = create_unit(
                name=f"物联企业{n + 1:02}（演示）",
                kind="private_company",
                area=alliance.area,
                alliance=alliance,
                by=None,
            )
            place_unit(pk=unit.pk, by=None, building=building, floor=f"{3 + n % 8}层", grid=grid)


def _figures(alliance: Alliance, lines: Iterable[data.FigureLine]) -> None:
    for place, line in enumerate(lines):
        add_figure(
            alliance=alliance.pk,
            by=None,
            label=line.label,
            value=line.value,
            as_of=line.as_of,
            source=line.source,
            position=place,
        )


def _bodies(alliance: Alliance, lines: Iterable[data.BodyLine]) -> None:
    for place, line in enumerate(lines):
        create_body(
            kind=_kind(line.kind),
            name=line.name,
            area=alliance.area,
            alliance=alliance,
            intro=line.intro,
            position=place,
            is_public=True,
            by=None,
        )


def _headed(kind: str, name: str, area: Area, alliance: Alliance, convener: str, contact: str) -> Body:
    """A group or zone with its convener and contact."""
    body = create_body(kind=_kind(kind), name=name, area=area, alliance=alliance, is_public=True, by=None)
    add_body_seat(pk=body.pk, by=None, role="召集人", name=f"{name}召集人（演示）", title=convener)
    add_body_seat(pk=body.pk, by=None, role="联系人", name=f"{name}联系人（演示）", title=contact)
    return body


def _invented_units(communities: dict[str, Area]) -> Iterable[MemberUnit]:
    for n in range(data.BS_UNITS):
        kind, word = data.BS_KINDS[n % len(data.BS_KINDS)]
        zone = data.BS_ZONES[n % len(data.BS_ZONES)]
        name = f"{zone}{word}{n + 1:03}（演示）"
        yield create_unit(name=name, kind=kind, area=communities[f"{zone}社区"], is_public=True, by=None)


def _place(alliance: Alliance, memberships: list[Membership], groups: list[Body], zones: list[Body]) -> None:
    """Zone by zone, and after a round of the zones the next group: no cell stays empty."""
    place_members(
        alliance=alliance.pk,
        moves=[
            Move(one.pk, Cell(), Cell(groups[n // len(zones) % len(groups)].pk, zones[n % len(zones)].pk))
            for n, one in enumerate(memberships)
        ],
        by=None,
    )


def _kind(key: str) -> BodyKind:
    return BodyKind.objects.get(key=key)
