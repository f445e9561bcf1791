"""Signed texts attacked by the doors of the house: the workbench's forms and the API. Each answers with a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alliance.lib.errors import RuleBroken
from people.models import User
from projects.models import Agreement
from tests.cast import api_of, browser_of
from tests.projects.attacks import Attack

VERBS = ("send", "recall", "drop", "refuse", "approve", "sign")
MORE = {
    "recall": {"words": "改"},
    "drop": {"words": "改"},
    "refuse": {"words": "改"},
    "sign": {"signed_on": "2026-01-01", "place": "别处"},
}


def by_doors(row: Agreement, by: User, typed: dict[str, Any]) -> Iterator[Attack]:
    """What ``by`` could send: the draft anew, and every step that leads to another text."""
    api, browser, amendment = api_of(by), browser_of(by), row.amendments.get()
    said = {name: str(value) if name.endswith("_on") else value for name, value in typed.items()}
    given = {"edit": said, **MORE}
    for verb in ("edit", *VERBS):
        sent = {"version": row.version, **given.get(verb, {})}
        path = f"/api/v1/agreements/{row.pk}/{verb}/"
        yield f"API {verb}", lambda path=path, sent=sent: _refused(api.post(path, sent, format="json"))
        if verb == "sign":
            continue  # that page has a form of its own, and its own tests
        form = {f"{verb}-{name}": value for name, value in sent.items() if verb != "edit"}
        page = f"/admin/projects/agreement/{row.pk}/{verb}/"
        yield f"admin {verb}", lambda page=page, form=form: _refused(browser.post(page, form or {"theme": "别的"}))
    for verb in ("edit", *VERBS):
        sent = {"version": amendment.version, **({"words": "别的"} if verb == "edit" else MORE.get(verb, {}))}
        path = f"/api/v1/amendments/{amendment.pk}/{verb}/"
        yield f"API amendment {verb}", lambda path=path, sent=sent: _refused(api.post(path, sent, format="json"))


def _refused(response: Any) -> None:
    """Nothing but a refusal for its state or its sender counts: not for a field that is missing."""
    if response.status_code in (403, 409):
        raise RuleBroken
