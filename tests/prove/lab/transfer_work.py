"""Files that come in and go out: something to do for the tasks of ``transfers``."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from people.models import Area, User
from tests.prove.lab.actions import STREET
from transfers.models import Export, ImportBatch
from transfers.services.export_files import export_all
from transfers.services.exporting import request_export
from transfers.services.importing import confirm_import, start_import
from transfers.services.working import work_all
from transfers.states import Mode

ROWS = 5
LONG_AGO = timedelta(days=40)


def imports(mark: str) -> None:
    """One file to be looked at, one to be written."""
    _uploaded(f"{mark}-确认")
    work_all()
    _confirmed(mark)
    _uploaded(f"{mark}-新到")


def old_imports(mark: str) -> None:
    """Written forty days ago."""
    _uploaded(f"{mark}-旧")
    work_all()
    _confirmed(mark)
    work_all()
    ImportBatch.objects.filter(file_name__startswith=f"{mark}-").update(
        made_at=F("made_at") - LONG_AGO, applied_at=F("applied_at") - LONG_AGO, ended_at=F("ended_at") - LONG_AGO
    )


def exports(mark: str) -> None:
    """A list somebody waits for."""
    _asked_for(mark)


def _asked_for(mark: str) -> Export:
    return request_export(by=_clerk(), listing="members.units", query={"q": mark})


def old_exports(mark: str) -> None:
    """A file of forty days ago."""
    export = _asked_for(mark)
    export_all()
    Export.objects.filter(pk=export.pk).update(made_at=F("made_at") - LONG_AGO)


def _clerk() -> User:
    return User.objects.get(username="lab-party")


def _uploaded(mark: str) -> None:
    lines = ["单位名称,类型,所在地", *(f"单位{mark}{number},学校,城厢街道" for number in range(ROWS))]
    start_import(
        by=_clerk(),
        kind="units",
        area=Area.objects.get(pk=STREET),
        name=f"{mark}.csv",
        content="\n".join(lines).encode("utf-8-sig"),
    )


def _confirmed(mark: str) -> None:
    for pk in ImportBatch.objects.filter(file_name__startswith=f"{mark}-", state="ready").values_list("pk", flat=True):
        confirm_import(pk=pk, by=_clerk(), mode=Mode.SKIP)
