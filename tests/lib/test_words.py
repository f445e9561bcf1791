"""A day and its time stay together at the end of a line."""

from __future__ import annotations

import pytest
from django.template import Context, Engine
from django.utils.safestring import mark_safe

from alliance.templatetags.words import days


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("您，今天 15:18起", "今天 15:18起"),
        ("等到11月30日前答复", "11月30日前"),
        ("2025年11月30日 08:05起", "2025年11月30日 08:05起"),
        ("明天 09:00前送到", "明天 09:00前"),
    ],
)
def test_a_day_is_one_piece(text: str, held: str) -> None:
    assert f'<span class="day">{held}</span>' in days(text)


def test_other_words_stay_as_they_are() -> None:
    assert days("今天内送到") == "今天内送到"
    assert days("<b>今天 15:18起") == '&lt;b&gt;<span class="day">今天 15:18起</span>'


def test_what_a_template_has_escaped_is_not_escaped_again() -> None:
    page = Engine(libraries={"words": "alliance.templatetags.words"}).from_string(
        "{% load words %}{% filter days %}{{ unit }}，今天 15:18起{% endfilter %}"
    )
    assert page.render(Context({"unit": "A&B <i>"})) == 'A&amp;B &lt;i&gt;，<span class="day">今天 15:18起</span>'
    assert days(mark_safe("A&amp;B")) == "A&amp;B"
