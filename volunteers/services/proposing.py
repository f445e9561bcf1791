"""What a unit proposes in one go: the words, the day, the places, sent for approval; and what came back, sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.models import MemberUnit
from people.models import User
from volunteers.models import Activity
from volunteers.services.activities import edit_activity, propose, send_activity
from volunteers.services.slots import Place, add_slot
from volunteers.states import ActivityState


@transaction.atomic
def propose_with_day(
    *,
    client_key: UUID,
    by: User,
    unit: MemberUnit,
    starts: datetime,
    ends: datetime,
    capacity: int,
    **values: Any,
) -> Activity:
    """Draft, plan and send in one transaction; a second tap finds the first.

    ``values``: as of ``propose``. Raises as ``propose``, ``add_slot`` and ``send_activity``.
    """
    row = propose(client_key=client_key, by=by, area=unit.area_id, unit=unit.pk, **values)
    if not row.just_made:
        return row
    places = [Place(capacity=capacity)]
    add_slot(activity=row.pk, by=by, version=None, starts=starts, ends=ends, posts=places)
    return send_activity(pk=row.pk, by=by, version=None)


@transaction.atomic
def change_and_send(*, pk: int, by: User, version: int | None, **values: Any) -> Activity:
    """Other words; a draft that came back is sent again with them, or stays as it was.

    ``values``: as of ``edit_activity``. Raises as ``edit_activity`` and ``send_activity``.
    """
    row = edit_activity(pk=pk, by=by, version=version, **values)
    return send_activity(pk=pk, by=by, version=None) if row.state == ActivityState.DRAFT else row
