"""Alliances and their units, who belongs to which, who speaks for a unit."""

from members.services.alliances import (
    create_alliance,
    join_alliance,
    leading_alliance,
    leave_alliance,
    update_alliance,
)
from members.services.seats import end_seat, leave_seats, seat_liaison, seat_person, seats_of
from members.services.units import create_unit, public_units, restore_unit, suspend_unit, update_unit

__all__ = [
    "create_alliance",
    "create_unit",
    "end_seat",
    "join_alliance",
    "leading_alliance",
    "leave_alliance",
    "leave_seats",
    "public_units",
    "restore_unit",
    "seat_liaison",
    "seat_person",
    "seats_of",
    "suspend_unit",
    "update_alliance",
    "update_unit",
]
