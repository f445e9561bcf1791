"""What counts and what does not: who covers the menu, to which words one agreed, months, weights, words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, RuleBroken
from alliance.lib.public_text import Warned
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.services import suspend_unit
from members.services.merging import merge_units, undo_merge
from people.models import User
from projects import services
from projects.models import Deed, MenuItem, Story, Yardstick
from projects.services import deed_dues, deeds, menu, stories
from projects.services.assessing import set_yardsticks
from projects.services.deed_running import clear_deed, report_deed
from projects.services.deed_standing import wanting
from projects.services.figures import record_reading, set_indicator
from projects.states import DeedVerb
from tests.cast import Cast, api_of, fresh
from tests.claims.things import alliance_of
from tests.projects.running import plain, project_in, reach, running, steps
from tests.projects.test_deeds import published, ready
from tests.projects.test_gone_on import told
from tests.projects.test_stories import written
from tests.projects.things import again, today, two_units

pytestmark = pytest.mark.django_db


def test_units_that_are_suspended_gone_or_merged_cover_nothing(cast: Cast) -> None:
    here, year = cast.chengxiang, today().year
    (one, _first), (two, _second) = two_units(here)
    alliance = alliance_of(here)
    menu.open_menu(alliance=alliance.pk, year=year, by=fresh(here.clerk))
    item = MenuItem.objects.get(alliance=alliance, year=year, name="健康义诊")
    for unit in (one, two):
        menu.sign_up(item=item.pk, unit=unit.pk, by=fresh(here.clerk))

    def numbers() -> set[int]:
        (found,) = menu.cover([item], menu.communities(alliance))
        return {found.anywhere, *(number for _area, number in found.per_area)}

    assert numbers() == {2, 0}
    one.memberships.update(left_on=today())
    assert numbers() == {1, 0}
    suspend_unit(pk=two.pk, by=fresh(here.clerk), why="换届")
    assert numbers() == {0}


def test_a_doubled_part_ends_with_the_merge_and_keeps_nothing_waiting(cast: Cast) -> None:
    here = cast.chengxiang
    (kept, first), (gone, _second) = two_units(here)
    row, by = project_in(here), fresh(here.clerk)
    services.plan_milestones(pk=row.pk, by=by, version=None, milestones=steps(100))
    services.join_project(pk=row.pk, by=by, version=None, unit=kept.pk)
    services.join_project(pk=row.pk, by=by, version=None, unit=gone.pk, is_lead=True)
    services.confirm_part(pk=row.pk, by=fresh(first))
    merge_units(kept_id=kept.pk, gone_id=gone.pk, by=by)
    part = row.units.get(left_on=None)
    assert (part.unit_id, part.is_lead) == (kept.pk, True)
    assert services.start_project(pk=row.pk, by=by, version=None).state == "running"


def test_a_doubled_sign_up_ends_with_the_merge_and_its_communities_stay_covered(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.clerk)
    (kept, _first), (gone, _second) = two_units(here)
    alliance, year = alliance_of(here), today().year
    menu.open_menu(alliance=alliance.pk, year=year, by=by)
    item = MenuItem.objects.get(alliance=alliance, year=year, name="健康义诊")
    own = menu.sign_up(item=item.pk, unit=kept.pk, by=by, covers=[here.home.pk])
    other = menu.sign_up(item=item.pk, unit=gone.pk, by=by, covers=[here.home.pk, here.next_door.pk])
    merged = merge_units(kept_id=kept.pk, gone_id=gone.pk, by=by)
    assert list(item.sign_ups.live().values_list("unit_id", flat=True)) == [kept.pk]
    assert {area.pk for area in own.covers.all()} == {here.home.pk, here.next_door.pk}
    undo_merge(pk=merged.pk, by=by)
    assert set(item.sign_ups.live().values_list("pk", flat=True)) == {own.pk, other.pk}
    assert {area.pk for area in own.covers.all()} == {here.home.pk}


def test_a_consent_is_to_words_that_were_there(cast: Cast) -> None:
    here = cast.chengxiang
    row = written(here)
    said: Any = {"pk": row.pk, "by": fresh(here.clerk), "version": None, "how": "signed", "kept": "档案柜"}
    with pytest.raises(Invalid):
        stories.note_consent(**said, on=today() - timedelta(days=1))
    stories.note_consent(**said, on=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=row.pk).update(consent_on=today() - timedelta(days=1))


def test_an_edit_that_does_not_say_so_publishes_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    row = running(here, is_public=False)
    one = set_indicator(pk=row.pk, by=fresh(here.clerk), version=None, name="内部数", measure="次", is_public=False)
    typed = {name: str(value) for name, value in plain(here).items() if name in ("name", "kind", "aim")}
    typed |= {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    people = {"commissioner": row.commissioner_id, "branch": row.branch_id}
    sent = {**typed, **people, "version": again(row).version}
    answer = api_of(here.clerk).post(f"/api/v1/projects/{row.pk}/edit/", sent, format="json")
    assert answer.status_code == 200, answer.content
    assert not again(row).is_public
    given = {"indicator": one.pk, "name": "内部数二", "measure": "次", "version": again(row).version}
    set_indicator(pk=row.pk, by=fresh(here.clerk), **given)
    assert not again(one).is_public and again(one).name == "内部数二"


def test_words_everybody_reads_are_looked_through(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = running(here, 100), fresh(here.clerk)
    one = set_indicator(pk=row.pk, by=by, version=None, name="助餐", measure="人次")
    (deed,) = published(here, ready(here).pk)
    call = "请打13805710001"
    given: dict[str, Any] = {"by": by, "version": None}
    month = today().replace(day=1)
    ways: list[Any] = [
        lambda **seen: record_reading(pk=row.pk, by=by, indicator=one.pk, day=today(), value=1, note=call, **seen),
        lambda **seen: reach(row, 0, here.clerk, evidence=call, **seen),
        lambda **seen: services.ask_finish(pk=row.pk, **given, outcome=call, **seen),
        lambda **seen: report_deed(pk=deed.pk, by=by, month=month, percent=10, words=call, **seen),
        lambda **seen: project_in(here, place=call, name="另一个", **seen),
    ]
    for way in ways:
        with pytest.raises(Warned) as warned:
            way()
        way(seen_warnings=warned.value.mark)


def test_months_are_asked_for_where_they_can_be_reported_and_somebody_hears_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    (deed,) = published(here, ready(here).pk)
    assert deed_dues.months_to_report(deed, date(deed.year - 1, 12, 3)) == []
    assert deed_dues.months_to_report(deed, date(deed.year, 2, 3)) == [date(deed.year, 2, 1), date(deed.year, 1, 1)]
    assert len(deed_dues.months_to_report(deed, date(deed.year + 1, 2, 3))) == 12
    Deed.objects.filter(pk=deed.pk).update(year=deed.year - 1)
    with pytest.raises(Invalid):
        report_deed(pk=deed.pk, by=fresh(here.clerk), month=today(), percent=10, words="又办了")
    Due.objects.filter(subject=deed.subject, state="waiting").update(due_at=timezone.now() - timedelta(hours=1))
    sweep()
    assert not Due.objects.filter(subject=deed.subject, state="waiting").exists()
    assert all(told(user, "DeedToReport") == 0 for user in (here.clerk, here.liaison))
    row = running(here, 100)
    User.objects.filter(pk__in=[row.commissioner_id, row.drafted_by_id]).update(is_active=False)
    Due.objects.filter(subject=row.subject, kind="projects.milestone_late").update(due_at="2026-01-01T00:00Z")
    sweep()
    assert told(here.party_office, "MilestoneLate") == 1
    User.objects.filter(pk=here.clerk.pk).update(is_active=True)
    other = project_in(here, by=here.party_office, name="另一个")
    services.plan_milestones(pk=other.pk, by=fresh(here.party_office), version=None, milestones=steps(100))
    User.objects.filter(pk=other.commissioner_id).update(is_active=False)
    with pytest.raises(Invalid) as refused:
        services.start_project(pk=other.pk, by=fresh(here.party_office), version=None)
    assert list(refused.value.fields) == ["commissioner"]


def test_the_table_itself_asks_for_a_hundred_of_the_measures(cast: Cast) -> None:
    here = cast.chengxiang
    row = running(here, 100)
    by = fresh(here.clerk)
    halves = [{"name": "质量", "weight": 50}, {"name": "满意度", "weight": 50}]
    set_yardsticks(pk=row.pk, by=by, version=None, yardsticks=halves)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    changes: list[Any] = [
        lambda: Yardstick.objects.filter(project=row, name="质量").update(weight=40),
        lambda: Yardstick.objects.filter(project=row, name="质量").delete(),
        lambda: Yardstick.objects.create(project=row, name="多的", weight=1),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_accepted_before_it_was_done_does_not_clear_it(cast: Cast) -> None:
    here = cast.chengxiang
    (deed,) = published(here, ready(here).pk)
    by = fresh(here.clerk)
    given: dict[str, Any] = {"pk": deed.pk, "by": by, "version": None, "on_day": today()}

    def checked() -> None:
        deeds.note_deed(**given, verb=DeedVerb.ACCEPT, words="看过了")
        deeds.ask_about_deed(**given, satisfied=57, asked=60)

    # As it was written down before the service refused it.
    for verb, params in ((DeedVerb.ACCEPT, {}), (DeedVerb.ASK, {"satisfied": 57, "asked": 60})):
        deed.write_event(verb=verb, actor=by, source=deed.state, target=deed.state, note="", params=params)
    report_deed(pk=deed.pk, by=by, month=today(), percent=100, words="都装好了")
    with pytest.raises(RuleBroken):
        clear_deed(pk=deed.pk, by=by, version=None)
    assert len(wanting(again(deed))) == 2
    checked()
    assert clear_deed(pk=deed.pk, by=by, version=None).state == "cleared" and not wanting(again(deed))
