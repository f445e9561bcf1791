"""What a unit proposes in one go: the words, the day, the places, sent for approval; and what came back, sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from alliance.lib.public_text import seen_mark
from members.models import MemberUnit
from people.models import User
from volunteers.models import Activity, Slot
from volunteers.services.activities import edit_activity, propose, send_activity
from volunteers.services.slots import Place, add_slot
from volunteers.services.venue import book_venue
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
    hall: int | None = None,
    **values: Any,
) -> Activity:
    """Draft, plan, book ``hall`` for the day and send, in one transaction; a second tap finds the first.

    ``values``: as of ``propose``. Raises as ``propose``, ``add_slot`` and ``send_activity``; ``Invalid`` on ``hall``
    with why it cannot be had, and then nothing is proposed.
    """
    row = propose(client_key=client_key, by=by, area=unit.area_id, unit=unit.pk, **values)
    if not row.just_made:
        return row
    places = [Place(capacity=capacity)]
    day = add_slot(activity=row.pk, by=by, version=None, starts=starts, ends=ends, posts=places)
    if hall is not None:
        _book(row, day, by, hall, capacity)
    return send_activity(pk=row.pk, by=by, version=None)


def _book(row: Activity, day: Slot, by: User, hall: int, people: int) -> None:
    """The purpose is the title, which has just been looked at for names: that look counts."""
    try:
        book_venue(
            activity=row.pk,
            slot=day.pk,
            by=by,
            resource=hall,
            client_key=uuid5(row.client_key, "hall"),
            people=people,
            seen_warnings=seen_mark([row.title], [by.name]),
        )
    except Invalid as error:
        raise Invalid({"hall": [text for texts in error.fields.values() for text in texts]}) from error
    except (NotFound, RuleBroken) as error:
        raise Invalid({"hall": [_("这处场地现在不能约，请换一处。")]}) from error


@transaction.atomic
def change_and_send(*, pk: int, by: User, version: int | None, **values: Any) -> Activity:
    """Other words; a draft that came back is sent again with them, or stays as it was.

    ``values``: as of ``edit_activity``. Raises as ``edit_activity`` and ``send_activity``.
    """
    row = edit_activity(pk=pk, by=by, version=version, **values)
    return send_activity(pk=pk, by=by, version=None) if row.state == ActivityState.DRAFT else row
