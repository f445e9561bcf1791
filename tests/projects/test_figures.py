"""Figures over time, typed, sent and imported: one for each period; and how a service is assessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.public_text import Warned
from projects import services
from projects.models import Assessment, Indicator, Reading
from projects.presenting import figures
from projects.services.assessing import assess_project, set_yardsticks, show_assessments
from projects.services.figures import first_day, record_reading, set_indicator
from tests.cast import Cast, api_of, browser_of, fresh
from tests.projects.running import running
from tests.projects.things import again, today, two_units
from tests.transfers.tables import carry_out, outcomes, upload, xlsx
from transfers.services.importing import undo_import
from transfers.services.working import work_all

pytestmark = pytest.mark.django_db
HEAD = ["项目编号*", "指标*", "哪一期*", "数字*", "说明"]
MEASURES = [("老人满意度", 40), ("服务质量", 30), ("价格", 15), ("年助餐人数", 15)]


def counted(here: Any, **changes: Any) -> Indicator:
    """A project that has run for a year, and what is counted in it."""
    row = running(here, 100, starts_on=today() - timedelta(days=365))
    said = {"name": "助餐", "measure": "人次", "target": 40000, **changes}
    return set_indicator(pk=row.pk, by=fresh(here.clerk), version=None, **said)


def record(one: Indicator, by: Any, day: date, value: Any, **more: Any) -> Reading:
    return record_reading(pk=one.project_id, by=fresh(by), indicator=one.pk, day=day, value=value, **more)


def test_a_period_has_one_figure_whoever_sends_it_and_a_change_is_in_the_history(cast: Cast) -> None:
    here = cast.chengxiang
    one, day = counted(here), today()
    made = record(one, here.clerk, day, 8100)
    assert made.just_made and made.period == day.replace(day=1)
    same = record(one, here.section_head, day.replace(day=1), "8100.00")
    assert same == made and not same.just_made
    with pytest.raises(RuleBroken):  # another clerk, another number
        record(one, here.section_head, day, 8200)
    for wrong in (-1, "NaN", "很多", Decimal("1e15"), None):
        with pytest.raises(Invalid):
            record(one, here.clerk, day - timedelta(days=60), wrong)
    for never in (day + timedelta(days=1), one.project.starts_on - timedelta(days=32)):
        with pytest.raises(Invalid):
            record(one, here.clerk, never, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(indicator=one, period=made.period, value=1, by=here.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.filter(pk=made.pk).update(value=-1)
    changed = record(one, here.section_head, day, 8200, version=made.version)
    assert (changed.value, changed.version) == (8200, 2)
    with pytest.raises(Conflict):
        record(one, here.clerk, day, 8300, version=made.version)
    params = one.project.events.filter(verb="measure").latest("pk").params
    assert (params["before"], params["value"]) == ("8100", "8200")
    for nobody in (here.grid_lead, here.liaison):
        with pytest.raises(NotAllowed):
            record(one, nobody, day - timedelta(days=40), 1)
    with pytest.raises(Invalid):
        set_indicator(
            pk=one.project_id,
            by=fresh(here.clerk),
            version=None,
            indicator=one.pk,
            name="助餐",
            measure="人次",
            period="day",
        )
    with pytest.raises(Invalid):
        set_indicator(pk=one.project_id, by=fresh(here.clerk), version=None, name="助餐", measure="人次")


def test_a_unit_that_takes_part_sends_its_figures_and_they_come_to_what_was_said(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), _other = two_units(here)
    one = counted(here)
    services.join_project(pk=one.project_id, by=fresh(here.clerk), version=None, unit=unit.pk)
    services.confirm_part(pk=one.project_id, by=fresh(liaison))
    months = [first_day("month", today() - timedelta(days=31 * back)) for back in range(4)]
    for number, month in enumerate(months):
        record(one, liaison, month, 1000 * (number + 1))
    shown = {}
    for reckon in ("sum", "last", "mean"):
        Indicator.objects.filter(pk=one.pk).update(reckon=reckon)
        shown[reckon] = figures.of_project(one.project, inside=True)[0]["total"]
    assert shown == {"sum": "10,000", "last": "1,000", "mean": "2,500"}
    page = browser_of(None).get(f"/projects/{one.project_id}/").content.decode()
    assert "<table" in page and 'data-value="4000"' in page and "到了6%" in page
    Indicator.objects.update(is_public=False)
    assert 'data-value="4000"' not in browser_of(None).get(f"/projects/{one.project_id}/").content.decode()
    assert [first_day(kind, date(2026, 11, 23)) for kind in ("day", "month", "quarter", "year")] == [
        date(2026, 11, 23),
        date(2026, 11, 1),
        date(2026, 10, 1),
        date(2026, 1, 1),
    ]


def test_a_table_comes_in_once_and_goes_again_where_nobody_touched_it(cast: Cast) -> None:
    here = cast.chengxiang
    one = counted(here)
    number, day = one.project.number, today()
    early = first_day("month", day - timedelta(days=70))
    record(one, here.clerk, early, 500)
    rows = [
        [number, "助餐", f"{day:%Y-%m}", "8100", ""],
        [number, "助餐", f"{day}", "8200", ""],
        [number.lower(), "助餐", f"{early.year}年{early.month}月", "500", ""],
        [number, "助餐", f"{early:%Y-%m}-02", "501", ""],
        [number, "没有这个", f"{day:%Y-%m}", "1", ""],
        [number, "助餐", "上个月", "1", ""],
        [number, "助餐", "2019-01", "1", ""],
        [number, "助餐", f"{day - timedelta(days=35):%Y-%m}", "-3", ""],
    ]
    batch = upload(here.party_office, here.street, xlsx(HEAD, *rows), "project-figures")
    assert list(outcomes(batch).values()) == ["new", "error", "same", *5 * ["error"]]
    carry_out(batch, here.party_office)
    assert sorted(Reading.objects.values_list("value", flat=True)) == [500, 8100]
    again = upload(here.party_office, here.street, xlsx(HEAD, rows[0]), "project-figures")
    assert list(outcomes(again).values()) == ["same"]
    carry_out(again, here.party_office)
    assert Reading.objects.count() == 2
    undo_import(pk=batch.pk, by=fresh(here.party_office))
    work_all()
    assert list(Reading.objects.values_list("value", flat=True)) == [500]


def test_over_the_api_a_figure_is_sent_once_and_read_by_whoever_sees_the_project(cast: Cast) -> None:
    here = cast.chengxiang
    one = counted(here)
    url = f"/api/v1/projects/{one.project_id}/indicators/"
    body = {"day": today().isoformat(), "value": "8100"}
    sent = [api_of(here.clerk).post(f"{url}{one.pk}/readings/", body, format="json") for _twice in range(2)]
    assert [answer.status_code for answer in sent] == [201, 200] and Reading.objects.count() == 1
    refused = {
        400: {**body, "value": "-1"},
        409: {**body, "value": "8200"},
    }
    for status, wrong in refused.items():
        assert api_of(here.clerk).post(f"{url}{one.pk}/readings/", wrong, format="json").status_code == status
    assert api_of(here.clerk).post(f"{url}0/readings/", body, format="json").status_code == 404
    assert api_of(here.liaison).post(f"{url}{one.pk}/readings/", body, format="json").status_code == 403
    series = api_of(cast.nobody).get(url).json()
    assert series[0]["total"] == "8100.00" and series[0]["readings"][0]["version"] == 1
    assert api_of(None).get(url).status_code == 401


def _assessed(here: Any, row: Any, **changes: Any) -> dict[str, Any]:
    scores = [{"name": name, "points": 80 + n, "evidence": "问卷60份"} for n, (name, _weight) in enumerate(MEASURES)]
    given: dict[str, Any] = {
        "pk": row.pk,
        "by": fresh(here.clerk),
        "version": None,
        "first_day": today() - timedelta(days=90),
        "last_day": today(),
        "scores": scores,
        "consequence": "reward",
        "words": "老人说菜软，价钱公道。",
    }
    return {**given, **changes}


def _scaled(here: Any, row: Any) -> None:
    weighed: Any = [{"name": name, "weight": weight} for name, weight in MEASURES]
    set_yardsticks(pk=row.pk, by=fresh(here.clerk), version=None, yardsticks=weighed)


def test_a_service_is_assessed_by_weights_that_make_a_hundred(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = counted(here).project, fresh(here.clerk)
    given = _assessed(here, row)
    with pytest.raises(RuleBroken):  # no measures yet
        assess_project(client_key=uuid4(), **given)
    wrongs: list[Any] = [[{"name": "满意", "weight": 90}], [{"name": "满意", "weight": 50}] * 2, []]
    for wrong in wrongs:
        with pytest.raises(Invalid):
            set_yardsticks(pk=row.pk, by=by, version=None, yardsticks=wrong)
    _scaled(here, row)
    for changes in (
        {"scores": given["scores"][:3]},
        {"scores": [{**one, "points": 101} for one in given["scores"]]},
        {"scores": [{**one, "evidence": " "} for one in given["scores"]]},
        {"scores": [*given["scores"], {"name": "多的", "points": 1, "evidence": "无"}]},
        {"consequence": "fine"},
        {"words": ""},
        {"last_day": today() + timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            assess_project(client_key=uuid4(), **{**given, **changes})
    for nobody in (here.liaison, here.worker):
        with pytest.raises(NotAllowed):
            assess_project(client_key=uuid4(), **{**given, "by": fresh(nobody)})
    key = uuid4()
    made = assess_project(client_key=key, **given)
    assert assess_project(client_key=key, **given) == made and Assessment.objects.count() == 1
    assert made.total == Decimal("81.05")  # 80×40% + 81×30% + 82×15% + 83×15%


def test_an_assessment_stands_and_is_put_right_by_a_further_one(cast: Cast) -> None:
    here = cast.chengxiang
    row = counted(here).project
    _scaled(here, row)
    given = _assessed(here, row)
    made = assess_project(client_key=uuid4(), **given)
    with pytest.raises(RuleBroken):  # the same days again
        assess_project(client_key=uuid4(), **given)
    with pytest.raises(NotFound):
        assess_project(client_key=uuid4(), **given, replaces=0)
    right = assess_project(client_key=uuid4(), **{**given, "consequence": "mend"}, replaces=made.pk)
    with pytest.raises(RuleBroken):
        assess_project(client_key=uuid4(), **given, replaces=made.pk)
    shown = figures.assessments_of(row)
    assert [(one["row"].pk, one["gone"]) for one in shown] == [(right.pk, False), (made.pk, True)]
    set_yardsticks(pk=row.pk, by=fresh(here.clerk), version=None, yardsticks=[{"name": "只看这个", "weight": 100}])
    assert made.scores.count() == 4, "how it was weighed then"
    page = f"/projects/{row.pk}/"
    assert "老人说菜软" in browser_of(here.clerk).get(page).content.decode()
    assert "老人说菜软" not in browser_of(None).get(page).content.decode()


def test_assessments_are_public_once_somebody_says_so_and_only_those_that_stand(cast: Cast) -> None:
    here = cast.chengxiang
    row = counted(here).project
    _scaled(here, row)
    by, page, api = fresh(here.clerk), f"/projects/{row.pk}/", f"/api/v1/projects/{row.pk}/assessments/"
    show: dict[str, Any] = {"pk": row.pk, "version": None, "is_public": True}
    with pytest.raises(RuleBroken):  # nothing to show
        show_assessments(**show, by=by)
    given = _assessed(here, row)
    made = assess_project(client_key=uuid4(), **given)
    for nobody in (here.liaison, here.worker, cast.xiasha.clerk):
        with pytest.raises((NotAllowed, NotFound)):
            show_assessments(**show, by=fresh(nobody))
    with pytest.raises(Conflict):
        show_assessments(**{**show, "version": 1}, by=by)
    assert browser_of(cast.xiasha.clerk).get(api).status_code == 404
    show_assessments(**show, by=by)
    version = again(row).version
    assert show_assessments(**show, by=by).version == version, "said twice, once done"
    with pytest.raises(Warned):  # what is written from now on is read by everybody
        assess_project(client_key=uuid4(), **{**given, "words": "找王师傅13800001234"}, replaces=made.pk)
    right = assess_project(client_key=uuid4(), **{**given, "words": "饭点不用再等"}, replaces=made.pk)
    text = browser_of(None).get(page).content.decode()
    assert "饭点不用再等" in text and "老人说菜软" not in text, "the mistake is the office's"
    assert [one["id"] for one in browser_of(cast.xiasha.clerk).get(api).json()] == [right.pk]
    show_assessments(**{**show, "is_public": False}, by=by)
    assert "饭点不用再等" not in browser_of(None).get(page).content.decode()
    assert "饭点不用再等" in browser_of(here.clerk).get(page).content.decode()


def test_words_that_look_personal_are_read_again_before_they_are_public(cast: Cast) -> None:
    here = cast.chengxiang
    row = counted(here).project
    _scaled(here, row)
    assess_project(client_key=uuid4(), **{**_assessed(here, row), "words": "找王师傅13800001234"})
    show: dict[str, Any] = {"pk": row.pk, "by": fresh(here.clerk), "version": None, "is_public": True}
    with pytest.raises(Warned) as caught:
        show_assessments(**show)
    assert not again(row).assessments_public
    show_assessments(**show, seen_warnings=caught.value.mark)
    assert again(row).assessments_public
