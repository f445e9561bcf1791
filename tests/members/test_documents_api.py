"""Documents for programs: who reads which, and who is told how many have seen them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import DocumentVersion
from members.services import seat_liaison
from members.services.documents import create_document, publish_version, save_draft
from members.services.receipts import mark_seen
from people.models import User
from tests.cast import api_of
from tests.members.conftest import Side, Twins, person

pytestmark = pytest.mark.django_db
API = "/api/v1/documents/"


def _document(side: Side, title: str = "章程", texts: tuple[str, ...] = ("一", "二")) -> DocumentVersion:
    version = create_document(alliance=side.alliance, by=None, kind="charter", title=title, text=texts[0])
    publish_version(pk=version.pk, by=None)
    for text in texts[1:]:
        version = save_draft(document_pk=version.document_id, by=None, text=text, change="改了")
        publish_version(pk=version.pk, by=None)
    return version


def _reader(side: Side) -> User:
    user = person(f"reader{side.street.pk}", None, None)
    seat_liaison(unit=side.unit, user=user, by=None)
    return user


def _ids(user: User | None, query: str = "") -> list[int]:
    return [row["id"] for row in api_of(user).get(API + query).json()["results"]]


def test_staff_read_those_of_their_street_and_a_liaison_those_of_the_own_unit(twins: Twins) -> None:
    here, there = _document(twins.here).document_id, _document(twins.there, "约定").document_id
    for user in (twins.here.clerk, twins.here.worker, _reader(twins.here)):
        assert _ids(user) == [here]
        assert api_of(user).get(f"{API}{there}/").status_code == 404
    assert api_of(None).get(API).status_code == 401
    assert _ids(person("nobody", None, None)) == []


def test_the_list_is_narrowed_by_alliance_and_kind(twins: Twins) -> None:
    found = _document(twins.here).document_id
    alliance = twins.here.alliance.pk
    assert _ids(twins.here.clerk, f"?alliance={alliance}&kind=charter") == [found]
    assert _ids(twins.here.clerk, f"?alliance={alliance + 9}") == _ids(twins.here.clerk, "?kind=plan") == []
    assert api_of(twins.here.clerk).get(API + "?kind=x").status_code == 400


def test_versions_stand_newest_first_without_drafts_and_counts_are_for_keepers(twins: Twins) -> None:
    version, reader = _document(twins.here), _reader(twins.here)
    save_draft(document_pk=version.document_id, by=None, text="秘密的草稿", change="草")
    mark_seen(version_pk=version.pk, unit_id=twins.here.unit.pk, by=reader)
    address = f"{API}{version.document_id}/"
    detail = api_of(twins.here.clerk).get(address).json()
    assert (detail["version"], [one["number"] for one in detail["versions"]]) == (2, [2, 1])
    assert [(one["delivered"], one["seen"]) for one in detail["versions"]] == [(2, 1), (2, 0)]
    for user in (reader, twins.here.worker):
        read = api_of(user).get(address).json()
        assert [one["text"] for one in read["versions"]] == ["二", "一"]
        assert {one["seen"] for one in read["versions"]} == {None}


def test_a_version_that_begins_later_is_the_newest_and_not_yet_the_one_in_force(twins: Twins) -> None:
    version = _document(twins.here)
    day = timezone.localdate() + timedelta(days=30)
    last = save_draft(document_pk=version.document_id, by=None, text="三", change="改", effective_on=day)
    publish_version(pk=last.pk, by=None)
    (row,) = api_of(twins.here.clerk).get(API).json()["results"]
    assert (row["version"], row["newest"], row["newest_effective_on"]) == (2, 3, day.isoformat())
    detail = api_of(twins.here.clerk).get(f"{API}{version.document_id}/").json()
    assert {name: detail[name] for name in row} == row


def test_receipts_are_for_whoever_keeps_the_alliance_and_name_no_person(twins: Twins) -> None:
    version, reader = _document(twins.here), _reader(twins.here)
    mark_seen(version_pk=version.pk, unit_id=twins.here.unit.pk, by=reader)
    address = f"{API}{version.document_id}/receipts/"
    rows: list[dict[str, Any]] = api_of(twins.here.clerk).get(address).json()["results"]
    assert {row["unit_name"]: bool(row["seen_at"]) for row in rows} == {"甲街道小学": True, "某某区图书馆": False}
    assert set(rows[0]) == {"id", "unit", "unit_name", "delivered_at", "seen_at"}
    earlier = api_of(twins.here.clerk).get(address + "?version=1").json()["results"]
    assert len(earlier) == 2 and not any(row["seen_at"] for row in earlier)
    assert api_of(twins.here.clerk).get(address + "?version=9").status_code == 404
    assert api_of(twins.here.clerk).get(address + "?version=x").status_code == 404
    for user in (reader, twins.here.worker, twins.here.administrator):
        assert api_of(user).get(address).status_code in (403, 404), user
    assert api_of(twins.here.worker).get(address).status_code == 403
    assert api_of(twins.there.clerk).get(address).status_code == 404


def test_the_number_of_statements_does_not_follow_the_documents(twins: Twins) -> None:
    client = api_of(twins.here.clerk)

    def asked() -> int:
        client.get(API)
        with CaptureQueriesContext(connection) as found:
            assert client.get(API).status_code == 200
        return len(found)

    _document(twins.here)
    few = asked()
    for number in range(5):
        _document(twins.here, f"规定{number}")
    assert asked() == few
