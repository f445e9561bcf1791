"""Patrol sections in the browser: claimed, walked, answered, given back; nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser_of, fresh
from tests.claims.things import alliance_of, unit_of
from tests.files.pictures import photo, upload
from tests.volunteers.givers import SECTION, found_on, noted, person, registered, section_in, team_in
from volunteers.models import Section, SectionNote
from volunteers.services.belonging import join_team
from volunteers.services.section_turns import take_section
from volunteers.services.teams import name_leader

pytestmark = pytest.mark.django_db


def page(row: Section, step: str = "") -> str:
    return reverse(f"volunteers:section{'_' + step if step else ''}", args=[row.pk])


def office(row: Section, step: str = "change") -> str:
    return reverse(f"admin:volunteers_section_{step}", args=[row.pk])


def sent(browser: Client, row: Section, **typed: Any) -> Any:
    said = {"client_key": str(uuid4()), "hold_key": str(uuid4()), "day": timezone.localdate().isoformat(), **typed}
    return browser.post(page(row, "note"), said)


def test_everybody_reads_who_walks_and_nobody_else_the_diary(cast: Cast) -> None:
    here, who = cast.chengxiang, registered(cast.chengxiang, name="刘小河", shows=True).user
    row = section_in(here)
    free = Client().get(reverse("volunteers:sections")).content.decode()
    assert row.name in free and "等人认领" in free
    take_section(pk=row.pk, by=who, client_key=uuid4())
    found_on(row, who)
    shown = Client().get(page(row)).content.decode()
    assert "刘*河" in shown and "护栏松了" not in shown and "刘小河" not in shown
    assert "护栏松了" not in browser_of(person()).get(page(row)).content.decode()
    assert "护栏松了" in browser_of(who).get(page(row)).content.decode()
    assert "护栏松了" in browser_of(here.worker).get(page(row)).content.decode()


def test_a_leader_chooses_in_whose_name(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief = team_in(here), registered(here)
    join_team(pk=team.pk, by=chief.user)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    row, browser = section_in(here), browser_of(chief.user)
    choices = dict(browser.get(page(row)).context["take"].fields["holder"].choices)
    assert choices == {f"team-{team.pk}": team.name, "me": "我个人"}
    browser.post(page(row, "take"), {"client_key": str(uuid4()), "holder": f"team-{team.pk}"})
    row.refresh_from_db()
    assert row.team == team


def test_a_liaison_claims_for_the_unit_and_finds_it_on_the_desk(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    unit = unit_of(here)
    row, browser = section_in(here, for_people=False), browser_of(here.liaison)
    assert row.name not in browser.get(reverse("desk:home")).content.decode(), "it is no wish"
    browser.post(page(row, "take"), {"client_key": str(uuid4()), "holder": f"unit-{unit.pk}"})
    row.refresh_from_db()
    assert row.claim is not None and row.claim.unit == unit
    shown = browser.get(reverse("desk:home")).content.decode()
    assert row.name in shown and "有空走一走，记一笔" in shown
    assert browser.get(reverse("desk:claim", args=[row.claim.pk])).url == page(row)
    assert browser.get(reverse("desk:offer", args=[row.offer_id])).url == page(row)


def test_whoever_comes_second_reads_why(cast: Cast) -> None:
    row, late = section_in(cast.chengxiang), browser_of(person())
    take_section(pk=row.pk, by=person(), client_key=uuid4())
    answer = late.post(page(row, "take"), {"client_key": str(uuid4()), "holder": "me"}, follow=True)
    assert "已经有别人接下了" in answer.content.decode()


def test_a_refused_walk_keeps_words_and_photos(cast: Cast) -> None:
    who, key = person(), str(uuid4())
    row, browser = section_in(cast.chengxiang), browser_of(who)
    take_section(pk=row.pk, by=who, client_key=uuid4())
    refused = sent(browser, row, hold_key=key, words="护栏松了", photos=upload(photo(colour="teal")))
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "护栏松了" in shown and "1张照片收好了" in shown and "请选一个" in shown
    assert sent(browser, row, hold_key=key, words="护栏松了", outcome="found").status_code == 302
    note = SectionNote.objects.get()
    entry = browser.get(page(row)).context["entries"][0]
    assert entry["waits"] and len(entry["photos"]) == 1
    assert browser.get(entry["photos"][0]).status_code == 200
    assert browser_of(person()).get(entry["photos"][0]).status_code == 404
    browser.post(reverse("volunteers:section_note_take_back", args=[note.pk]))
    note.refresh_from_db()
    assert note.taken_back_at is not None and browser.get(page(row)).context["entries"] == []


def test_ones_own_page_names_it_once(cast: Cast) -> None:
    who = person()
    row, browser = section_in(cast.chengxiang), browser_of(who)
    take_section(pk=row.pk, by=who, client_key=uuid4())
    shown = browser.get(reverse("portal:my")).content.decode()
    assert shown.count(row.name) == 1 and "我的责任段" in shown and "还没记过" in shown


def test_it_is_given_back_with_a_word(cast: Cast) -> None:
    who = person()
    row, browser = section_in(cast.chengxiang), browser_of(who)
    take_section(pk=row.pk, by=who, client_key=uuid4())
    refused = browser.post(page(row, "give_back"), {"words": ""})
    assert refused.status_code == 422 and "别人好接着巡" in refused.content.decode()
    assert browser.post(page(row, "give_back"), {"words": "搬家了"}).status_code == 302
    row.refresh_from_db()
    assert row.claim is None


def test_the_office_sets_up_answers_and_thanks(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    browser = browser_of(here.worker)
    add = reverse("admin:volunteers_section_add")
    typed = {**SECTION, "for_units": "on", "for_people": "on", "client_key": str(uuid4()), "area": here.home.pk}
    assert browser.post(add, {**typed, "name": ""}).status_code == 422
    assert browser.post(add, typed).status_code == 302
    row = Section.objects.get()
    take_section(pk=row.pk, by=who, client_key=uuid4())
    note = found_on(row, who)
    row.refresh_from_db()
    assert "巡查发现" in browser.get(reverse("admin:approvals")).content.decode()
    said = {"answer-version": row.version, "answer-row": note.pk, "answer-words": ""}
    refused = browser.post(office(row, "answer"), said)
    assert refused.status_code == 422 and "请写一句怎么办" in refused.content.decode()
    assert browser.post(office(row, "answer"), {**said, "answer-words": "明天来修"}).status_code == 302
    assert "明天来修" in browser_of(who).get(page(row)).content.decode()
    assert "巡查发现" not in browser.get(reverse("admin:approvals")).content.decode()
    assert browser.post(office(row, "thank"), {"thank-version": row.version - 1}).status_code == 409
    assert browser.post(office(row, "thank"), {"thank-version": row.version}).status_code == 302
    row.refresh_from_db()
    assert row.claim is None and row.offer is not None


def test_the_office_sees_what_has_long_been_silent(cast: Cast) -> None:
    here, who = cast.chengxiang, person()
    row = section_in(here)
    take_section(pk=row.pk, by=who, client_key=uuid4())
    noted(row, who)
    silent = reverse("admin:volunteers_section_changelist") + "?tab=silent"
    browser = browser_of(here.worker)
    assert row.number not in browser.get(silent).content.decode()
    Section.objects.update(noted_on=timezone.localdate() - timedelta(days=15))
    assert row.number in browser.get(silent).content.decode()
