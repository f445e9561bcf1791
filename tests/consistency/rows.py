"""Rows of the world in which every address has something to show: one function per kind of thing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from claims.models import Claim
from claims.services import claim_offer, publish_offer
from members.models import Alliance, BodyKind, MemberUnit, SeatOffer, UnitMerge
from members.services import (
    create_brand,
    create_building,
    create_cultivation,
    create_organisation,
    list_organisation,
    offer_seat,
)
from members.services.bodies import create_body
from members.services.body_seats import add_body_seat
from members.services.figures import add_figure
from members.services.merging import merge_units
from members.services.party import Entry
from members.states import PartyKind
from needs.models import Answer, Errand
from needs.services.answers import answer_need
from needs.services.assigning import assign_need
from needs.services.errands import publish_errand
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.services.list_filling import ALL, Typed, fill_lists
from needs.services.list_rounds import open_round
from needs.states import Outcome
from people.models import User
from points.services.awarding import award
from points.services.correcting import ask_correction
from points.services.redeeming import redeem
from points.services.rewards import Draft, add_reward
from points.services.rules import rule_on
from points.services.verifying import verify
from resources.services import Booker, book, offer_resource, pause_booking
from tests.cast import Street, say_need
from tests.resources.things import missed_once


def sitting(here: Street, alliance: Alliance) -> dict[str, Any]:
    """A body of the street with somebody in it, and a figure of its alliance."""
    kind = BodyKind.objects.get(key="secretariat")
    body = create_body(kind=kind, name="秘书处", area=here.street, alliance=alliance, by=None)
    figure = add_figure(alliance=alliance.pk, by=None, label="首批联盟单位", value="28家", source="演示来源")
    seat = add_body_seat(pk=body.pk, by=None, role="成员", name="演示甲")
    return {"members/body": body, "members/bodykind": kind, "members/bodyseat": seat, "members/figure": figure}


def described(here: Street, unit: MemberUnit) -> dict[str, Any]:
    """A building, a brand, a party organisation of the unit and a list it is on."""
    name, kind = "中医院党支部", PartyKind.BRANCH
    branch = create_organisation(entry=Entry(name=name, kind=kind, area=here.home, unit=unit), by=None)
    cultivation = create_cultivation(area=here.street, name="过硬支部培育", year=2026, by=None)
    list_organisation(pk=cultivation.pk, organisation=branch, by=None)
    return {
        "members/building": create_building(area=here.home, name="汇金大厦", by=None),
        "members/brand": create_brand(area=here.home, name="军民一家", by=None),
        "members/partyorganisation": branch,
        "members/cultivation": cultivation,
    }


def asked_to_sit(here: Street, unit: MemberUnit) -> SeatOffer:
    """Somebody who is asked to be the unit's second liaison."""
    asked = {"name": "王明", "phone": "13900000001", "is_second": True}
    return offer_seat(unit_id=unit.pk, by=here.party_office, **asked)


def merged(here: Street) -> UnitMerge:
    """Two rows of one unit that were made one."""
    rows = [MemberUnit.objects.create(name=name, kind="other", area=here.street) for name in ("小河书店", "小河书屋")]
    return merge_units(kept_id=rows[0].pk, gone_id=rows[1].pk, by=here.party_office)


def claimed(here: Street, unit: MemberUnit) -> Claim:
    """Something of 万寿桥社区 that the street's unit has in hand, with a share left."""
    said = {"kind": "thing", "subject": "thing:1", "label": "XY-1", "title": "一床厚被子"}
    offer = publish_offer(area=here.home, shares=2, **said)
    return claim_offer(offer_id=offer.pk, by=here.liaison, client_key=uuid4(), unit_id=unit.pk)


def errand(here: Street, unit: MemberUnit) -> Errand:
    """An errand nobody has taken, for a need with which the unit has been asked to help."""
    need = say_need(here.home)
    by, typed = here.worker, {"what": "买一瓶眼药水", "where": "湘湖路小区", "handover": "9幢502"}
    # Tomorrow at whatever hour this runs: what is due today stands elsewhere in the queue, and asks for more.
    tomorrow = timezone.now() + timedelta(days=1)
    errand = publish_errand(need_pk=need.pk, by=by, version=None, client_key=uuid4(), deliver_by=tomorrow, **typed)
    assign_need(pk=need.pk, by=by, to_unit_id=unit.pk, why="请医院帮忙看一眼")
    return errand


def answered(here: Street) -> Answer:
    """What a resident said of a need that was done."""
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.worker)
    finish_need(pk=need.pk, by=here.worker, words="灯换好了。")
    return answer_need(token=need.link_token, outcome=Outcome.SOLVED)


def booked(here: Street) -> dict[str, Any]:
    """A hall of the community, booked by its office; the street's unit books nothing for a while."""
    said = {"kind": "meeting-room", "name": "三楼多功能厅", "capacity": 60, "asks_first": False}
    hall = offer_resource(client_key=uuid4(), by=here.party_office, area=here.home.pk, **said)
    day = timezone.localdate() + timedelta(days=3)
    starts = timezone.make_aware(datetime.combine(day, time(9)))
    booking = book(
        client_key=uuid4(),
        by=here.worker,
        resource=hall.pk,
        starts=starts,
        ends=starts + timedelta(hours=2),
        purpose="开居民议事会",
        booker=Booker(office=here.home.pk),
    )
    unit = MemberUnit.objects.get(seats__user=here.liaison)
    missed_once(here, unit=unit)
    pause = pause_booking(street=here.street, by=here.party_office, unit=unit, why="约了三次没来")
    kept = {"resources/resourcekind": hall.kind, "resources/pause": pause}
    return {"resources/resource": hall, "resources/booking": booking, **kept}


def listed(here: Street, alliance: Alliance) -> dict[str, Any]:
    """This year's two lists, in which the street's unit has said what it needs."""
    today = timezone.localdate()
    last_day = today + timedelta(days=20)
    row = open_round(alliance=alliance.pk, by=here.clerk, year=today.year, title="今年两张清单", last_day=last_day)
    unit, wish = MemberUnit.objects.get(seats__user=here.liaison), Typed(key=uuid4(), side="need", what="请人教剪纸")
    lists = fill_lists(round_pk=row.pk, unit_id=unit.pk, by=here.liaison, lines=[wish], send=ALL)
    return {"needs/listround": row, "needs/unitlists": lists, "needs/listline": lists.lines.get()}


def thanked(here: Street, who: User) -> dict[str, Any]:
    """Points of a resident, of which some are on hold for a haircut and one is doubted; the books, checked."""
    said: dict[str, Any] = {"person": who, "area_code": here.home.pk, "label": "跑腿：买一瓶眼药水"}
    given = award(source="world:1", amount=200, **said)
    assert given is not None
    draft = Draft(name="理发", sort="service", points=10)
    reward = add_reward(client_key=uuid4(), by=here.worker, area=here.home.pk, draft=draft)
    held = redeem(reward=reward.pk, by=who, price=reward.price, client_key=uuid4())
    own = given.account
    doubted = ask_correction(by=who, account=own.pk, client_key=uuid4(), words="多记了", transfer=given.pk)
    verify()
    found = {"points/account": own, "points/transfer": given, "points/reward": reward}
    found["points/rule"] = rule_on()
    return {**found, "points/redemption": held, "points/correction": doubted}
