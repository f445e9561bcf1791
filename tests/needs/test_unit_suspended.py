"""A unit is suspended while somebody waits for it: they are told, once, and nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from claims import services as claims
from claims.models import Claim
from members.models import MemberUnit
from members.services import restore_unit, suspend_unit
from members.signals import unit_suspended
from needs.receivers import unit_was_suspended
from needs.services.assigning import assign_need
from needs.services.units import unit_hand_back
from notifications.models import Message
from tests.cast import Cast, fresh, say_need
from tests.claims.things import another_unit
from tests.needs.ways import WHY, in_hand_at_street, keys, told
from tests.needs.wishing import published, taken, unit_of

pytestmark = pytest.mark.django_db
RULES = ("NeedUnitSuspended", "WishUnitSuspended")


def _suspend(cast: Cast) -> None:
    unit = MemberUnit.objects.get(seats__user=cast.chengxiang.liaison)
    suspend_unit(pk=unit.pk, by=fresh(cast.chengxiang.party_office), why="联络员更换")


def _asked(cast: Cast) -> int:
    here = cast.chengxiang
    need = say_need(here.home)
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=unit_of(here).pk, why=WHY)
    return need.pk


def test_the_holder_and_the_keepers_are_told_once(cast: Cast) -> None:
    here = cast.chengxiang
    _asked(cast)
    taken(here, published(here))
    _suspend(cast)
    assert told("NeedUnitSuspended") == keys(here.worker)
    assert told("WishUnitSuspended") == keys(here.worker, here.secretary)
    before = Message.objects.count()
    unit = unit_of(here)
    unit_suspended.send(sender=type(unit), unit=unit, by=here.party_office)
    assert Message.objects.count() == before, "the same suspension is said once"
    restore_unit(pk=unit.pk, by=fresh(here.party_office))
    _suspend(cast)
    assert Message.objects.filter(rule="needs.NeedUnitSuspended").count() == 2, "another suspension is news"


def test_who_waits_for_nothing_of_it_is_told_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    answered = _asked(cast)
    unit_hand_back(pk=answered, by=fresh(here.liaison), unit_id=unit_of(here).pk, why="师傅都出差了")
    brought = taken(here, published(here))
    claims.deliver(claim_id=brought.pk, by=fresh(here.liaison))
    other, liaison = another_unit(here)
    theirs = published(here, item="一副老花镜")
    claims.claim_offer(offer_id=theirs.offer_id or 0, by=fresh(liaison), client_key=uuid4(), unit_id=other.pk)
    _suspend(cast)
    assert not Message.objects.filter(rule__in=[f"needs.{rule}" for rule in RULES]).exists()


def test_without_hearing_of_it_nobody_is_told(cast: Cast) -> None:
    """The control: what the test above reads comes from the signal alone."""
    _asked(cast)
    unit_suspended.disconnect(dispatch_uid="needs.unit_suspended")
    try:
        _suspend(cast)
    finally:
        unit_suspended.connect(unit_was_suspended, dispatch_uid="needs.unit_suspended")
    assert told("NeedUnitSuspended") == set()


def test_whoever_suspends_is_not_told_what_they_did_and_no_claim_is_touched(cast: Cast) -> None:
    here, unit = cast.chengxiang, unit_of(cast.chengxiang)
    claim = taken(here, published(here))
    need = in_hand_at_street(cast)
    assign_need(pk=need.pk, by=fresh(here.clerk), to_unit_id=unit.pk, why=WHY)
    suspend_unit(pk=unit.pk, by=fresh(here.clerk), why="联络员更换")
    assert told("NeedUnitSuspended") == set() and told("WishUnitSuspended") == keys(here.worker, here.secretary)
    assert Claim.objects.get(pk=claim.pk).version == claim.version
