"""Activities over the API: read by everybody, signed up for once, cancelled, confirmed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from tests.cast import Cast, api_of
from tests.volunteers.things import begun, comer, drafted, joined, published
from volunteers import codes
from volunteers.models import SignUp

pytestmark = pytest.mark.django_db


def test_everybody_reads_what_is_published_with_days_and_seats(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    drafted(cast.chengxiang, title="草稿")
    client = api_of(comer())
    found = client.get("/api/v1/activities/").json()["results"]
    assert [one["title"] for one in found] == [row.title]
    assert found[0]["days"][0]["posts"][0] == {
        "id": post.pk,
        "name": "",
        "capacity": 2,
        "left": 2,
        "needs": "",
        "is_service": False,
    }
    assert client.get(f"/api/v1/activities/{row.pk}/").json()["number"] == row.number
    assert client.get("/api/v1/activities/?kind=course").json()["results"] == []


def test_a_sign_up_is_made_once_and_steps_are_ones_own(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    who, other = comer(), comer()
    said = {"client_key": str(uuid4())}
    url = f"/api/v1/activity-posts/{post.pk}/sign-up/"
    first, again = (api_of(who).post(url, said, format="json") for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and first.json()["id"] == again.json()["id"]
    waits = api_of(other).post(url, {"client_key": str(uuid4())}, format="json").json()
    assert (waits["state"], waits["place_in_line"]) == ("waiting", 1)
    step = f"/api/v1/activity-signups/{first.json()['id']}/cancel/"
    assert api_of(other).post(step, {}, format="json").status_code == 404
    assert api_of(who).post(step, {}, format="json").json()["state"] == "cancelled"
    accepted = api_of(other).post(f"/api/v1/activity-signups/{waits['id']}/accept/", {}, format="json")
    assert accepted.json()["state"] == "confirmed"
    assert [one["state"] for one in api_of(other).get("/api/v1/activity-signups/").json()["results"]] == ["confirmed"]


def test_the_code_on_the_wall_checks_in_and_out(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    mine = joined(post, comer())
    slot = begun(post, hours_ago=0.2)
    url = f"/api/v1/activity-days/{slot.pk}/check-in/"
    assert api_of(mine.person).post(url, {"code": "000000"}, format="json").status_code == 400
    code = codes.code(slot.pk, codes.step_of(slot.starts))
    assert api_of(mine.person).post(url, {"code": code}, format="json").status_code == 400, "of twelve minutes ago"
    now = {"code": codes.code(slot.pk, codes.step_of(timezone.now()))}
    came = api_of(mine.person).post(url, now, format="json").json()
    assert came["came_at"] and came["left_at"] is None
    assert api_of(mine.person).post(url, {**now, "leaving": True}, format="json").json()["left_at"]
    assert SignUp.objects.get(pk=mine.pk).state == "attended"
