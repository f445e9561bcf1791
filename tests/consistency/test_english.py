"""English is complete, counts properly and writes dates as English readers do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages import Message
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import ngettext

from needs.models import Category
from needs.presenting import span
from needs.wording import day
from scripts import messages, texts


def test_every_text_of_the_site_is_in_english_too() -> None:
    assert list(messages.problems()) == []
    assert [f"{text.path}:{text.line} {text.key}" for text in texts.bare_texts()] == []


@pytest.mark.parametrize(
    ("source", "english", "reason"),
    [
        ("您好", "", "untranslated"),
        ("%(n)s 条", "some", "placeholders"),
        ("还可以放%%n张", "more", "placeholders"),
        ("您好", "Hello 您好", "Chinese"),
        (("%(n)s家", "%(n)s家"), ("%(n)s house", ""), "untranslated"),
    ],
)
def test_a_bad_translation_is_named(source: object, english: object, reason: str) -> None:
    assert reason in messages.wrong(Message(source, english))
    assert messages.wrong(Message("您好", "Hello")) == ""


def test_forgotten_chinese_is_found_in_code_and_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "needs").mkdir()
    (tmp_path / "templates").mkdir()
    code = '"""说明。"""\nfrom x import gettext as _\nA = _("标了")\nB = "没标"\n'
    (tmp_path / "needs" / "words.py").write_text(code, "utf-8")
    page = '{# 说明 #}<p>{% translate "标了" %}{% blocktranslate %}也标了{% endblocktranslate %}</p>没标：<b></b>'
    (tmp_path / "templates" / "page.html").write_text(page, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert [(text.path, text.key) for text in texts.bare_texts()] == [
        ("needs/words.py", "没标"),
        ("templates/page.html", "没标："),
    ]
    assert [text.key for text in texts.texts()] == ["标了", "标了", "也标了"]


def test_dates_and_lengths_of_time_read_well_in_both_languages() -> None:
    when = date(2026, 11, 8)
    assert (day(when), span(timedelta(days=3)), span(timedelta(hours=5))) == ("11月8日", "3天", "5小时")
    with translation.override("en"):
        assert day(when) == "8 November"
        assert (span(timedelta(days=2)), span(timedelta(hours=5)), span(timedelta(0))) == ("2 days", "5 h", "1 min")
        assert date_format(datetime(2026, 11, 8, 14, 5), "DATETIME_FORMAT") == "8 November 2026, 14:05"
        one, many = (ngettext("超%(days)d个工作日", "超%(days)d个工作日", n) % {"days": n} for n in (1, 4))
        assert (one, many) == ("1 working day late", "4 working days late")


def test_a_category_is_called_by_its_english_name_where_it_has_one() -> None:
    named, unnamed = Category(name="为老助餐", name_en="Meals for elders"), Category(name="其他")
    assert (str(named), str(unnamed)) == ("为老助餐", "其他")
    with translation.override("en"):
        assert (str(named), str(unnamed)) == ("Meals for elders", "其他")
