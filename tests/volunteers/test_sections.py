"""Patrol sections: put up as offers, taken by exactly one, walked with a diary, given back, thanked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from claims.models import Claim
from claims.services import claim_offer, deliver
from claims.states import ClaimState
from members.models import Liaison
from tests.cast import Cast, fresh
from tests.claims.things import alliance_of, unit_of
from tests.volunteers.givers import SECTION, month_ago, noted, person, registered, rules, section_in, taken, team_in
from volunteers.models import Section, SectionNote
from volunteers.services.belonging import join_team
from volunteers.services.section_turns import give_back_section, release_section, take_section, thank_section
from volunteers.services.sections import add_section, change_section, close_section
from volunteers.services.teams import close_team, name_leader

pytestmark = pytest.mark.django_db


def test_a_section_is_set_up_once_by_whoever_keeps_the_place_and_stands_on_offer(cast: Cast) -> None:
    here, key = cast.chengxiang, uuid4()
    for stranger in (here.neighbour, here.liaison, cast.xiasha.worker):
        with pytest.raises(NotAllowed):
            add_section(client_key=key, by=fresh(stranger), area=here.home.pk, typed=SECTION)
    first = add_section(client_key=key, by=here.worker, area=here.home.pk, typed=SECTION)
    again = add_section(client_key=key, by=here.worker, area=here.home.pk, typed=SECTION)
    assert (first.just_made, again.just_made, first.pk) == (True, False, again.pk)
    assert first.number.startswith("ZR-CX-") and first.offer is not None and first.offer.title == SECTION["name"]
    with pytest.raises(Conflict):
        add_section(client_key=key, by=here.clerk, area=here.home.pk, typed=SECTION)
    with pytest.raises(Invalid) as same:
        section_in(here)
    assert set(same.value.fields) == {"name"}


def test_what_is_typed_is_refused_by_field(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        section_in(cast.chengxiang, name=" ", words="", kind="sea", every=3, for_units=False, for_people=False)
    assert set(refused.value.fields) == {"name", "words", "kind", "every", "for_people"}
    assert not Section.objects.exists()


def test_exactly_one_has_it_in_hand(cast: Cast) -> None:
    here = cast.chengxiang
    row, first, second, key = section_in(here), person(), person(), uuid4()
    made = take_section(pk=row.pk, by=first, client_key=key)
    again = take_section(pk=row.pk, by=first, client_key=key)
    assert (made.pk, made.just_made, again.just_made) == (again.pk, True, False)
    with pytest.raises(RuleBroken, match="已经有别人接下了"):
        take_section(pk=row.pk, by=second, client_key=uuid4())
    row.refresh_from_db()
    assert row.claim == made and made.deliver_by is None, "a turn has no last day"
    assert "volunteers.SectionTaken" in rules(here.worker)
    give_back_section(pk=row.pk, by=first, version=None, words="搬家了")
    assert "volunteers.SectionFree" in rules(here.worker)
    assert taken(row, second).claim is not None


def test_a_unit_takes_it_by_its_liaison_alone(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    unit = unit_of(here)
    row = section_in(here, for_people=False)
    with pytest.raises(NotAllowed):
        take_section(pk=row.pk, by=person(), client_key=uuid4())
    with pytest.raises(NotAllowed):
        take_section(pk=row.pk, by=cast.xiasha.liaison, client_key=uuid4(), unit=unit.pk)
    row = taken(row, here.liaison, unit=unit.pk)
    assert row.claim is not None and row.claim.unit == unit
    noted(row, here.liaison)
    Liaison.objects.filter(user=here.liaison).update(ends_on=timezone.localdate())
    with pytest.raises(NotAllowed):
        noted(row, fresh(here.liaison))


def test_a_leader_takes_it_for_the_team_and_everybody_in_it_writes(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief, other = team_in(here), registered(here), registered(here)
    for one in (chief, other):
        join_team(pk=team.pk, by=one.user)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    row = section_in(here)
    with pytest.raises(Invalid) as refused:
        take_section(pk=row.pk, by=other.user, client_key=uuid4(), team=team.pk)
    assert set(refused.value.fields) == {"holder"} and not Claim.objects.exists()
    row = taken(row, chief.user, team=team.pk)
    assert row.team == team
    note = noted(row, other.user, outcome="mended", words="捡了一袋垃圾")
    assert list(SectionNote.objects.visible_to(chief.user)) == [note]
    with pytest.raises(NotAllowed):
        give_back_section(pk=row.pk, by=other.user, version=None, words="不去了")
    close_team(pk=team.pk, by=fresh(here.worker), version=None)
    row.refresh_from_db()
    assert row.team is None and row.claim is not None
    with pytest.raises(NotAllowed):
        noted(row, other.user)


def test_a_child_does_not_walk_alone(cast: Cast) -> None:
    here = cast.chengxiang
    born = {"born": month_ago(11), "guardian_name": "刘大河", "guardian_phone": "13700009999"}
    child = registered(here, is_child=True, guardian_agrees=True, **born)
    row = section_in(here)
    with pytest.raises(RuleBroken, match="14岁"):
        take_section(pk=row.pk, by=child.user, client_key=uuid4())
    assert row.offer is not None
    with pytest.raises(RuleBroken, match="14岁"):
        claim_offer(offer_id=row.offer.pk, by=child.user, client_key=uuid4())
    assert not Claim.objects.exists()


def test_a_turn_ends_with_thanks_and_the_next_can_begin(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = taken(section_in(here), who)
    old = row.claim
    assert old is not None
    with pytest.raises(RuleBroken, match="不用报告送达"):
        deliver(claim_id=old.pk, by=who)
    with pytest.raises(NotAllowed):
        thank_section(pk=row.pk, by=who, version=None)
    thank_section(pk=row.pk, by=here.worker, version=row.version, words="一年辛苦")
    row.refresh_from_db()
    old.refresh_from_db()
    assert old.state == ClaimState.COMPLETED and row.claim is None and row.offer_id != old.offer_id
    assert "volunteers.SectionThanked" in rules(who)
    with pytest.raises(RuleBroken, match="没有人认领"):
        thank_section(pk=row.pk, by=here.worker, version=None)
    assert taken(row, person()).claim is not None


def test_nobody_thanks_themselves(cast: Cast) -> None:
    here = cast.chengxiang
    row = taken(section_in(here), here.worker)
    with pytest.raises(NotAllowed):
        thank_section(pk=row.pk, by=fresh(here.worker), version=None)
    thank_section(pk=row.pk, by=here.secretary, version=None)


def test_the_office_takes_it_back_and_closes_it_with_a_word(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = taken(section_in(here), who)
    with pytest.raises(Invalid):
        release_section(pk=row.pk, by=here.worker, version=None, words=" ")
    release_section(pk=row.pk, by=here.worker, version=None, words="要施工")
    row.refresh_from_db()
    assert row.claim is None and "claims.ClaimTakenBack" in rules(who)
    row = taken(row, who)
    with pytest.raises(Invalid):
        close_section(pk=row.pk, by=here.worker, version=None)
    with pytest.raises(Conflict):
        close_section(pk=row.pk, by=here.worker, version=row.version + 5, words="填了")
    close_section(pk=row.pk, by=here.worker, version=row.version, words="河道改建")
    row.refresh_from_db()
    assert row.claim is None and row.closed_on is not None
    with pytest.raises(NotFound):
        take_section(pk=row.pk, by=who, client_key=uuid4())
    with pytest.raises(RuleBroken, match="已经停了"):
        close_section(pk=row.pk, by=here.worker, version=None, words="再停")


def test_what_is_offered_stays_while_somebody_has_it_and_goes_along_when_free(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = taken(section_in(here), who)
    with pytest.raises(Invalid) as refused:
        change_section(pk=row.pk, by=here.worker, version=None, typed={**SECTION, "name": "百尺溪西段"})
    assert set(refused.value.fields) == {"name"}
    changed = change_section(pk=row.pk, by=here.worker, version=None, typed={**SECTION, "every": 1})
    assert changed.every == 1
    give_back_section(pk=row.pk, by=who, version=None, words="换人")
    row = change_section(pk=row.pk, by=here.worker, version=None, typed={**SECTION, "name": "百尺溪西段"})
    assert row.offer is not None and row.offer.title == "百尺溪西段"
    assert taken(row, who).claim is not None


def test_silent_sections_are_those_not_walked_for_twice_as_long(cast: Cast) -> None:
    who, today = person(), timezone.localdate()
    row = taken(section_in(cast.chengxiang), who)
    noted(row, who)
    assert not Section.objects.silent(today + timedelta(days=14)).exists()
    assert list(Section.objects.silent(today + timedelta(days=15))) == [row]
    give_back_section(pk=row.pk, by=who, version=None, words="换人")
    assert not Section.objects.silent(today + timedelta(days=15)).exists()


def test_the_database_keeps_a_closed_section_free(cast: Cast) -> None:
    row = taken(section_in(cast.chengxiang), person())
    with pytest.raises(IntegrityError, match="section_closed_is_free"), transaction.atomic():
        Section.objects.filter(pk=row.pk).update(closed_on=timezone.localdate())
