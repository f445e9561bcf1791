"""What a unit proposes in one go: the words, the day, the places, sent for approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.models import MemberUnit
from people.models import User
from volunteers.models import Activity
from volunteers.services.activities import propose, send_activity
from volunteers.services.slots import Place, add_slot


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
