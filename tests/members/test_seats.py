"""Who speaks for a unit, between which dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from audit.models import AuditEntry
from audit.states import Action
from members.models import Liaison, Membership, MemberUnit
from members.services import end_seat, seat_liaison, seat_person, seats_of
from members.services.seats import LOOKUPS
from notifications.models import Message
from people.models import User
from people.services.residents import erase_account
from people.states import SignIn
from tests.cast import browser_of, resident
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


def test_somebody_known_by_phone_gets_one_account_entered_by_code(twins: Twins) -> None:
    first = seat_person(unit=twins.here.unit, name="王明", phone=PHONE, by=twins.here.clerk)
    second = seat_person(unit=twins.there.unit, name="王主任", phone="+8613800005678", by=twins.there.clerk)
    assert first.user == second.user
    assert first.user.sign_in == SignIn.PHONE and not first.user.has_usable_password()
    assert "5678" not in first.user.username
    assert (first.shown_name, second.shown_name, first.user.name) == ("王明", "王主任", "")


def test_what_a_resident_calls_herself_is_not_shown_to_whoever_seats_her(twins: Twins) -> None:
    own = resident("13800005678")
    User.objects.filter(pk=own.pk).update(name="赵阿婆")
    seat = seat_person(unit=twins.here.unit, name="赵敏", phone=PHONE, by=twins.here.clerk)
    assert seat.user == own
    page = browser_of(twins.here.clerk).get(f"/admin/members/liaison/{seat.pk}/change/").content.decode()
    listed = browser_of(twins.here.clerk).get("/admin/members/liaison/").content.decode()
    assert "赵敏" in page and "赵敏" in listed
    assert "赵阿婆" not in page + listed


def test_a_liaison_is_invited_by_text_message_to_sign_in_with_the_phone(twins: Twins, settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"
    seat = seat_person(unit=twins.here.unit, name="王明", phone=PHONE, by=twins.here.clerk)
    sent = Message.objects.get(rule="members.SeatGiven", channel="sms")
    assert "https://tongxin.example/sign-in/?next=/desk/" in sent.text and str(twins.here.unit) in sent.text
    assert sent.recipient_key == f"u:{seat.user_id}"


def test_an_account_that_slept_is_closed_for_a_new_liaison_and_its_seats_end(twins: Twins) -> None:
    old = resident("13800005678")
    before = seat_liaison(unit=twins.there.unit, user=old, by=None, name="从前的人")
    long_ago = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=old.pk).update(created_at=long_ago, last_login=long_ago)
    seat = seat_person(unit=twins.here.unit, name="王明", phone=PHONE, by=twins.here.clerk)
    before.refresh_from_db()
    assert seat.user != old
    assert before.ends_on is not None and before.name == ""
    assert seats_of(old) == []


def test_whoever_deletes_their_account_leaves_their_seats_and_their_name(twins: Twins) -> None:
    own = resident("13800005678")
    now = seat_person(unit=twins.here.unit, name="王明", phone=PHONE, by=twins.here.clerk)
    later = seat_liaison(
        unit=twins.there.unit, user=own, by=None, name="王明", starts_on=timezone.localdate() + timedelta(days=9)
    )
    erase_account(user=User.objects.get(pk=own.pk))
    for seat in (now, later):
        seat.refresh_from_db()
        assert seat.name == "" and seat.ends_on == seat.starts_on
    assert AuditEntry.objects.filter(action=Action.GRANT_ENDED, subject=f"u:{own.pk}").count() == 2
    with pytest.raises(Invalid):
        seat_liaison(unit=twins.here.unit, user=own, by=None)


@pytest.mark.parametrize(
    ("name", "phone"), [("", PHONE), ("王明", "1380000567"), ("王明", ""), ("王明", "0571-82345678")]
)
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


def test_thirty_people_an_hour_are_seated_at_most_and_each_try_is_logged(twins: Twins) -> None:
    for number in range(LOOKUPS[0]):
        with pytest.raises(Invalid):  # the seat is taken: nothing is told of the phone
            seat_person(unit=_taken(twins), name="猜的", phone=f"1380000{number:04}", by=twins.here.clerk)
    with pytest.raises(TooMany):
        seat_person(unit=twins.shared, name="王明", phone=PHONE, by=twins.here.clerk)
    entries = AuditEntry.objects.filter(action=Action.LOOKUP, actor=twins.here.clerk)
    assert entries.count() == LOOKUPS[0]
    assert "1380000" not in str(list(AuditEntry.objects.values()))


def _taken(twins: Twins) -> MemberUnit:
    if not Liaison.objects.filter(unit=twins.here.unit).exists():
        seat_liaison(unit=twins.here.unit, user=person("zhanyong", None, None), by=None)
    return twins.here.unit


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
