"""What a notice is about stands in its title, and nowhere a second time, in either language."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from notifications.services import Notice
from notifications.views.reading import body_of, row_of

NUMBER = "XY-CX-20261121-0003"
ABOUT = "一床厚被子"


def _notice(body: str, subject: str = NUMBER) -> Notice:
    return Notice(1, "心愿有人认领了", body, "/", subject, timezone.now(), True)


@pytest.mark.parametrize(
    ("body", "words", "left"),
    [
        (f"{NUMBER}，万寿桥社区，{ABOUT}，约好时间陪着送到", ABOUT, f"万寿桥社区，约好时间陪着送到，{NUMBER}"),
        (f"{NUMBER}，万寿桥社区，{ABOUT}", ABOUT, f"万寿桥社区，{NUMBER}"),
        (f"{NUMBER}, Hill, {ABOUT}", ABOUT, f"Hill, {NUMBER}"),
        (f"{NUMBER}, Hill, {ABOUT}; agree on a time", ABOUT, f"Hill; agree on a time, {NUMBER}"),
        (f"{NUMBER}，万寿桥社区，{ABOUT}。它还可以送。", ABOUT, f"万寿桥社区。它还可以送。{NUMBER}"),
        (f"{NUMBER}, Hill, {ABOUT}. Ask them, please.", ABOUT, f"Hill. Ask them, please. {NUMBER}"),
        (f"{NUMBER}，万寿桥社区，米，油，面", "米，油，面", f"万寿桥社区，{NUMBER}"),
        (f"{NUMBER}, Hill, rice, oil; open it", "rice, oil", f"Hill; open it, {NUMBER}"),
        (f"{NUMBER}，{ABOUT}", ABOUT, NUMBER),
        (f"{NUMBER}，万寿桥社区，{ABOUT}和枕头", ABOUT, f"万寿桥社区，{ABOUT}和枕头，{NUMBER}"),
    ],
)
def test_what_the_title_says_is_not_said_again(body: str, words: str, left: str) -> None:
    assert body_of(_notice(body), {NUMBER: words}) == left


def test_a_body_that_begins_otherwise_stays_as_it_is() -> None:
    assert body_of(_notice("请看一下，一床厚被子"), {NUMBER: ABOUT}) == "请看一下，一床厚被子"
    assert body_of(_notice(f"{NUMBER}，{ABOUT}"), {}) == f"{NUMBER}，{ABOUT}"


def test_title_and_body_together_say_it_once() -> None:
    with translation.override("en"):
        row = row_of(_notice(f"{NUMBER}, Hill, {ABOUT}; please go along"), {NUMBER: ABOUT})
    assert f"{row['title']} {row['body']}".count(ABOUT) == 1
