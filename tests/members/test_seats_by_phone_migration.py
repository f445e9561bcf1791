"""Seats of before: accounts that nobody could enter become accounts entered by a code."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from members.models import Liaison
from members.services import seat_liaison, seats_of
from people.models import User
from people.services.accounts import create_user
from people.services.phone_sign_in import account_of
from people.states import SignIn
from tests.cast import PASSWORD, resident
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db
PHONE, LANDLINE = "13800005678", "057182345678"


def migrate() -> None:
    import_module("members.migrations.0003_seats_by_phone").enter_by_phone(apps, None)


def of_before(twins: Twins, phone: str, password: str | None = None) -> User:
    """Seated as until now: an account without a password, found by its phone."""
    user = create_user(username=f"liaison-{phone}", name="王明", phone=phone, password=password, area=twins.here.street)
    seat_liaison(unit=twins.here.unit, user=user, by=None)
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=400))
    return user


def test_an_account_without_a_password_is_entered_by_phone_from_now_on(twins: Twins) -> None:
    user = of_before(twins, PHONE)
    migrate()
    found = account_of(PHONE)
    assert found == user and not found.is_asleep
    assert found.phone_since > timezone.now() - timedelta(days=91)  # needs of long before are not its own
    assert Liaison.objects.get().shown_name == "王明"
    assert seats_of(user)


def test_where_the_phone_has_an_account_the_seat_moves_there(twins: Twins) -> None:
    own, user = resident(PHONE), of_before(twins, PHONE)
    migrate()
    assert Liaison.objects.get().user == own
    assert User.objects.get(pk=user.pk).sign_in == SignIn.PASSWORD


@pytest.mark.parametrize(("phone", "password"), [(LANDLINE, None), (PHONE, PASSWORD)])
def test_a_landline_and_a_password_stay_as_they_are(twins: Twins, phone: str, password: str | None) -> None:
    user = of_before(twins, phone, password)
    migrate()
    assert User.objects.get(pk=user.pk).sign_in == SignIn.PASSWORD
    assert Liaison.objects.get().shown_name == "王明"
