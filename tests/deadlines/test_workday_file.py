"""A list of days as offices write it."""

from __future__ import annotations

from datetime import date

import pytest

from deadlines.models import WorkDay
from deadlines.services.calendar import import_csv, preview_csv
from deadlines.services.workday_file import read_days

NEW_YEAR = (date(2031, 1, 1), False, "元旦")


@pytest.mark.parametrize(
    "line",
    [
        "2031-01-01,否,元旦",
        "2031/1/1,0,元旦",
        "2031年1月1日,休,元旦",
        "２０３１年１月１日，休息，元旦",
        "2031.1.1,放假, 元旦 ",
        "20310101,No,元旦",
        "2031年1月1日（星期三）,休,元旦",
        "2031/1/1 0:00,FALSE,元旦",
        "2031-01-01\t休\t元旦",
        "2031-01-01;休;元旦",
        '"2031-01-01","休","元旦"',
        "日期,上班,说明\r\n\r\n2031-01-01,休,元旦\r\n,,\r\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_the_same_day_in_every_dress(line: str, encoding: str) -> None:
    read = read_days(line.encode(encoding))
    assert (read.rows, read.errors) == ((NEW_YEAR,), ())


@pytest.mark.parametrize("word", ["是", "1", "１", "班", "上班", "Yes"])
def test_words_for_working(word: str) -> None:
    assert read_days(f"2031-01-04,{word}").rows == ((date(2031, 1, 4), True, ""),)


def test_every_bad_line_is_named_by_its_number() -> None:
    text = "日期,上班\n2031-02-29,休\n2031-03-01,大概\n\n2031-03-02,班\n2031-03-02,休\n1931-03-02,班\n星期一,班\n"
    read = read_days(text + f"2031-03-09,休,{'长' * 31}\n2031-03-10\n")
    assert [error.partition("行")[0].removeprefix("第") for error in read.errors] == [
        "2",
        "3",
        "6",
        "7",
        "8",
        "9",
        "10",
    ]
    assert "第5行" in read.errors[2]


@pytest.mark.parametrize("content", ["", "\n\n", "日期,上班,说明\n", b"", b"\xff\xfe", b"PK\x03\x04\x14\x00", "\x00"])
def test_what_holds_no_day_says_so(content: str | bytes) -> None:
    read = read_days(content)
    assert read.errors
    assert not read.rows


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    assert len(read_days("x\n" * 20_000).errors) < 6000


@pytest.mark.django_db
def test_one_bad_line_and_nothing_is_written() -> None:
    done = import_csv(by=None, text="2031-01-01,休,元旦\n2031-01-32,休\n")
    assert (done.added, done.changed, len(done.errors)) == (0, 0, 1)
    assert not WorkDay.objects.filter(day__year=2031).exists()
    assert import_csv(by=None, text="2031-01-01,休,元旦\n").added == 1


@pytest.mark.django_db
def test_looking_first_writes_nothing_and_tells_what_would_be() -> None:
    text = "2026-10-10,休,不调休\n2031-01-01,休,元旦\n2026-10-01,休,国庆节\n"
    done = preview_csv(by=None, text=text)
    assert (done.added, done.changed) == (1, 1)
    assert [(one.day, one.before, one.after, one.moves) for one in done.changes] == [
        (date(2026, 10, 10), True, False, True),
        (date(2031, 1, 1), None, False, True),
    ]
    assert WorkDay.objects.get(day=date(2026, 10, 10)).working
    assert not WorkDay.objects.filter(day__year=2031).exists()
    assert preview_csv(by=None, text=text, fill=True).added == 365
