"""The shared warehouse of the demo: 临平's three hundred things, 大关's stations, and bookings at 城厢's desks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from members.models import MemberUnit
from members.services import create_alliance, create_unit, join_alliance
from people.models import Area, User
from people.states import Level
from portal.demo import cast
from portal.demo import warehouse_data as data
from resources import services
from resources.models import Resource
from resources.services.offering import ResourceFields
from resources.services.stocking import Stock, stock_resources

SPACE = UUID("2b8b1c0e-9d57-4a53-8c0e-5f6f6f1d2a77")
HALL, CHAIRS = "门诊楼学术报告厅（演示）", "帐篷（演示）"


def load_warehouse() -> None:
    """Everything, in bulk; what has a story goes through the services the desks use."""
    load_linping(User.objects.get(username="panyi"))
    load_stations(data.DAGUAN, data.STATIONS, User.objects.get(username="luodan"), centres=True)
    load_stations(cast.CHENGXIANG, data.HOME, User.objects.get(username="zhoumin"), centres=False)
    load_chengxiang()


def load_linping(by: User) -> list[Resource]:
    """Four classes, 310 things of 31 communities: every second one is given by an invented unit."""
    street = Area.objects.get(pk=data.LINPING)
    units = _units(street)
    stocks = []
    for place, community in enumerate(_communities(street.pk)):
        short = community.name.removesuffix("社区")
        for row, sort in enumerate(data.sorts_for(place)):
            number = 10 * place + row
            unit = _giver(units, sort, number // 2) if number % 2 else None
            stocks.append(_stock(sort, community.pk, f"{short}{sort.name}（演示）", unit))
    return stock_resources(by=by, street=street.pk, stocks=stocks)


def _giver(units: list[MemberUnit], sort: data.Sort, turn: int) -> MemberUnit:
    """One that could give it, in turn: no school cuts hair."""
    fitting = [unit for unit in units if unit.kind in data.GIVEN_BY.get(sort.kind, (unit.kind,))]
    return fitting[turn % len(fitting)]


def _units(street: Area) -> list[MemberUnit]:
    alliance = create_alliance(
        area=street,
        name="临平街道党建联盟（演示）",
        office_name="党群服务中心",
        intro="演示：共享仓里四类资源，平时办活动，急时集合力量。",
        by=None,
    )
    found = []
    for n in range(data.UNITS):
        kind, word = data.UNIT_KINDS[n % len(data.UNIT_KINDS)]
        unit = create_unit(name=f"临平{word}{n + 1:02}（演示）", kind=kind, area=street, is_public=True, by=None)
        join_alliance(alliance=alliance, unit=unit, by=None)
        found.append(unit)
    return found


def _communities(street: str) -> list[Area]:
    return list(Area.objects.filter(parent=street, level=Level.COMMUNITY).order_by("code"))


def _stock(sort: data.Sort, area: str, name: str, unit: MemberUnit | None) -> Stock:
    typed: ResourceFields = {
        "kind": sort.kind,
        "name": name,
        "words": sort.words,
        "for_people": sort.for_people,
        "asks_first": unit is not None,
        "emergency": sort.emergency,
    }
    if data.MEASURE.get(sort.kind) == data.V:
        typed["capacity"] = sort.number
    else:
        typed["quantity"] = sort.number
    if sort.kind in ("equipment", "supplies", "books"):
        typed["longest_minutes"] = 7 * 1440
    return Stock(uuid5(SPACE, name), area, typed, unit.pk if unit else None, sort.hours)


def load_stations(street: str, stations: Iterable[data.Station], by: User, *, centres: bool) -> None:
    """The stations, each community's own centre with them, then the rooms in them."""
    names = {area.pk: area.name for area in _communities(street)}
    wanted = [(f"{street}{one.community}", one, f"{one.name}（演示）") for one in stations]
    if centres:
        wanted += [(code, data.CENTRE, f"{name}{data.CENTRE.name}（演示）") for code, name in names.items()]
    made = stock_resources(by=by, street=street, stocks=[_station(*line) for line in wanted])
    rooms = [
        _room(room, code, station)
        for station, (code, one, _name) in zip(made, wanted, strict=True)
        for room in one.rooms
    ]
    stock_resources(by=by, street=street, stocks=rooms)


def _station(code: str, one: data.Station, name: str) -> Stock:
    typed: ResourceFields = {
        "kind": one.kind,
        "name": name,
        "address": f"演示路{int(code[-3:])}号",
        "words": one.words,
        "aliases": list(one.aliases),
        "conditions": one.conditions,
        "for_people": True,
    }
    return Stock(uuid5(SPACE, f"{code} {name}"), code, typed, hours=one.hours)


def _room(room: data.Room, code: str, station: Resource) -> Stock:
    typed: ResourceFields = {
        "kind": room.kind,
        "name": f"{room.name}（演示）",
        "floor": room.floor,
        "capacity": room.capacity,
        "within": station.pk,
        "for_people": True,
        "asks_first": False,
    }
    return Stock(uuid5(SPACE, f"{station.pk} {room.name}"), code, typed)


def load_chengxiang() -> None:
    """What two units give, and who has asked for it: one waits for an answer, one stands, one is the unit's own."""
    worker, office = User.objects.get(username="xujia"), User.objects.get(username="zhoumin")
    stocks = [_offered(*line) for line in data.OFFERS]
    found = {row.name: row for row in stock_resources(by=office, street=cast.CHENGXIANG, stocks=stocks)}
    community = services.Booker(office=cast.WANSHOUQIAO)
    _book(found[HALL], worker, 6, "居民健康讲座", community, people=60)
    _book(found[CHAIRS], worker, 4, "邻里市集", community, quantity=2)
    seat = User.objects.get(username=cast.LIAISONS[1][0])
    water = MemberUnit.objects.get(name=cast.LIAISONS[1][2])
    hall = Resource.objects.get(name="三楼多功能厅（演示）", area=cast.WANSHOUQIAO)
    _book(hall, seat, 5, "用水安全课", services.Booker(unit=water.pk), people=40)
    _note_uses(office)


def _note_uses(office: User) -> None:
    """The log of what was used, as somebody of the office noted it down."""
    for name, days, people, words in data.USED:
        row = Resource.objects.get(name=f"{name}（演示）", area__code__startswith=cast.CHENGXIANG)
        day = timezone.localdate() - timedelta(days=days)
        key = uuid5(SPACE, f"{name} {days}")
        services.note_use(client_key=key, by=office, resource=row.pk, day=day, people=people, words=words)


def _offered(unit: str, kind: str, name: str, words: str, number: int) -> Stock:
    giver = MemberUnit.objects.get(name=unit)
    sort = data.Sort(kind, name, words, number, ())
    return _stock(sort, cast.CHENGXIANG, f"{name}（演示）", giver)


def _book(
    row: Resource,
    by: User,
    days: int,
    purpose: str,
    booker: services.Booker,
    *,
    people: int | None = None,
    quantity: int = 1,
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    starts = timezone.make_aware(datetime.combine(day, time(14)))
    services.book(
        client_key=uuid5(SPACE, purpose),
        by=by,
        resource=row.pk,
        starts=starts,
        ends=starts + timedelta(hours=2),
        purpose=f"{purpose}（演示）",
        booker=booker,
        people=people,
        quantity=quantity,
    )
