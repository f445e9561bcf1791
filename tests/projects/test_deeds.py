"""民生实事 from the candidate to 销号, and the service menu with its gaps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.services import suspend_unit
from projects.models import Deed, DeedRecord, MenuItem
from projects.services import deeds, menu
from projects.services.deed_running import clear_deed, report_deed
from projects.states import DeedVerb
from tests.cast import Cast, Street, browser_of, fresh, say_need
from tests.claims.things import alliance_of, another_unit
from tests.projects.test_running import rules
from tests.projects.things import again, today, two_units

pytestmark = pytest.mark.django_db


def said(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "name": "加装电梯20台",
        "words": "老旧小区加装电梯。",
        "goal": "加装电梯20台",
        "field": "building",
        "source": "resident",
    }
    return {**plain, **changes}


def proposed(here: Street, **changes: Any) -> Deed:
    origin = changes.pop("origin", "")
    year = changes.pop("year", today().year)
    return deeds.propose_deed(
        client_key=uuid4(), by=fresh(here.clerk), area=here.street.pk, year=year, origin=origin, **said(**changes)
    )


def ready(here: Street, **changes: Any) -> Deed:
    """Screened and argued."""
    row = proposed(here, **changes)
    given = {"pk": row.pk, "by": fresh(here.clerk), "version": None, "on_day": today()}
    deeds.screen_deed(**given, for_all=True, doable=True, countable=True)
    return deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="请了三位专家，都说可行。")


def published(here: Street, *pks: int) -> list[Deed]:
    return deeds.publish_deeds(street=here.street, year=today().year, by=fresh(here.party_office), pks=pks)


def test_a_candidate_is_screened_argued_and_published_as_it_then_reads(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, _liaison), _other = two_units(here)
    need = say_need(here.home)
    row, by = proposed(here, unit=unit.pk, origin=f"need:{need.pk}"), fresh(here.clerk)
    assert row.origin_label == need.number and not Deed.objects.public().exists()
    given: dict[str, Any] = {"pk": row.pk, "by": by, "version": None, "on_day": today()}
    with pytest.raises(RuleBroken):
        published(here, row.pk)
    with pytest.raises(Invalid):  # not screened in without a word why
        deeds.screen_deed(**given, for_all=True, doable=True, countable=False)
    with pytest.raises(RuleBroken):  # nobody argues what was not screened
        deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="专家论证通过")
    deeds.screen_deed(**given, for_all=True, doable=True, countable=False, words="说不清几台")
    with pytest.raises(RuleBroken):
        deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="专家论证通过")
    deeds.screen_deed(**given, for_all=True, doable=True, countable=True)
    with pytest.raises(RuleBroken):
        published(here, row.pk)
    deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="专家论证通过")
    deeds.edit_deed(pk=row.pk, by=by, version=None, **said(unit=unit.pk, goal="加装电梯21台"))
    with pytest.raises(RuleBroken):  # what was changed is looked at again
        published(here, row.pk)
    deeds.screen_deed(**given, for_all=True, doable=True, countable=True)
    deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="又论证了一次")
    with pytest.raises(Invalid):
        deeds.note_deed(**given, verb=DeedVerb.VOTE, words="票决", votes=(31, 30))
    deeds.note_deed(**given, verb=DeedVerb.VOTE, words="居民代表票决", votes=(28, 30))
    with pytest.raises(NotAllowed):
        deeds.publish_deeds(street=here.street, year=today().year, by=by, pks=[row.pk])
    (row,) = published(here, row.pk)
    assert (row.state, row.position) == ("published", 1)


def test_it_is_reported_by_whoever_is_responsible_once_a_month_and_never_goes_back(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.clerk)
    (unit, liaison), _other = two_units(here)
    (row,) = published(here, ready(here, unit=unit.pk).pk)
    month = today().replace(day=1)
    with pytest.raises(NotFound):
        report_deed(pk=row.pk + 1, by=fresh(liaison), month=month, percent=1, words="?")
    with pytest.raises(NotAllowed):
        report_deed(pk=row.pk, by=fresh(cast.xiasha.liaison), month=month, percent=1, words="不是我们的")
    report = report_deed(pk=row.pk, by=fresh(liaison), month=today(), percent=60, words="装好12台")
    with pytest.raises(RuleBroken):
        report_deed(pk=row.pk, by=by, month=month, percent=70, words="再报")
    with pytest.raises(Conflict):
        report_deed(pk=row.pk, by=by, month=month, percent=70, words="再报", version=9)
    if month.month > 1:
        with pytest.raises(Invalid):  # it was not further a month ago
            report_deed(pk=row.pk, by=by, month=month - timedelta(days=1), percent=61, words="补报")
    for wrong in (-1, 101):
        with pytest.raises(Invalid):
            report_deed(pk=row.pk, by=by, month=month, percent=wrong, words="报", version=report.version)
    report = report_deed(pk=row.pk, by=by, month=month, percent=70, words="装好14台", version=report.version)
    assert again(row).percent == 70
    with pytest.raises(Invalid):  # less than was said of the same month, without a word why
        report_deed(pk=row.pk, by=by, month=month, percent=65, words="装好13台", version=report.version)
    less: dict[str, Any] = {"percent": 65, "words": "装好13台", "why_less": "上次多算了一台"}
    report_deed(pk=row.pk, by=by, month=month, version=report.version, **less)
    assert again(row).percent == 65
    assert row.records.latest("pk").params["why_less"] == "上次多算了一台"


def test_the_whole_is_accepted_and_asked_about_only_once_it_is_done(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.clerk)
    (row,) = published(here, ready(here).pk)
    given: dict[str, Any] = {"pk": row.pk, "by": by, "version": None, "on_day": today()}
    report_deed(pk=row.pk, by=by, month=today(), percent=40, words="装好8台")
    with pytest.raises(RuleBroken):
        deeds.note_deed(**given, verb=DeedVerb.ACCEPT, words="现场验收合格")
    with pytest.raises(RuleBroken):
        deeds.ask_about_deed(**given, satisfied=57, asked=60)
    assert again(row).satisfaction is None


def test_nobody_asks_more_people_than_there_are(cast: Cast) -> None:
    """The service says so, and the table, whoever writes."""
    here, by = cast.chengxiang, fresh(cast.chengxiang.clerk)
    (row,) = published(here, ready(here).pk)
    report_deed(pk=row.pk, by=by, month=today(), percent=100, words="都装好了")
    given: dict[str, Any] = {"pk": row.pk, "by": by, "version": None, "on_day": today()}
    for satisfied, asked in ((1, 10**25), (1, 1_000_001), (2, 1), (-1, 1), (0, 0)):
        with pytest.raises(Invalid):
            deeds.ask_about_deed(**given, satisfied=satisfied, asked=asked)
        with pytest.raises(IntegrityError), transaction.atomic():
            said = {"satisfied": satisfied, "asked": asked}
            DeedRecord.objects.create(deed=row, verb=DeedVerb.ASK, actor=by, target=row.state, params=said)
    deeds.ask_about_deed(**given, satisfied=999_999, asked=1_000_000)
    assert again(row).satisfaction == 100


def test_it_is_cleared_once_it_is_done_accepted_and_residents_were_asked(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.clerk)
    (unit, _liaison), _other = two_units(here)
    (row,) = published(here, ready(here, unit=unit.pk).pk)
    given: dict[str, Any] = {"pk": row.pk, "by": by, "version": None, "on_day": today()}
    with pytest.raises(RuleBroken):
        clear_deed(pk=row.pk, by=by, version=None)
    report_deed(pk=row.pk, by=by, month=today(), percent=100, words="21台都装好了")
    with pytest.raises(RuleBroken):
        clear_deed(pk=row.pk, by=by, version=None)
    deeds.note_deed(**given, verb=DeedVerb.ACCEPT, words="现场验收合格")
    with pytest.raises(Invalid):
        deeds.ask_about_deed(**given, satisfied=61, asked=60)
    with pytest.raises(RuleBroken):
        clear_deed(pk=row.pk, by=by, version=None)
    deeds.ask_about_deed(**given, satisfied=57, asked=60)
    row = clear_deed(pk=row.pk, by=by, version=None)
    assert (row.state, row.satisfaction, row.ended_on) == ("cleared", 95, today())
    assert not Due.objects.filter(subject=row.subject, state="waiting").exists()
    board = browser_of(None).get(f"/deeds/{here.street.pk}/").content.decode()
    assert "21台都装好了" in board and "满意度95%" in board and unit.name not in board


def test_no_more_are_published_than_the_street_said_and_none_twice(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.party_office)
    rows = [ready(here, name=f"第{number}件") for number in range(4)]
    with pytest.raises(Invalid):
        deeds.set_deed_year(street=here.street, year=today().year, by=by, most=0)
    deeds.set_deed_year(street=here.street, year=today().year, by=by, most=3)
    with pytest.raises(RuleBroken):
        published(here, *(row.pk for row in rows))
    assert [row.position for row in published(here, rows[2].pk, rows[0].pk)] == [1, 2]
    with pytest.raises(RuleBroken):
        published(here, rows[2].pk)
    with pytest.raises(NotFound):
        published(here, ready(cast.xiasha).pk)
    published(here, rows[1].pk)
    with pytest.raises(RuleBroken):
        published(here, rows[3].pk)
    with pytest.raises(RuleBroken):
        deeds.set_deed_year(street=here.street, year=today().year, by=by, most=2)
    left = deeds.leave_out_deed(pk=rows[3].pk, by=by, version=None, words="明年再办")
    assert left.state == "left_out"


def test_who_has_not_reported_is_reminded_every_month(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), _other = two_units(here)
    row = ready(here, unit=unit.pk)
    published(here, row.pk)
    due = Due.objects.filter(subject=row.subject, state="waiting")
    assert due.get().due_at.astimezone().day in (24, 25)
    due.update(due_at=again(row).proposed_at)
    sweep()
    assert "DeedToReport" in rules(liaison)
    assert Due.objects.filter(subject=row.subject, state="waiting").count() == 1, "the next month follows"


def test_a_year_begins_with_the_menu_of_before(cast: Cast) -> None:
    here, year = cast.chengxiang, today().year
    alliance = alliance_of(here)
    for nobody in (here.liaison, here.worker, cast.xiasha.clerk):
        with pytest.raises((NotAllowed, NotFound)):
            menu.open_menu(alliance=alliance.pk, year=year, by=fresh(nobody))
    items = menu.open_menu(alliance=alliance.pk, year=year, by=fresh(here.clerk))
    assert len(items) == 10 and menu.open_menu(alliance=alliance.pk, year=year, by=fresh(here.clerk)) == items
    with pytest.raises(Invalid):
        menu.open_menu(alliance=alliance.pk, year=year + 2, by=fresh(here.clerk))
    added = menu.save_menu_item(
        alliance=alliance.pk, year=year, by=fresh(here.clerk), kind="optional", name="修伞磨刀", words="每月一次"
    )
    with pytest.raises(Invalid):
        menu.save_menu_item(alliance=alliance.pk, year=year, by=fresh(here.clerk), kind="optional", name="修伞磨刀")
    with pytest.raises(Conflict):
        menu.save_menu_item(
            alliance=alliance.pk,
            year=year,
            by=fresh(here.clerk),
            kind="optional",
            name="磨刀",
            item=added.pk,
            version=9,
        )
    assert len(menu.open_menu(alliance=alliance.pk, year=year + 1, by=fresh(here.clerk))) == 11


def test_units_sign_up_for_communities_and_gaps_are_seen(cast: Cast) -> None:
    here, year = cast.chengxiang, today().year
    (one, first), (two, second) = two_units(here)
    alliance = alliance_of(here)
    menu.open_menu(alliance=alliance.pk, year=year, by=fresh(here.clerk))
    health = MenuItem.objects.get(alliance=alliance, year=year, name="健康义诊")
    with pytest.raises(NotAllowed):
        menu.sign_up(item=health.pk, unit=two.pk, by=fresh(first))
    with pytest.raises(Invalid):
        menu.sign_up(item=health.pk, unit=one.pk, by=fresh(first), covers=[cast.xiasha.home.pk])
    made = menu.sign_up(item=health.pk, unit=one.pk, by=fresh(first), covers=[here.home.pk], does="每月义诊")
    assert menu.sign_up(item=health.pk, unit=one.pk, by=fresh(first), covers=[here.home.pk]) == made
    outside, speaker = another_unit(here, member=False)
    with pytest.raises(NotFound):
        menu.sign_up(item=health.pk, unit=outside.pk, by=fresh(speaker))
    found = {one.item.name: one for one in menu.coverage(alliance, year)}
    assert found["健康义诊"].gaps == [here.next_door] and len(found["法律心理咨询"].gaps) == 2
    menu.sign_up(item=health.pk, unit=two.pk, by=fresh(here.clerk))
    with CaptureQueriesContext(connection) as queries:
        found = {one.item.name: one for one in menu.coverage(alliance, year)}
    assert [number for _area, number in found["健康义诊"].per_area] in ([1, 0], [0, 1])
    assert found["健康义诊"].gaps == [here.next_door] and found["健康义诊"].anywhere == 1
    shown = browser_of(None).get(f"/menu/{alliance.pk}/").content.decode()
    assert "另有1家不限社区" in shown and "还有1个社区没有" in shown and "个社区都有" not in shown
    assert len(queries) <= 4
    with pytest.raises(NotAllowed):
        menu.leave_menu(pk=made.pk, by=fresh(second), words="不")
    menu.leave_menu(pk=made.pk, by=fresh(first), words="医生不够")
    with pytest.raises(RuleBroken):
        menu.leave_menu(pk=made.pk, by=fresh(first), words="再退")
    suspend_unit(pk=one.pk, by=fresh(here.clerk), why="换届")
    with pytest.raises(RuleBroken):
        menu.sign_up(item=health.pk, unit=one.pk, by=fresh(first))
    MenuItem.objects.filter(pk=health.pk).update(is_active=False)
    with pytest.raises(RuleBroken):
        menu.sign_up(item=health.pk, unit=two.pk, by=fresh(second))
