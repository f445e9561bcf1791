"""The worker's side of exports: a day's keep, ended roles, killed and slow workers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import NotFound
from alliance.lib.listing import find
from people.models import RoleGrant
from tests.cast import browser_of, fresh
from tests.members.conftest import Twins, twins  # noqa: F401 (a fixture)
from tests.transfers.exported import UNITS, exported
from transfers.models import Export
from transfers.services import export_files
from transfers.services.export_files import export_all, purge_exports
from transfers.services.exporting import fetch_export, request_export
from transfers.states import ExportState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Files of this test alone."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = storages
    yield


def test_after_a_day_it_is_gone(twins: Twins) -> None:  # noqa: F811
    export = exported(twins.here.clerk, query={"q": "王"})
    name = export.file
    purge_exports()
    assert default_storage.exists(name)
    Export.objects.update(made_at=F("made_at") - timedelta(hours=24))
    with pytest.raises(NotFound):
        fetch_export(pk=export.pk, by=twins.here.clerk)
    purge_exports()
    assert not default_storage.exists(name)
    export.refresh_from_db()
    assert (export.state, export.file, export.query) == (ExportState.GONE, "", "")
    page = browser_of(twins.here.clerk).get(reverse("admin:transfers_export", args=[export.pk]))
    assert "文件已清除" in page.content.decode()


def test_a_role_that_ended_meanwhile_gets_no_file(twins: Twins) -> None:  # noqa: F811
    waiting = request_export(by=twins.here.clerk, listing=UNITS, query={})
    ready = exported(twins.here.administrator)
    RoleGrant.objects.update(ends_on=F("starts_on"))
    export_all()
    with pytest.raises(NotFound):
        fetch_export(pk=ready.pk, by=fresh(twins.here.administrator))
    Export.objects.filter(pk=waiting.pk).update(state=ExportState.OPEN, query="{}", file="", leased_until=None)
    export_all()
    assert Export.objects.get(pk=waiting.pk).state == ExportState.FAILED


def test_another_street_does_not_open_the_file_of_the_one_before(twins: Twins) -> None:  # noqa: F811
    """The same list is open to the new role; what it would show there is something else."""
    clerk = twins.here.clerk
    ready = exported(clerk)
    fetch_export(pk=ready.pk, by=fresh(clerk)).close()
    role = RoleGrant.objects.get(user=clerk).role
    RoleGrant.objects.create(user=clerk, role=role, area=twins.there.street)
    fetch_export(pk=ready.pk, by=fresh(clerk)).close()  # one more role takes nothing away
    RoleGrant.objects.filter(user=clerk, area=twins.here.street).update(ends_on=F("starts_on"))
    assert find(UNITS).may_view(fresh(clerk))
    with pytest.raises(NotFound):
        fetch_export(pk=ready.pk, by=fresh(clerk))
    address = reverse("admin:transfers_export_file", args=[ready.pk])
    assert browser_of(clerk).post(address).status_code == 404
    there = exported(clerk)
    assert fetch_export(pk=there.pk, by=fresh(clerk)).status_code == 200


def test_a_file_of_unknown_rights_is_not_given(twins: Twins) -> None:  # noqa: F811
    ready = exported(twins.here.clerk)
    Export.objects.update(roles=None)
    with pytest.raises(NotFound):
        fetch_export(pk=ready.pk, by=fresh(twins.here.clerk))


def test_what_a_killed_worker_left_is_written_by_another(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    waiting = request_export(by=twins.here.clerk, listing=UNITS, query={})

    def dies(*_args: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(export_files, "_file_of", dies)
        with pytest.raises(KeyboardInterrupt):
            export_all()
    assert export_all() == 0, "its lease stands"
    Export.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert export_all() == 1
    assert Export.objects.get(pk=waiting.pk).state == ExportState.READY


def test_a_slow_worker_that_was_overtaken_says_nothing(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    waiting = request_export(by=twins.here.clerk, listing=UNITS, query={})
    plain, written = export_files._file_of, []

    def overtaken(export: Export, mine: Any) -> str:
        name = plain(export, mine)
        written.append(name)
        Export.objects.filter(pk=export.pk).update(attempts=F("attempts") + 1)
        return name

    monkeypatch.setattr(export_files, "_file_of", overtaken)
    export_files._write(export_files._take())
    assert Export.objects.get(pk=waiting.pk).state == ExportState.OPEN
    assert written
    assert not default_storage.exists(written[0])


def test_an_export_that_always_fails_ends(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    waiting = request_export(by=twins.here.clerk, listing=UNITS, query={})

    def breaks(*_args: Any) -> str:
        raise OSError("the disk is full")

    monkeypatch.setattr(export_files, "_file_of", breaks)
    export_all()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error, waiting.query) == (ExportState.FAILED, "OSError", "")
