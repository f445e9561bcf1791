"""What a unit was asked and took on goes with it when it is merged, and its liaison goes on with it."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.services import deliver
from claims.states import ClaimState
from members.models import Liaison, Membership
from members.services.in_hand import in_hand
from members.services.merging import merge_units, undo_merge
from needs.models import Need, NeedEvent
from needs.services.assigning import assign_need
from needs.services.units import unit_report
from needs.states import Verb
from tests.cast import Cast, build, fresh, say_need
from tests.claims.things import alliance_of, another_unit, claim_by, offer_in, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


def test_what_is_in_hand_goes_with_the_unit_and_comes_back(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    kept, (gone, speaker) = unit_of(here), another_unit(here)
    claim = claim_by(speaker, offer_in(here.home), gone)
    need = say_need(here.home)
    assign_need(pk=need.pk, by=here.worker, to_unit_id=gone.pk, why="请看一眼")
    done = merge_units(kept_id=kept.pk, gone_id=gone.pk, by=fresh(here.party_office))
    assert Claim.objects.get(pk=claim.pk).unit == Need.objects.get(pk=need.pk).unit == kept
    assert [one.count for one in in_hand(kept.pk)] == [1, 1] and in_hand(gone.pk) == []
    undo_merge(pk=done.pk, by=fresh(here.party_office))
    assert Claim.objects.get(pk=claim.pk).unit == Need.objects.get(pk=need.pk).unit == gone
    assert not Membership.objects.filter(unit=kept, left_on__isnull=False).exists()


def test_the_kept_units_liaison_answers_and_delivers_what_the_other_was_asked(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    kept, (gone, speaker) = unit_of(here), another_unit(here)
    claim = claim_by(speaker, offer_in(here.home), gone)
    need = say_need(here.home)
    assign_need(pk=need.pk, by=here.worker, to_unit_id=gone.pk, why="请看一眼")
    merge_units(kept_id=kept.pk, gone_id=gone.pk, by=fresh(here.party_office))
    assert Liaison.objects.active().get(user=speaker).unit == kept
    unit_report(pk=need.pk, by=fresh(here.liaison), unit_id=kept.pk, words="看过了，换了一只灯泡。")
    assert NeedEvent.objects.filter(need=need, verb=Verb.REPORT).exists()
    deliver(claim_id=claim.pk, by=fresh(speaker), version=None, note="送到社区了")
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.AWAITING
