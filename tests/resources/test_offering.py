"""A resource from the offer to the shelf and off it again, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from notifications.models import Message
from resources import services
from resources.defaults import KINDS, load_defaults
from resources.models import Resource, ResourceKind
from resources.permissions import resource_abilities
from resources.states import BookingState, Form, ResourceState, ResourceVerb
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import alliance_of, another_unit, unit_of
from tests.resources.things import at, book, given_by_unit, in_days, resource_in


def test_twenty_kinds_in_six_groups_and_the_stations(cast: Cast) -> None:
    load_defaults()
    load_defaults()
    sorts = ResourceKind.objects.sorts()
    assert sorts.exclude(parent__key="stations").count() == 20
    assert ResourceKind.objects.headings().count() == len(KINDS) == 7
    assert sorts.filter(key="haircut", form=Form.VISIT, parent__name="服务").exists()


def test_a_unit_offers_the_street_approves_and_both_are_told(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    found = resource_in(here, by=here.liaison, unit=unit_of(here), kind="clinic", name="每月义诊", capacity=None)
    assert (found.state, found.number[:6]) == (ResourceState.TO_APPROVE, "ZY-CX-")
    asked = Message.objects.filter(rule="resources.ResourceToApprove").values_list("recipient_key", flat=True)
    assert f"u:{here.party_office.pk}" in asked
    assert not Resource.objects.public().exists()
    with pytest.raises(NotAllowed):
        services.approve_resource(pk=found.pk, by=fresh(here.liaison), version=found.version)
    services.approve_resource(pk=found.pk, by=fresh(here.party_office), version=found.version)
    assert Resource.objects.public().get() == found
    told = Message.objects.filter(rule="resources.ResourceApproved", recipient_key=f"u:{here.liaison.pk}")
    assert told.exists()


def test_what_the_public_reads_goes_back_to_the_street_the_rest_does_not(cast: Cast) -> None:
    here = cast.chengxiang
    room = given_by_unit(here)
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=room.version, buffer_minutes=30)
    room.refresh_from_db()
    assert (room.state, room.buffer_minutes, room.name) == (ResourceState.USABLE, 30, "三楼多功能厅")
    with pytest.raises(Conflict):
        services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=1, name="礼堂")
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, name="礼堂")
    room.refresh_from_db()
    assert (room.state, room.name) == (ResourceState.TO_APPROVE, "礼堂")
    services.approve_resource(pk=room.pk, by=fresh(here.party_office), version=None)
    services.edit_resource(pk=room.pk, by=fresh(here.party_office), version=None, name="大礼堂")
    room.refresh_from_db()
    assert room.state == ResourceState.USABLE


def test_refused_with_words_mended_and_sent_again(cast: Cast) -> None:
    here = cast.chengxiang
    room = resource_in(here, by=here.liaison, unit=unit_of(here) if alliance_of(here) else None)
    with pytest.raises(Invalid):
        services.refuse_resource(pk=room.pk, by=fresh(here.party_office), version=None, words="  ")
    services.refuse_resource(pk=room.pk, by=fresh(here.party_office), version=None, words="请写清几楼")
    room.refresh_from_db()
    assert (room.state, room.stopped_why) == (ResourceState.STOPPED, "请写清几楼")
    desk, edit = browser_of(here.liaison), reverse("desk:resource_edit", args=[room.pk])
    text = desk.get(reverse("desk:resource", args=[room.pk])).content.decode()
    assert edit in text and "改好了，重新送审" in text
    typed = {"name": room.name, "capacity": 60, "whom": "units", "is_public": "on", "floor": "3楼"}
    sent = desk.post(edit, {**typed, "version": room.version, "client_key": uuid4(), "hold_key": uuid4()})
    assert sent.status_code == 302
    room.refresh_from_db()
    assert (room.state, room.floor, room.stopped_why) == (ResourceState.STOPPED, "3楼", "请写清几楼")
    services.ask_again(pk=room.pk, by=fresh(here.liaison), version=None)
    room.refresh_from_db()
    assert (room.state, room.stopped_why) == (ResourceState.TO_APPROVE, "")


def test_refused_after_a_change_it_keeps_nobodys_booking(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    room = given_by_unit(here)
    unit, liaison = another_unit(here)
    booking = book(liaison, room, at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, name="礼堂")
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED
    services.refuse_resource(pk=room.pk, by=fresh(here.party_office), version=None, words="不合适")
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert booking.events.latest("pk").words == "不合适"
    told = Message.objects.filter(recipient_key=f"u:{liaison.pk}", channel="inapp")
    assert told.filter(rule="resources.BookingCalledOff").count() == 1


def test_a_second_tap_offers_nothing_twice(cast: Cast) -> None:
    here = cast.chengxiang
    load_defaults()
    said: dict[str, Any] = {
        "client_key": uuid4(),
        "by": fresh(here.worker),
        "area": here.home.pk,
        "kind": "meeting-room",
        "name": "会客厅",
        "capacity": 10,
    }
    first, again = (services.offer_resource(**said) for _tap in range(2))
    assert (first.pk, first.just_made, again.just_made) == (again.pk, True, False)
    with pytest.raises(Conflict):
        services.offer_resource(**{**said, "name": "另一间"})


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("kind", {"kind": "nonsense"}),
    ("kind", {"kind": "venue"}),
    ("name", {"name": " "}),
    ("name", {"name": "厅" * 61}),
    ("capacity", {"capacity": None}),
    ("capacity", {"capacity": -1}),
    ("quantity", {"quantity": 2}),
    ("quantity", {"kind": "equipment", "quantity": 0}),
    ("buffer_minutes", {"buffer_minutes": 241}),
    ("longest_minutes", {"longest_minutes": 1441}),
    ("for_units", {"for_units": False, "for_people": False}),
    ("until", {"until": timezone.localdate() - timedelta(days=2)}),
    ("serves", {"serves": "330114001"}),
    ("within", {"within": 999_999}),
    ("aliases", {"aliases": [f"叫法{n}" for n in range(11)]}),
]


@pytest.mark.parametrize(("field", "typed"), WRONG)
def test_what_is_typed_wrong_is_said_beside_its_field(cast: Cast, field: str, typed: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        resource_in(cast.chengxiang, **typed)
    assert set(refused.value.fields) == {field}
    assert not Resource.objects.exists()


def test_a_suspended_unit_and_a_foreign_one_offer_nothing(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    alliance_of(here)
    unit, liaison = another_unit(here)
    unit.suspended_at = timezone.now()
    unit.save(update_fields=["suspended_at"])
    with pytest.raises(RuleBroken):
        resource_in(here, by=liaison, unit=unit)
    with pytest.raises(NotFound):
        resource_in(here, by=there.liaison, unit=unit_of(there))
    with pytest.raises(NotAllowed):
        resource_in(here, by=there.worker)


def test_an_offer_ends_with_its_day(cast: Cast) -> None:
    room = resource_in(cast.chengxiang, until=in_days(0))
    assert Resource.objects.usable().filter(pk=room.pk).exists()
    Resource.objects.filter(pk=room.pk).update(until=in_days(-1))
    assert not Resource.objects.usable().exists()


PEOPLE = ("liaison", "worker", "party_office", "leader", "system_admin")
STEPS: dict[str, Any] = {
    ResourceVerb.APPROVE: services.approve_resource,
    ResourceVerb.REFUSE: lambda **said: services.refuse_resource(**said, words="不合适"),
    ResourceVerb.STOP: lambda **said: services.stop_resource(**said, words="装修"),
    ResourceVerb.RESUME: services.resume_resource,
    ResourceVerb.ASK_AGAIN: services.ask_again,
}


TARGETS = {
    ResourceVerb.APPROVE: ResourceState.USABLE,
    ResourceVerb.REFUSE: ResourceState.STOPPED,
    ResourceVerb.STOP: ResourceState.STOPPED,
    ResourceVerb.RESUME: ResourceState.USABLE,
    ResourceVerb.ASK_AGAIN: ResourceState.TO_APPROVE,
}
OPEN: dict[tuple[str, str], set[str]] = {
    (ResourceState.TO_APPROVE, "liaison"): {ResourceVerb.STOP},
    (ResourceState.TO_APPROVE, "worker"): {ResourceVerb.STOP},
    (ResourceState.TO_APPROVE, "party_office"): {ResourceVerb.APPROVE, ResourceVerb.REFUSE, ResourceVerb.STOP},
    (ResourceState.USABLE, "liaison"): {ResourceVerb.STOP, ResourceVerb.ASK_AGAIN},
    (ResourceState.USABLE, "worker"): {ResourceVerb.STOP},
    (ResourceState.USABLE, "party_office"): {ResourceVerb.STOP},
    (ResourceState.STOPPED, "liaison"): {ResourceVerb.ASK_AGAIN},
    (ResourceState.STOPPED, "worker"): {ResourceVerb.ASK_AGAIN},
    (ResourceState.STOPPED, "party_office"): {ResourceVerb.ASK_AGAIN, ResourceVerb.RESUME},
}
"""What is open to whom, of a thing a unit gives; to everybody else nothing."""


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("state", list(ResourceState))
def test_every_step_in_every_state_by_everybody_is_as_the_table_says(cast: Cast, state: str, person: str) -> None:
    """What the buttons offer is what the services do; everything else is refused with a sentence."""
    here = cast.chengxiang
    room, user = given_by_unit(here), fresh(getattr(here, person))
    for verb, step in STEPS.items():
        waits = timezone.now() if state == ResourceState.TO_APPROVE else None
        Resource.objects.filter(pk=room.pk).update(state=state, waiting_since=waits)
        row = Resource.objects.get(pk=room.pk)
        may = verb in OPEN.get((state, person), set())
        assert (verb in resource_abilities(user, row)) is may
        if may:
            assert step(pk=room.pk, by=user, version=row.version).state == TARGETS[verb]  # type: ignore[index]
        else:
            with pytest.raises(DomainError) as refused:
                step(pk=room.pk, by=user, version=row.version)
            assert str(refused.value.message)
            assert Resource.objects.get(pk=room.pk).state == state
