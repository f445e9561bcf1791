"""The watch itself: it must see what it is there for."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Doors

BREAKS = {
    "CSP": "() => { const s = document.createElement('script'); s.textContent = '1'; document.body.append(s); }",
    "console": "() => console.error('broken')",
    "script error": "() => setTimeout(() => { throw new Error('broken'); })",
    "dialog": "() => setTimeout(() => alert('here'))",
    "CSP: style": "() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')",
}


@pytest.mark.parametrize("kind", BREAKS)
def test_what_must_never_happen_is_seen(doors: Doors, kind: str) -> None:
    page = doors.open()
    page.goto("/track/")
    assert page.watch.problems == []
    sign = {"dialog": "dialog", "script error": "pageerror"}.get(kind, "console")
    with page.expect_event(sign):
        page.evaluate(BREAKS[kind])
    page.title()  # a question to the page: what it has said before has arrived by then
    assert any(problem.startswith(kind) for problem in page.watch.problems), page.watch.problems
    page.watch.problems.clear()


def test_what_must_never_be_shown_is_seen(doors: Doors) -> None:
    from tests.journeys.watch import axe, fits, small_targets, small_text

    page = doors.open()
    page.goto("/track/")
    assert small_text(page, 18), "the standard size is smaller than the large one"
    assert small_targets(page, 60)
    page.evaluate("() => document.querySelector('main label').remove()")
    assert any("label" in finding for finding in axe(page))
    page.evaluate("() => { document.querySelector('main h1').style.width = '500px'; }")
    with pytest.raises(AssertionError, match="too wide"):
        fits(page)
