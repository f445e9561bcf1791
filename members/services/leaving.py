"""What ends when a unit leaves an alliance in the middle of a year. Nothing that was is changed: dates end it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone

from audit.services import record
from audit.states import Action
from members.models import BodySeat, Membership
from members.services.bodies import record_body_seat
from members.services.placing import end_placements
from members.services.seat_offers import withdraw_offers_of
from people.models import User


def end_what_hangs_on(membership: Membership, *, by: User, day: date) -> None:
    """From ``day`` on: no place in the matrix, no seat in the alliance's bodies; membership and unit are locked.

    If the unit is in no other alliance any more, open offers of its liaisons' seats are taken back. Seats and what the
    unit has in hand stay: somebody has to bring it to an end.
    """
    end_placements(membership=membership, on=day)
    unit = membership.unit
    rows = BodySeat.objects.filter(unit=unit, body__alliance=membership.alliance_id).order_by("pk")
    still = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    for seat in rows.filter(still).select_for_update(of=("self",), no_key=True):
        seat.ends_on = max(day, seat.starts_on)
        seat.save(update_fields=["ends_on"])
        record_body_seat(Action.GRANT_ENDED, seat, by)
    params = {"unit": unit.pk, "alliance": membership.alliance_id, "left_on": day.isoformat()}
    area = membership.alliance.area_id
    record(Action.REGISTER_CHANGED, actor=by, subject=str(unit)[:80], area_code=area, params=params)
    if day <= timezone.localdate() and not unit.memberships.active().exists():
        withdraw_offers_of(unit)
