"""Patrol sections over the API: listed, taken, walked, answered, given back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from people.models import User
from tests.cast import Cast, api_of
from tests.volunteers.givers import person, section_in

pytestmark = pytest.mark.django_db
SECTIONS, NOTES = "/api/v1/volunteer-sections/", "/api/v1/volunteer-section-notes/"


def post(user: User, path: str, **typed: Any) -> Any:
    return api_of(user).post(path, typed, format="json")


def test_a_section_is_taken_once_and_listed_by_what_one_can_do(cast: Cast) -> None:
    who, key = person(), str(uuid4())
    row, free = section_in(cast.chengxiang), section_in(cast.chengxiang, name="百尺溪西段")
    script = api_of(who)
    listed = script.get(SECTIONS).json()["results"]
    assert [(one["name"], one["holder"], one["abilities"]) for one in listed] == [
        (free.name, "", ["take", "view"]),
        (row.name, "", ["take", "view"]),
    ]
    first = post(who, f"{SECTIONS}{row.pk}/take/", client_key=key)
    again = post(who, f"{SECTIONS}{row.pk}/take/", client_key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["abilities"] == ["give_back", "note", "view"]
    assert post(person(), f"{SECTIONS}{row.pk}/take/", client_key=str(uuid4())).status_code == 409
    assert post(who, f"{SECTIONS}{row.pk}/take/", client_key="x").status_code == 400
    assert [one["id"] for one in script.get(f"{SECTIONS}?mine=true").json()["results"]] == [row.pk]
    assert [one["id"] for one in script.get(f"{SECTIONS}?free=true").json()["results"]] == [free.pk]
    assert post(who, f"{SECTIONS}{row.pk}/give-back/").status_code == 400
    given = post(who, f"{SECTIONS}{row.pk}/give-back/", words="搬家了")
    assert given.status_code == 200 and given.json()["holder"] == ""


def test_the_diary_is_written_answered_and_taken_back(cast: Cast) -> None:
    here, who, key = cast.chengxiang, person(), str(uuid4())
    row = section_in(here)
    post(who, f"{SECTIONS}{row.pk}/take/", client_key=str(uuid4()))
    said = {"client_key": key, "day": timezone.localdate().isoformat(), "outcome": "found", "words": "护栏松了"}
    first, again = (post(who, f"{SECTIONS}{row.pk}/notes/", **said) for _one in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    note = first.json()
    assert note["abilities"] == ["take_back"] and note["on_paper"] is False
    assert post(person(), f"{SECTIONS}{row.pk}/notes/", **{**said, "client_key": str(uuid4())}).status_code == 403
    assert api_of(person()).get(NOTES).json()["results"] == []
    waiting = api_of(here.worker).get(f"{NOTES}?waits=true&section={row.pk}").json()["results"]
    assert [(one["id"], one["abilities"]) for one in waiting] == [(note["id"], ["answer"])]
    assert post(cast.xiasha.worker, f"{NOTES}{note['id']}/answer/", words="来修").status_code == 404
    answered = post(here.worker, f"{NOTES}{note['id']}/answer/", words="明天来修")
    assert answered.status_code == 200 and answered.json()["answer"] == "明天来修"
    assert post(who, f"{NOTES}{note['id']}/take-back/").status_code == 409
    other = post(who, f"{SECTIONS}{row.pk}/notes/", **{**said, "client_key": str(uuid4()), "outcome": "fine"}).json()
    assert post(who, f"{NOTES}{other['id']}/take-back/").status_code == 204
    assert [one["id"] for one in api_of(who).get(NOTES).json()["results"]] == [note["id"]]
