"""Who speaks for a unit, between which dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from members.models import Liaison, Membership
from members.services import end_seat, seat_liaison, seat_person, seats_of
from members.services.seats import LOOKUPS
from people.models import User
from people.services.accounts import create_user
from tests.cast import browser_of
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
PHONE = "138 0000 5678"


@pytest.fixture
def liaison(db: None) -> User:
    return person("lianluoyuan", None, None)


def test_a_seat_counts_from_its_first_day_until_before_its_last(twins: Twins, liaison: User) -> None:
    seat_liaison(
        unit=twins.here.unit,
        user=liaison,
        by=twins.here.clerk,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 6, 1),
    )
    held = {
        day: len(seats_of(liaison, day))
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1))
    }
    assert list(held.values()) == [0, 1, 1, 0]


def test_one_person_may_speak_for_several_units(twins: Twins, liaison: User) -> None:
    seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk, is_second=True)
    seat_liaison(unit=twins.shared, user=liaison, by=twins.there.clerk)
    assert [seat.unit for seat in seats_of(liaison)] == [twins.shared, twins.here.unit]


def test_a_unit_has_one_first_and_one_second_liaison_at_a_time(twins: Twins, liaison: User) -> None:
    colleague = person("tongshi", None, None)
    first = seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk)
    with pytest.raises(Invalid):
        seat_liaison(unit=twins.here.unit, user=colleague, by=twins.here.clerk)
    with pytest.raises(Invalid):
        seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk, is_second=True)
    seat_liaison(unit=twins.here.unit, user=colleague, by=twins.here.clerk, is_second=True)
    # Handing over on one day leaves neither gap nor overlap.
    end_seat(pk=first.pk, by=twins.here.clerk)
    seat_liaison(unit=twins.here.unit, user=person("xinren", None, None), by=twins.here.clerk)


def test_a_seat_given_by_mistake_ends_on_the_day_it_began(twins: Twins, liaison: User) -> None:
    seat = seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk)
    end_seat(pk=seat.pk, by=twins.here.clerk)
    assert seats_of(liaison) == []
    with pytest.raises(RuleBroken):
        end_seat(pk=seat.pk, by=twins.here.clerk)


def test_an_end_before_the_beginning_is_refused(twins: Twins, liaison: User) -> None:
    today = timezone.localdate()
    with pytest.raises(Invalid):
        seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk, ends_on=today - timedelta(days=1))
    seat = seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk)
    with pytest.raises(Invalid):
        end_seat(pk=seat.pk, by=twins.here.clerk, on=today - timedelta(days=1))


def test_only_whoever_keeps_the_unit_gives_and_ends_seats(twins: Twins, liaison: User) -> None:
    for stranger in (twins.there.clerk, twins.here.worker, liaison):
        with pytest.raises(NotAllowed):
            seat_liaison(unit=twins.here.unit, user=liaison, by=stranger)
        with pytest.raises(NotAllowed):
            seat_person(unit=twins.here.unit, name="王明", phone=PHONE, by=stranger)
    seat = seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk)
    with pytest.raises(NotFound):
        end_seat(pk=seat.pk, by=twins.there.clerk)
    with pytest.raises(NotAllowed):
        end_seat(pk=seat.pk, by=twins.here.worker)


def test_somebody_known_by_phone_gets_one_account_without_a_password(twins: Twins) -> None:
    first = seat_person(unit=twins.here.unit, name="王明", phone=PHONE, by=twins.here.clerk)
    second = seat_person(unit=twins.there.unit, name="王明", phone="+8613800005678", by=twins.there.clerk)
    assert first.user == second.user
    assert not first.user.has_usable_password()
    assert "5678" not in first.user.username
    with pytest.raises(Invalid):
        seat_person(unit=twins.shared, name="李四", phone=PHONE, by=twins.here.clerk)


@pytest.mark.parametrize(("name", "phone"), [("", PHONE), ("王明", "1380000567"), ("王明", "")])
def test_a_wrong_name_or_phone_is_refused_and_makes_no_account(twins: Twins, name: str, phone: str) -> None:
    before = User.objects.count()
    with pytest.raises(Invalid):
        seat_person(unit=twins.here.unit, name=name, phone=phone, by=twins.here.clerk)
    assert User.objects.count() == before


def test_seats_are_audited_without_personal_data(twins: Twins, liaison: User) -> None:
    seat = seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk)
    end_seat(pk=seat.pk, by=twins.here.clerk)
    entries = AuditEntry.objects.filter(subject=f"u:{liaison.pk}", actor=twins.here.clerk)
    assert [entry.action for entry in entries.order_by("id")] == [Action.GRANT, Action.GRANT_ENDED]
    assert entries[0].params["unit"] == twins.here.unit.pk
    assert entries[0].area_code == twins.here.community.code


def test_the_table_refuses_two_first_liaisons_and_dates_out_of_order(twins: Twins, liaison: User) -> None:
    seat = seat_liaison(unit=twins.here.unit, user=liaison, by=twins.here.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Liaison.objects.create(unit=twins.here.unit, user=twins.here.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Liaison.objects.filter(pk=seat.pk).update(ends_on=date(2000, 1, 1))


def test_who_a_phone_belongs_to_is_asked_thirty_times_an_hour_and_each_time_is_logged(twins: Twins) -> None:
    desk = browser_of(twins.here.clerk)
    registered = create_user(username="wang", name="王明", phone=PHONE, area=twins.there.street)
    entry = {"unit": twins.here.unit.pk, "name": "猜的", "phone": PHONE, "title": "", "starts_on": "2026-03-01"}
    for _time in range(LOOKUPS[0]):
        page = desk.post("/admin/members/liaison/add/", entry)
        assert "登记的是另一个姓名" in page.content.decode()
    right = {**entry, "name": "王明"}
    assert desk.post("/admin/members/liaison/add/", right).status_code != 302
    assert not Liaison.objects.exists()
    entries = AuditEntry.objects.filter(action=Action.LOOKUP, actor=twins.here.clerk, subject=f"u:{registered.pk}")
    assert entries.count() == LOOKUPS[0]
    assert PHONE.replace(" ", "") not in str(list(AuditEntry.objects.values()))


def test_a_page_saved_as_it_stood_ends_no_seat_and_no_membership(twins: Twins, liaison: User) -> None:
    desk = browser_of(twins.here.clerk)
    seat = seat_liaison(unit=twins.here.unit, user=liaison, by=None)
    membership = Membership.objects.get(unit=twins.here.unit)
    for row, field, page in (
        (seat, "ends_on", f"/admin/members/liaison/{seat.pk}/change/"),
        (membership, "left_on", f"/admin/members/membership/{membership.pk}/change/"),
    ):
        assert desk.post(page, {field: ""}).status_code == 302
        row.refresh_from_db()
        assert getattr(row, field) is None
        planned = timezone.localdate() + timedelta(days=9)
        for _time in range(2):
            assert desk.post(page, {field: planned.isoformat()}).status_code == 302
        assert "不能清空" in desk.post(page, {field: ""}).content.decode()
        row.refresh_from_db()
        assert getattr(row, field) == planned
