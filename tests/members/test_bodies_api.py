"""Alliances, bodies and the matrix for programs: the same rules, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest

from members.models import Placement
from members.services.body_seats import add_body_seat
from members.services.figures import add_figure
from tests.cast import api_of
from tests.members.conftest import Twins
from tests.members.test_placing import Board

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(twins: Twins) -> Board:
    return Board(twins.here)


def cell(group: int | None = None, zone: int | None = None) -> dict[str, Any]:
    return {"group": group, "zone": zone}


def test_staff_read_the_alliances_of_their_street_with_their_figures(twins: Twins) -> None:
    alliance = twins.here.alliance
    add_figure(alliance=alliance.pk, by=None, label="首批", value="28家", source="演示来源")
    here, there = api_of(twins.here.worker), api_of(twins.there.worker)
    assert [row["id"] for row in here.get("/api/v1/alliances/").json()["results"]] == [alliance.pk]
    detail = here.get(f"/api/v1/alliances/{alliance.pk}/").json()
    assert (detail["members"], detail["figures"][0]["value"]) == (2, "28家")
    for path in ("", "matrix/"):
        assert there.get(f"/api/v1/alliances/{alliance.pk}/{path}").status_code == 404
    assert api_of(None).get(f"/api/v1/alliances/{alliance.pk}/").status_code == 401


def test_bodies_are_listed_by_kind_and_read_with_their_seats(board: Board, twins: Twins) -> None:
    zone = board.zones[0]
    add_body_seat(pk=zone.pk, by=board.side.clerk, role="召集人", name="演示甲")
    here = api_of(twins.here.worker)
    listed = here.get("/api/v1/bodies/?kind=zone").json()["results"]
    assert [row["name"] for row in listed] == ["上保", "宝石"]
    first = here.get("/api/v1/bodies/?kind=zone&size=1").json()
    assert [row["name"] for row in here.get(f"/api/v1/bodies/?kind=zone&cursor={first['next']}").json()["results"]] == [
        "宝石"
    ]
    assert here.get(f"/api/v1/bodies/?alliance={twins.there.alliance.pk}").json()["results"] == []
    assert here.get("/api/v1/bodies/?alliance=99999999999999").json()["results"] == []
    assert here.get(f"/api/v1/bodies/{zone.pk}/").json()["seats"][0]["holder"] == "演示甲"
    assert api_of(twins.there.worker).get(f"/api/v1/bodies/{zone.pk}/").status_code == 404


def test_members_are_moved_and_the_answer_undoes_it(board: Board) -> None:
    api, path = api_of(board.side.clerk), f"/api/v1/alliances/{board.side.alliance.pk}/matrix/"
    drawn = api.get(path).json()
    assert len(drawn["members"]) == 2 and drawn["members"][0]["group"] is None
    to = cell(drawn["groups"][0]["id"], drawn["zones"][1]["id"])
    moves = [{"membership": row["membership"], "seen": cell(), "to": to} for row in drawn["members"]]
    answer = api.post(f"{path}move/", {"moves": moves}, format="json")
    assert answer.status_code == 200 and Placement.objects.active().count() == 2
    assert api.post(f"{path}move/", {"moves": moves}, format="json").status_code == 409
    assert api.post(f"{path}move/", {"moves": answer.json()["undo"]}, format="json").status_code == 200
    assert not Placement.objects.active().exists()


@pytest.mark.parametrize(
    "body", [{}, {"moves": []}, {"moves": [{}]}, {"moves": [{"membership": 1, "seen": cell(), "to": cell(0, 1)}]}]
)
def test_an_incomplete_move_is_refused(board: Board, body: dict[str, Any]) -> None:
    path = f"/api/v1/alliances/{board.side.alliance.pk}/matrix/move/"
    assert api_of(board.side.clerk).post(path, body, format="json").status_code == 400


def test_who_moves_over_the_api(board: Board, twins: Twins) -> None:
    path = f"/api/v1/alliances/{board.side.alliance.pk}/matrix/move/"
    move = {"membership": board.members[0].pk, "seen": cell(), "to": cell(board.groups[0].pk)}
    for stranger, status in ((twins.here.worker, 403), (twins.here.administrator, 403), (twins.there.clerk, 404)):
        assert api_of(stranger).post(path, {"moves": [move]}, format="json").status_code == status
    assert not Placement.objects.exists()
