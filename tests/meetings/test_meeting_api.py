"""Meetings over the API: planned, called, answered, held, resolved; everybody reads what is theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from meetings.models import Meeting
from people.models import User
from tests.cast import Cast, api_of
from tests.meetings.things import FIVE_WEEKLY, SAID, at, called, member, passed, resolved, series

pytestmark = pytest.mark.django_db
API = "/api/v1"


def post(user: User, path: str, **said: Any) -> Any:
    return api_of(user).post(f"{API}/{path}", said, format="json")


def get(user: User, path: str) -> Any:
    return api_of(user).get(f"{API}/{path}")


def test_a_series_is_set_up_once_and_makes_its_meetings(cast: Cast) -> None:
    here = cast.chengxiang
    unit = member(here)
    said = {
        **SAID,
        "client_key": str(uuid4()),
        "area": here.home.pk,
        "rule": FIVE_WEEKLY,
        "starts": at(10).isoformat(),
        "off_days": "stay",
        "invited": {"units": [unit.pk]},
    }
    first, again = (post(here.worker, "meeting-series/", **said) for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    row = first.json()
    assert row["invited"] == [{"name": unit.name, "body": None, "unit": unit.pk, "office": None}]
    planned = get(here.worker, f"meetings/?series={row['id']}&state=draft").json()["results"]
    assert len(planned) == Meeting.objects.filter(series=row["id"]).count() > 2
    for by, status in ((here.liaison, 403), (here.neighbour, 403), (cast.xiasha.worker, 403)):
        assert post(by, "meeting-series/", **{**said, "client_key": str(uuid4())}).status_code == status
    endless = {**said, "rule": "FREQ=MONTHLY", "client_key": str(uuid4())}
    assert post(here.worker, "meeting-series/", **endless).status_code == 400
    ended = post(here.worker, f"meeting-series/{row['id']}/end/", version=row["version"])
    assert ended.json()["state"] == "ended" and ended.json()["abilities"] == ["view"]


def test_a_meeting_goes_its_way_step_by_step(cast: Cast) -> None:
    here = cast.chengxiang
    unit = member(here)
    times = {"starts": at(3).isoformat(), "ends": at(3, 16).isoformat()}
    said = {**SAID, **times, "client_key": str(uuid4()), "area": here.home.pk}
    row = post(here.worker, "meetings/", **said).json()
    url = f"meetings/{row['id']}"
    row = post(here.worker, f"{url}/agenda/add/", version=row["version"], title="收费公示", minutes=20).json()
    row = post(here.worker, f"{url}/invitees/add/", version=row["version"], unit=unit.pk).json()
    assert get(here.liaison, f"{url}/").status_code == 404, "nobody has called it"
    assert post(here.worker, f"{url}/call/", version=1).status_code == 409
    row = post(here.worker, f"{url}/call/", version=row["version"]).json()
    own = get(here.liaison, f"{url}/").json()["invitees"]
    assert [one["unit"] for one in own] == [unit.pk]
    answer = f"meeting-invitees/{own[0]['id']}/answer/"
    assert post(here.liaison, answer, answer="stand_in").status_code == 400
    said_so = post(here.liaison, answer, answer="stand_in", stand_in="办公室小张").json()
    assert (said_so["answer"], said_so["via"]) == ("stand_in", "desk")
    assert post(cast.xiasha.liaison, answer, answer="comes").status_code == 404
    held = passed(Meeting.objects.get(pk=row["id"]))
    row = post(here.worker, f"{url}/present/", invitees=[own[0]["id"]]).json()
    assert row["invitees"][0]["how"] == "list"
    assert post(here.worker, f"{url}/minutes/", base=0, text="通过一项。").status_code == 200
    assert post(here.worker, f"{url}/minutes/", base=0, text="另一稿").status_code == 409
    held.refresh_from_db()
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    values = {"client_key": str(uuid4()), "what": "公示", "due_on": due, "unit": unit.pk, "version": held.version}
    row = post(here.worker, f"{url}/actions/", **values).json()
    assert [one["what"] for one in row["actions"]] == ["公示"]
    assert get(here.liaison, f"{url}/").json()["record"] is None, "it was not sent yet"
    assert post(here.worker, f"{url}/send/", version=row["version"]).json()["state"] == "sent"
    assert get(here.liaison, f"{url}/").json()["record"]["text"] == "通过一项。"


def test_those_invited_read_nothing_of_the_others(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    post(here.worker, f"meetings/{row.pk}/invitees/add/", version=row.version, name="居民代表李阿姨")
    inside, outside = (get(who, f"meetings/{row.pk}/").json() for who in (here.worker, here.liaison))
    assert len(inside["invitees"]) == 2 and len(outside["invitees"]) == 1
    assert outside["abilities"] == ["answer", "view"] and "call_off" in inside["abilities"]
    other = next(one["id"] for one in inside["invitees"] if one["unit"] is None)
    assert post(here.liaison, f"meeting-invitees/{other}/answer/", answer="comes").status_code == 404
    assert get(cast.nobody, f"meetings/{row.pk}/").status_code == 404
    assert get(cast.nobody, "meetings/").json()["results"] == []


def test_topics_and_action_items_go_both_ways(cast: Cast) -> None:
    here = cast.chengxiang
    unit = member(here)
    said = {"client_key": str(uuid4()), "area": here.home.pk, "title": "非机动车停放", "unit": unit.pk}
    row = post(here.liaison, "meeting-topics/", **said).json()
    assert row["abilities"] == ["view", "withdraw"]
    assert get(cast.xiasha.worker, f"meeting-topics/{row['id']}/").status_code == 404
    url = f"meeting-topics/{row['id']}/answer/"
    assert post(here.liaison, url, version=row["version"], answer="好").status_code == 403
    assert post(here.worker, url, version=row["version"], answer="划40个车位").json()["state"] == "answered"
    action = resolved(passed(called(here)), here)
    step = f"meeting-actions/{action.pk}"
    shown = get(here.liaison, "meeting-actions/?late=false").json()["results"]
    assert [one["id"] for one in shown] == [action.pk]
    reported = post(here.liaison, f"{step}/report/", version=action.version, said="装好了").json()
    assert post(here.liaison, f"{step}/clear/", version=reported["version"]).status_code == 403
    assert post(here.worker, f"{step}/clear/", version=reported["version"]).json()["state"] == "done"
    assert get(cast.xiasha.liaison, f"{step}/").status_code == 404


def test_what_nobody_knows_is_refused_by_name(cast: Cast) -> None:
    here = cast.chengxiang
    row = series(here)
    refused = post(here.worker, f"meeting-series/{row.pk}/end/", version=row.version, reason="x")
    assert refused.status_code == 400 and "reason" in refused.json()["fields"]
    assert get(here.worker, "meetings/?sate=draft").status_code == 400
