"""Who may come to a post of service or of risk: nobody whose insurance or paper is not on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid, RuleBroken
from people.models import Area
from tests.cast import Cast, Street
from tests.volunteers.things import comer, day, drafted, joined, published, volunteer
from volunteers.models import Insurance, Post, SignUp, Volunteer
from volunteers.services import signing
from volunteers.services.activities import publish_activity
from volunteers.services.slots import Place
from volunteers.states import SignUpState

pytestmark = pytest.mark.django_db


def _post(street: Street, place: Place, **said: Any) -> Post:
    row = drafted(street, kind="patrol", title="巡河", **said)
    slot = day(row, street.worker, posts=[place])
    publish_activity(pk=row.pk, by=street.worker, version=None)
    return slot.posts.get()


def _insured(street: Street, who: Volunteer | None) -> Insurance:
    today = timezone.localdate()
    ends = today + timedelta(days=30)
    said = {"insurer": "人保", "policy_number": "P1", "starts_on": today, "ends_on": ends, "noted_by": street.worker}
    return Insurance.objects.create(area=street.street, volunteer=who, **said)


@pytest.mark.parametrize(
    ("place", "risky"),
    [
        (Place(capacity=9), True),
        (Place(capacity=9, is_service=True), False),
        (Place(capacity=9, needs="lifeguard"), False),
    ],
)
def test_whoever_is_on_no_record_comes_to_no_such_post_beside_somebody_who_is(
    cast: Cast, place: Place, risky: bool
) -> None:
    here, by = cast.chengxiang, comer()
    post, me = _post(here, place, risky=risky), volunteer(by, here.home)
    _insured(here, me)
    me.qualifications.create(kind="lifeguard", noted_by=here.worker)
    for party in ({"companions": 1}, {"myself": False, "companions": 1}, {"ages": [12], "guardian_ok": True}):
        with pytest.raises(Invalid) as refused:
            joined(post, by, **party)
        assert "myself" in refused.value.fields
    assert joined(post, by).state == SignUpState.CONFIRMED
    _row, other = published(here, capacity=9, starts=240)
    assert joined(other, by, companions=1).seats == 2, "where nothing is asked, one brings whom one likes"


def test_a_street_insures_its_own_volunteers_and_nobody_elses(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    post = _post(here, Place(capacity=5), risky=True)
    _insured(here, None)
    guest, own = comer(), comer()
    volunteer(guest, Area.objects.get(pk=there.home.pk))
    volunteer(own, here.home)
    with pytest.raises(RuleBroken, match="保险"):
        joined(post, guest)
    assert joined(post, own).state == SignUpState.CONFIRMED


def test_an_insurance_that_ended_meanwhile_is_asked_for_again(cast: Cast) -> None:
    here = cast.chengxiang
    post = _post(here, Place(capacity=1), risky=True)
    papers, rows = [], []
    for _n in range(3):
        by = comer()
        papers.append(_insured(here, volunteer(by, here.home)))
        rows.append(joined(post, by))
    first, second, third = rows
    signing.cancel(pk=first.pk, by=first.person)
    Insurance.objects.filter(pk=papers[1].pk).update(ends_on=timezone.localdate())
    with pytest.raises(RuleBroken, match="保险"):
        signing.accept(pk=second.pk, by=second.person)
    Insurance.objects.filter(pk=papers[2].pk).update(ends_on=timezone.localdate())
    signing.cancel(pk=second.pk, by=second.person)
    assert SignUp.objects.get(pk=third.pk).state == SignUpState.WAITING, "nobody is asked who may not come"


@pytest.mark.parametrize(
    ("said", "age", "party", "fits"),
    [
        ({}, 12, {}, True),
        ({}, 8, {}, False),
        ({}, 8, {"companions": 1}, True),
        ({}, 8, {"companions": 2}, False),
        ({"min_age": 10}, 8, {"companions": 1}, False),
        ({"max_age": 11}, 12, {}, False),
        ({"takes_children": False}, 12, {}, False),
        ({"risky": True}, 12, {}, False),
    ],
)
def test_a_child_that_registered_itself_comes_where_children_may(
    cast: Cast, said: dict[str, Any], age: int, party: dict[str, Any], fits: bool
) -> None:
    here, by = cast.chengxiang, comer()
    post, me = _post(here, Place(capacity=5, is_service=True), **said), volunteer(by, here.home)
    today = timezone.localdate()
    born = (today - timedelta(days=366 * age + 200)).replace(day=1)
    Volunteer.objects.filter(pk=me.pk).update(born=born, guardian_agreed_on=today)
    _insured(here, me)
    if fits:
        assert joined(post, by, **party).state == SignUpState.CONFIRMED
        return
    with pytest.raises((Invalid, RuleBroken)):
        joined(post, by, **party)
