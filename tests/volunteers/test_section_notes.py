"""The diary of a patrol section: written by whoever walks it, taken back the same day, answered by the office."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from people.services.residents import erase_account
from tests.cast import Cast, fresh, say_need
from tests.volunteers.givers import noted, person, rules, section_in, taken
from volunteers.contributions_sections import my_data
from volunteers.models import SectionNote
from volunteers.services.section_notes import MOST_A_DAY, answer_note, take_back_note, write_note

pytestmark = pytest.mark.django_db


def test_the_diary_is_written_by_whoever_walks_and_by_the_office_from_paper(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = section_in(here)
    with pytest.raises(RuleBroken, match="没有人认领"):
        noted(row, who)
    row = taken(row, who)
    own, paper = noted(row, who), noted(row, here.worker, words="纸上写的：都好")
    assert (own.how, paper.how) == ("self", "paper")
    for stranger in (person(), here.leader, here.neighbour):
        with pytest.raises(NotAllowed):
            noted(row, fresh(stranger))
    row.refresh_from_db()
    assert row.noted_on == timezone.localdate()
    assert not SectionNote.objects.visible_to(cast.xiasha.worker).exists()
    assert SectionNote.objects.visible_to(here.worker).count() == 2


def test_a_walk_is_refused_by_field_and_only_so_often_a_day(cast: Cast) -> None:
    who = person()
    row = taken(section_in(cast.chengxiang), who)
    today = timezone.localdate()
    for day in (None, today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            noted(row, who, day=day)
        assert set(refused.value.fields) == {"day"}, "before it was claimed, or still to come"
    with pytest.raises(Invalid) as refused:
        noted(row, who, outcome="found", words=" ")
    assert set(refused.value.fields) == {"words"}
    with pytest.raises(Invalid) as refused:
        noted(row, who, outcome="bad", words="长" * 501)
    assert set(refused.value.fields) == {"outcome", "words"}
    for _one in range(MOST_A_DAY):
        noted(row, who)
    with pytest.raises(RuleBroken, match="够了"):
        noted(row, who)


def test_the_same_key_writes_once_and_is_nobody_elses(cast: Cast) -> None:
    here, who, key = cast.chengxiang, person(), uuid4()
    row = taken(section_in(here), who)
    said = {"section": row.pk, "client_key": key, "day": timezone.localdate(), "outcome": "fine"}
    first, again = write_note(by=who, **said), write_note(by=who, **said)
    assert (first.pk, first.just_made, again.just_made) == (again.pk, True, False)
    with pytest.raises(Conflict):
        write_note(by=here.worker, **said)


def test_an_entry_is_taken_back_the_same_day_while_nobody_answered(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = taken(section_in(here), who)
    note = noted(row, who, outcome="found", words="护栏松了")
    with pytest.raises(NotFound):
        take_back_note(pk=note.pk, by=person())
    with pytest.raises(NotAllowed):
        take_back_note(pk=note.pk, by=here.worker)
    SectionNote.objects.filter(pk=note.pk).update(at=timezone.now() - timedelta(days=1))
    with pytest.raises(RuleBroken, match="当天"):
        take_back_note(pk=note.pk, by=who)
    SectionNote.objects.filter(pk=note.pk).update(at=timezone.now())
    take_back_note(pk=note.pk, by=who)
    take_back_note(pk=note.pk, by=who)
    row.refresh_from_db()
    assert row.noted_on is None
    with pytest.raises(RuleBroken, match="不用答复"):
        answer_note(pk=note.pk, by=here.worker, words="看过了")


def test_what_was_found_is_answered_once_by_somebody_else(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = taken(section_in(here), who)
    note = noted(row, who, outcome="found", words="护栏松了")
    assert "volunteers.SectionFound" in rules(here.worker)
    with pytest.raises(NotAllowed):
        answer_note(pk=note.pk, by=who, words="我自己修")
    with pytest.raises(Invalid) as refused:
        answer_note(pk=note.pk, by=here.worker, words="", number="")
    assert set(refused.value.fields) == {"words"}
    foreign = say_need(cast.xiasha.home, words="楼道灯坏了", phone="13712345678")
    with pytest.raises(Invalid) as refused:
        answer_note(pk=note.pk, by=here.worker, words="转给城管", number=foreign.number)
    assert set(refused.value.fields) == {"number"}
    need = say_need(here.home, words="护栏松了要修", phone="13712345679")
    answered = answer_note(pk=note.pk, by=here.worker, words="明天来修", number=need.number.lower())
    assert answered.need == need and "volunteers.SectionAnswered" in rules(who)
    with pytest.raises(RuleBroken, match="答复过"):
        answer_note(pk=note.pk, by=here.worker, words="又一次")
    with pytest.raises(RuleBroken):
        take_back_note(pk=note.pk, by=who)


def test_whoever_goes_takes_their_words_along(cast: Cast) -> None:
    who = person()
    row = taken(section_in(cast.chengxiang), who)
    note = noted(row, who, words="桥下有人钓鱼")
    assert my_data(who)["patrols"][0]["words"] == "桥下有人钓鱼"
    erase_account(user=who)
    note.refresh_from_db()
    row.refresh_from_db()
    assert note.words == "" and row.claim is None
