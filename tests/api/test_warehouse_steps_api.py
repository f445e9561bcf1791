"""Everything the pages do with a resource and its bookings is done over the API: one story through all the steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from resources import services
from resources.defaults import load_defaults
from resources.models import Booking, Pause, Resource
from resources.states import Appeal, BookingState, ResourceState
from tests.api.calls import post, problem
from tests.api.test_warehouse_api import BOOKINGS, RESOURCES, wanted
from tests.cast import Cast, Street, api_of, say_need
from tests.claims.things import alliance_of, another_unit, unit_of
from tests.files.pictures import photo, upload
from tests.resources.things import at, given_by_unit, in_days, resource_in

pytestmark = pytest.mark.django_db
API = "/api/v1/"
RULE = "rule_broken"


class Thing:
    """A resource or a booking as one person after another goes on with it; each call sends the newest version."""

    def __init__(self, path: str, row: Any) -> None:
        self.path, self.row = path, row

    def take(self, person: Any, step: str, **more: Any) -> Any:
        self.row.refresh_from_db()
        return post(api_of(person), f"{self.path}{self.row.pk}/{step}/", {"version": self.row.version, **more})

    def took(self, person: Any, step: str, **more: Any) -> dict[str, Any]:
        answer = self.take(person, step, **more)
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found


def _offered(here: Street, key: str, **more: Any) -> Thing:
    sent = {
        "client_key": str(uuid4()),
        "area": here.home.pk,
        "unit": unit_of(here).pk,
        "kind": "meeting-room",
        "name": "三楼多功能厅",
        "capacity": 60,
        "hold_key": key,
        **more,
    }
    answer = post(api_of(here.liaison), RESOURCES, sent)
    assert answer.status_code == 201, answer.content.decode()
    return Thing(RESOURCES, Resource.objects.get(pk=answer.json()["id"]))


def _held(person: Any, key: str, name: str = "厅.jpg") -> None:
    body = {"hold_key": key, "photo": upload(photo(), name)}
    assert api_of(person).post(f"{API}photos/", body, format="multipart").status_code == 201


def test_a_unit_offers_with_photos_the_street_sends_back_and_approves(cast: Cast) -> None:
    here, key = cast.chengxiang, str(uuid4())
    alliance_of(here)
    load_defaults()
    _held(here.liaison, key)
    _held(here.worker, stolen := str(uuid4()))
    hall = _offered(here, key, emergency=True, most_a_month=4)
    shown = api_of(here.clerk).get(f"{RESOURCES}{hall.row.pk}/").json()
    assert (len(shown["photos"]), shown["emergency"], shown["most_a_month"]) == (1, True, 4)
    got = api_of(here.clerk).get(shown["photos"][0]["url"])
    assert (got.status_code, got["Content-Type"]) == (200, "image/jpeg")
    assert api_of(cast.xiasha.worker).get(shown["photos"][0]["url"]).status_code == 404
    problem(hall.take(here.liaison, "approve"), 403, "not_allowed")
    assert "words" in problem(hall.take(here.party_office, "refuse"), 400, "invalid")["fields"]
    back = hall.took(here.party_office, "refuse", words="请写清能不能放投影")
    assert (back["state"], back["stopped_why"]) == (ResourceState.STOPPED, "请写清能不能放投影")
    again = hall.took(here.liaison, "ask-again")
    assert again["state"] == ResourceState.TO_APPROVE
    mine = again["photos"][0]["id"]
    changed = hall.took(here.liaison, "edit", words="可以放投影", hold_key=stolen, drop_photos=[mine])
    assert (changed["words"], changed["capacity"], changed["photos"]) == ("可以放投影", 60, [])
    stale = {"version": hall.row.version, "words": "晚了一步"}
    problem(post(api_of(here.liaison), f"{RESOURCES}{hall.row.pk}/edit/", stale), 409, "conflict")
    assert hall.took(here.party_office, "approve")["state"] == ResourceState.USABLE


def test_hours_closed_days_parts_and_stopping(cast: Cast) -> None:
    here = cast.chengxiang
    room, office = Thing(RESOURCES, given_by_unit(here)), here.home.pk
    week = [{"weekday": day, "opens": "09:00", "closes": "24:00"} for day in range(1, 8)]
    assert room.took(here.liaison, "hours", hours=week)["hours"][6] == week[6]
    overlap = [*week, {"weekday": 1, "opens": "10:00", "closes": "11:00"}]
    assert "hours" in problem(room.take(here.liaison, "hours", hours=overlap), 400, "invalid")["fields"]
    wrong = [{"weekday": 1, "opens": "9点", "closes": "25:00"}]
    assert "hours" in problem(room.take(here.liaison, "hours", hours=wrong), 400, "invalid")["fields"]
    path = f"{RESOURCES}{room.row.pk}/book/"
    booked = post(api_of(here.worker), path, wanted(office=office))
    assert booked.status_code == 201
    day = {"starts_on": str(in_days(3)), "ends_on": str(in_days(4)), "why": "检修"}
    assert "1" in problem(room.take(here.liaison, "close", **day), 409, RULE)["message"]
    closed = room.took(here.liaison, "close", **day, call_off=True)["closures"]
    assert [one["why"] for one in closed] == ["检修"]
    assert Booking.objects.get().state == BookingState.CANCELLED
    assert "检修" in str(problem(post(api_of(here.worker), path, wanted(office=office)), 400, "invalid")["fields"])
    assert room.took(here.liaison, "open-again", closure=closed[0]["id"])["closures"] == []
    one, two = (resource_in(here, unit=unit_of(here), name=name) for name in ("东间", "西间"))
    assert room.took(here.liaison, "parts", parts=[one.pk, two.pk])["parts"] == [one.pk, two.pk]
    assert "parts" in problem(room.take(here.liaison, "parts", parts=[10**9]), 400, "invalid")["fields"]
    need = say_need(here.home)
    again = post(api_of(here.worker), path, wanted(office=office, subject=f"need:{need.pk}")).json()
    assert Booking.objects.get(pk=again["id"]).subject_label == need.number
    strange = wanted(office=office, subject=f"need:{say_need(cast.xiasha.home).pk}")
    assert "subject" in problem(post(api_of(here.worker), path, strange), 400, "invalid")["fields"]
    part = f"{RESOURCES}{one.pk}/book/"
    assert problem(post(api_of(here.worker), part, wanted(office=office)), 409, "conflict")["message"]
    assert "call_off" in problem(room.take(here.clerk, "stop", words="要装修"), 400, "invalid")["fields"]
    assert room.took(here.clerk, "stop", words="要装修", call_off=True)["stopped_why"] == "要装修"
    assert Booking.objects.get(pk=again["id"]).state == BookingState.CANCELLED
    assert room.took(here.party_office, "resume")["state"] == ResourceState.USABLE


def _asked(here: Street, liaison: Any, unit: Any, hall: Resource) -> Thing:
    answer = post(api_of(liaison), f"{RESOURCES}{hall.pk}/book/", wanted(unit=unit.pk))
    assert (answer.status_code, answer.json()["state"]) == (201, BookingState.ASKED)
    return Thing(BOOKINGS, Booking.objects.get(pk=answer.json()["id"]))


def _begins(booking: Thing) -> None:
    now = timezone.now()
    rows = Booking.objects.filter(pk=booking.row.pk)
    rows.update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))


def test_a_booking_is_answered_handed_over_and_given_back(cast: Cast) -> None:
    here = cast.chengxiang
    hall, (unit, asker) = given_by_unit(here, asks_first=True), another_unit(here)
    booking = _asked(here, asker, unit, hall)
    problem(booking.take(asker, "approve"), 403, "not_allowed")
    assert booking.took(here.liaison, "refuse", words="那天要开会")["events"][-1]["words"] == "那天要开会"
    problem(booking.take(here.liaison, "approve"), 409, RULE)
    booking = _asked(here, asker, unit, hall)
    assert booking.took(here.liaison, "approve")["state"] == BookingState.BOOKED
    problem(booking.take(here.liaison, "hand-over"), 409, RULE)
    _begins(booking)
    assert booking.took(here.liaison, "hand-over")["handed_at"]
    problem(booking.take(asker, "cancel"), 409, RULE)
    end = {"people": 40, "client_key": str(uuid4())}
    assert (
        "people" in problem(booking.take(here.liaison, "take-back", **{**end, "people": -1}), 400, "invalid")["fields"]
    )
    assert booking.took(here.liaison, "take-back", **end)["state"] == BookingState.USED
    note = {"client_key": str(uuid4()), "day": str(in_days(0)), "people": 3, "words": "参观"}
    path = f"{RESOURCES}{hall.pk}/uses/"
    assert [post(api_of(here.liaison), path, note).status_code for _twice in range(2)] == [201, 201]
    uses = api_of(here.liaison).get(path).json()["results"]
    assert sorted(row["people"] for row in uses) == [3, 40]
    assert api_of(asker).get(path).json()["results"] == []
    problem(post(api_of(asker), path, {**note, "client_key": str(uuid4())}), 403, "not_allowed")
    shown = api_of(asker).get(f"{RESOURCES}{hall.pk}/").json()
    assert (shown["used_times"], shown["used_people"]) == (2, 43)


def test_who_did_not_come_may_say_why_and_may_be_paused(cast: Cast) -> None:
    here = cast.chengxiang
    hall, (unit, asker) = given_by_unit(here), another_unit(here)
    answer = post(api_of(asker), f"{RESOURCES}{hall.pk}/book/", wanted(unit=unit.pk))
    booking = Thing(BOOKINGS, Booking.objects.get(pk=answer.json()["id"]))
    _begins(booking)
    assert booking.took(here.clerk, "no-show")["state"] == BookingState.NO_SHOW
    assert booking.took(asker, "appeal", words="门锁着")["appeal"] == Appeal.ASKED
    problem(booking.take(here.clerk, "decide", excused=True), 403, "not_allowed")
    problem(booking.take(here.liaison, "decide", excused=True), 403, "not_allowed")
    assert booking.took(here.party_office, "decide", excused=False, words="约了三回")["appeal"] == Appeal.UPHELD
    path = f"{BOOKINGS}{booking.row.pk}/pause/"
    for person in (here.liaison, here.worker):
        problem(post(api_of(person), path, {"why": "几次不来"}), 403, "not_allowed")
    made = post(api_of(here.party_office), path, {"why": "几次不来"})
    assert (made.status_code, made.json()["who"], made.json()["unit"]) == (201, unit.name, unit.pk)
    refused = problem(post(api_of(asker), f"{RESOURCES}{hall.pk}/book/", wanted(unit=unit.pk)), 409, RULE)
    assert "几次不来" in refused["message"]
    assert len(api_of(asker).get(f"{API}pauses/").json()["results"]) == 1
    assert api_of(here.liaison).get(f"{API}pauses/").json()["results"] == []
    lift = f"{API}pauses/{Pause.objects.get().pk}/lift/"
    problem(post(api_of(asker), lift, {}), 403, "not_allowed")
    problem(post(api_of(here.liaison), lift, {}), 404, "not_found")
    assert post(api_of(here.party_office), lift, {}).json()["lifted_at"]


def test_the_street_turns_to_emergency_and_back(cast: Cast) -> None:
    here = cast.chengxiang
    hall = resource_in(here, emergency=True)
    path = f"{RESOURCES}mode/"
    (now,) = api_of(here.worker).get(path).json()
    assert (now["street"], now["emergency"], now["may_change"]) == (here.street.pk, False, False)
    turn = {"street": here.street.pk, "emergency": True, "why": "台风", "version": now["version"]}
    problem(post(api_of(here.worker), path, turn), 403, "not_allowed")
    problem(post(api_of(cast.xiasha.party_office), path, turn), 403, "not_allowed")
    assert post(api_of(here.leader), path, turn).json()["emergency"] is True
    problem(post(api_of(here.leader), path, {**turn, "emergency": False}), 409, "conflict")
    book = f"{RESOURCES}{hall.pk}/book/"
    refused = problem(post(api_of(here.worker), book, wanted(office=here.home.pk)), 409, RULE)
    assert "战时" in refused["message"]
    assert services.free_on(hall, in_days(3)).taken == ()
    assert post(api_of(here.party_office), book, wanted(office=here.home.pk)).status_code == 201
    assert at(in_days(3), 14) == Booking.objects.get().starts
