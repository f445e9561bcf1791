"""The two lists over the API: the same story as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from needs.models import Need
from resources.defaults import load_defaults
from tests.cast import Cast, api_of
from tests.claims.things import alliance_of, another_unit, unit_of

pytestmark = pytest.mark.django_db
ROUNDS, LINES = "/api/v1/list-rounds/", "/api/v1/list-lines/"


def test_a_round_from_the_opening_to_the_need(cast: Cast) -> None:
    here = cast.chengxiang
    load_defaults()
    alliance, unit = alliance_of(here), unit_of(here)
    another_unit(here)
    clerk, liaison, stranger = api_of(here.clerk), api_of(here.liaison), api_of(cast.xiasha.liaison)
    today = timezone.localdate()
    said = {"alliance": alliance.pk, "year": today.year, "title": "两张清单", "last_day": today.isoformat()}
    assert api_of(here.worker).post(ROUNDS, said, format="json").status_code == 403
    row = clerk.post(ROUNDS, said, format="json").json()
    assert clerk.post(ROUNDS, said, format="json").json() == row
    assert [one["id"] for one in liaison.get(ROUNDS).json()["results"]] == [row["id"]]
    assert stranger.get(ROUNDS).json()["results"] == []
    mine = f"{ROUNDS}{row['id']}/units/{unit.pk}/"
    assert stranger.get(mine).status_code == 404 and clerk.get(mine).status_code == 404
    lines: list[dict[str, Any]] = [
        {"key": str(uuid4()), "side": "give", "what": "会议室", "kind": "meeting-room", "amount": 30},
        {"key": str(uuid4()), "side": "need", "what": "请人教剪纸", "whom": "职工"},
    ]
    wrong = liaison.put(mine, {"lines": [{**lines[0], "amount": None}], "send": "all"}, format="json")
    assert wrong.status_code == 400 and f"{lines[0]['key']}.amount" in wrong.json()["fields"]
    found = liaison.put(mine, {"lines": lines, "send": "all"}, format="json").json()
    assert found == liaison.get(mine).json() and found["state"] == "sent"
    assert {line["side"]: bool(line["resource"]) for line in found["lines"]} == {"give": True, "need": False}
    units = clerk.get(f"{ROUNDS}{row['id']}/units/").json()["results"]
    assert sorted(one["state"] for one in units) == ["empty", "sent"]
    assert liaison.get(f"{ROUNDS}{row['id']}/units/").status_code == 404
    assert clerk.post(f"{ROUNDS}{row['id']}/remind/", {}, format="json").json() == {"told": 1}
    (line,) = clerk.get(f"{LINES}?side=need").json()["results"]
    taken = {"version": line["version"], "listed_words": "请人教剪纸"}
    assert api_of(here.worker).post(f"{LINES}{line['id']}/take/", taken, format="json").status_code == 403
    made = clerk.post(f"{LINES}{line['id']}/take/", taken, format="json").json()
    assert (made["origin"], made["asker"], made["listed_words"]) == ("unit", unit.name, "请人教剪纸")
    _published_and_closed(cast, row, line, made)
    assert liaison.put(mine, {"lines": lines}, format="json").status_code == 409


def _published_and_closed(cast: Cast, row: dict[str, Any], line: dict[str, Any], made: dict[str, Any]) -> None:
    clerk, need = api_of(cast.chengxiang.clerk), Need.objects.get()
    out = clerk.post(f"/api/v1/needs/{need.pk}/unlist/", {"version": made["version"]}, format="json").json()
    warned = clerk.post(
        f"/api/v1/needs/{need.pk}/list/", {"version": out["version"], "words": "打13800000001"}, format="json"
    )
    assert warned.status_code == 400 and warned.json()["code"] == "warned"
    assert clerk.post(f"{LINES}{line['id']}/leave/", {"version": 1, "words": "不"}, format="json").status_code == 409
    closed = clerk.post(f"{ROUNDS}{row['id']}/close/", {"version": row["version"] + 1}, format="json").json()
    assert closed["state"] == "closed"
