"""Going on with imports and exports, every minute and after a commit; the clearing away, every hour."""

from __future__ import annotations

from celery import shared_task

from transfers.services.export_files import export_all, purge_exports
from transfers.services.purging import purge_imports
from transfers.services.working import work_all


@shared_task(name="transfers.work")
def work() -> None:
    """Go on with what was uploaded, confirmed or is to be taken back."""
    work_all()


@shared_task(name="transfers.purge")
def purge() -> None:
    """Forget what files of thirty days ago said."""
    purge_imports()


@shared_task(name="transfers.export")
def export() -> None:
    """Write the files that were asked for."""
    export_all()


@shared_task(name="transfers.purge_exports")
def purge_files() -> None:
    """Throw away the files of yesterday."""
    purge_exports()
