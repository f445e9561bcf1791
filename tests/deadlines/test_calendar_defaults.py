"""The announced calendar is there from the first start on, and nobody's change is lost to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from deadlines import defaults
from deadlines.defaults import load_calendar_defaults, official_years
from deadlines.models import WorkDay, WorkPeriod
from deadlines.services.calendar import calendar, fill_year, set_days, unknown_years

pytestmark = pytest.mark.django_db


def test_every_announced_day_is_there_by_name() -> None:
    days = {row.day: (row.working, row.name) for row in WorkDay.objects.filter(day__year__lt=2027)}
    assert len(days) == 366 + 365 + 365
    assert days[date(2026, 10, 1)] == (False, "国庆节")
    assert days[date(2026, 10, 6)] == (False, "国庆节")  # taken in exchange
    assert days[date(2026, 10, 10)] == (True, "国庆节调休")
    assert days[date(2026, 2, 14)] == (True, "春节调休")
    assert days[date(2026, 3, 7)] == (False, "")
    assert {name.removesuffix("调休") for _working, name in days.values()} - {""} == set(defaults.NAMES.values())


def test_loading_again_asks_once_and_overwrites_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    set_days(by=None, rows=[(date(2026, 10, 10), False, "本街道不调休")])
    with django_assert_num_queries(1):
        load_calendar_defaults()
    assert not calendar().is_working(date(2026, 10, 10))


def test_a_year_announced_later_is_added_and_days_entered_before_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    set_days(by=None, rows=[(date(2031, 1, 1), True, "先这样")])
    entries = AuditEntry.objects.count()
    later = {**official_years(), 2031: tuple((date(2031, 1, n), False, "元旦") for n in range(1, 32))}
    monkeypatch.setattr(defaults, "official_years", lambda: later)
    load_calendar_defaults()
    days = dict(WorkDay.objects.filter(day__year=2031).values_list("day", "working"))
    assert (len(days), days[date(2031, 1, 1)], days[date(2031, 1, 2)]) == (31, True, False)
    assert AuditEntry.objects.count() == entries + 1


def test_office_hours_are_given_once() -> None:
    assert [str(one) for one in WorkPeriod.objects.all()] == ["08:30–12:00", "13:30–17:30"]


def test_a_year_is_unknown_until_every_day_is_written_down(time_machine) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to("2030-06-01T04:00:00Z")
    assert unknown_years() == [2030, 2031]
    fill_year(by=None, year=2030)
    assert unknown_years() == [2031]
    set_days(by=None, rows=[(date(2031, 5, 1), False, "劳动节")])
    assert fill_year(by=None, year=2031) == 364
    assert unknown_years() == []
    assert not calendar().is_working(date(2031, 5, 1))
    # 23:00 in UTC on the last day is the next year in China.
    time_machine.move_to("2031-12-31T23:00:00Z")
    assert unknown_years() == [2032, 2033]


def test_the_command_counts_and_the_second_run_changes_nothing(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "2031.csv"
    file.write_bytes("日期,上班,说明\n2031年1月1日,休,元旦\n2031/1/4,班,元旦调休\n".encode("gbk"))
    call_command("import_workdays", file)
    call_command("import_workdays", file)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("新增 2，更新 0")
    assert second.startswith("新增 0，更新 0")
    call_command("import_workdays", file, fill=True)
    assert WorkDay.objects.filter(day__year=2031).count() == 365
    file.write_text("2031-02-30,休\n2031-03-03,也许\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"第1行.*\n第2行"):
        call_command("import_workdays", file)
    with pytest.raises(CommandError):
        call_command("import_workdays", tmp_path / "none.csv")
