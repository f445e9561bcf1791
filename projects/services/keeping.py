"""What may change of an agreement without touching its text: who looks after it, and whether everybody reads it."""

from __future__ import annotations

from django.db import transaction

from people.models import User
from projects.models import Agreement
from projects.services.fields import colleague
from projects.services.held import hold
from projects.states import PaperVerb


@transaction.atomic
def appoint_commissioner(*, pk: int, by: User, version: int | None, commissioner: int | None) -> Agreement:
    """换专员, a colleague of the street. Raises as ``hold``; ``Invalid``."""
    row = hold(Agreement, pk, by, PaperVerb.APPOINT, version)
    found = colleague(commissioner, row.area_id)
    row.move_to(PaperVerb.APPOINT, actor=by, changes={"commissioner": found})
    return row


@transaction.atomic
def show_agreement(*, pk: int, by: User, version: int | None, is_public: bool) -> Agreement:
    """公开正文, or not. Raises as ``hold``."""
    row = hold(Agreement, pk, by, PaperVerb.SHOW, version)
    row.move_to(PaperVerb.SHOW, actor=by, changes={"is_public": is_public}, params={"public": is_public})
    return row
