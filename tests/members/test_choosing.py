"""Choosing: long lists of units are found by typing, no body is its own upper body, who was chosen is shown whole."""

from __future__ import annotations

import re

import pytest

from members.models import BodySeat, MemberUnit
from members.services.bodies import create_body
from tests.cast import browser_of
from tests.members.conftest import Twins
from tests.members.test_bodies import kind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["membership", "seatoffer", "liaison"])
def test_units_are_found_by_pinyin_and_initials(twins: Twins, path: str) -> None:
    unit = twins.here.unit
    MemberUnit.objects.filter(pk=unit.pk).update(pinyin="jia jie dao", initials="jjd")
    page = browser_of(twins.here.clerk).get(f"/admin/members/{path}/add/").content.decode()
    select = re.search(r'<select name="unit"[^>]*>.*?</select>', page, re.DOTALL)
    assert select and "data-pick" in select[0]
    assert re.search(rf'<option value="{unit.pk}" data-find="jia jie dao jjd"', select[0])
    assert re.search(r'<script src="[^"]*js/pick[^"]*\.js" defer', page), "the script that narrows it comes with it"


def test_a_body_is_not_offered_as_its_own_upper_body(twins: Twins) -> None:
    here = twins.here
    other = create_body(kind=kind("owners"), name="北苑业委会", area=here.street, by=here.clerk)
    body = create_body(kind=kind("owners"), name="南苑业委会", area=here.street, by=here.clerk)
    below = create_body(kind=kind("owners"), name="南苑一组", area=here.street, parent=body, by=here.clerk)
    page = browser_of(here.clerk).get(f"/admin/members/body/{body.pk}/change/").content.decode()
    select = re.search(r'<select name="parent".*?</select>', page, re.DOTALL)
    assert select and f'value="{other.pk}"' in select[0]
    assert f'value="{body.pk}"' not in select[0] and f'value="{below.pk}"' not in select[0]


def test_whoever_was_chosen_for_a_seat_is_shown_once_each(twins: Twins) -> None:
    here = twins.here
    seat = BodySeat(unit=here.unit, user=here.clerk, name="演示甲", role="成员")
    assert seat.holder == f"{here.unit} 演示甲 {here.clerk.name}"
    seat.name = here.clerk.name
    assert seat.holder == f"{here.unit} {here.clerk.name}"
