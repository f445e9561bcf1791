"""Stories, assessments and monthly reports from tables: planned, doubled, refused, a second time, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib.importing import Place, importer
from projects.models import Assessment, DeedReport, Project, Story
from projects.services import stories
from projects.services.assessing import set_yardsticks, show_assessments
from projects.services.deed_running import report_deed
from tests.cast import Cast, fresh
from tests.projects.running import project_in, running
from tests.projects.test_deeds import published, ready
from tests.projects.things import again, today
from tests.transfers.tables import carry_out, outcomes, upload, xlsx
from transfers.models import ImportBatch
from transfers.services.importing import undo_import
from transfers.services.working import work_all

pytestmark = pytest.mark.django_db
TOLD = ["项目编号*", "怎么称呼*", "标题*", "故事*"]
JUDGED = [
    *("项目编号*", "从哪天*", "到哪天*", "考核什么1", "分数1", "依据1", "考核什么2", "分数2", "依据2"),
    *("怎么处理*", "说明*"),
]
REPORTED = ["实事编号*", "哪个月*", "进度（%）*", "办了什么*"]
WORDS = "以前下楼要人背，现在坐电梯。"


def in_order(batch: ImportBatch) -> list[str]:
    """The outcome of each line."""
    return [outcome for _line, outcome in sorted(outcomes(batch).items())]


def undone(batch: ImportBatch, by: Any) -> None:
    undo_import(pk=batch.pk, by=fresh(by))
    work_all()


def test_stories_come_in_unshown_and_are_gone_when_taken_back(cast: Cast) -> None:
    here = cast.chengxiang
    row, far = running(here), running(cast.xiasha)
    good = [row.number.lower(), "汤大伯", "下楼", WORDS]
    wrong = [
        [far.number, "汤大伯", "下楼", WORDS],
        [row.number, "", "第二篇", WORDS],
        [row.number, "汤大伯", "第三篇", f"{WORDS}打13805710001找我。"],
        [row.number, "汤大伯", "第四篇", "话" * 801],
    ]
    batch = upload(here.clerk, here.street, xlsx(TOLD, good, *wrong), "project-stories")
    assert in_order(batch) == ["new", *["error"] * 4]
    carry_out(batch, here.clerk)
    story = Story.objects.get()
    assert (story.state, story.consent_on, story.project, story.words) == ("written", None, row, WORDS)
    second = upload(here.clerk, here.street, xlsx(TOLD, good), "project-stories")
    assert outcomes(second) == {2: "same"}
    carry_out(second, here.clerk)
    undone(second, here.clerk)
    assert again(story).words == WORDS, "it was there before that import"
    other = upload(here.clerk, here.street, xlsx(TOLD, [*good[:3], "别的话。"], good, good), "project-stories")
    assert set(outcomes(other).values()) == {"error"}, "what stands is changed where it stands; none twice in a file"
    undone(batch, here.clerk)
    assert (again(story).state, again(story).words) == ("taken_down", "")


def test_a_story_that_was_agreed_to_since_stays(cast: Cast) -> None:
    here = cast.chengxiang
    batch = upload(
        here.clerk, here.street, xlsx(TOLD, [running(here).number, "汤大伯", "下楼", WORDS]), "project-stories"
    )
    carry_out(batch, here.clerk)
    row, said = Story.objects.get(), {"how": "signed", "kept": "社区档案柜"}
    stories.note_consent(pk=row.pk, by=fresh(here.clerk), version=None, on=today(), **said)
    undone(batch, here.clerk)
    assert (again(row).state, again(row).words) == ("written", WORDS)


def scaled(here: Any, **changes: Any) -> Project:
    row = running(here, 100, starts_on=today() - timedelta(days=300), **changes)
    weighed: Any = [{"name": "满意度", "weight": 60}, {"name": "价格", "weight": 40}]
    return set_yardsticks(pk=row.pk, by=fresh(here.clerk), version=None, yardsticks=weighed)


def test_assessments_come_in_once_for_their_days_and_stand(cast: Cast) -> None:
    here = cast.chengxiang
    row, unscaled, draft = scaled(here), running(here, name="没有办法的"), project_in(here, name="还在拟的")
    first, last = (today() - timedelta(days=back) for back in (120, 90))
    scores = ["满意度", "95", "问卷60份", "价格", "80", "比了三家"]
    good = [row.number, first.isoformat(), last.isoformat(), *scores, "继续办", "办得好。"]
    later = [row.number, (last + timedelta(days=1)).isoformat(), today().isoformat()]
    wrong = [
        [unscaled.number, *good[1:]],
        [draft.number, *good[1:]],
        ["XM-无", *good[1:]],
        [*later, *scores[:3], "", "", "", *good[9:]],  # a measure is missing
        [row.number, later[1], first.isoformat(), *good[3:]],  # the last day before the first
        [row.number, later[1], (today() + timedelta(days=1)).isoformat(), *good[3:]],
        [row.number, "上个月", today().isoformat(), *good[3:]],
        [row.number, later[1], last.isoformat(), "满意度", "101", *good[5:]],
        [row.number, later[1], later[1], *scores, "随便", "办得好。"],
    ]
    batch = upload(here.clerk, here.street, xlsx(JUDGED, good, *wrong), "project-assessments")
    assert in_order(batch) == ["new", *["error"] * 9]
    carry_out(batch, here.clerk)
    made = Assessment.objects.get()
    assert (str(made.total), made.consequence, made.by) == ("89.00", "keep", here.clerk)
    overlapping = [row.number, last.isoformat(), today().isoformat(), *good[3:]]
    for changed in (overlapping, [*good[:4], "90", *good[5:]], [*good[:10], "办得更好。"]):
        second = upload(here.clerk, here.street, xlsx(JUDGED, changed), "project-assessments")
        assert outcomes(second) == {2: "error"}, changed
    third = upload(here.clerk, here.street, xlsx(JUDGED, good), "project-assessments")
    assert outcomes(third) == {2: "same"}
    undone(batch, here.clerk)
    assert Assessment.objects.get() == made, "a mistake is put right by a further one"


def test_words_of_an_assessment_that_everybody_will_read_are_looked_at(cast: Cast) -> None:
    here = cast.chengxiang
    row = scaled(here)
    scores = ["满意度", "95", "问卷60份", "价格", "80", "比了三家"]
    days = [(today() - timedelta(days=back)).isoformat() for back in (60, 31, 30, 1)]
    calm = [row.number, *days[:2], *scores, "继续办", "办得好。"]
    call = [row.number, *days[2:], *scores, "继续办", "问王师傅13805710001。"]
    carry_out(upload(here.clerk, here.street, xlsx(JUDGED, calm), "project-assessments"), here.clerk)
    inside = upload(here.clerk, here.street, xlsx(JUDGED, call), "project-assessments")
    assert outcomes(inside) == {2: "new"}, "the office's own"
    show_assessments(pk=row.pk, by=fresh(here.clerk), version=None, is_public=True)
    public = upload(here.clerk, here.street, xlsx(JUDGED, call), "project-assessments")
    assert outcomes(public) == {2: "error"}


def test_reports_come_in_month_after_month_and_never_go_back(cast: Cast) -> None:
    here, year = cast.chengxiang, today().year - 1
    (row,) = published(here, ready(here).pk)
    type(row).objects.filter(pk=row.pk).update(year=year)
    candidate = ready(here, name="还没公布的")
    report_deed(pk=row.pk, by=fresh(here.clerk), month=date(year, 2, 1), percent=10, words="开工了")
    good = [
        [row.number, f"{year}-05", "60%", "装好12台"],
        [row.number, f"{year}年3月", "30", "装好6台"],
        [row.number, f"{year}-02", "10", "开工了"],
    ]
    wrong = [
        [row.number, f"{year}-04", "70", "装好14台"],  # taken before May, which is then less
        [row.number, f"{year}-02-15", "20", "改一改"],  # the same month once more
        [row.number, f"{year}-06", "101", "多了"],
        [row.number, f"{year}-07", "六成", "装好13台"],
        [row.number, f"{year}-08", "80", "找王师傅13805710001"],
        [row.number, f"{year - 1}-12", "5", "还没有这一年"],
        [row.number, "上个月", "80", "装好16台"],
        [candidate.number, f"{year}-05", "60", "装好12台"],
        ["SS-无", f"{year}-05", "60", "装好12台"],
    ]
    batch = upload(here.clerk, here.street, xlsx(REPORTED, *good, *wrong), "deed-reports")
    found = in_order(batch)
    assert found == ["error", "new", "same", "new", *["error"] * 8], "an earlier month is believed before a later one"
    whole = upload(here.clerk, here.street, xlsx(REPORTED, *good), "deed-reports")
    assert in_order(whole) == ["new", "new", "same"]
    carry_out(whole, here.clerk)
    assert list(DeedReport.objects.order_by("month").values_list("percent", flat=True)) == [10, 30, 60]
    assert again(row).percent == 60
    third = upload(
        here.clerk, here.street, xlsx(REPORTED, *good, [row.number, f"{year}-04", "61", "多"]), "deed-reports"
    )
    assert in_order(third) == ["same", "same", "same", "error"]
    undone(whole, here.clerk)
    assert DeedReport.objects.count() == 3, "everybody has read them"


def test_a_dry_run_asks_as_often_for_many_lines_as_for_one(cast: Cast) -> None:
    here = cast.chengxiang
    place = Place(here.street, fresh(here.clerk))
    rows = [scaled(here, name=f"第{n}个") for n in range(4)]
    items = [ready(here, name=f"第{n}件") for n in range(4)]
    day = {"first_day": f"{today()}", "last_day": f"{today()}", "consequence": "继续办", "words": "好"}
    points = {
        "name1": "满意度",
        "points1": "95",
        "evidence1": "问卷",
        "name2": "价格",
        "points2": "80",
        "evidence2": "比了",
    }
    lines: dict[str, list[dict[str, str]]] = {
        "project-stories": [{"project": r.number, "called": "汤大伯", "title": "下楼", "words": WORDS} for r in rows],
        "project-assessments": [{"project": r.number, **day, **points} for r in rows],
        "deed-reports": [
            {"deed": r.number, "month": f"{today():%Y-%m}", "percent": "10", "words": "好"}
            for r in published(here, *(one.pk for one in items))
        ],
    }
    for key, told in lines.items():
        kind, counted = importer(key), []
        assert kind is not None
        for some in (told[:1], told):
            with CaptureQueriesContext(connection) as queries:
                assert {one.outcome for one in kind.plan(some, place)} == {"new"}, key
            counted.append(len(queries))
        assert counted[0] == counted[1], (key, counted)
