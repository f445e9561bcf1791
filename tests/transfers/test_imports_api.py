"""Imports for programs: how far one is; why rows failed, to whoever sent the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from people.models import RoleGrant
from tests.cast import Cast, api_of
from tests.transfers.tables import carry_out, unit_row, unit_table, upload
from transfers.models import ImportBatch
from transfers.services.purging import purge_imports

API = "/api/v1/imports/"


def _batch(cast: Cast) -> ImportBatch:
    rows = [unit_row(1), unit_row(2, kind="饭店"), unit_row(3, area="智格社区"), unit_row(4)]
    return upload(cast.chengxiang.clerk, cast.chengxiang.street, unit_table(*rows))


def test_the_one_who_sent_it_and_colleagues_see_how_far_it_is(cast: Cast) -> None:
    here, batch = cast.chengxiang, _batch(cast)
    seen = api_of(here.clerk).get(f"{API}{batch.pk}/").json()
    assert (seen["state"], seen["total"], seen["done"], seen["own"]) == ("ready", 4, 2, True)
    assert seen["found"] == {"new": 2, "error": 2} and seen["results"] == {}
    assert api_of(here.party_office).get(f"{API}{batch.pk}/").json()["own"] is False
    carry_out(batch, here.clerk)
    done = api_of(here.clerk).get(API).json()["results"]
    assert [(one["id"], one["state"], one["results"]) for one in done] == [(batch.pk, "done", {"done": 2, "failed": 2})]


def test_reasons_are_for_whoever_sent_the_file(cast: Cast) -> None:
    here, batch = cast.chengxiang, _batch(cast)
    address = f"{API}{batch.pk}/errors/"
    rows: list[dict[str, Any]] = api_of(here.clerk).get(address).json()["results"]
    assert [(row["line"], row["field"]) for row in rows] == [(3, "类型"), (4, "所在地")]
    assert "没有“饭店”" in rows[0]["message"] and set(rows[0]) == {"line", "field", "message"}
    first = api_of(here.clerk).get(address + "?size=1").json()
    second = api_of(here.clerk).get(f"{address}?size=1&cursor={first['next']}").json()
    assert [row["line"] for row in first["results"] + second["results"]] == [3, 4] and second["next"] == ""
    assert api_of(here.party_office).get(address).status_code == 403


def test_nobody_else_finds_it(cast: Cast) -> None:
    here, batch = cast.chengxiang, _batch(cast)
    for user in (here.worker, here.system_admin, here.liaison, cast.xiasha.clerk):
        assert api_of(user).get(API).json()["results"] == []
        for tail in ("", "errors/"):
            assert api_of(user).get(f"{API}{batch.pk}/{tail}").status_code == 404
    assert api_of(None).get(API).status_code == 401
    RoleGrant.objects.filter(user=here.clerk).update(ends_on=timezone.localdate())
    assert api_of(here.clerk).get(f"{API}{batch.pk}/errors/").status_code == 404


def test_it_says_until_when_its_rows_are_kept(cast: Cast) -> None:
    here, batch = cast.chengxiang, _batch(cast)
    api = api_of(here.clerk)
    waiting = parse_datetime(api.get(f"{API}{batch.pk}/").json()["rows_until"])
    assert waiting == batch.made_at + timedelta(days=30)
    carry_out(batch, here.clerk)
    assert batch.applied_at is not None
    done = parse_datetime(api.get(f"{API}{batch.pk}/").json()["rows_until"])
    assert done == batch.applied_at + timedelta(days=30)
    ImportBatch.objects.filter(pk=batch.pk).update(
        made_at=batch.made_at - timedelta(days=40), applied_at=batch.applied_at - timedelta(days=31)
    )
    assert purge_imports() == 1
    assert api.get(f"{API}{batch.pk}/").json()["rows_until"] is None
    assert api.get(f"{API}{batch.pk}/errors/").json()["results"] == []


def test_the_list_is_narrowed_by_kind_and_state(cast: Cast) -> None:
    here, batch = cast.chengxiang, _batch(cast)
    api = api_of(here.clerk)

    def found(query: str) -> list[int]:
        return [one["id"] for one in api.get(f"{API}?{query}").json()["results"]]

    assert found("kind=units") == found("state=ready") == found("kind=units&state=ready") == [batch.pk]
    assert found("kind=liaisons") == found("state=done") == []
    refused = api.get(f"{API}?state=redy")
    assert refused.status_code == 400 and "ready" in refused.json()["fields"]["state"][0]
    assert api.get(f"{API}?kind=nothing").json()["fields"]["kind"]
