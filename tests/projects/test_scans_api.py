"""Sealed pages over the API: held by a key of one's own, given to what is signed, added afterwards, never taken."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from files.models import Attachment
from projects.services import scans_of
from tests.cast import Cast, api_of, fresh
from tests.claims.things import alliance_of
from tests.files.papers import PDF
from tests.projects.running import reach, running
from tests.projects.things import again, approved, today, two_units

pytestmark = pytest.mark.django_db


def _hold(api: Any, key: str, name: str = "盖章页.pdf") -> Any:
    said = {"hold_key": key, "document": SimpleUploadedFile(name, PDF, "application/pdf")}
    return api.post("/api/v1/held-documents/", said, format="multipart")


def test_the_sealed_page_is_signed_with_and_another_is_added(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    row, api = approved(here, *two_units(here)), api_of(here.clerk)
    key = str(uuid4())
    assert [one["name"] for one in _hold(api, key).json()["documents"]] == ["盖章页.pdf"]
    signing = {"signed_on": today().isoformat(), "place": "党群服务中心", "version": row.version, "hold_key": key}
    answer = api.post(f"/api/v1/agreements/{row.pk}/sign/", signing, format="json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["scans"] == ["盖章页.pdf"]
    _hold(api, later := str(uuid4()), "附件.pdf")
    adding = {"version": again(row).version, "hold_key": later}
    answer = api.post(f"/api/v1/agreements/{row.pk}/scan/", adding, format="json")
    assert sorted(answer.json()["scans"]) == ["盖章页.pdf", "附件.pdf"]


def test_a_key_opens_nothing_that_another_person_holds(cast: Cast) -> None:
    here, key = cast.chengxiang, str(uuid4())
    alliance_of(here)
    row = approved(here, *two_units(here))
    _hold(api_of(here.worker), key)
    signing = {"signed_on": today().isoformat(), "place": "党群服务中心", "version": row.version, "hold_key": key}
    answer = api_of(here.clerk).post(f"/api/v1/agreements/{row.pk}/sign/", signing, format="json")
    assert answer.status_code == 200 and answer.json()["scans"] == []
    assert not scans_of(again(row))


def test_without_a_page_nothing_is_added_and_what_is_no_document_is_refused(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    row, api = approved(here, *two_units(here)), api_of(here.clerk)
    answer = api.post("/api/v1/held-documents/", {"hold_key": str(uuid4())}, format="multipart")
    assert answer.status_code == 400 and "document" in answer.json()["fields"]
    bad = SimpleUploadedFile("盖章页.pdf", b"<html>", "application/pdf")
    answer = api.post("/api/v1/held-documents/", {"hold_key": str(uuid4()), "document": bad}, format="multipart")
    assert answer.status_code == 400, answer.content
    empty = {"version": row.version, "hold_key": str(uuid4())}
    answer = api.post(f"/api/v1/agreements/{row.pk}/scan/", empty, format="json")
    assert answer.status_code in (400, 409), answer.content
    assert not Attachment.objects.filter(owner_kind__startswith="agreement").exists()


def test_a_reached_milestone_shows_how_it_looks(cast: Cast) -> None:
    here = cast.chengxiang
    row, api = running(here, 40, 60), api_of(here.clerk)
    first, _second = row.milestones.order_by("position")
    _hold(api, key := str(uuid4()), "验收.pdf")
    said = {"milestone": first.pk, "done_on": today().isoformat(), "version": again(row).version, "hold_key": key}
    answer = api.post(f"/api/v1/projects/{row.pk}/reach/", said, format="json")
    assert answer.status_code == 200, answer.content
    assert Attachment.objects.get(name="验收.pdf").owner_id == str(first.pk)
    reach(row, 1, fresh(here.clerk))
