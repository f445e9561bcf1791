"""Answers as sums: in fives, per area, and never one alone. Nobody who handles reads a single one anywhere."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.core.serializers import serialize
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from deadlines.models import Due, Stage
from needs.models import Answer, Need, NeedEvent
from needs.services.answer_figures import answer_figures, figures_for
from needs.services.answers import answer_need
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.states import Outcome, Satisfaction
from notifications.models import Message
from people.models import Area, User
from tests.cast import Cast, api_of, browser_of, fresh, say_need

pytestmark = pytest.mark.django_db

PAGES = ("/admin/", "/admin/needs/need/?tab=all", "/admin/inbox/", "/admin/due/?tab=kept")
CANARY = "二楼那盏金丝雀还没修"


def finished(area: Area, by: User) -> Need:
    need = say_need(area)
    accept_need(pk=need.pk, by=by)
    finish_need(pk=need.pk, by=by, words="灯换好了")
    return Need.objects.get(pk=need.pk)


def answers(area: Area, *outcomes: str, days_ago: int = 1) -> None:
    """Answers of needs of ``area``, one after the other."""
    first = timezone.now() - timedelta(days=days_ago)
    for place, outcome in enumerate(outcomes):
        need = say_need(area)
        at = first + timedelta(seconds=place)
        Answer.objects.create(need=need, round=1, outcome=outcome, area=area, at=at)


def sums(area: Area) -> tuple[int, ...]:
    row = answer_figures([area], timezone.now() - timedelta(days=90))[0]
    assert row.n == row.solved + row.partly + row.unsolved + row.silent
    return (row.n, row.solved, row.partly, row.unsolved, row.silent)


def test_below_five_nothing_is_shown(cast: Cast) -> None:
    home = cast.chengxiang.home
    assert sums(home) == (0, 0, 0, 0, 0)
    answers(home, *[Outcome.UNSOLVED] * 4)
    assert sums(home) == (0, 0, 0, 0, 0)
    answers(home, Outcome.SILENT)
    assert sums(home) == (5, 0, 0, 4, 1)


def test_figures_move_in_fives_so_that_no_one_is_told_apart(cast: Cast) -> None:
    home = cast.chengxiang.home
    answers(home, Outcome.SOLVED, Outcome.SOLVED, Outcome.PARTLY, Outcome.UNSOLVED, Outcome.SILENT, days_ago=3)
    before = sums(home)
    for outcome in (Outcome.UNSOLVED, Outcome.SOLVED, Outcome.UNSOLVED, Outcome.SOLVED):
        answers(home, outcome, days_ago=2)
        assert sums(home) == before == (5, 2, 1, 1, 1)
    answers(home, Outcome.SOLVED)
    assert sums(home) == (10, 5, 1, 3, 1)


def test_wherever_the_days_begin_five_come_and_go_together(cast: Cast) -> None:
    """A window that moves by a minute, or by a day, never tells one answer from another."""
    home = cast.chengxiang.home
    said = [Outcome.SOLVED] * 4 + [Outcome.UNSOLVED] + [Outcome.PARTLY] * 4 + [Outcome.SILENT] + [Outcome.UNSOLVED] * 2
    answers(home, *said, days_ago=50)
    moments = sorted(Answer.objects.values_list("at", flat=True))
    half = timedelta(milliseconds=500)
    seen = []
    for since in [moments[0] - half, *(at + half for at in moments)]:
        row = answer_figures([home], since)[0]
        seen.append((row.n, row.solved, row.partly, row.unsolved, row.silent))
    assert seen == [(10, 4, 4, 1, 1)] * 5 + [(5, 0, 4, 0, 1)] * 5 + [(0, 0, 0, 0, 0)] * 3


def test_the_sixth_answer_does_not_push_out_the_first(cast: Cast) -> None:
    home = cast.chengxiang.home
    answers(home, Outcome.UNSOLVED, days_ago=89)
    answers(home, *[Outcome.SOLVED] * 4, days_ago=50)
    before = sums(home)
    assert before == (5, 4, 0, 1, 0)
    answers(home, Outcome.PARTLY)
    later = answer_figures([home], timezone.now() - timedelta(days=88))[0]
    assert sums(home) == before == (later.n, later.solved, later.partly, later.unsolved, later.silent)


def test_areas_are_counted_apart_and_old_answers_not_at_all(cast: Cast) -> None:
    here = cast.chengxiang
    answers(here.home, *[Outcome.SOLVED] * 5)
    answers(here.next_door, *[Outcome.UNSOLVED] * 3)
    answers(here.next_door, *[Outcome.UNSOLVED] * 10, days_ago=91)
    rows = {row.area: row.n for row in figures_for(fresh(here.clerk))}
    assert rows == {here.street.pk: 0, here.home.pk: 5, here.next_door.pk: 0}
    assert {row.area for row in figures_for(fresh(here.worker))} == {here.home.pk}
    assert {row.area for row in figures_for(fresh(cast.xiasha.worker))} == {cast.xiasha.home.pk}
    assert figures_for(fresh(here.system_admin)) == figures_for(fresh(cast.nobody)) == []


def test_handlers_and_leaders_read_the_same_on_the_workbench_and_over_the_api(cast: Cast) -> None:
    here = cast.chengxiang
    answers(here.home, *[Outcome.SOLVED] * 3, Outcome.PARTLY, Outcome.SILENT)
    words = "5件：解决了3，部分解决1，没解决0，未评价1"
    for user in (here.worker, here.leader):
        assert words in browser_of(user).get("/admin/").content.decode()
        rows = api_of(user).get("/api/v1/needs/answers/figures/").json()
        assert [row["n"] for row in rows if row["area"] == here.home.pk] == [5]
    assert words not in browser_of(here.neighbour).get("/admin/").content.decode()
    for user, status in ((None, 401), (here.liaison, 403), (here.system_admin, 403)):
        assert api_of(user).get("/api/v1/needs/answers/figures/").status_code == status


def test_no_answer_is_read_by_who_handles_anywhere(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """One need solved, one partly solved with words: whatever staff can reach reads the same of both."""
    here = cast.chengxiang
    needs = {Outcome.SOLVED: finished(here.home, here.worker), Outcome.PARTLY: finished(here.home, here.worker)}
    with caplog.at_level(logging.DEBUG):
        for outcome, need in needs.items():
            address = reverse("needs:answer", args=[need.link_token])
            typed = {"outcome": outcome, "sure": "1", "satisfaction": Satisfaction.VERY_BAD, "words": CANARY}
            assert browser_of(None).post(address, typed).status_code == 302
    told = [CANARY, Satisfaction.VERY_BAD.value, "非常不满意", '"partly"', '"solved"']
    kept = serialize(
        "json", [*NeedEvent.objects.all(), *AuditEntry.objects.all(), *Due.objects.all(), *Stage.objects.all()]
    )
    assert [word for word in told if word in kept or word in caplog.text] == []
    notices = serialize("json", Message.objects.exclude(rule="needs.RemainderLeft"))
    assert [word for word in told if word in notices] == []
    for who in (here.worker, here.grid_lead, here.clerk, here.section_head, here.party_office, here.leader):
        browser, api, pages = browser_of(who), api_of(who), []
        for need in needs.values():
            detail = api.get(f"/api/v1/needs/{need.pk}/").json()
            page = browser.get(reverse("admin:needs_need_change", args=[need.pk])).content.decode()
            assert detail["events"][0]["verb"] == "close"
            text = page.split("<main")[1] + json.dumps(detail, ensure_ascii=False)
            assert not [word for word in (*told, "部分解决", "未评价") if word in text], who
            pages.append([event["text"] for event in detail["events"]])
        assert pages[0] == pages[1]
        for path in PAGES:
            assert CANARY not in browser.get(path).content.decode(), path
        assert CANARY not in api.get("/api/v1/needs/").content.decode()
        if who in (here.worker, here.grid_lead, here.leader):
            assert browser.get("/admin/remainders/").status_code == 403
        else:
            assert CANARY not in browser.get("/admin/remainders/").content.decode()
    secretary = browser_of(here.secretary)
    assert CANARY in secretary.get("/admin/remainders/").content.decode()
    assert CANARY in secretary.get("/admin/").content.decode()


def test_silence_looks_like_any_end(cast: Cast) -> None:
    from needs.services.asking import _close_silently

    here = cast.chengxiang
    silent, said = finished(here.home, here.worker), finished(here.home, here.worker)
    _close_silently(Need.objects.get(pk=silent.pk))
    answer_need(token=said.link_token, outcome=Outcome.SOLVED)
    api = api_of(here.worker)
    ends = [api.get(f"/api/v1/needs/{need.pk}/").json()["events"][0] for need in (silent, said)]
    assert [(end["verb"], end["text"]) for end in ends] == [("close", "已办结")] * 2
