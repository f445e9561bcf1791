"""Accounts come into being with the first points of a person in a street."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.inserting import insert_new
from people.models import Area, User
from people.services.numbers import next_number
from points.models import Account
from points.states import SHARED, Kind

NUMBER_KIND = "JF"


def account_of(person: User, street: str) -> Account | None:
    """The account of ``person`` in the street with the code ``street``, if there is one."""
    return Account.objects.of(person).filter(street_id=street).first()


def open_account(person: User, street: str) -> Account:
    """The account of ``person`` in ``street``, and those that the street has in common; made where there is none.

    Two who open the same one at once are given one.
    """
    found = account_of(person, street)
    if found is not None:
        return found
    place = Area.objects.get(pk=street)
    insert_new([Account(kind=kind, street=place) for kind in SHARED])
    try:
        with transaction.atomic():
            number = next_number(NUMBER_KIND, place, timezone.localdate())
            return Account.objects.create(kind=Kind.PERSON, street=place, person=person, number=number)
    except IntegrityError:
        return Account.objects.of(person).get(street_id=street)
